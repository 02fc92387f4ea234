// Files beside the answers: kept apart from the text on this phone, sent once the text has arrived.
// {id, token, response, data (base64), size, type, reader, at}; the server's answer alone ends an entry.
// response: which answers they belong to; of a personal link the server knows.
// All files of a link keep one pace, {tries, until, at}, over a reload too.

import { fill } from "./checking.js";
import { clock } from "./outcome.js";
import { mustWait, nextTry } from "./pace.js";
import { fileText, sendFile } from "./pieces.js";
import { randomId, withLock } from "./queue.js";
import { session } from "./session.js";
import { get, list, put, remove } from "./store.js";

const UPLOAD_PLACES = { photo: "photos", voice: "voice" };
const UPLOAD_GIVEN_UP = 60 * 24 * 3600 * 1000; // ms: answers that never came
const UPLOAD_LOCK_PATIENCE = 120000; // ms for another tab, which may be sending for that long
export const UPLOAD_LARGEST = 8 * 1024 * 1024;

const uploadShows = {}; // kind -> what draws it, told what to say
let uploadToken = "";
let uploadTimer = 0;
let uploadSending = null;
let uploadAgain = null; // {asked}: someone asked while a round was under way

// show(said) draws what waits of this kind; box() is its place in the form, if the page has one.
export async function startUploads(kind, show, box) {
  [, uploadToken] = location.pathname.match(/^\/f\/([^/]+)/) || [];
  if (!uploadToken) return;
  if (!Object.keys(uploadShows).length) listenForUploads();
  uploadShows[kind] = show;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest(`[data-${kind}]`);
    if (!button) return;
    await remove(uploadKey(kind, button.dataset[kind]));
    show("");
    showPending();
  });
  // The other language brings a new page body, which knows nothing of them yet.
  new MutationObserver(() => box() && !box().dataset.ready && show("")).observe(document.body, { childList: true });
  document.addEventListener("debrief:anew", () => show(""));
  await show("");
  sendUploads();
}

function listenForUploads() {
  for (const name of ["online", "focus", "pageshow"]) window.addEventListener(name, () => sendUploads());
  for (const name of ["debrief:anew", "debrief:page"]) document.addEventListener(name, showPending);
  document.addEventListener("debrief:arrived", () => newPace().then(() => sendUploads()));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-do=send-now], [data-uploads]")) sendUploads(true);
  });
}

const uploadKey = (kind, id) => `${kind}:${uploadToken}:${id}`;
const allUploads = (kind) => list(`${kind}:${uploadToken}:`);
const paceKey = () => `uploads:${uploadToken}`;
const paceNow = () => get(paceKey()); // null: the last round left nothing

// Something new to send: soon, but not before the server wants it.
async function newPace() {
  const pace = await paceNow();
  if (pace) await put(paceKey(), { ...pace, tries: 0, at: Date.now() });
}

// Whose answers this page shows, behind a link that many use; null: the link has one person's answers.
export function uploadOwner() {
  if (!session.page) return new URLSearchParams(location.search).get("r");
  return session.page.personal ? null : session.state.formKey;
}

// Of this person alone: others may have used the same phone.
export async function uploadsHere(kind) {
  const owner = uploadOwner();
  return (await allUploads(kind)).filter((entry) => !owner || entry.response === owner);
}

// Says where it is kept.
export async function keepUpload(kind, bytes, type, reader, response = uploadOwner()) {
  const id = randomId();
  const entry = { id, token: uploadToken, response, size: bytes.length, type, reader, at: Date.now() };
  const level = await put(uploadKey(kind, id), { ...entry, data: fileText(bytes) });
  await newPace();
  return level;
}

// `asked`: also what the server wants to have later, because the expert asks for it.
export function sendUploads(asked = false) {
  if (uploadSending) {
    uploadAgain = { asked: asked || Boolean(uploadAgain && uploadAgain.asked) };
    return uploadSending;
  }
  const round = () => sendRound(asked);
  uploadSending = withLock("debrief-photos", UPLOAD_LOCK_PATIENCE, round).catch(() => undefined).then(() => {
    const next = uploadAgain;
    uploadSending = uploadAgain = null;
    return next && sendUploads(next.asked);
  });
  return uploadSending;
}

async function sendRound(asked) {
  clearTimeout(uploadTimer);
  let pace = await paceNow();
  if (asked || !pace || !mustWait(pace.until, Date.now())) {
    const { left, moved, until } = await sendAllUploads();
    const before = pace && !moved ? pace.tries : 0;
    if (pace && !left) await remove(paceKey());
    pace = left ? { tries: before + 1, until, at: Date.now() } : null;
    if (pace) await put(paceKey(), pace);
  }
  if (pace) uploadTimer = setTimeout(sendUploads, nextTry(pace, Date.now(), Math.random()));
  await showPending();
}

// -> {left: something waits on, moved: something went, until}
async function sendAllUploads() {
  const told = { left: false, moved: false, until: 0 };
  let ofLink; // asked for once a round
  for (const kind of Object.keys(uploadShows)) {
    for (const entry of await allUploads(kind)) {
      if (!entry.response && ofLink === undefined) ofLink = await responseOfLink();
      const response = entry.response || ofLink;
      const place = `/api/v1/responses/${response}/${UPLOAD_PLACES[kind]}`;
      const { state, until, away } = response ? await sendFile(place, uploadToken, entry) : { state: "later" };
      const kept = state === "later" && Date.now() - entry.at < UPLOAD_GIVEN_UP;
      Object.assign(told, { left: told.left || kept, moved: told.moved || state === "arrived" });
      if (!kept) await remove(uploadKey(kind, entry.id));
      await uploadShows[kind](state === "refused" ? "bad" : "");
      if (away) return { ...told, until };
    }
  }
  return told;
}

const linkKey = () => `photos-of:${uploadToken}`;

async function responseOfLink() {
  const known = await get(linkKey());
  if (known) return known.id;
  try {
    const answer = await fetch(`/api/v1/form/${uploadToken}`, { cache: "no-store" });
    const { response_id: id } = (await answer.json()).response;
    await put(linkKey(), { id, at: Date.now() });
    return id;
  } catch {
    return null; // no network, or no answers yet
  }
}

// The answers are there, and these files could not follow: said, with when it is tried again.
async function showPending() {
  const note = document.getElementById("pending");
  if (!note) return;
  const pace = await paceNow();
  const here = (await Promise.all(Object.keys(uploadShows).map(uploadsHere))).flat();
  const followed = await Promise.all(here.map(({ response }) => get(response ? `receipt:${response}` : linkKey())));
  const n = pace ? followed.filter(Boolean).length : 0;
  note.hidden = !n;
  const waits = n && mustWait(pace.until, Date.now());
  const when = waits ? fill(note.dataset.until, { time: clock(pace.until) }) : "";
  note.querySelector("[data-said]").textContent = `${fill(note.dataset.words, { n })}${when}`;
}
