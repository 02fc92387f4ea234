"""Promises about `show_if`: the vectors hold, and a rule that cannot work is refused."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from collector.rule_checks import check_rule
from collector.rules import evaluate, visible

VECTORS = json.loads((Path(__file__).parent / "rules_vectors.json").read_text("utf-8"))
EARLIER = {
    "c": {"id": "c", "type": "single_choice", "choices": [{"id": "yes"}, {"id": "no"}]},
    "m": {"id": "m", "type": "multiple_choice", "choices": [{"id": "a"}, {"id": "b"}]},
    "r": {"id": "r", "type": "rating", "scale": {"min": 1, "max": 5}},
    "t": {"id": "t", "type": "text"},
}


@pytest.mark.parametrize("case", VECTORS["rules"], ids=lambda case: case["name"])
def test_a_rule_means_what_the_vectors_say(case):
    """Server and browser show the same questions."""
    assert evaluate(case["rule"], case["answers"]) is case["expect"]


@pytest.mark.parametrize("case", VECTORS["visible"], ids=lambda case: case["name"])
def test_visible_questions_are_what_the_vectors_say(case):
    """Hidden answers show nothing."""
    questions = [SimpleNamespace(id=q["id"], show_if=q.get("show_if")) for q in case["questions"]]
    assert visible(questions, case["answers"]) == tuple(case["expect"])


def test_a_good_rule_has_no_mistakes():
    """Every operator may stand where it makes sense."""
    rule = {"all": [{"question": "c", "any_of": ["yes"]}, {"not": {"question": "m", "contains": "a"}}]}
    assert list(check_rule(rule, ("show_if",), EARLIER)) == []


@pytest.mark.parametrize(
    ("rule", "place", "problem"),
    [
        ("cooperate", (), "must be a rule"),
        ({"is": "yes"}, (), "must name a question"),
        ({"question": "c"}, (), "exactly one comparison"),
        ({"question": "c", "is": "yes", "is_not": "no"}, (), "exactly one comparison"),
        ({"question": "c", "equals": "yes"}, (), "exactly one comparison"),
        ({"question": "later", "is": "yes"}, ("question",), "not the id of an earlier question"),
        ({"question": "c", "is": "maybe"}, ("is",), "maybe can never be the answer of c"),
        ({"question": "c", "any_of": "yes"}, ("any_of",), "must be a list"),
        ({"question": "c", "any_of": ["yes", "never"]}, ("any_of",), "never can never be the answer"),
        ({"question": "c", "at_least": 1}, ("at_least",), "cannot be asked of a single_choice"),
        ({"question": "t", "is": "x"}, ("is",), "cannot be asked of a text"),
        ({"question": "r", "at_least": 6}, ("at_least",), "6 can never be the answer"),
        ({"question": "r", "is": "opt_out"}, ("is",), "opt_out can never be the answer"),
        ({"question": "r", "is": True}, ("is",), "True can never be the answer"),
        ({"question": "t", "answered": "yes"}, ("answered",), "must be true or false"),
        ({"all": []}, ("all",), "must be a list of rules"),
        ({"any": [{"question": "x", "is": 1}]}, ("any", 0, "question"), "not the id of an earlier"),
        ({"all": [{"question": "t", "answered": True}], "question": "t"}, (), "side by side"),
    ],
)
def test_a_rule_that_cannot_work_is_refused(rule, place, problem):
    """A rule that never holds would hide its question from everybody."""
    (mistake,) = check_rule(rule, (), EARLIER)
    assert mistake.path == place
    assert problem in mistake.problem


def test_a_rule_nested_without_end_is_refused():
    """Nobody can read it, and evaluating it must not overflow."""
    rule = {"question": "t", "answered": True}
    for _ in range(6):
        rule = {"not": rule}
    assert "deep" in next(check_rule(rule, (), EARLIER)).problem
