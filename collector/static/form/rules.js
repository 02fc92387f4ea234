// When is a question shown?  The same meaning as collector/rules.py: rules_vectors.json holds both to it.

export function evaluate(rule, answers) {
  if (rule.all) return rule.all.every((part) => evaluate(part, answers));
  if (rule.any) return rule.any.some((part) => evaluate(part, answers));
  if (rule.not) return !evaluate(rule.not, answers);
  const operator = Object.keys(rule).find((name) => name !== "question");
  return compare(operator, comparable(answers[rule.question]), rule[operator]);
}

// Ids of the questions that these answers show; a hidden answer shows nothing.
export function visible(questions, answers) {
  const counted = {};
  const ids = [];
  for (const question of questions) {
    if (question.show_if && !evaluate(question.show_if, counted)) continue;
    ids.push(question.id);
    if (question.id in answers) counted[question.id] = answers[question.id];
  }
  return ids;
}

function compare(operator, value, wanted) {
  switch (operator) {
    case "answered": return (value !== null) === wanted;
    case "is": return value === wanted;
    case "is_not": return value !== wanted;
    case "any_of": return wanted.includes(value);
    case "contains": return Array.isArray(value) && value.includes(wanted);
    case "at_least": return typeof value === "number" && value >= wanted;
    case "at_most": return typeof value === "number" && value <= wanted;
    default: throw new Error(`unknown operator: ${operator}`);
  }
}

// What of an answer is compared: the chosen id or ids, or whether contact is agreed.
function comparable(answer) {
  if (answer === undefined || answer === null) return null;
  if (typeof answer === "object" && !Array.isArray(answer)) {
    for (const name of ["choice", "choices", "agreed"]) if (name in answer) return answer[name];
  }
  return answer;
}
