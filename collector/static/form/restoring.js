// What the form opens with: what this phone kept, what the page shows, or both with a choice between them.

import { showOut, toField } from "./after.js";
import { deviceId, readDraft, whichVersion } from "./drafts.js";
import { toValues, writeFields } from "./fields.js";
import { save } from "./keeping.js";
import { randomId, waitingFor } from "./queue.js";
import { goTo, isOnePage, setOnePage } from "./screens.js";
import { at, form, session } from "./session.js";
import { refresh, showRestored } from "./shown.js";
import { get, remove } from "./store.js";
import { ask, laterOf, take } from "./versions.js";

export async function restore() {
  const { page, state } = session;
  session.device = await deviceId();
  const [waiting] = (await waitingFor(page.token)).filter((entry) => !entry.elsewhere);
  const draft = await readDraft(page.token);
  if (draft && page.base.response === 0) state.formKey = draft.formKey;
  else if (page.blank && !page.personal) state.formKey = randomId(); // the copy is opened by many
  if (!chooseBetween(draft)) divergedElsewhere();
  if (waiting && (!draft || draft.at <= waiting.made)) await resume(waiting);
  else if (!draft) await recallArrival();
  if (draft && !page.one) setOnePage(isOnePage() || Boolean(draft.onePage));
  refresh();
  session.restored = true;
}

// true where the expert has to choose
function chooseBetween(draft) {
  const { page, state, device } = session;
  const shownValues = state.values;
  const verdict = whichVersion(page, draft, shownValues, device);
  if (verdict === "choose") ask(draft, shownValues, page.base, page.shown_at, page.shown === "response");
  if (verdict === "draft") {
    take(draft);
    showRestored(draft.at);
  }
  if (verdict === "page" && page.shown === "draft") showRestored(page.shown_at);
  return verdict === "choose";
}

// The server keeps a version of another device beside the one that it shows.
function divergedElsewhere() {
  const { page, state, device } = session;
  const apart = page.diverged;
  if (!apart || apart.device === device) return;
  ask(state, toValues(page.questions, apart), { ...page.base }, apart.saved_at, false);
}

// It was sent from this page before and has not arrived, or was not accepted.
async function resume(entry) {
  Object.assign(session.state, { values: entry.values, formKey: entry.id });
  writeFields(form(), entry.values);
  if (entry.refusal && entry.refusal.errors.length) return toField(entry);
  const { refusal, busy, until, made } = entry;
  showOut(refusal ? "refused" : "queued", { refusal, busy, until, made }, false);
}

// A blank copy does not show what has arrived: it says so, or it would be sent again in part.
async function recallArrival() {
  const { page } = session;
  if (!page.personal) return;
  const key = `arrived:${page.token}`;
  if (!page.blank && !page.base.response) await remove(key); // withdrawn, or never
  const receipt = page.blank && ((await get(key)) || page.arrived);
  if (receipt) showOut("arrived", { receipt, blank: true }, false);
}

export async function choose(mine) {
  const { state, other } = session;
  if (!mine) state.values = other.values;
  state.base = laterOf(state.base, other.base);
  session.other = null;
  session.chosen = true;
  writeFields(form(), state.values);
  at("restored").hidden = true;
  await save();
  refresh();
  goTo(document.querySelector(".step.now h2"));
}
