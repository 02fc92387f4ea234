"""When is a question shown?  The small rule language of `show_if`.

    show_if: {question: cooperate, any_of: [yes, maybe]}
    show_if: {all: [{question: overall, at_most: 2}, {not: {question: improve, answered: true}}]}

In: a rule as it stands in the file, and the normalised answers (answering.py) of earlier questions.
Out: True or False.  Pure.  tests/collector/rules_vectors.json holds every evaluator to the same meaning.

A question that is unanswered or hidden makes every comparison false; `is_not` is the opposite of `is`
and therefore true.  "Did not see" (opt_out) is an answer, but not a number.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

Rule = Mapping[str, Any]
Answers = Mapping[str, Any]

OPERATORS = ("is", "is_not", "any_of", "contains", "at_least", "at_most", "answered")
GROUPS = ("all", "any", "not")


class Showable(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def show_if(self) -> Rule | None: ...


def evaluate(rule: Rule, answers: Answers) -> bool:
    """The rule was checked when its file was loaded; a malformed one raises KeyError."""
    if "all" in rule:
        return all(evaluate(part, answers) for part in rule["all"])
    if "any" in rule:
        return any(evaluate(part, answers) for part in rule["any"])
    if "not" in rule:
        return not evaluate(rule["not"], answers)
    operator = next(name for name in rule if name != "question")
    return _compare(operator, answers.get(rule["question"]), rule[operator])


def shown(question: Showable, answers: Answers) -> bool:
    """`answers` holds only answers of questions that are shown themselves."""
    return question.show_if is None or evaluate(question.show_if, answers)


def visible(questions: Iterable[Showable], answers: Answers) -> tuple[str, ...]:
    """Ids of the questions that these answers show, in order; a hidden answer shows nothing."""
    ids: list[str] = []
    counted: dict[str, Any] = {}
    for question in questions:
        if not shown(question, counted):
            continue
        ids.append(question.id)
        if question.id in answers:
            counted[question.id] = answers[question.id]
    return tuple(ids)


def _compare(operator: str, answer: Any, wanted: Any) -> bool:
    value = _comparable(answer)
    if operator == "answered":
        return (value is not None) is wanted
    if operator == "is":
        return _same(value, wanted)
    if operator == "is_not":
        return not _same(value, wanted)
    if operator == "any_of":
        return any(_same(value, one) for one in wanted)
    if operator == "contains":
        return isinstance(value, Sequence) and not isinstance(value, str) and wanted in value
    if operator == "at_least":
        return _is_number(value) and bool(value >= wanted)
    if operator == "at_most":
        return _is_number(value) and bool(value <= wanted)
    raise KeyError(operator)


def _comparable(answer: Any) -> Any:
    """What of a normalised answer is compared: the chosen id or ids, or whether contact is agreed."""
    if isinstance(answer, Mapping):
        for name in ("choice", "choices", "agreed"):
            if name in answer:
                return answer[name]
    return answer


def _same(value: Any, wanted: Any) -> bool:
    """1 is not true here, as in JavaScript's ===."""
    return value is not None and isinstance(value, bool) == isinstance(wanted, bool) and bool(value == wanted)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
