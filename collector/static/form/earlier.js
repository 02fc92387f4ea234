// On a phone that several people use with one open link: answers of those before, which still wait.

import { fill } from "./checking.js";
import { waitingFor } from "./queue.js";
import { saveEntries } from "./saving.js";
import { at, session } from "./session.js";

export async function showEarlier() {
  const note = at("earlier"); // an open link's page alone has it
  if (!note) return;
  const { length: n } = await earlier();
  note.hidden = !n;
  note.querySelector("[data-said]").textContent = fill(session.page.words.earlier, { n });
}

export async function saveEarlier() {
  const entries = await earlier();
  if (entries.length) saveEntries(entries, document.title);
}

async function earlier() {
  return (await waitingFor(session.page.token)).filter((entry) => entry.elsewhere);
}
