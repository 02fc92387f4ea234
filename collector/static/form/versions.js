// Two versions of the same answers: both are kept, and the expert chooses.

import { fill } from "./checking.js";
import { differences } from "./drafts.js";
import { writeFields } from "./fields.js";
import { clock } from "./outcome.js";
import { current, screens } from "./screens.js";
import { at, form, session } from "./session.js";
import { goStep } from "./steps.js";

export function ask(mine, values, base, moment, arrived) {
  session.other = { mine: mine.values, mineAt: mine.at, values, base, moment, arrived };
  take({ ...mine, step: current() });
  showVersions();
}

export function take(draft) {
  const { page, state } = session;
  Object.assign(state, draft, { base: laterOf(draft.base, page.base) });
  writeFields(form(), state.values);
  if (screens().includes(draft.step) && draft.step !== current()) goStep(draft.step, false);
}

export function laterOf(one, two) {
  return { draft: Math.max(one.draft, two.draft), response: Math.max(one.response, two.response) };
}

export function showVersions() {
  const { page: { words }, page, other } = session;
  const box = at("versions");
  box.hidden = !other;
  if (!other) return;
  const list = differences(page, other.mine, other.values).join(words.comma);
  box.querySelector("[data-differ]").textContent = fill(words.differ, { list });
  const buttons = box.querySelectorAll("[data-do]");
  buttons[0].textContent = fill(words.use_here, { time: clock(other.mineAt || Date.now()) });
  const theirs = other.arrived ? words.use_sent : words.use_other;
  buttons[1].textContent = fill(theirs, { time: clock(other.moment) });
}
