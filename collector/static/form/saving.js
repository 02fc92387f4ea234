// The last resort: the answers as a file that `python -m collector responses import` takes.

// One file, also where several people's answers wait: browsers do not like to save many at once.
export function saveEntries(entries, visit) {
  const documents = entries.map((entry) => fileOf(entry, visit));
  saveAsFile(`debrief-${entries[0].key.slice(0, 8)}.json`, documents.length > 1 ? documents : documents[0]);
}

function saveAsFile(name, document_) {
  const blob = new Blob([JSON.stringify(document_, null, 1)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// {token, key, body}: all that a sender needs; the rest is for the person who looks into it.
function fileOf(entry, visit) {
  return {
    format: "debrief-answers.v1",
    visit,
    saved_at: new Date().toISOString(),
    token: entry.token,
    idempotency_key: entry.key,
    body: JSON.parse(entry.body),
  };
}
