// What is typed and not yet sent: kept on the phone at once, and on the server so that another device goes on.
// {values, formKey, base: {draft, response}, step, onePage, pushed, at}

import { toBody } from "./fields.js";
import { randomId } from "./queue.js";
import { get, put, remove } from "./store.js";

const PUSH_PATIENCE = 15000; // ms for one answer of the server

// This browser's own random name, the same in all its tabs.
export async function deviceId() {
  const known = await get("device");
  if (known) return known.id;
  const id = randomId();
  await put("device", { id, at: Date.now() });
  return id;
}

export const readDraft = (token) => get(`draft:${token}`);
export const keepDraft = (token, draft) => put(`draft:${token}`, draft);
export const dropDraft = (token) => remove(`draft:${token}`);

// What to do with a draft of this phone and a page that shows something else:
// "page" (take what the page shows), "draft" (take the draft), "choose" (they went apart: ask).
export function whichVersion(page, draft, shownValues, device) {
  if (!draft) return "page";
  if (sameValues(draft.values, shownValues)) return "page";
  const { base } = page;
  const knowsAll = draft.base.response >= base.response;
  if (knowsAll && draft.base.draft >= base.draft) return "draft";
  if (knowsAll && page.device === device) return "draft"; // saved by us, only its answer was lost
  return draft.pushed ? "page" : "choose";
}

export function sameValues(one, other) {
  return canonical(one) === canonical(other);
}

function canonical(values) {
  return JSON.stringify(Object.keys(values).sort().map((name) => [name, [...values[name]].sort()]));
}

// -> {revision} | {other: the draft of another device} | null: no answer, try again later
export async function pushDraft(page, draft, device, chosen) {
  const controller = new AbortController();
  const stop = setTimeout(() => controller.abort(), PUSH_PATIENCE);
  try {
    const response = await fetch(page.draft_api, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        ...toBody(page.questions, draft.values),
        language: page.language,
        base_revision: draft.base.draft,
        device,
        chosen,
      }),
      signal: controller.signal,
    });
    const answer = await response.json();
    if (response.ok) return { revision: answer.revision };
    return response.status === 409 ? { other: answer.draft } : null;
  } catch {
    return null;
  } finally {
    clearTimeout(stop);
  }
}

// Labels of the questions whose answers differ.
export function differences(page, one, other) {
  const [a, b] = [one, other].map((values) => toBody(page.questions, values));
  const differs = (id) => ["answers", "consent", "readership"]
    .some((group) => JSON.stringify(a[group][id]) !== JSON.stringify(b[group][id]));
  return page.questions.filter((question) => differs(question.id)).map((question) => question.label);
}
