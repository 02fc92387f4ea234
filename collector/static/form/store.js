// Keeps things on the phone.  Every write is awaited and says where it ended up:
// "database" (IndexedDB), "local" (localStorage) or "memory" (gone when the page closes).

const PREFIX = "debrief:";
const DATABASE_PATIENCE = 3000; // ms: some browsers never answer instead of failing

const memory = new Map();
let opening = null;

// Everything that is kept has `at` (ms); of two copies the newer one counts.
export async function put(key, value) {
  memory.set(key, value);
  try {
    await inDatabase("readwrite", (things) => things.put(value, key));
    inLocal((storage) => storage.removeItem(PREFIX + key));
    memory.delete(key);
    return "database";
  } catch { /* the next place */ }
  if (inLocal((storage) => { storage.setItem(PREFIX + key, JSON.stringify(value)); return true; })) {
    memory.delete(key);
    return "local";
  }
  return "memory";
}

export async function get(key) {
  const found = [memory.get(key), fromLocal(key)];
  try {
    found.push(await inDatabase("readonly", (things) => things.get(key)));
  } catch { /* what the other places have */ }
  return newest(found);
}

export async function remove(key) {
  memory.delete(key);
  inLocal((storage) => storage.removeItem(PREFIX + key));
  try {
    await inDatabase("readwrite", (things) => things.delete(key));
  } catch { /* it comes back at worst, and sending it again is safe */ }
}

export async function list(prefix) {
  const keys = new Set([...memory.keys(), ...localKeys()]);
  try {
    for (const key of await inDatabase("readonly", (things) => things.getAllKeys())) keys.add(key);
  } catch { /* what the other places have */ }
  const wanted = [...keys].filter((key) => key.startsWith(prefix)).sort();
  return (await Promise.all(wanted.map(get))).filter(Boolean);
}

function newest(found) {
  return found.filter(Boolean).reduce((best, one) => (!best || one.at > best.at ? one : best), null);
}

// IndexedDB

// Tried twice: phones close the database under memory pressure, and a fresh one then works.
async function inDatabase(mode, work) {
  try {
    return await inTime(transact(mode, work));
  } catch {
    opening = null;
    return inTime(transact(mode, work));
  }
}

async function transact(mode, work) {
  const database = await openDatabase();
  return new Promise((resolve, reject) => {
    // "strict": on the disk before it counts as kept, also when the phone dies in the next second.
    const transaction = database.transaction("things", mode, { durability: "strict" });
    const request = work(transaction.objectStore("things"));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error || new Error("aborted"));
    transaction.onerror = () => reject(transaction.error || request.error);
  });
}

function openDatabase() {
  opening = opening || new Promise((resolve, reject) => {
    const request = indexedDB.open("debrief", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("things");
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = () => { opening = null; };
      database.onversionchange = () => { database.close(); opening = null; };
      resolve(database);
    };
  });
  return opening;
}

function inTime(promise) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("no answer in time")), DATABASE_PATIENCE);
    promise.then(resolve, reject);
  });
}

// localStorage, which may be missing, full or forbidden: then undefined

function inLocal(work) {
  try {
    return work(window.localStorage);
  } catch {
    return undefined;
  }
}

function fromLocal(key) {
  return inLocal((storage) => JSON.parse(storage.getItem(PREFIX + key)));
}

function localKeys() {
  const keys = inLocal((storage) => Object.keys(storage)) || [];
  return keys.filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
}
