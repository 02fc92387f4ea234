// The form with script: screens, checks, two languages, nothing lost without reception.
// Without this file the page works as it is.  form.js does the form, kept.js the pages around it.

import { startForm } from "./form.js";
import { startKept } from "./kept.js";
import { startWorker } from "./offline.js";
import { startPhotos } from "./photos.js";
import { startVoice } from "./voice.js";

const facts = document.getElementById("facts");
if (facts) {
  const page = JSON.parse(facts.textContent);
  const started = document.getElementById("form") ? startForm(page) : startKept(page);
  startWorker(page);
  // Once it is known whose answers these are.
  started.finally(() => {
    startPhotos();
    startVoice();
  });
}
