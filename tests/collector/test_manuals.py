"""Promises about the manuals for organisers: what they show can be copied and works."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from collector.programme import parse_programme
from collector.programme_checks import ORGANISATION_KINDS
from collector.questionnaire import load_questionnaire
from collector.questionnaire_checks import TYPES
from collector.roles import ROLES, TOPICS
from collector.rules import OPERATORS, evaluate
from collector.yamlfile import read_yaml

DOCS = Path(__file__).parents[2] / "docs"
QUESTIONNAIRE = (DOCS / "questionnaire.md").read_text("utf-8")
PROGRAMME = (DOCS / "programme.md").read_text("utf-8")


def examples(manual: str) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL)


def test_the_smallest_questionnaire_is_one(tmp_path):
    """Copied as it stands."""
    (tmp_path / "q.yaml").write_text(examples(QUESTIONNAIRE)[0], "utf-8")
    assert [asked.id for asked in load_questionnaire(tmp_path / "q.yaml").questions] == ["overall", "use"]


def test_the_programme_is_one(tmp_path):
    """Copied as it stands."""
    (tmp_path / "p.yaml").write_text(examples(PROGRAMME)[0], "utf-8")
    assert parse_programme(read_yaml(tmp_path / "p.yaml")).visits[0].experts == ("e01",)


@pytest.mark.parametrize("example", examples(QUESTIONNAIRE)[1:])
def test_the_rules_are_rules(example):
    """They can be evaluated, and without answers they hide."""
    rule = YAML(typ="safe", pure=True).load(example)["show_if"]
    assert evaluate(rule, {}) is False


@pytest.mark.parametrize("word", [*TYPES, *(r for r in ROLES if ":" not in r), *TOPICS, *OPERATORS])
def test_every_word_of_a_questionnaire_is_explained(word):
    """A type, role, topic or comparison that is not in the manual does not exist for an organiser."""
    assert re.search(rf"`{word}[`:]", QUESTIONNAIRE)


@pytest.mark.parametrize("word", ORGANISATION_KINDS)
def test_every_kind_of_organisation_is_named(word):
    """So that nobody has to guess."""
    assert f"`{word}`" in PROGRAMME
