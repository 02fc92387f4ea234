// "Check answers": every question that is asked, what was answered, and a way back to it.

import { labelOf } from "./errors.js";

export function review(page) {
  const rows = page.questions
    .map((question) => document.getElementById(`f-q-${question.id}`))
    .filter((place) => place && !place.hidden)
    .map((place) => row(page.words, place));
  document.getElementById("review").replaceChildren(...rows);
}

function row(words, place) {
  const label = labelOf(place);
  const link = make("a", words.change);
  link.href = `#${place.id}`;
  link.dataset.field = place.id.replace(/^f-/, "").replace("-", ".");
  link.append(make("span", ` ${label}`, "vh"));
  const change = make("dd", "", "act");
  change.append(link);
  const line = document.createElement("div");
  line.append(make("dt", label), answerOf(words, place), change);
  return line;
}

function answerOf(words, place) {
  const rows = place.querySelectorAll("fieldset.scale");
  if (rows.length) return matrix(words, rows);
  const said = saidIn(words, place);
  return said ? make("dd", said) : make("dd", words.unanswered, "none");
}

function matrix(words, rows) {
  const table = make("span", "", "mini");
  for (const one of rows) {
    const line = document.createElement("span");
    line.append(make("span", labelOf(one)), " ", make("b", saidIn(words, one) || "–"));
    table.append(line);
  }
  const answer = document.createElement("dd");
  answer.append(table);
  return answer;
}

function saidIn(words, place) {
  const chosen = [...place.querySelectorAll("input[name^='q.']:checked")];
  const typed = [...place.querySelectorAll("input.field, textarea.field")];
  return [
    chosen.map((input) => choice(words, place, input)).join(words.comma),
    ...typed.filter((field) => !field.closest("[hidden]")).map((field) => field.value.trim()),
  ].filter(Boolean).join("\n");
}

// A single box to tick says "yes"; its label is the question itself.
function choice(words, place, input) {
  if (input.type === "checkbox" && !place.matches("fieldset")) return words.agreed;
  const label = place.querySelector(`label[for="${input.id}"]`).cloneNode(true);
  for (const extra of label.querySelectorAll(".vh, small")) extra.remove();
  const most = place.matches(".scale") && /^\d+$/.test(input.value) ? lastNumber(place) : "";
  return label.textContent.trim() + (most && ` / ${most}`);
}

function lastNumber(place) {
  const numbers = [...place.querySelectorAll(".cells input")];
  return numbers[numbers.length - 1].value;
}

function make(tag, text, cls = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (cls) element.className = cls;
  return element;
}
