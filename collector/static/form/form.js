// The form itself: it opens, and every event goes to the part that answers it.

import { edit, saveFile, startAgain, startAnother } from "./after.js";
import { saveEarlier } from "./earlier.js";
import { readFields } from "./fields.js";
import { changed, flush, push } from "./keeping.js";
import { choose, restore } from "./restoring.js";
import { current, isOnePage, setOnePage, show } from "./screens.js";
import { finish, send, sendNow } from "./sending.js";
import { at, form, session } from "./session.js";
import { count, refresh, showNetwork, showReopening } from "./shown.js";
import { back, next, popped, toControl } from "./steps.js";
import { follow, joinTabs } from "./tabs.js";
import { turn } from "./turning.js";

export async function startForm(facts) {
  session.page = facts;
  session.state = {
    values: readFields(form()), formKey: form().elements.form_key.value, base: facts.base, step: "start", pushed: true,
    at: 0,
  };
  document.documentElement.classList.add("js");
  const refusedByServer = !at("errsum").hidden;
  setOnePage(refusedByServer);
  listen();
  refresh();
  history.replaceState({ step: "start" }, "");
  show("start", facts.words, false);
  await restore();
  send(false);
  joinTabs();
  document.documentElement.dataset.ready = "yes";
}

const ACTIONS = {
  "continue": next,
  "back": back,
  "edit": edit,
  "another": startAnother,
  "start-again": startAgain,
  "send-now": sendNow,
  "send-draft": finish,
  "save-file": saveFile,
  "send-earlier": () => send(true),
  "save-earlier": saveEarlier,
  "use-here": () => choose(true),
  "use-other": () => choose(false),
  "one-page": () => setLayout(true),
  "steps": () => setLayout(false),
};

function setLayout(onePage) {
  setOnePage(onePage);
  show(onePage ? "start" : current(), session.page.words);
}

// On the document, so that a page in the other language needs none of its own.
function listen() {
  document.addEventListener("input", (event) => { if (event.target.form === form()) input(event.target); });
  document.addEventListener("submit", submitted);
  document.addEventListener("click", clicked);
  window.addEventListener("popstate", popped);
  window.addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", () => (document.hidden ? flush() : wake()));
  for (const name of ["online", "focus", "pageshow"]) window.addEventListener(name, wake);
  window.addEventListener("offline", showNetwork);
  document.addEventListener("debrief:no-copy", showReopening);
}

function input(field) {
  changed();
  if (field.matches("textarea")) count(field);
}

function submitted(event) {
  if (event.target !== form()) return;
  event.preventDefault();
  const { submitter } = event;
  if (submitter && submitter.name === "switch") turn(submitter.value);
  else if (current() === "check" || isOnePage()) finish();
  else next();
}

function clicked(event) {
  const button = event.target.closest("[data-do]");
  const link = event.target.closest("a[data-field]");
  if (button) ACTIONS[button.dataset.do]();
  if (!link) return;
  event.preventDefault();
  toControl(link.dataset.field);
}

function wake() {
  showNetwork();
  if (!session.restored) return;
  follow();
  if (!session.state.pushed && session.state.at) push();
  send(false);
}
