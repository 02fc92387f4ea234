// Photos: chosen, shrunk on this phone, and shown while they wait.  uploads.js keeps and sends them.

import { fill } from "./checking.js";
import { fileBytes } from "./pieces.js";
import { UPLOAD_LARGEST, keepUpload, sendUploads, startUploads, uploadsHere } from "./uploads.js";

const PHOTO_EDGE = 1600; // pixels
const PHOTO_BYTES = 500 * 1024;

export function startPhotos() {
  document.addEventListener("change", (event) => {
    if (event.target.id === "photo-file") addPhotos(event.target);
  });
  return startUploads("photo", showPhotos, photoBox);
}

const photoBox = () => document.getElementById("photo-box");

async function addPhotos(input) {
  const box = photoBox();
  let said = "";
  for (const file of [...input.files]) {
    if ((await uploadsHere("photo")).length >= Number(box.dataset.most)) {
      said = "tooMany";
      break;
    }
    const bytes = await shrinkPhoto(file);
    const chosen = document.querySelector('[name="photo_reader"]:checked');
    if (bytes.length > UPLOAD_LARGEST) said = "bad";
    else if (await keepUpload("photo", bytes, "image/jpeg", chosen && chosen.value) === "memory") said = "unkept";
  }
  input.value = "";
  await showPhotos(said);
  sendUploads();
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

async function showPhotos(said) {
  const waiting = await uploadsHere("photo");
  sayWaiting(document.getElementById("photo-state"), photoBox(), said, waiting.length);
  const box = photoBox();
  if (!box) return;
  box.dataset.ready = "yes";
  document.getElementById("photo-list").replaceChildren(...waiting.map((entry, place) => photoRow(entry, place + 1)));
}

// `said` names the words in the data of the line or of the box.
export function sayWaiting(line, box, said, number) {
  if (!line) return;
  const words = number === 1 ? line.dataset.one : fill(line.dataset.pending, { n: number });
  const first = said ? line.dataset[said] || (box && box.dataset[said]) : "";
  line.textContent = [first, number ? words : ""].filter(Boolean).join(" ");
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
    const image = await createImageBitmap(new Blob([fileBytes(entry.data)]));
    canvas.width = 120;
    canvas.height = Math.round(120 * image.height / image.width);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  } catch {
    canvas.remove();
  }
}
