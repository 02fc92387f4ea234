"""The sample fair's responses as the analyzer would record them, through the real analysis."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from analyzer.analysis import Engine, load_engine
from analyzer.messages import Answer
from analyzer.rows import AnalysedEvent
from tests.analyzer.stories import NOW, VERSIONS, answer, submitted

FILE = Path(__file__).resolve().parents[2] / "collector" / "samples" / "yuncheng-13-responses.jsonl"
KINDS = ("university", "institute", "university", "company", "institute")
KNOWN_ITEMS = {"process", "product", "safety"}


@lru_cache(maxsize=1)
def engine() -> Engine:
    return load_engine()


def sample_visit(visit: str, limit: int | None = None) -> list[AnalysedEvent]:
    """Responses to one of the sample visits, at most `limit`."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    found = [line for line in map(json.loads, filter(None, lines)) if line["visit"] == visit]
    return [_event(number, line) for number, line in enumerate(found[:limit])]


def _event(number: int, line: dict[str, Any]) -> AnalysedEvent:
    consent = line["consent"]
    said = (_answer(question, value, line) for question, value in line["answers"].items())
    answers = [a for a in said if a is not None]
    event = submitted(
        f"sample-{number:03}",
        answers,
        visit_id=line["visit"],
        verified=line.get("expert") is not None,
        language=line["language"],
        use=consent["use"],
        quote=consent.get("quote", False),
        kind=KINDS[number % len(KINDS)],
    )
    texts = {a.question_id: engine().analyse(a.value, question=a.role) for a in answers if a.type == "text"}
    sentiment = engine().response_sentiment(list(texts.values()))
    return AnalysedEvent(event, NOW, texts, sentiment, VERSIONS)


def _answer(question: str, value: Any, line: dict[str, Any]) -> Answer | None:
    if question == "aspects":
        return answer(question, {k: v for k, v in value.items() if k in KNOWN_ITEMS})
    if question == "contact" and not value.get("agreed"):
        return None
    if question == "cooperate":
        return answer(question, {"choice": value} if isinstance(value, str) else value)
    if question == "cooperation_forms":
        chosen = value if isinstance(value, dict) else {"choices": value}
        known = [c for c in chosen["choices"] if c in {"joint_rd", "testing", "other"}]
        return answer(question, {**chosen, "choices": known}) if known else None
    if question in ("seen", "visit_organisation"):
        return None
    quotable = "quote" if line["consent"].get("quote") else "summary"
    return answer(question, value, quotable if question in TEXTS else "quote")


TEXTS = {"impressed", "improve", "outlook", "offer"}
