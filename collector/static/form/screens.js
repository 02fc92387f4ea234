// One group of questions per screen, or all on one page.

import { fill } from "./checking.js";

export const OUTCOME = "outcome";

export function screens() {
  return [...document.querySelectorAll("#form .step")].map((screen) => screen.id);
}

export function current() {
  const screen = document.querySelector(".step.now");
  return screen ? screen.id : "start";
}

export function isOnePage() {
  return document.documentElement.classList.contains("one-page");
}

export function show(id, words, focus = true) {
  const known = document.getElementById(id) ? id : "start";
  for (const screen of document.querySelectorAll(".step")) screen.classList.toggle("now", screen.id === known);
  showProgress(known, words);
  for (const rest of ["layout", "stored"]) {
    if (document.getElementById(rest)) document.getElementById(rest).hidden = known === OUTCOME;
  }
  if (focus) goTo(document.querySelector(`#${known} h2[tabindex]`));
}

function showProgress(id, words) {
  const all = screens().slice(1); // the first one asks nothing
  const n = all.indexOf(id) + 1;
  document.getElementById("prog").hidden = n === 0 && !(isOnePage() && id !== OUTCOME);
  document.getElementById("prog-text").textContent = n ? fill(words.step, { n, total: all.length }) : "";
  document.querySelectorAll(".segs i").forEach((part, index) => part.classList.toggle("on", index < n));
}

export function setOnePage(on) {
  document.documentElement.classList.toggle("one-page", on);
  document.querySelector("[data-do='one-page']").hidden = on;
  document.querySelector("[data-do='steps']").hidden = !on;
}

export function goTo(heading) {
  window.scrollTo(0, 0);
  if (heading) heading.focus({ preventScroll: true });
}

// Which questions a screen asks.
export function questionsOn(id, questions) {
  const screen = document.getElementById(id);
  return questions.map((question) => question.id).filter((one) => screen.querySelector(`#f-q-${one}`));
}

export function screenOf(element) {
  const screen = element && element.closest(".step");
  return screen ? screen.id : null;
}
