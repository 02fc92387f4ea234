// The form itself: one state, the events that change it, and what is shown of it.

import { bodyToSend, check, fill, lengthOf } from "./checking.js";
import {
  deviceId, differences, dropDraft, keepDraft, pushDraft, readDraft, sameValues, whichVersion,
} from "./drafts.js";
import { clearErrors, controlOf, focusErrors, placeOf, showErrors } from "./errors.js";
import { fieldName, readFields, toValues, writeFields } from "./fields.js";
import { swapLanguage } from "./language.js";
import { isInApp, keepPages } from "./offline.js";
import { clock, showOutcome } from "./outcome.js";
import { deliver, enqueue, fingerprint, forget, randomId, waitingFor } from "./queue.js";
import { review } from "./review.js";
import { evaluate, visible } from "./rules.js";
import { fileOf, saveAsFile } from "./saving.js";
import { OUTCOME, current, goTo, isOnePage, questionsOn, screenOf, screens, setOnePage, show } from "./screens.js";
import { get } from "./store.js";

const SAVE_AFTER = 400; // ms after the last key; the promise is a second
const PUSH_AFTER = 1500; // ms: the server need not see every letter

let page; // the facts of the page, in its language
let state; // {values, formKey, base, step, at, pushed}
let device = null;
let errors = []; // as they are shown
let errorsOf; // ids of the questions they were looked for in; undefined: all
let level = null; // where the last save ended up
let other = null; // the version that the expert has to choose against: {values, base}
let chosen = false;
let fromCheck = false;
let outcome = null; // {state, receipt, refusal} once "send" was pressed
let busy = false;
let saveTimer = 0;
let pushTimer = 0;
let channel = null;
let restored = false; // before, nothing may be saved, sent or taken over

export async function startForm(facts) {
  page = facts;
  state = {
    values: readFields(form()), formKey: form().elements.form_key.value, base: page.base, step: "start", pushed: true,
    at: 0,
  };
  document.documentElement.classList.add("js");
  const refusedByServer = !document.getElementById("errsum").hidden;
  setOnePage(refusedByServer);
  listen();
  refresh();
  history.replaceState({ step: "start" }, "");
  show("start", page.words, false);
  await restore();
  document.documentElement.dataset.ready = "yes";
}

const form = () => document.getElementById("form");
const at = (id) => document.getElementById(id);

// Shows everything that depends on the state, after any change of it or of the page.

function refresh() {
  conditional();
  for (const area of document.querySelectorAll("textarea[data-max-length]")) count(area);
  at("wechat").hidden = !isInApp();
  showNetwork();
  showSaved();
  showVersions();
  if (current() === "check") review(page);
}

function conditional() {
  const { answers, consent } = bodyOf();
  const all = { ...answers, ...consent };
  const shown = visible(page.questions, all);
  const counted = Object.fromEntries(Object.entries(all).filter(([id]) => shown.includes(id)));
  for (const part of document.querySelectorAll("[data-show-if]")) {
    part.hidden = !evaluate(JSON.parse(part.dataset.showIf), counted);
  }
  for (const part of document.querySelectorAll("[data-with]")) {
    const [name, value] = part.dataset.with.split("=");
    part.hidden = !(state.values[name] || []).includes(value);
  }
}

function count(area) {
  let line = area.nextElementSibling;
  if (!line || !line.matches(".count")) {
    line = document.createElement("p");
    line.className = "count num";
    area.after(line);
  }
  const n = lengthOf(area.value);
  line.textContent = n ? fill(page.words.count, { n, most: area.dataset.maxLength }) : "";
}

function showNetwork() {
  at("offline").hidden = navigator.onLine !== false || Boolean(outcome);
}

function showSaved() {
  const line = at("saved");
  line.hidden = !level;
  at("unsafe").hidden = level !== "memory";
  if (!level) return;
  line.classList.toggle("failed", level === "memory");
  line.querySelector("span").textContent = level === "memory"
    ? page.words.not_saved : fill(page.words.saved, { time: clock(state.at) });
}

function bodyOf() {
  return bodyToSend(page, state.values);
}

// Restoring

