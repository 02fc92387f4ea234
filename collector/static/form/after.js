// After "send": what became of the answers, and what the expert can do then.

import { dropDraft } from "./drafts.js";
import { showEarlier } from "./earlier.js";
import { focusErrors } from "./errors.js";
import { fieldName, readFields, writeFields } from "./fields.js";
import { stopKeeping } from "./keeping.js";
import { keepPages } from "./offline.js";
import { showOutcome } from "./outcome.js";
import { forget, handOver, randomId, waitingFor } from "./queue.js";
import { saveEntries } from "./saving.js";
import { OUTCOME, goTo, screens, show } from "./screens.js";
import { at, form, session, submission } from "./session.js";
import { refresh, showNetwork } from "./shown.js";
import { clear, goStep, present } from "./steps.js";

export function showOut(became, facts, focus = true) {
  const { level, outcome, page } = session;
  session.outcome = { ...facts, state: became };
  for (const note of ["offline", "restored", "versions"]) at(note).hidden = true;
  const heading = showOutcome(became, page, { ...facts, level });
  clear();
  show(OUTCOME, page.words, false);
  at("unsafe").hidden = level !== "memory" || became === "arrived";
  if (became !== (outcome && outcome.state) && focus) goTo(heading);
  history.replaceState({ step: OUTCOME }, "");
}

function hideOut() {
  session.outcome = null;
  at(OUTCOME).hidden = true;
  showNetwork();
}

export async function arrived(receipt) {
  stopKeeping();
  showOut("arrived", { receipt });
  document.dispatchEvent(new CustomEvent("debrief:arrived"));
  await dropDraft(session.page.token);
  if (navigator.serviceWorker) keepPages(session.page);
}

// The server found what we did not: back to the field, with its words.
export async function toField(entry) {
  await forget(entry);
  hideOut();
  const found = entry.refusal.errors.map((error) => ({ ...error, name: fieldName(error.pointer) }));
  present(found.length ? found : [{ name: "", detail: entry.refusal.detail }]);
  focusErrors();
}

export function edit() {
  hideOut();
  goStep(screens()[1]);
}

// The expert begins anew.
export async function startAgain() {
  const { page, state } = session;
  await dropDraft(page.token);
  form().reset();
  writeFields(form(), {});
  const formKey = page.personal && page.base.response ? state.formKey : randomId();
  Object.assign(state, { values: readFields(form()), formKey, pushed: false });
  at("restored").hidden = true;
  at("review").replaceChildren();
  session.level = null;
  hideOut();
  goStep("start");
  refresh();
  document.dispatchEvent(new CustomEvent("debrief:anew"));
}

// Someone else answers on the same phone: nothing of the one before is left to see, nor to change.
export async function startAnother() {
  const { page, state } = session;
  await handOver(state.formKey);
  page.base = state.base = { draft: 0, response: 0 };
  if (at("stored")) at("stored").remove();
  history.replaceState(null, "", `${location.pathname}?lang=${page.language}`);
  await startAgain();
  await showEarlier();
}

export async function saveFile() {
  const { token } = session.page;
  const { formKey } = session.state;
  const [entry] = (await waitingFor(token)).filter((one) => one.id === formKey);
  const own = { token, key: formKey, body: JSON.stringify(submission()) };
  saveEntries([entry || own], document.title);
}
