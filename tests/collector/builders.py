"""Small questionnaires, answers and programmes for tests; keyword arguments say what is special."""

import copy
from functools import cache
from pathlib import Path
from typing import Any

from collector.answering import CheckedAnswers, check_answers
from collector.errors import AnswerError, BadAnswers, BadFile
from collector.questionnaire import BUILT_IN, Questionnaire, load_questionnaire
from collector.schedule import Chance

SCALE = {"min": 1, "max": 5, "low": {"en": "Poor", "zh": "较差"}, "high": {"en": "Excellent", "zh": "优秀"}}
USE = {
    "id": "use",
    "type": "consent",
    "role": "consent_use",
    "label": {"en": "Use my answers", "zh": "同意使用"},
    "required": True,
}


def label(en: str = "Question", zh: str = "问题") -> dict[str, str]:
    return {"en": en, "zh": zh}


def question(id: str = "q", type: str = "text", **more: Any) -> dict[str, Any]:
    return {"id": id, "type": type, "label": label(), **more}


def document(*questions: dict[str, Any], consent: bool = True) -> dict[str, Any]:
    """A questionnaire with these questions, then the one about consent."""
    asked = [*questions, *([USE] if consent else [])]
    return {"id": "test", "title": label(), "sections": [{"id": "s", "title": label(), "questions": asked}]}


def questionnaire(*questions: dict[str, Any]) -> Questionnaire:
    return Questionnaire.from_document(document(*questions))


@cache
def site_visit() -> Questionnaire:
    """Read once: it would be half of what many a test costs."""
    return load_questionnaire(BUILT_IN / "site-visit.yaml")


ANSWERS: dict[str, Any] = {
    "overall": 4,
    "aspects": {
        "process": 4,
        "product": 5,
        "market": 3,
        "innovation": 4,
        "energy": 2,
        "safety": "opt_out",
        "management": 4,
    },
    "recommend": 8,
    "impressed": "The casting line. 产线自动化程度高。",
    "improve": "建议解决粉尘问题。",
    "cooperate": "yes",
    "cooperation_forms": ["testing", "joint_rd"],
    "contact": {"agreed": True, "name": "Sample", "email": "expert01@example.org"},
}
CONSENT = {"use": True, "quote": True, "named": True}


def answers(*without: str, **changed: Any) -> dict[str, Any]:
    """Good answers to `site-visit`."""
    given = copy.deepcopy(ANSWERS) | changed
    return {name: value for name, value in given.items() if name not in without}


def checked(
    answers: Any = ANSWERS,
    consent: Any = CONSENT,
    readership: Any = None,
    language: Any = "zh",
    of: Any = None,
) -> CheckedAnswers:
    return check_answers(of or site_visit(), answers, consent, readership, language)


def refused(*arguments: Any, **more: Any) -> dict[str, AnswerError]:
    """The errors of bad answers by pointer; fails where they are taken."""
    try:
        taken = checked(*arguments, **more)
    except BadAnswers as error:
        return {one.pointer: one for one in error.errors}
    raise AssertionError(f"was not refused: {taken}")


def problems_of(load: Any) -> list[tuple[int | None, str, str]]:
    """(line, field, problem) of the file that load() reads; fails where it is taken."""
    try:
        taken = load()
    except BadFile as error:
        return [(one.line, one.field, one.problem) for one in error.problems]
    raise AssertionError(f"was not refused: {taken}")


PROGRAMME = """\
fair:
  id: fair
  name: {en: Fair, zh: 交流会}
  timezone: Asia/Shanghai
  starts_on: 2026-11-24
  ends_on: 2026-11-25
  sample: true
companies:
  - {id: plant, name: {en: Plant, zh: 工厂}, industry: {en: magnesium, zh: 镁业}}
experts:
  - id: e01
    name: {en: One, zh: 甲}
    organisation: {en: University, zh: 大学}
    organisation_kind: university
    discipline: materials
    language: zh
    email: e01@example.org
  - id: e02
    name: {en: Two, zh: 乙}
    organisation: {en: Institute, zh: 研究所}
    organisation_kind: institute
    language: en
visits:
  - id: plant-1124
    company: plant
    visited_at: 2026-11-24 14:30
    deadline: 2026-12-01 18:00
    questionnaire: site-visit
    minimum_group: 5
    experts: [e01, e02]
"""


def programme_file(folder: Path, *changes: tuple[str, str]) -> Path:
    """PROGRAMME with each first text replaced by its second; a text that is not there is a mistake."""
    content = PROGRAMME
    for old, new in changes:
        assert old in content, f"not in the programme: {old}"
        content = content.replace(old, new)
    path = folder / "programme.yaml"
    path.write_text(content, encoding="utf-8")
    return path


def counting_chance() -> Chance:
    """Ids that can be foretold: 00000000-0000-7000-8000-000000000001, …2, …"""
    count = iter(range(1, 1_000_000))
    return Chance(
        lambda: f"00000000-0000-7000-8000-{next(count):012d}", lambda: f"00-{'1' * 32}-{'2' * 16}-01"
    )
