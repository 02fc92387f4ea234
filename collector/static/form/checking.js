// Are these answers what the questionnaire asks for?  The codes and words of collector/values.py.

import { tidy, toBody } from "./fields.js";
import { visible } from "./rules.js";

// Every error as {name, code, detail}, in the order of the questions; `ids` narrows it to a screen.
export function check(page, values, ids) {
  const body = toBody(page.questions, values);
  const shown = visible(page.questions, { ...body.answers, ...body.consent });
  return page.questions
    .filter((question) => shown.includes(question.id) && (!ids || ids.includes(question.id)))
    .flatMap((question) => checkQuestion(page, question, body, values));
}

// Only what is shown is sent.
export function bodyToSend(page, values) {
  const body = toBody(page.questions, values);
  const shown = visible(page.questions, { ...body.answers, ...body.consent });
  for (const group of Object.values(body)) {
    for (const id of Object.keys(group)) if (!shown.includes(id)) delete group[id];
  }
  return body;
}

// Ids of what stays here, because other answers hide it: the receipt names it.
export function leftOut(page, values) {
  const all = toBody(page.questions, values);
  const sent = bodyToSend(page, values);
  return Object.keys(all.answers).filter((id) => !(id in sent.answers));
}

function checkQuestion(page, question, body, values) {
  const name = `q.${question.id}`;
  const answer = question.type === "consent" ? body.consent[question.id] : body.answers[question.id];
  if (question.items && answer) return question.required ? checkRows(question, name, answer) : [];
  if (answer === undefined) return question.required ? [needed(question, name)] : [];
  if (question.type === "contact") return checkContact(page, question, name, answer);
  const text = question.type === "text" ? answer : answer.text;
  const place = question.type === "text" ? name : `${name}.text`;
  return typeof text === "string" ? tooLong(page, place, text, question.most) : [];
}

function needed(question, name) {
  return { name, code: "required", detail: question.needed };
}

function checkRows(question, name, rows) {
  return question.items
    .filter((item) => !(item in rows))
    .map((item) => ({ name: `${name}.${item}`, code: "required", detail: question.needed_row }));
}

function checkContact(page, question, name, answer) {
  const errors = Object.entries(question.parts)
    .flatMap(([part, most]) => tooLong(page, `${name}.${part}`, answer[part] || "", most));
  if (!answer.email && !answer.phone) {
    errors.push({ name: `${name}.email`, code: "required", detail: page.words.give_contact });
  } else if (answer.email && !new RegExp(page.email).test(answer.email)) {
    errors.push({ name: `${name}.email`, code: "bad_email", detail: page.words.give_email });
  }
  return errors;
}

// Characters are counted as the server counts them: an emoji is one.
export function lengthOf(text) {
  return [...tidy(text)].length;
}

function tooLong(page, name, text, most) {
  const length = lengthOf(text);
  if (length <= most) return [];
  return [{ name, code: "too_long", detail: fill(page.words.shorten, { longest: most, length }) }];
}

export function fill(sentence, facts) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
}
