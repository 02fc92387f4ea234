// Other tabs with the same form: all show the same answers and the same receipt.

import { showOut } from "./after.js";
import { openChannel } from "./channel.js";
import { readDraft } from "./drafts.js";
import { writeFields } from "./fields.js";
import { isTyping } from "./keeping.js";
import { current } from "./screens.js";
import { form, session } from "./session.js";
import { refresh } from "./shown.js";
import { get } from "./store.js";

export function joinTabs() {
  openChannel((data) => {
    if (data.token !== session.page.token) return;
    if (data.kind === "draft") follow();
    if (data.kind === "arrived" && data.id === session.state.formKey) arrivedElsewhere();
  });
}

// Another tab has saved: this one shows the same, unless something is just being typed here.
export async function follow() {
  const { page, state } = session;
  if (isTyping() || session.outcome || session.other) return;
  const draft = await readDraft(page.token);
  if (!draft || draft.at <= state.at || isTyping()) return;
  Object.assign(state, draft, { step: current() });
  writeFields(form(), state.values);
  refresh();
}

async function arrivedElsewhere() {
  const receipt = await get(`receipt:${session.state.formKey}`);
  if (receipt && !session.outcome) showOut("arrived", { receipt });
}
