// Sends what is finished: once, however often it is tried.  One sender at a time for all tabs of the browser.
// An entry never expires: it goes when its receipt has come, or when the expert changes it.
// {id, token, key, content, body, values, made, at, tries, busy, until, elsewhere,
//  refusal: null | {status, detail, errors}}; until: ms, the server asked to wait so long

import { askedUntil, mustWait, nextTry } from "./pace.js";
import { get, list, put, remove } from "./store.js";

const QUEUE_PATIENCE = 30000; // ms for one answer of the server
const LOCK_PATIENCE = 10000; // ms for another tab
const CORRECT = [413, 422]; // the expert can put it right in the form
const LATER = [408, 425, 429];

let timer = 0;
let running = null;
let again = null; // {all}: someone asked while a round was under way

// Fixed before the first try: every further try is the same request.  Says where it is kept.
export async function enqueue(entry) {
  const waiting = await get(`queue:${entry.id}`);
  if (waiting && waiting.content === entry.content && !waiting.refusal) return "database";
  return put(`queue:${entry.id}`, { ...entry, key: randomId(), tries: 0, until: 0, refusal: null, at: Date.now(), made: Date.now() });
}

export function waitingFor(token) {
  return list("queue:").then((entries) => entries.filter((entry) => entry.token === token));
}

// Someone else uses the phone now: the answers are still sent, and shown to nobody here.
export async function handOver(id) {
  const entry = await get(`queue:${id}`);
  if (entry) await put(`queue:${id}`, { ...entry, elsewhere: true, at: Date.now() });
}

export function forget(entry) {
  return remove(`queue:${entry.id}`);
}

// Tries everything that waits.  tell(entry, outcome) hears of each: "arrived", "refused", "correct", "waiting".
// `all`: also what was refused before and what the server wants to have later, because the expert asks for it.
export function deliver(api, tell, all = false) {
  if (running) {
    again = { all: all || Boolean(again && again.all) };
    return running;
  }
  running = withLock("debrief-sender", LOCK_PATIENCE, () => deliverAll(api, tell, all)).finally(() => {
    const next = again;
    running = again = null;
    return next && deliver(api, tell, next.all);
  });
  return running;
}

async function deliverAll(api, tell, all) {
  clearTimeout(timer);
  const waits = [];
  for (const entry of await list("queue:")) {
    if (entry.refusal && !all) continue;
    if (all || !mustWait(entry.until, Date.now())) await deliverOne(api, tell, entry);
    const left = await get(`queue:${entry.id}`);
    if (left && !left.refusal) waits.push(nextTry(left, Date.now(), Math.random()));
  }
  if (waits.length) timer = setTimeout(() => deliver(api, tell), Math.min(...waits));
}

async function deliverOne(api, tell, entry) {
  const outcome = await attempt(api, entry);
  await settle(entry, outcome);
  await tell(entry, outcome);
}

async function attempt(api, entry) {
  const controller = new AbortController();
  const stop = setTimeout(() => controller.abort(), QUEUE_PATIENCE);
  try {
    return await outcomeOf(await fetch(api, {
      method: "POST",
      headers: {
        "Authorization": `Bearer ${entry.token}`,
        "Content-Type": "application/json",
        "Idempotency-Key": entry.key,
        "Accept-Language": document.documentElement.lang,
      },
      body: entry.body,
      signal: controller.signal,
    }));
  } catch {
    return { state: "waiting" };
  } finally {
    clearTimeout(stop);
  }
}

async function outcomeOf(response) {
  if (response.status >= 500 || LATER.includes(response.status)) {
    return { state: "waiting", busy: true, until: askedUntil(response.headers.get("Retry-After"), Date.now()) };
  }
  // Whatever is not ours, such as the sign-in page of a hotel's network, is no receipt.
  const document = await response.json();
  if (response.ok && document.receipt) return { state: "arrived", receipt: document };
  if (response.ok) return { state: "waiting" };
  const refusal = { status: response.status, detail: document.detail, errors: document.errors || [] };
  return { state: CORRECT.includes(response.status) ? "correct" : "refused", refusal };
}

// The entry may have been changed while it was on its way: then the newer one stays and is sent next.
async function settle(entry, outcome) {
  const now = await get(`queue:${entry.id}`);
  if (!now || now.key !== entry.key) return;
  if (outcome.state === "arrived") {
    const { receipt, revision, response_id: responseId, received_at: receivedAt } = outcome.receipt;
    const proof = { receipt, revision, responseId, receivedAt, content: entry.content, at: Date.now() };
    await put(`receipt:${entry.id}`, proof);
    await put(`arrived:${entry.token}`, proof);
    await forget(entry);
  } else if (outcome.state === "waiting") {
    const { busy = false, until = 0 } = outcome;
    await put(`queue:${entry.id}`, { ...now, tries: entry.tries + 1, busy, until, at: Date.now() });
  } else {
    await put(`queue:${entry.id}`, { ...now, refusal: outcome.refusal, at: Date.now() });
  }
}

// Where there are no locks, or another tab sleeps on one, two tabs may send the same: the key makes it harmless.
export async function withLock(name, patience, work) {
  if (!navigator.locks) return work();
  const impatience = new AbortController();
  const stop = setTimeout(() => impatience.abort(), patience);
  try {
    return await navigator.locks.request(name, { signal: impatience.signal }, () => {
      clearTimeout(stop);
      return work();
    });
  } catch (error) {
    if (error.name === "AbortError") return work();
    throw error;
  }
}

export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// A short fingerprint (cyrb53): says whether two answers are the same, and not what they are.
export function fingerprint(text) {
  let a = 0xdeadbeef, b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}
