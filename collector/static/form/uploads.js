// Files beside the answers: kept apart from the text on this phone, sent piece by piece once the text has arrived.
// {id, token, response, data (base64), size, type, reader, at}; the server's answer alone ends an entry.
// response: which answers they belong to; of a personal link the server knows.

import { randomId } from "./queue.js";
import { session } from "./session.js";
import { get, list, put, remove } from "./store.js";

const UPLOAD_PLACES = { photo: "photos", voice: "voice" };
const UPLOAD_PIECE = 128 * 1024;
const UPLOAD_PAUSES = [3000, 10000, 30000, 120000, 300000]; // ms between two rounds
const UPLOAD_LATER = [404, 408, 425, 429]; // 404: the text has not arrived yet
const UPLOAD_GIVEN_UP = 60 * 24 * 3600 * 1000; // ms: answers that never came
export const UPLOAD_LARGEST = 8 * 1024 * 1024;

const uploadShows = {}; // kind -> what draws it, told what to say
let uploadToken = "";
let uploadTimer = 0;
let uploadRound = 0;
let uploadSending = null;

// show(said) draws what waits of this kind; box() is its place in the form, if the page has one.
export async function startUploads(kind, show, box) {
  [, uploadToken] = location.pathname.match(/^\/f\/([^/]+)/) || [];
  if (!uploadToken) return;
  uploadShows[kind] = show;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest(`[data-${kind}]`);
    if (!button) return;
    await remove(uploadKey(kind, button.dataset[kind]));
    show("");
  });
  for (const name of ["online", "focus", "pageshow"]) window.addEventListener(name, () => sendUploads());
  // The other language brings a new page body, which knows nothing of them yet.
  new MutationObserver(() => box() && !box().dataset.ready && show("")).observe(document.body, { childList: true });
  document.addEventListener("debrief:anew", () => show(""));
  document.addEventListener("debrief:arrived", () => {
    uploadRound = 0;
    sendUploads();
  });
  await show("");
  sendUploads();
}

const uploadKey = (kind, id) => `${kind}:${uploadToken}:${id}`;
const allUploads = (kind) => list(`${kind}:${uploadToken}:`);
const isShared = () => session.page && !session.page.personal;

// Of this person: behind an open link others may have used the same phone.
export async function uploadsHere(kind) {
  const all = await allUploads(kind);
  return isShared() && session.state ? all.filter((entry) => entry.response === session.state.formKey) : all;
}

// Says where it is kept.
export async function keepUpload(kind, bytes, type, reader) {
  const id = randomId();
  const response = isShared() ? session.state.formKey : null;
  const entry = { id, token: uploadToken, response, size: bytes.length, type, reader, at: Date.now() };
  const level = await put(uploadKey(kind, id), { ...entry, data: uploadText(bytes) });
  uploadRound = 0;
  return level;
}

export function sendUploads() {
  uploadSending = uploadSending || uploadLock(sendAllUploads).catch(() => true).then((left) => {
    uploadSending = null;
    clearTimeout(uploadTimer);
    const pause = UPLOAD_PAUSES[Math.min(uploadRound++, UPLOAD_PAUSES.length - 1)];
    if (left) uploadTimer = setTimeout(sendUploads, pause);
  });
  return uploadSending;
}

// Says whether something is left.
async function sendAllUploads() {
  let left = false;
  for (const kind of Object.keys(uploadShows)) {
    for (const entry of await allUploads(kind)) {
      const response = entry.response || await responseOfLink();
      const outcome = response ? await sendUpload(kind, entry, response) : "later";
      const kept = outcome === "later" && Date.now() - entry.at < UPLOAD_GIVEN_UP;
      left = left || kept;
      if (!kept) await remove(uploadKey(kind, entry.id));
      await uploadShows[kind](outcome === "refused" ? "bad" : "");
    }
  }
  return left;
}

async function responseOfLink() {
  const known = await get(`photos-of:${uploadToken}`);
  if (known) return known.id;
  const answer = await fetch(`/api/v1/form/${uploadToken}`, { cache: "no-store" });
  const form = answer.ok ? await answer.json() : {};
  if (!form.response) return null;
  await put(`photos-of:${uploadToken}`, { id: form.response.response_id, at: Date.now() });
  return form.response.response_id;
}

async function sendUpload(kind, entry, response) {
  const place = `/api/v1/responses/${response}/${UPLOAD_PLACES[kind]}`;
  const body = JSON.stringify({ id: entry.id, size: entry.size, readership: entry.reader || null });
  let answer = await askUpload(place, "POST", body, { "Content-Type": "application/json" });
  if (!answer.ok) return uploadFate(answer);
  const bytes = uploadBytes(entry.data);
  let offset = Number(answer.headers.get("Upload-Offset"));
  while (offset < bytes.length) {
    const type = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) };
    answer = await askUpload(`${place}/${entry.id}`, "PATCH", bytes.slice(offset, offset + UPLOAD_PIECE), type);
    if (answer.status === 409) offset = (await answer.json()).offset;
    else if (answer.ok) offset = Number(answer.headers.get("Upload-Offset"));
    else return uploadFate(answer);
  }
  return "arrived";
}

function askUpload(place, method, body, headers) {
  return fetch(place, { method, body, headers: { Authorization: `Bearer ${uploadToken}`, ...headers } });
}

function uploadFate(answer) {
  return answer.status >= 500 || UPLOAD_LATER.includes(answer.status) ? "later" : "refused";
}

async function uploadLock(work) {
  return navigator.locks ? navigator.locks.request("debrief-photos", work) : work();
}

// Text, because the places where things are kept do not all take bytes.

function uploadText(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

export function uploadBytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
