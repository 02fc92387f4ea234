// From screen to screen, and not past what is wrong.

import { check } from "./checking.js";
import { clearErrors, controlOf, focusErrors, placeOf, showErrors } from "./errors.js";
import { review } from "./review.js";
import { OUTCOME, current, isOnePage, questionsOn, screenOf, screens, show } from "./screens.js";
import { session } from "./session.js";

let errors = []; // as they are shown
let errorsOf; // ids of the questions they were looked for in; undefined: all
let fromCheck = false;

export function goStep(step, focus = true) {
  if (step === "check") review(session.page);
  if (step !== current()) history.pushState({ step }, "");
  clear();
  show(step, session.page.words, focus);
}

export function next() {
  const step = current();
  if (!passes(questionsOn(step, session.page.questions))) return;
  const all = screens();
  goStep(fromCheck ? "check" : all[all.indexOf(step) + 1]);
  if (current() === "check") fromCheck = false;
}

export function back() {
  const all = screens();
  goStep(all[Math.max(0, all.indexOf(current()) - 1)]);
}

// The browser's own "back" and "forward".
export function popped(event) {
  const step = (event.state && event.state.step) || "start";
  if (session.outcome) return history.pushState({ step: OUTCOME }, ""); // what was sent is not sent again by "back"
  clear();
  if (step === "check") review(session.page);
  show(screens().includes(step) ? step : "start", session.page.words);
}

// true where nothing is wrong; else the errors are shown and have the focus
export function passes(ids) {
  const found = check(session.page, session.state.values, ids);
  if (!found.length) {
    clear();
    return true;
  }
  present(found, ids);
  focusErrors();
  return false;
}

export function present(found, ids) {
  const step = screenOf(placeOf(found[0].name));
  if (step && !isOnePage() && step !== current()) goStep(step, false);
  errors = found;
  errorsOf = ids;
  showErrors(session.page, found);
}

// In the other language, say.
export function presentAgain() {
  if (!errors.length) return;
  const found = check(session.page, session.state.values, errorsOf);
  if (found.length) present(found, errorsOf);
}

export function clear() {
  errors = [];
  clearErrors(session.page.words);
}

export function toControl(name) {
  const control = controlOf(name);
  const step = screenOf(control);
  if (step && step !== current() && !isOnePage()) {
    const shown = errors;
    fromCheck = current() === "check";
    goStep(step, false);
    if (shown.length) present(shown, errorsOf);
  }
  if (!control) return;
  placeOf(name).scrollIntoView({ block: "center" });
  control.focus({ preventScroll: true });
}
