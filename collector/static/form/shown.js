// Shows everything that depends on the state, after any change of it or of the page.

import { isNear, liesLong } from "./age.js";
import { fill, lengthOf } from "./checking.js";
import { showEarlier } from "./earlier.js";
import { canReopen, isInApp } from "./offline.js";
import { clock } from "./outcome.js";
import { review } from "./review.js";
import { evaluate, visible } from "./rules.js";
import { current } from "./screens.js";
import { at, bodyOf, form, session } from "./session.js";
import { showVersions } from "./versions.js";

export function refresh() {
  form().autocomplete = "off"; // or "back" fills in what the browser remembers, also for the next person
  conditional();
  for (const area of document.querySelectorAll("textarea[data-max-length]")) count(area);
  showReopening();
  showNetwork();
  showSaved();
  showEarlier();
  showVersions();
  if (current() === "check") review(session.page);
}

export function showReopening() {
  at("wechat").hidden = !isInApp();
  at("no-copy").hidden = isInApp() || canReopen();
}

export function conditional() {
  const { answers, consent } = bodyOf();
  const all = { ...answers, ...consent };
  const shown = visible(session.page.questions, all);
  const counted = Object.fromEntries(Object.entries(all).filter(([id]) => shown.includes(id)));
  for (const part of document.querySelectorAll("[data-show-if]")) {
    part.hidden = !evaluate(JSON.parse(part.dataset.showIf), counted);
  }
  for (const part of document.querySelectorAll("[data-with]")) {
    const [name, value] = part.dataset.with.split("=");
    part.hidden = !(session.state.values[name] || []).includes(value);
  }
}

export function count(area) {
  let line = area.nextElementSibling;
  if (!line || !line.matches(".count")) {
    line = document.createElement("p");
    line.className = "count num";
    area.after(line);
  }
  const n = lengthOf(area.value);
  line.textContent = n ? fill(session.page.words.count, { n, most: area.dataset.maxLength }) : "";
}

export function showNetwork() {
  at("offline").hidden = navigator.onLine !== false || Boolean(session.outcome);
}

export function showSaved() {
  const { level, page: { words } } = session;
  const line = at("saved");
  line.hidden = !level;
  at("unsafe").hidden = level !== "memory";
  if (!level) return;
  line.classList.toggle("failed", level === "memory");
  line.querySelector("span").textContent = level === "memory"
    ? words.not_saved : fill(words.saved, { time: clock(session.state.at) });
}

export function showRestored(moment) {
  const { page: { deadline, words }, state } = session;
  const note = at("restored");
  const long = liesLong(moment);
  note.hidden = false;
  note.dataset.moment = moment;
  note.classList.toggle("note-warn", long);
  for (const part of note.querySelectorAll("[data-fresh]")) part.hidden = long;
  for (const part of note.querySelectorAll("[data-long]")) part.hidden = !long;
  note.querySelector("[data-here]").hidden = state.pushed;
  note.querySelector("[data-near]").hidden = !isNear(deadline);
  note.querySelector("[data-said]").textContent = fill(words.restored, { time: clock(moment) });
  note.querySelector("[data-since]").textContent = fill(words.unsent, { time: clock(moment) });
}