async function restore() {
  device = await deviceId();
  const [waiting] = (await waitingFor(page.token)).filter((entry) => page.personal || !entry.elsewhere);
  const draft = await readDraft(page.token);
  const shownValues = state.values;
  const verdict = whichVersion(page, draft, shownValues, device);
  if (draft && page.base.response === 0) state.formKey = draft.formKey;
  if (verdict === "draft") take(draft);
  if (verdict === "choose") ask(draft, shownValues, page.base, page.shown_at, page.shown === "response");
  if (verdict === "page" && page.shown === "draft") showRestored(page.shown_at);
  if (verdict === "draft") showRestored(draft.at);
  const apart = page.diverged;
  if (verdict !== "choose" && apart && apart.device !== device) {
    ask(state, toValues(page.questions, apart), { ...page.base }, apart.saved_at, false);
  }
  if (waiting && (!draft || draft.at <= waiting.made)) await resume(waiting);
  if (draft && !page.one) setOnePage(isOnePage() || Boolean(draft.onePage));
  refresh();
  restored = true;
  send(false);
  openChannel();
}

function take(draft) {
  Object.assign(state, draft, { base: laterOf(draft.base, page.base) });
  writeFields(form(), state.values);
  if (screens().includes(draft.step) && draft.step !== current()) goStep(draft.step, false);
}

function laterOf(one, two) {
  return { draft: Math.max(one.draft, two.draft), response: Math.max(one.response, two.response) };
}

function showRestored(moment) {
  at("restored").hidden = false;
  at("restored").dataset.moment = moment;
  at("restored").querySelector("[data-said]").textContent = fill(page.words.restored, { time: clock(moment) });
}

// It was sent from this page before and has not arrived, or was not accepted.
async function resume(entry) {
  state = { ...state, values: entry.values, formKey: entry.id };
  writeFields(form(), state.values);
  if (entry.refusal && entry.refusal.errors.length) return toField(entry);
  showOut(entry.refusal ? "refused" : "queued", { refusal: entry.refusal }, false);
}

// Two versions

function ask(mine, values, base, moment, arrived) {
  other = { mine: mine.values, mineAt: mine.at, values, base, moment, arrived };
  take({ ...mine, step: current() });
  showVersions();
}

function showVersions() {
  const box = at("versions");
  box.hidden = !other;
  if (!other) return;
  const list = differences(page, other.mine, other.values).join(page.words.comma);
  box.querySelector("[data-differ]").textContent = fill(page.words.differ, { list });
  const buttons = box.querySelectorAll("[data-do]");
  buttons[0].textContent = fill(page.words.use_here, { time: clock(other.mineAt || Date.now()) });
  const words = other.arrived ? page.words.use_sent : page.words.use_other;
  buttons[1].textContent = fill(words, { time: clock(other.moment) });
}

async function choose(here) {
  if (!here) state.values = other.values;
  state.base = laterOf(state.base, other.base);
  other = null;
  chosen = true;
  writeFields(form(), state.values);
  at("restored").hidden = true;
  await save();
  refresh();
  goTo(document.querySelector(".step.now h2"));
}

// Saving

function changed() {
  state.values = readFields(form());
  state.pushed = false;
  conditional();
  clearTimeout(saveTimer);
  saveTimer = setTimeout(save, SAVE_AFTER);
}

async function save() {
  clearTimeout(saveTimer);
  saveTimer = 0;
  state.at = Date.now();
  level = await keepDraft(page.token, snapshot());
  showSaved();
  if (channel) channel.postMessage({ token: page.token, kind: "draft", at: state.at });
  if (!state.pushed) {
    clearTimeout(pushTimer);
    pushTimer = setTimeout(push, PUSH_AFTER);
  }
}

// `body` lies ready for a file, should the page never come back.
function snapshot() {
  return { ...state, step: current(), onePage: isOnePage(), body: JSON.stringify(submission()) };
}

async function push() {
  if (!page.personal || other || outcome || navigator.onLine === false) return;
  const sent = state.values;
  const answer = await pushDraft(page, state, device, chosen);
  if (!answer) return;
  if (answer.other) return wentApart(answer.other);
  chosen = false;
  state.base = { ...state.base, draft: answer.revision };
  state.pushed = sameValues(sent, state.values);
  if (!outcome) await keepDraft(page.token, snapshot());
}

function wentApart(draft) {
  const values = toValues(page.questions, draft);
  ask(state, values, { draft: draft.revision, response: state.base.response }, draft.saved_at, false);
  at("versions").focus();
}

// Other tabs and other moments

function openChannel() {
  if (!window.BroadcastChannel) return;
  channel = new BroadcastChannel("debrief");
  channel.onmessage = ({ data }) => {
    if (data.token === page.token && data.kind === "draft") follow();
    if (data.token === page.token && data.kind === "arrived" && data.id === state.formKey) arrivedElsewhere();
  };
}

