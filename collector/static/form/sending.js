// "Send": checked, put into the queue, and told to the expert as it goes.

import { arrived, showOut, toField } from "./after.js";
import { announce } from "./channel.js";
import { showEarlier } from "./earlier.js";
import { save } from "./keeping.js";
import { deliver, enqueue } from "./queue.js";
import { contentOf, form, session, submission } from "./session.js";
import { passes } from "./steps.js";
import { get } from "./store.js";

let busy = false;

export async function finish() {
  if (busy || !passes()) return;
  busy = true;
  try {
    await save();
    await handIn(submission());
  } catch {
    form().submit(); // whatever it was: the plain way works without us
  } finally {
    busy = false;
  }
}

async function handIn(body) {
  const { page: { token }, state: { base, formKey: id, values } } = session;
  const content = contentOf(body);
  const receipt = await get(`receipt:${id}`);
  if (receipt && receipt.content === content && receipt.revision > base.response) {
    return arrived(receipt); // another tab was faster
  }
  session.level = await enqueue({ id, token, content, body: JSON.stringify(body), values });
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  await sendNow();
}

// `all`: also what was refused before, because the expert asks for it.
export function send(all) {
  return deliver(session.page.api, told, all);
}

// The expert asks for it: whatever the server said before, it is tried.
export async function sendNow() {
  showOut("sending", {});
  await send(true);
  if (!session.outcome || session.outcome.state !== "sending") return;
  // Nobody told: another tab has sent it meanwhile.
  const receipt = await get(`receipt:${session.state.formKey}`);
  if (receipt) await arrived(receipt);
  else showOut("queued", {});
}

async function told(entry, { state: became, receipt, refusal, busy, until }) {
  const { page, state, outcome } = session;
  if (entry.token !== page.token) return;
  const mine = entry.id === state.formKey;
  if (became === "arrived") {
    announce({ token: page.token, kind: "arrived", id: entry.id });
    if (mine) return arrived(receipt);
    await showEarlier();
    document.dispatchEvent(new CustomEvent("debrief:arrived"));
  } else if (mine && outcome) {
    if (became === "correct") await toField({ ...entry, refusal });
    else if (became === "waiting") showOut("queued", { busy, until, made: entry.made });
    else showOut("refused", { refusal });
  }
}
