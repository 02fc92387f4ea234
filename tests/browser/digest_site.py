"""The analyzer on a real port, with a visit in every state."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from analyzer.rows import AnalysedEvent
from tests.analyzer.reading_room import ReadingRoom, open_room
from tests.analyzer.samples import sample_visit
from tests.analyzer.stories import NOW, analysed, answer, said, scheduled
from tests.browser.looking import serving

WIDTHS = (320, 390, 1280)
STATES = ("many", "empty", "one", "two", "five", "all-negative", "all-chinese", "unscorable", "two-hundred")
NEEDS = [
    {
        "id": "dust",
        "label": {"en": "Less dust", "zh": "减少粉尘"},
        "topic": None,
        "phrases": ["dust", "粉尘"],
    },
    {"id": "none", "label": {"en": "Helium supply", "zh": "氦气供应"}, "topic": None, "phrases": ["helium"]},
]


def responses(state: str) -> list[AnalysedEvent]:
    """What was answered in each state."""
    if state == "many":
        return sample_visit("ruige-1124")
    if state == "all-negative":
        blame = ("improve", "打磨线附近的镁粉有火灾风险，缺少源头收尘。", "safety", "negative")
        return [said(f"{state}-{i}", *blame, visit_id=state, evidence="镁粉") for i in range(6)]
    if state == "unscorable":
        return [
            said(f"{state}-{i}", text="👍", topic="other", sentiment=None, visit_id=state) for i in range(5)
        ]
    if state == "all-chinese":
        return [
            said(f"{state}-{i}", text="炉子很先进，自动化程度也高。", language="zh", visit_id=state)
            for i in range(7)
        ]
    if state == "two-hundred":
        sample = sample_visit("ruige-1124")
        return [_again(read, f"{state}-{n}", state) for n in range(7) for read in sample][:200]
    number = {"empty": 0, "one": 1, "two": 2, "five": 5}[state]
    more = [answer("aspects", {"process": 4, "safety": "opt_out"}), answer("cooperate", {"choice": "no"})]
    return [said(f"{state}-{i}", visit_id=state, more=more) for i in range(number)]


def _again(read: AnalysedEvent, name: str, visit: str) -> AnalysedEvent:
    """The same words by another hand, at another visit."""
    event: Any = read.event
    names = {"response_id": f"{name}-{event.subject}", "event_id": f"{name}-{event.event_id}"}
    return replace(read, event=replace(event, visit_id=visit, **names))


def _company(visit: str) -> dict[str, Any]:
    """One that has its own needs, where there is something to see."""
    asks = NEEDS if visit in ("ruige-1124", "two-hundred") else []
    return {**scheduled().company, "needs": asks, "same_as": "ruige" if visit == "ruige-1124" else visit}


@contextmanager
def site(folder: Path) -> Iterator[tuple[ReadingRoom, str]]:
    """A filled room and its address."""
    room = open_room(folder)
    for state in STATES:
        visit = "ruige-1124" if state == "many" else state
        now = NOW - timedelta(hours=1)
        told = scheduled(visit, time=now, invited=240, company=_company(visit))
        room.record([analysed(told), *responses(state)])
    past = scheduled("may", company=_company("ruige-1124"), visited_at=NOW - timedelta(days=190))
    room.record([analysed(past), *(_again(r, "may", "may") for r in sample_visit("ruige-1124", 14))])
    try:
        with serving(room.app) as address:
            yield room, address
    finally:
        room.database.close()
