// What is typed is kept: on the phone at once, on the server a little later.

import { announce } from "./channel.js";
import { keepDraft, pushDraft, sameValues } from "./drafts.js";
import { readFields, toValues } from "./fields.js";
import { at, form, session, snapshot } from "./session.js";
import { conditional, showSaved } from "./shown.js";
import { ask } from "./versions.js";

const SAVE_AFTER = 400; // ms after the last key; the promise is a second
const PUSH_AFTER = 1500; // ms: the server need not see every letter

let saveTimer = 0;
let pushTimer = 0;

export const isTyping = () => Boolean(saveTimer);

export function changed() {
  session.state.values = readFields(form());
  session.state.pushed = false;
  conditional();
  clearTimeout(saveTimer);
  saveTimer = setTimeout(save, SAVE_AFTER);
}

export async function save() {
  const { page, state } = session;
  clearTimeout(saveTimer);
  saveTimer = 0;
  state.at = Date.now();
  session.level = await keepDraft(page.token, snapshot());
  showSaved();
  announce({ token: page.token, kind: "draft", at: state.at });
  if (!state.pushed) {
    clearTimeout(pushTimer);
    pushTimer = setTimeout(push, PUSH_AFTER);
  }
}

// The page goes away, perhaps for ever.
export function flush() {
  if (saveTimer) save();
}

export function stopKeeping() {
  clearTimeout(saveTimer);
  clearTimeout(pushTimer);
}

export async function push() {
  const { page, state } = session;
  if (!page.personal || session.other || session.outcome || navigator.onLine === false) return;
  const sent = state.values;
  const answer = await pushDraft(page, state, session.device, session.chosen);
  if (!answer) return;
  if (answer.other) return wentApart(answer.other);
  session.chosen = false;
  state.base = { ...state.base, draft: answer.revision };
  state.pushed = sameValues(sent, state.values);
  if (!session.outcome) await keepDraft(page.token, snapshot());
}

function wentApart(draft) {
  const { page, state } = session;
  const base = { draft: draft.revision, response: state.base.response };
  ask(state, toValues(page.questions, draft), base, draft.saved_at, false);
  at("versions").focus();
}