// Another tab has saved: this one shows the same, unless something is just being typed here.
async function follow() {
  if (saveTimer || outcome || other) return;
  const draft = await readDraft(page.token);
  if (!draft || draft.at <= state.at || saveTimer) return;
  Object.assign(state, draft, { step: current() });
  writeFields(form(), state.values);
  refresh();
}

async function arrivedElsewhere() {
  const receipt = await get(`receipt:${state.formKey}`);
  if (receipt && !outcome) showOut("arrived", { receipt });
}

// Screens

function goStep(step, focus = true) {
  if (step === "check") review(page);
  if (step !== current()) history.pushState({ step }, "");
  clear();
  show(step, page.words, focus);
}

function next() {
  const step = current();
  if (!passes(questionsOn(step, page.questions))) return;
  const all = screens();
  goStep(fromCheck ? "check" : all[all.indexOf(step) + 1]);
  if (current() === "check") fromCheck = false;
}

function back() {
  const all = screens();
  goStep(all[Math.max(0, all.indexOf(current()) - 1)]);
}

// true where nothing is wrong; else the errors are shown and have the focus
function passes(ids) {
  const found = check(page, state.values, ids);
  if (!found.length) {
    clear();
    return true;
  }
  present(found, ids);
  focusErrors();
  return false;
}

function present(found, ids) {
  errors = found;
  errorsOf = ids;
  const step = screenOf(placeOf(found[0].name));
  if (step && !isOnePage() && step !== current()) goStep(step, false);
  errors = found;
  showErrors(page, found);
}

function clear() {
  errors = [];
  clearErrors(page.words);
}

function toControl(name) {
  const control = controlOf(name);
  const step = screenOf(control);
  if (step && step !== current() && !isOnePage()) {
    const shown = errors;
    fromCheck = current() === "check";
    goStep(step, false);
    if (shown.length) present(shown, errorsOf);
  }
  if (!control) return;
  placeOf(name).scrollIntoView({ block: "center" });
  control.focus({ preventScroll: true });
}

// Sending

// Parts of the page with a script of their own may add to the body: they listen to "debrief:submission".
function submission() {
  const notice = form().elements.notice;
  const body = {
    ...bodyOf(),
    language: page.language,
    submitted_at: new Date().toISOString(),
    response_id: state.formKey,
    ...(notice && notice.value ? { notice: notice.value } : {}),
  };
  document.dispatchEvent(new CustomEvent("debrief:submission", { detail: body }));
  return body;
}

function contentOf(body) {
  return fingerprint(JSON.stringify([body.answers, body.consent, body.readership, body.language, body.photos]));
}

async function finish() {
  if (busy || !passes()) return;
  busy = true;
  try {
    await save();
    const body = submission();
    const content = contentOf(body);
    const receipt = await get(`receipt:${state.formKey}`);
    if (receipt && receipt.content === content && receipt.revision > state.base.response) {
      return await arrived(receipt); // another tab was faster
    }
    const { values, formKey: id } = state;
    level = await enqueue({ id, token: page.token, content, body: JSON.stringify(body), values });
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
    showOut("sending", {});
    await send(false);
  } catch {
    form().submit(); // whatever it was: the plain way works without us
  } finally {
    busy = false;
  }
}

function send(all) {
  return deliver(page.api, told, all);
}

async function told(entry, { state: became, receipt, refusal }) {
  if (entry.token !== page.token) return;
  const mine = entry.id === state.formKey;
  if (became === "arrived") {
    if (channel) channel.postMessage({ token: page.token, kind: "arrived", id: entry.id });
    if (mine) await arrived(receipt);
  } else if (mine && outcome) {
    if (became === "correct") await toField({ ...entry, refusal });
    else showOut(became === "waiting" ? "queued" : "refused", { refusal });
  }
}

async function arrived(receipt) {
  clearTimeout(saveTimer);
  clearTimeout(pushTimer);
  showOut("arrived", { receipt });
  await dropDraft(page.token);
  if (navigator.serviceWorker) keepPages(page);
}

// The server found what we did not: back to the field, with its words.
async function toField(entry) {
  await forget(entry);
  hideOut();
  const found = entry.refusal.errors.map((error) => ({ ...error, name: fieldName(error.pointer) }));
  present(found.length ? found : [{ name: "", detail: entry.refusal.detail }]);
  focusErrors();
}

