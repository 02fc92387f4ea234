// The pages beside the form (receipt, closed, withdrawn, not found): answers that wait on this phone
// are sent from here too, and can be saved as a file where the server does not take them any more.

import { deliver, waitingFor } from "./queue.js";
import { readDraft } from "./drafts.js";
import { showOutcome } from "./outcome.js";
import { saveEntries } from "./saving.js";

export async function startKept(page) {
  const [, token] = location.pathname.match(/^\/f\/([^/]+)/) || [];
  if (!token) return;
  const tell = (entry, outcome) => {
    if (entry.token === token) showKept(page, entry, outcome);
  };
  const send = (all) => deliver(page.api, tell, all);
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    if (button.dataset.do === "another") leave(event, button.href);
    if (button.dataset.do === "send-now") send(true);
    if (button.dataset.do === "save-file") saveKept(await waitingFor(token));
  });
  for (const name of ["online", "focus", "pageshow"]) window.addEventListener(name, () => send(false));
  const [first] = await waitingFor(token);
  if (first) showKept(page, first, { ...first, state: first.refusal ? "refused" : "waiting" });
  else await showDraft(page, token);
  send(true);
}

function showKept(page, entry, outcome) {
  const state = { waiting: "queued", arrived: "arrived" }[outcome.state] || "refused";
  showOutcome(state, { ...page, receipt_page: `/f/${entry.token}/receipt` }, { ...outcome, made: entry.made });
  document.getElementById("outcome").classList.add("now");
  if (state === "arrived") document.dispatchEvent(new CustomEvent("debrief:arrived"));
}

// Typed before the deadline, never sent: the organisers may still take it as a file.
async function showDraft(page, token) {
  const draft = await readDraft(token);
  if (!draft || !draft.body || !page.refused) return;
  kept = { id: draft.formKey, token, key: draft.formKey, body: draft.body };
  showOutcome("refused", page, {});
  document.getElementById("outcome").classList.add("now");
}

let kept = null;

function saveKept(entries) {
  const found = entries.length ? entries : [kept].filter(Boolean);
  if (found.length) saveEntries(found, document.title);
}

// In the place of this page, so that "back" shows the next person nothing of it.
function leave(event, address) {
  event.preventDefault();
  location.replace(address);
}
