"""Is a `show_if` rule one that can ever be answered?  Checked when its questionnaire is loaded.

In: the rule, its path, and the questions before it as they stand in the file.  Out: Mistakes.  Pure.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collector.errors import Mistake, Path
from collector.rules import GROUPS, OPERATORS

DEEPEST_RULE = 5  # groups within groups; nobody reads more

# Which comparison makes sense for which type of question.
OPERATORS_OF: Mapping[str, tuple[str, ...]] = {
    "rating": ("is", "is_not", "any_of", "at_least", "at_most", "answered"),
    "nps": ("is", "is_not", "any_of", "at_least", "at_most", "answered"),
    "single_choice": ("is", "is_not", "any_of", "answered"),
    "multiple_choice": ("contains", "answered"),
    "matrix": ("answered",),
    "text": ("answered",),
    "contact": ("is", "is_not", "answered"),
    "consent": ("is", "is_not", "answered"),
}


def check_rule(rule: Any, path: Path, earlier: Mapping[str, Any], depth: int = 1) -> Iterator[Mistake]:
    """`earlier` maps the id of each question before this one to its part of the document."""
    if not isinstance(rule, Mapping):
        yield Mistake(path, "must be a rule such as {question: cooperate, is: yes}")
    elif depth > DEEPEST_RULE:
        yield Mistake(path, f"is nested more than {DEEPEST_RULE} levels deep")
    elif any(name in rule for name in GROUPS):
        yield from _check_group(rule, path, earlier, depth)
    else:
        yield from _check_comparison(rule, path, earlier)


def _check_group(
    rule: Mapping[str, Any], path: Path, earlier: Mapping[str, Any], depth: int
) -> Iterator[Mistake]:
    if len(rule) > 1:
        yield Mistake(path, f"has {', '.join(rule)} side by side; keep one, put the others inside it")
        return
    name, inner = next(iter(rule.items()))
    if name == "not":
        yield from check_rule(inner, (*path, name), earlier, depth + 1)
    elif not isinstance(inner, list) or not inner:
        yield Mistake((*path, name), "must be a list of rules")
    else:
        for index, part in enumerate(inner):
            yield from check_rule(part, (*path, name, index), earlier, depth + 1)


def _check_comparison(rule: Mapping[str, Any], path: Path, earlier: Mapping[str, Any]) -> Iterator[Mistake]:
    operators = [name for name in rule if name != "question"]
    asked = rule.get("question")
    if not isinstance(asked, str):
        yield Mistake(path, "must name a question, such as {question: cooperate, is: yes}")
    elif len(operators) != 1 or operators[0] not in OPERATORS:
        yield Mistake(path, f"needs exactly one comparison of {', '.join(OPERATORS)}")
    elif asked not in earlier:
        yield Mistake((*path, "question"), f"{asked} is not the id of an earlier question")
    else:
        yield from _check_value(operators[0], rule[operators[0]], path, earlier[asked])


def _check_value(operator: str, wanted: Any, path: Path, question: Mapping[str, Any]) -> Iterator[Mistake]:
    fitting = OPERATORS_OF.get(str(question.get("type")), ())
    if operator not in fitting:
        yield Mistake((*path, operator), f"cannot be asked of a {question.get('type')} question")
    elif operator == "answered":
        if not isinstance(wanted, bool):
            yield Mistake((*path, operator), "must be true or false")
    elif operator == "any_of" and (not isinstance(wanted, list) or not wanted):
        yield Mistake((*path, operator), "must be a list")
    else:
        for one in wanted if operator == "any_of" else [wanted]:
            if not _can_be(one, question):
                yield Mistake((*path, operator), f"{one} can never be the answer of {question.get('id')}")


def _can_be(wanted: Any, question: Mapping[str, Any]) -> bool:
    kind = question.get("type")
    if kind in ("contact", "consent"):
        return isinstance(wanted, bool)
    if kind in ("single_choice", "multiple_choice"):
        return wanted in [choice.get("id") for choice in _groups(question.get("choices"))]
    scale = question.get("scale")
    scale = scale if isinstance(scale, Mapping) else {}
    if wanted == "opt_out":
        return "opt_out" in scale
    if isinstance(wanted, bool) or not isinstance(wanted, int):
        return False
    lowest, highest = scale.get("min", 0), scale.get("max", 10)
    return isinstance(lowest, int) and isinstance(highest, int) and lowest <= wanted <= highest


def _groups(value: Any) -> list[Mapping[str, Any]]:
    return [member for member in value if isinstance(member, Mapping)] if isinstance(value, list) else []
