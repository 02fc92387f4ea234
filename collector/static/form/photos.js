// Photos of a personal link: shrunk here, kept apart from the text, sent piece by piece once the text has arrived.
// {id, token, data (base64), size, reader, at}; the server's answer alone ends an entry.

import { fill } from "./checking.js";
import { randomId } from "./queue.js";
import { get, list, put, remove } from "./store.js";

const PHOTO_EDGE = 1600; // pixels
const PHOTO_BYTES = 500 * 1024;
const PHOTO_LARGEST = 8 * 1024 * 1024; // of a file that this phone cannot shrink
const PHOTO_PIECE = 128 * 1024;
const PHOTO_PAUSES = [3000, 10000, 30000, 120000, 300000]; // ms between two rounds
const PHOTO_LATER = [404, 408, 425, 429]; // 404: the text has not arrived yet

let photoToken = "";
let photoTimer = 0;
let photoRound = 0;
let photoSending = null;

export async function startPhotos() {
  [, photoToken] = location.pathname.match(/^\/f\/([^/]+)/) || [];
  if (!photoToken) return;
  document.addEventListener("change", (event) => {
    if (event.target.id === "photo-file") addPhotos(event.target);
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-photo]");
    if (!button) return;
    await remove(photoKey(button.dataset.photo));
    showPhotos();
  });
  for (const name of ["online", "focus", "pageshow"]) window.addEventListener(name, () => sendPhotos());
  // The other language brings a new page body, which knows nothing of the photos yet.
  new MutationObserver(() => photoBox() && !photoBox().dataset.ready && showPhotos())
    .observe(document.body, { childList: true });
  await showPhotos();
  sendPhotos();
}

const photoBox = () => document.getElementById("photo-box");
const photoKey = (id) => `photo:${photoToken}:${id}`;
const photosHere = () => list(`photo:${photoToken}:`);

async function addPhotos(input) {
  const box = photoBox();
  let said = "";
  for (const file of [...input.files]) {
    if ((await photosHere()).length >= Number(box.dataset.most)) {
      said = box.dataset.tooMany;
      break;
    }
    const bytes = await shrinkPhoto(file);
    const chosen = document.querySelector('[name="photo_reader"]:checked');
    const entry = { id: randomId(), token: photoToken, size: bytes.length, reader: chosen && chosen.value, at: Date.now() };
    if (bytes.length > PHOTO_LARGEST) said = box.dataset.bad;
    else if (await put(photoKey(entry.id), { ...entry, data: photoText(bytes) }) === "memory") said = box.dataset.unkept;
  }
  input.value = "";
  await showPhotos(said);
  photoRound = 0;
  sendPhotos();
}

// As JPEG within the limits, which leaves place and camera behind; what cannot be drawn goes as it is.
async function shrinkPhoto(file) {
  try {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, PHOTO_EDGE / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    for (const quality of [0.85, 0.7, 0.5, 0.3]) {
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
      if (blob.size <= PHOTO_BYTES || quality === 0.3) return new Uint8Array(await blob.arrayBuffer());
    }
  } catch { /* the server decides */ }
  return new Uint8Array(await file.arrayBuffer());
}

async function showPhotos(said = "") {
  const waiting = await photosHere();
  const line = document.getElementById("photo-state");
  if (line) {
    const words = waiting.length === 1 ? line.dataset.one : fill(line.dataset.pending, { n: waiting.length });
    line.textContent = [said, waiting.length ? words : ""].filter(Boolean).join(" ");
  }
  const box = photoBox();
  if (!box) return;
  box.dataset.ready = "yes";
  document.getElementById("photo-list").replaceChildren(...waiting.map((entry, place) => photoRow(entry, place + 1)));
}

function photoRow(entry, number) {
  const row = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-link";
  button.dataset.photo = entry.id;
  button.textContent = fill(photoBox().dataset.remove, { n: number });
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  drawPhoto(canvas, entry);
  row.append(canvas, button);
  return row;
}

async function drawPhoto(canvas, entry) {
  try {
    const image = await createImageBitmap(new Blob([photoBytes(entry.data)]));
    canvas.width = 120;
    canvas.height = Math.round(120 * image.height / image.width);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  } catch {
    canvas.remove();
  }
}

// Sending

function sendPhotos() {
  photoSending = photoSending || photoLock(sendAllPhotos).catch(() => true).then((left) => {
    photoSending = null;
    clearTimeout(photoTimer);
    if (left) photoTimer = setTimeout(sendPhotos, PHOTO_PAUSES[Math.min(photoRound++, PHOTO_PAUSES.length - 1)]);
  });
  return photoSending;
}

// Says whether something is left.
async function sendAllPhotos() {
  let left = false;
  for (const entry of await photosHere()) {
    const response = await responseOfLink();
    const outcome = response ? await sendPhoto(entry, response) : "later";
    if (outcome === "later") left = true;
    else await remove(photoKey(entry.id));
    const line = document.getElementById("photo-state");
    await showPhotos(outcome === "refused" && line ? line.dataset.bad : "");
  }
  return left;
}

async function responseOfLink() {
  const known = await get(`photos-of:${photoToken}`);
  if (known) return known.id;
  const answer = await fetch(`/api/v1/form/${photoToken}`, { cache: "no-store" });
  const form = answer.ok ? await answer.json() : {};
  if (!form.response) return null;
  await put(`photos-of:${photoToken}`, { id: form.response.response_id, at: Date.now() });
  return form.response.response_id;
}

async function sendPhoto(entry, response) {
  const place = `/api/v1/responses/${response}/photos`;
  const body = JSON.stringify({ id: entry.id, size: entry.size, readership: entry.reader || null });
  let answer = await askPhoto(place, "POST", body, { "Content-Type": "application/json" });
  if (!answer.ok) return photoFate(answer);
  const bytes = photoBytes(entry.data);
  let offset = Number(answer.headers.get("Upload-Offset"));
  while (offset < bytes.length) {
    const type = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) };
    answer = await askPhoto(`${place}/${entry.id}`, "PATCH", bytes.slice(offset, offset + PHOTO_PIECE), type);
    if (answer.status === 409) offset = (await answer.json()).offset;
    else if (answer.ok) offset = Number(answer.headers.get("Upload-Offset"));
    else return photoFate(answer);
  }
  return "arrived";
}

function askPhoto(place, method, body, headers) {
  return fetch(place, { method, body, headers: { Authorization: `Bearer ${photoToken}`, ...headers } });
}

function photoFate(answer) {
  return answer.status >= 500 || PHOTO_LATER.includes(answer.status) ? "later" : "refused";
}

async function photoLock(work) {
  return navigator.locks ? navigator.locks.request("debrief-photos", work) : work();
}

// Text, because the places where things are kept do not all take bytes.

function photoText(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

function photoBytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
