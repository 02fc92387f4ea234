// The last resort: the answers as a file that `python -m collector responses import` takes.

export function saveAsFile(name, document_) {
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
export function fileOf(entry, visit) {
  return {
    format: "debrief-answers.v1",
    visit,
    saved_at: new Date().toISOString(),
    token: entry.token,
    idempotency_key: entry.key,
    body: JSON.parse(entry.body),
  };
}
