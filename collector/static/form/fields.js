// Between the fields of the page and the answers of the API: the same names and ways as collector/fields.py.
// Values are {field name: [every value chosen or typed]}.

const CHOSEN = ["radio", "checkbox"];
const CONTACT = ["name", "email", "phone"];

export function readFields(form) {
  const values = {};
  for (const field of form.elements) {
    if (!isAnswer(field) || (CHOSEN.includes(field.type) ? !field.checked : !field.value)) continue;
    (values[field.name] = values[field.name] || []).push(field.value);
  }
  return values;
}

export function writeFields(form, values) {
  for (const field of form.elements) {
    if (!isAnswer(field)) continue;
    const wanted = values[field.name];
    // Who may read a text has an answer from the start: the page's own, where nothing else was chosen,
    // or something that was sent meanwhile and can only be narrowed.
    if (field.name.startsWith("r.") && !isOffered(form, field.name, wanted)) field.checked = field.defaultChecked;
    else if (CHOSEN.includes(field.type)) field.checked = Boolean(wanted) && wanted.includes(field.value);
    else field.value = (wanted || [""])[0];
  }
}

function isOffered(form, name, wanted) {
  return wanted && [...form.querySelectorAll(`[name="${name}"]`)].some((field) => wanted.includes(field.value));
}

function isAnswer(field) {
  return /^[qr]\./.test(field.name || "") && field.type !== "file";
}

// Fields -> API

export function toBody(questions, values) {
  const body = { answers: {}, consent: {}, readership: {} };
  for (const question of questions) {
    const name = `q.${question.id}`;
    const value = first(values, name);
    if (question.type === "consent") {
      if (value) body.consent[question.id] = value === "yes";
      continue;
    }
    const answer = toAnswer(question, name, values);
    if (answer !== null) body.answers[question.id] = answer;
    const reader = first(values, `r.${question.id}`);
    if (reader) body.readership[question.id] = reader;
  }
  return body;
}

function toAnswer(question, name, values) {
  switch (question.type) {
    case "rating":
    case "nps": return toNumber(first(values, name));
    case "matrix": return toRows(question, name, values);
    case "text": return tidy(first(values, name)) || null;
    case "contact": return toContact(name, values);
    case "multiple_choice": return toChoices(question, name, values);
    default: return toChoice(question, name, values);
  }
}

function first(values, name) {
  return (values[name] || [""])[0];
}

function toNumber(value) {
  return value === "" ? null : /^\d{1,3}$/.test(value) ? Number(value) : value;
}

function toRows(question, name, values) {
  const rows = {};
  for (const item of question.items) {
    const value = toNumber(first(values, `${name}.${item}`));
    if (value !== null) rows[item] = value;
  }
  return Object.keys(rows).length ? rows : null;
}

function toContact(name, values) {
  const typed = {};
  for (const part of CONTACT) {
    const value = tidy(first(values, `${name}.${part}`));
    if (value) typed[part] = value;
  }
  return first(values, `${name}.agreed`) === "yes" ? { agreed: true, ...typed } : null;
}

function toChoices(question, name, values) {
  const chosen = [...(values[name] || [])];
  const text = tidy(first(values, `${name}.text`));
  if (!text || !question.other) return chosen.length ? chosen : null;
  // Who writes beside "other" means it, ticked or not.
  if (!chosen.includes(question.other)) chosen.push(question.other);
  return { choices: chosen, text };
}

function toChoice(question, name, values) {
  const choice = first(values, name);
  const text = tidy(first(values, `${name}.text`));
  if (!choice) return null;
  return text && choice === question.other ? { choice, text } : choice;
}

// One spelling, no invisible control: plaintext.py says why.  The server does it again.
export function tidy(text) {
  return text
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, "\n")
    .replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]/g, "")
    .normalize("NFC")
    .trim();
}

// API -> fields

export function toValues(questions, body) {
  const values = {};
  const add = (name, value) => { (values[name] = values[name] || []).push(String(value)); };
  for (const question of questions) {
    const source = question.type === "consent" ? body.consent : body.answers;
    spread(`q.${question.id}`, source && source[question.id], add);
    if (body.readership && body.readership[question.id]) add(`r.${question.id}`, body.readership[question.id]);
  }
  return values;
}

function spread(name, answer, add) {
  if (answer === undefined || answer === null) return;
  if (typeof answer === "boolean") add(name, answer ? "yes" : "no");
  else if (Array.isArray(answer)) answer.forEach((value) => add(name, value));
  else if (typeof answer !== "object") add(name, answer);
  else for (const [part, value] of Object.entries(answer)) {
    spread(["choice", "choices"].includes(part) ? name : `${name}.${part}`, value, add);
  }
}

// "/answers/aspects/process" -> "q.aspects.process"
export function fieldName(pointer) {
  const [group, ...steps] = pointer.split("/").slice(1);
  const named = steps.filter((step) => !/^\d+$/.test(step) && step !== "choice" && step !== "choices");
  return [group === "readership" ? "r" : "q", ...named].join(".");
}

// "q.contact.email" -> "q-contact-email"
export function dom(name) {
  return name.replace(/\./g, "-");
}
