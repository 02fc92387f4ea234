// The other language in place: answers, screen, errors and focus stay.

import { writeFields } from "./fields.js";
import { save } from "./keeping.js";
import { swapLanguage } from "./language.js";
import { showOutcome } from "./outcome.js";
import { OUTCOME, current, isOnePage, setOnePage, show } from "./screens.js";
import { at, form, session } from "./session.js";
import { refresh, showRestored } from "./shown.js";
import { presentAgain } from "./steps.js";

export async function turn(language) {
  if (language === session.page.language) return;
  const before = placeNow();
  try {
    await swapLanguage(language);
  } catch {
    at("no-language").hidden = false;
    return;
  }
  const { language: spoken, questions, words } = JSON.parse(at("facts").textContent);
  session.page = { ...session.page, language: spoken, questions, words };
  form().elements.form_key.value = session.state.formKey;
  writeFields(form(), session.state.values);
  document.dispatchEvent(new CustomEvent("debrief:page")); // for whatever else lives in the page
  showAgain(before);
  if (!session.outcome && session.state.at) save();
}

function placeNow() {
  return {
    step: current(),
    y: window.scrollY,
    focused: document.activeElement && document.activeElement.id,
    since: at("restored").hidden ? null : at("restored").dataset.moment,
  };
}

function showAgain({ step, y, focused, since }) {
  const { page, outcome, level } = session;
  show(outcome ? OUTCOME : step, page.words, false);
  setOnePage(isOnePage());
  refresh();
  presentAgain();
  if (since) showRestored(isNaN(since) ? since : Number(since));
  if (outcome) showOutcome(outcome.state, page, { ...outcome, level });
  window.scrollTo(0, y);
  const focus = focused ? at(focused) : document.querySelector(".lang [aria-current]");
  if (focus) focus.focus({ preventScroll: true });
}
