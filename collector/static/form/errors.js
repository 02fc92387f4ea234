// Shows what is wrong: a summary that takes the focus, and the same words beside each field.

import { dom } from "./fields.js";

const ICON = '<svg class="ico" viewBox="0 0 24 24" aria-hidden="true" focusable="false">' +
  '<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5.5m0 3.2v.3"/></svg>';

export function clearErrors(words) {
  summary().hidden = true;
  for (const place of document.querySelectorAll("#form .bad")) place.classList.remove("bad");
  for (const line of document.querySelectorAll("#form .err")) line.remove();
  for (const field of document.querySelectorAll("#form [aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    describe(field, (ids) => ids.filter((id) => !id.startsWith("e-")));
  }
  if (document.title.startsWith(words.problem_title)) {
    document.title = document.title.slice(words.problem_title.length);
  }
}

export function showErrors(page, errors) {
  clearErrors(page.words);
  const lines = errors.map((error) => {
    markField(error);
    return summaryLine(page, error);
  });
  summary().querySelector("ul").replaceChildren(...lines);
  summary().hidden = false;
  document.title = page.words.problem_title + document.title;
}

export function focusErrors() {
  summary().focus();
  summary().scrollIntoView({ block: "start" });
}

function summary() {
  return document.getElementById("errsum");
}

// The group or line of a field; the form itself for what belongs to no field.
export function placeOf(name) {
  const id = dom(name);
  const field = document.getElementById(id);
  return document.getElementById(`f-${id}`) || (field && field.closest(".q, .other-words"));
}

export function controlOf(name) {
  const place = placeOf(name);
  if (!place) return null;
  return place.querySelector("input[name^='q.']:checked") || place.querySelector("input:not([type=hidden]), textarea");
}

function markField(error) {
  const place = placeOf(error.name);
  if (!place) return;
  const line = document.createElement("p");
  line.className = "err";
  line.id = `e-${dom(error.name)}`;
  line.innerHTML = `${ICON}<span></span>`;
  line.lastChild.textContent = error.detail;
  const before = [...place.children].filter((part) => part.matches("legend, label, .qlabel, .hint"));
  if (before.length) before[before.length - 1].after(line);
  else place.prepend(line);
  place.classList.add("bad");
  const field = place.matches("[role=radiogroup]") ? place : controlOf(error.name);
  field.setAttribute("aria-invalid", "true");
  describe(field, (ids) => [line.id, ...ids]);
}

function describe(field, change) {
  const ids = change((field.getAttribute("aria-describedby") || "").split(/\s+/).filter(Boolean));
  if (ids.length) field.setAttribute("aria-describedby", ids.join(" "));
  else field.removeAttribute("aria-describedby");
}

function summaryLine(page, error) {
  const link = document.createElement("a");
  const control = controlOf(error.name);
  link.href = control ? `#${control.id}` : "#main";
  link.dataset.field = error.name;
  const label = document.createElement("span");
  label.className = "errsum-q";
  label.textContent = labelOf(placeOf(error.name));
  link.append(document.createElement("span"));
  link.firstChild.append(label, " ", error.detail);
  const line = document.createElement("li");
  line.append(link);
  return line;
}

// The words of a question or row, without "(optional)" and without what only screen readers are told.
export function labelOf(place) {
  const label = place && place.querySelector("legend, .qlabel, [id^='l-'], label");
  if (!label) return "";
  const copy = label.cloneNode(true);
  for (const extra of copy.querySelectorAll(".opt-mark, .vh, small")) extra.remove();
  return copy.textContent.trim();
}
