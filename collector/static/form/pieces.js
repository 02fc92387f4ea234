// One file to the server, piece by piece: it goes on where it broke off.
// -> {state: "arrived", "later" or "refused", until, away}; until: ms, the server asked to wait so long;
// away: no other file would fare better now

import { askedUntil } from "./pace.js";

const PIECE = 128 * 1024; // bytes
const PIECE_PATIENCE = 60000; // ms for one piece: 128 KB at 2 KB/s, a bad bus
const PIECE_LATER = [404, 408, 425, 429]; // 404: the text has not arrived yet
const AWAY = { state: "later", until: 0, away: true };

export async function sendFile(place, token, entry) {
  try {
    const bytes = fileBytes(entry.data);
    const body = JSON.stringify({ id: entry.id, size: entry.size, readership: entry.reader || null });
    let { fate, offset } = await reply(place, "POST", token, body, { "Content-Type": "application/json" });
    while (!fate && offset < bytes.length) {
      const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) };
      const piece = bytes.slice(offset, offset + PIECE);
      const next = await reply(`${place}/${entry.id}`, "PATCH", token, piece, headers);
      fate = next.offset === offset ? AWAY : next.fate;
      offset = next.offset;
    }
    return fate || { state: "arrived" };
  } catch {
    return AWAY;
  }
}

// -> {offset} that is there, or {fate}
async function reply(place, method, token, body, headers) {
  const controller = new AbortController();
  const stop = setTimeout(() => controller.abort(), PIECE_PATIENCE);
  try {
    const authorization = { Authorization: `Bearer ${token}` };
    const { signal } = controller;
    return await read(await fetch(place, { method, body, signal, headers: { ...authorization, ...headers } }));
  } finally {
    clearTimeout(stop);
  }
}

async function read(answer) {
  const { ok, status, headers } = answer;
  if (ok && headers.has("Upload-Offset")) return { offset: Number(headers.get("Upload-Offset")) };
  if (ok) return { fate: AWAY }; // not ours: the sign-in page of a hotel's network, say
  if (status === 409) {
    const { offset } = await answer.json();
    if (Number.isInteger(offset)) return { offset };
  }
  if (status < 500 && !PIECE_LATER.includes(status)) return { fate: { state: "refused" } };
  const until = askedUntil(headers.get("Retry-After"), Date.now());
  return { fate: { state: "later", until, away: until > 0 } };
}

// Kept as text, because the places where things are kept do not all take bytes.

export function fileText(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

export function fileBytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
