// The form with script: screens, checks, two languages, nothing lost without reception.
// Without this file the page works as it is.  form.js does the form, kept.js the pages around it.

import { startForm } from "./form.js";
import { startKept } from "./kept.js";
import { startWorker } from "./offline.js";
import { startPhotos } from "./photos.js";

const facts = document.getElementById("facts");
if (facts) {
  const page = JSON.parse(facts.textContent);
  if (document.getElementById("form")) startForm(page);
  else startKept(page);
  startWorker(page);
  startPhotos();
}
