// What became of the answers, in words: on this phone, sending, safely received, or not accepted.

import { isNear, liesLong } from "./age.js";
import { fill } from "./checking.js";

export function showOutcome(state, page, { receipt, refusal, level, blank, busy, until, made } = {}) {
  const outcome = document.getElementById("outcome");
  outcome.hidden = false;
  for (const part of outcome.querySelectorAll("[data-state]")) part.hidden = part.dataset.state !== state;
  const part = outcome.querySelector(`[data-state="${state}"]`);
  if (receipt) showReceipt(part, page, receipt);
  if (state === "arrived") part.querySelector("[data-offline]").hidden = !blank;
  if (refusal) part.querySelector("[data-reason]").textContent = refusal.detail || "";
  if (state === "queued") showQueued(part, page, { level, busy, until, made });
  return part.querySelector("h2");
}

function showQueued(part, page, { level, busy, until, made }) {
  part.querySelector("[data-kept]").hidden = level === "memory";
  part.querySelector("[data-unkept]").hidden = level !== "memory";
  part.querySelector("[data-unreached]").hidden = Boolean(busy);
  part.querySelector("[data-busy]").hidden = !busy;
  part.querySelector("[data-until]").textContent = until ? fill(page.words.until, { time: clock(until) }) : "";
  part.querySelector("[data-since]").textContent =
    made && liesLong(made) ? fill(page.words.waited, { time: clock(made) }) : "";
  const near = part.querySelector("[data-near]"); // the form's page has it
  if (near) near.hidden = !isNear(page.deadline);
}

function showReceipt(part, page, receipt) {
  const time = clock(receipt.receivedAt || receipt.received_at);
  part.querySelector("[data-received]").textContent = fill(page.words.received, { time });
  part.querySelector("[data-receipt]").textContent = receipt.receipt;
  const named = receipt.responseId || receipt.response_id; // only an open link needs it
  part.querySelector("[data-link]").href = `${page.receipt_page}?lang=${page.language}&r=${named}`;
}

// 10:32, on the phone's clock; with the day where it is not today.
export function clock(moment) {
  const date = new Date(moment);
  const two = (n) => String(n).padStart(2, "0");
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (date.toDateString() === new Date().toDateString()) return time;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}
