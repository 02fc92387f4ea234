// Voice notes: recorded here or chosen as a file, played back, deleted.  uploads.js keeps and sends them.

import { fill } from "./checking.js";
import { sayWaiting } from "./photos.js";
import { fileBytes } from "./pieces.js";
import { UPLOAD_LARGEST, keepUpload, sendUploads, startUploads, uploadOwner, uploadsHere } from "./uploads.js";

const VOICE_LONGEST = 120; // seconds
const VOICE_BITS = 32000; // a second
const VOICE_TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

let recorder = null;
let voiceClock = 0;

export function startVoice() {
  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (input.id !== "voice-file" || !input.files.length) return;
    await keepVoice(input.files[0]);
    input.value = "";
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("#voice-record")) record();
    if (event.target.closest("#voice-stop") && recorder) recorder.stop();
  });
  // What is still being recorded belongs to the one who spoke.
  document.addEventListener("debrief:anew", () => recorder && recorder.stop());
  return startUploads("voice", showVoice, voiceBox);
}

const voiceBox = () => document.getElementById("voice-box");
const canRecord = () => Boolean(window.MediaRecorder && navigator.mediaDevices && navigator.mediaDevices.getUserMedia);

async function record() {
  if (recorder) return;
  try {
    if (await isFull()) return;
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const mimeType = VOICE_TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    const parts = [];
    const owner = uploadOwner();
    recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: VOICE_BITS });
    recorder.ondataavailable = (event) => parts.push(event.data);
    recorder.onstop = () => {
      for (const track of stream.getTracks()) track.stop();
      const { mimeType: type } = recorder;
      recorder = null;
      runClock(null);
      keepVoice(new Blob(parts, { type }), owner);
    };
    recorder.start();
    runClock(Date.now());
  } catch {
    recorder = null;
    runClock(null);
    await showVoice("denied");
  }
}

// The seconds that run, and the end after two minutes.  since: null when nothing is recorded.
function runClock(since) {
  clearInterval(voiceClock);
  const box = voiceBox();
  if (box) {
    document.getElementById("voice-record").hidden = Boolean(since) || !canRecord();
    document.getElementById("voice-running").hidden = !since;
  }
  if (!since) return;
  const tick = () => {
    const seconds = Math.floor((Date.now() - since) / 1000);
    const timer = document.getElementById("voice-timer");
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (timer) timer.textContent = fill(timer.dataset.words, { time });
    if (seconds >= VOICE_LONGEST && recorder) recorder.stop();
  };
  tick();
  voiceClock = setInterval(tick, 250);
  document.getElementById("voice-stop").focus();
}

async function isFull() {
  const full = (await uploadsHere("voice")).length >= Number(voiceBox().dataset.most);
  if (full) await showVoice("tooMany");
  return full;
}

async function keepVoice(file, owner = uploadOwner()) {
  if (owner === uploadOwner() && await isFull()) return;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const chosen = document.querySelector('[name="voice_reader"]:checked');
  let said = "";
  if (!bytes.length || bytes.length > UPLOAD_LARGEST) said = "long";
  else if (await keepUpload("voice", bytes, file.type, chosen && chosen.value, owner) === "memory") said = "unkept";
  await showVoice(said);
  sendUploads();
}

async function showVoice(said) {
  const waiting = await uploadsHere("voice");
  const box = voiceBox();
  sayWaiting(document.getElementById("voice-state"), box, said, waiting.length);
  if (!box) return;
  box.dataset.ready = "yes";
  if (!recorder) document.getElementById("voice-record").hidden = !canRecord();
  document.getElementById("voice-list").replaceChildren(...waiting.map((entry, place) => voiceRow(entry, place + 1)));
}

function voiceRow(entry, number) {
  const { remove: removing, name } = voiceBox().dataset;
  const row = document.createElement("li");
  const sound = document.createElement("audio");
  sound.controls = true;
  sound.src = URL.createObjectURL(new Blob([fileBytes(entry.data)], { type: entry.type }));
  sound.setAttribute("aria-label", fill(name, { n: number }));
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-link";
  button.dataset.voice = entry.id;
  button.textContent = fill(removing, { n: number });
  row.append(sound, button);
  return row;
}
