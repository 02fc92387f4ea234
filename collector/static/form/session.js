// What the parts of the form share: one state, and what is read from it.

import { bodyToSend, leftOut } from "./checking.js";
import { fingerprint } from "./queue.js";
import { current, isOnePage } from "./screens.js";

export const session = {
  page: null, // the facts of the page, in its language
  state: null, // {values, formKey, base, step, at, pushed}
  device: null,
  level: null, // where the last save ended up
  other: null, // the version that the expert has to choose against: {values, base}
  chosen: false, // the expert has just chosen, and the server does not know it yet
  outcome: null, // {state, receipt, refusal} once "send" was pressed
  restored: false, // before, nothing may be saved, sent or taken over
};

export const form = () => document.getElementById("form");
export const at = (id) => document.getElementById(id);

export function bodyOf() {
  return bodyToSend(session.page, session.state.values);
}

// Parts of the page with a script of their own may add to the body: they listen to "debrief:submission".
export function submission() {
  const notice = form().elements.notice;
  const body = {
    ...bodyOf(),
    language: session.page.language,
    submitted_at: new Date().toISOString(),
    response_id: session.state.formKey,
    left_out: leftOut(session.page, session.state.values),
    ...(notice && notice.value ? { notice: notice.value } : {}),
  };
  document.dispatchEvent(new CustomEvent("debrief:submission", { detail: body }));
  return body;
}

export function contentOf(body) {
  return fingerprint(JSON.stringify([body.answers, body.consent, body.readership, body.language, body.photos]));
}

// `body` lies ready for a file, should the page never come back.
export function snapshot() {
  return { ...session.state, step: current(), onePage: isOnePage(), body: JSON.stringify(submission()) };
}