function showOut(became, facts, focus = true) {
  const before = outcome && outcome.state;
  outcome = { ...facts, state: became };
  for (const note of ["offline", "restored", "versions"]) at(note).hidden = true;
  const heading = showOutcome(became, page, { ...facts, level });
  clear();
  show(OUTCOME, page.words, false);
  at("unsafe").hidden = level !== "memory" || became === "arrived";
  if (became !== before && focus) goTo(heading);
  history.replaceState({ step: OUTCOME }, "");
}

function hideOut() {
  outcome = null;
  at(OUTCOME).hidden = true;
  showNetwork();
}

function edit() {
  hideOut();
  goStep(screens()[1]);
}

// Someone else answers on the same phone, or the expert begins anew.
async function startAgain() {
  await dropDraft(page.token);
  state = { ...state, values: {}, formKey: page.base.response ? state.formKey : randomId(), pushed: false };
  form().reset();
  writeFields(form(), state.values);
  state.values = readFields(form());
  at("restored").hidden = true;
  level = null;
  hideOut();
  goStep("start");
  refresh();
}

async function saveFile() {
  const [entry] = (await waitingFor(page.token)).filter((one) => one.id === state.formKey);
  const own = { token: page.token, key: state.formKey, body: JSON.stringify(submission()) };
  saveAsFile(`debrief-${state.formKey.slice(0, 8)}.json`, fileOf(entry || own, document.title));
}

// The other language

async function turn(language) {
  if (language === page.language) return;
  const step = current();
  const place = { y: window.scrollY, id: document.activeElement && document.activeElement.id };
  const since = at("restored").hidden ? null : at("restored").dataset.moment;
  try {
    await swapLanguage(language);
  } catch {
    at("no-language").hidden = false;
    return;
  }
  const fresh = JSON.parse(at("facts").textContent);
  page = { ...page, language: fresh.language, questions: fresh.questions, words: fresh.words };
  form().elements.form_key.value = state.formKey;
  writeFields(form(), state.values);
  document.dispatchEvent(new CustomEvent("debrief:page")); // for whatever else lives in the page
  show(outcome ? OUTCOME : step, page.words, false);
  setOnePage(isOnePage());
  refresh();
  if (errors.length) present(check(page, state.values, errorsOf), errorsOf);
  if (since) showRestored(isNaN(since) ? since : Number(since));
  if (outcome) showOutcome(outcome.state, page, { ...outcome, level });
  window.scrollTo(0, place.y);
  const focus = place.id ? at(place.id) : document.querySelector(".lang [aria-current]");
  if (focus) focus.focus({ preventScroll: true });
  if (!outcome && state.at) save();
}

// Events.  They sit on the document, so that a page in the other language needs none of its own.

const ACTIONS = {
  "continue": next,
  "back": back,
  "edit": edit,
  "another": startAgain,
  "start-again": startAgain,
  "send-now": () => { showOut("sending", {}); return send(true); },
  "save-file": saveFile,
  "use-here": () => choose(true),
  "use-other": () => choose(false),
  "one-page": () => setLayout(true),
  "steps": () => setLayout(false),
};

function setLayout(onePage) {
  setOnePage(onePage);
  show(onePage ? "start" : current(), page.words);
}

function listen() {
  document.addEventListener("input", (event) => { if (event.target.form === form()) input(event.target); });
  document.addEventListener("submit", submitted);
  document.addEventListener("click", clicked);
  window.addEventListener("popstate", popped);
  window.addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", () => (document.hidden ? flush() : wake()));
  for (const name of ["online", "focus", "pageshow"]) window.addEventListener(name, wake);
  window.addEventListener("offline", showNetwork);
}

function input(field) {
  changed();
  if (field.matches("textarea")) count(field);
}

function submitted(event) {
  if (event.target !== form()) return;
  event.preventDefault();
  const { submitter } = event;
  if (submitter && submitter.name === "switch") turn(submitter.value);
  else if (current() === "check" || isOnePage()) finish();
  else next();
}

function clicked(event) {
  const button = event.target.closest("[data-do]");
  const link = event.target.closest("a[data-field]");
  if (button) ACTIONS[button.dataset.do]();
  if (!link) return;
  event.preventDefault();
  toControl(link.dataset.field);
}

function popped(event) {
  const step = (event.state && event.state.step) || "start";
  if (outcome) return history.pushState({ step: OUTCOME }, ""); // what was sent is not sent again by "back"
  clear();
  if (step === "check") review(page);
  show(screens().includes(step) ? step : "start", page.words);
}

function flush() {
  if (saveTimer) save();
}

function wake() {
  showNetwork();
  if (!restored) return;
  follow();
  if (!state.pushed && state.at) push();
  send(false);
}
