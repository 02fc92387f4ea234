"""The pages behind a digest: all remarks on one topic, one item and one statement with their forms.

In: a Digest and a part of it, and a Frame.  Out: HTML.  Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzer.digests.as_html import Static, findings, page
from analyzer.digests.model import STATUSES, Action, Bilingual, CorrectedStatement, Digest, Quote, Topic
from analyzer.digests.statements import Statement, statements, topic_of
from analyzer.digests.wording import own_words
from analyzer.rows import Row

if TYPE_CHECKING:
    from analyzer.items import Item
    from analyzer.openings import Opening

EMPTY_SLOTS = 1  # of topics that a correction may add


@dataclass(frozen=True)
class Frame:
    """Who reads, and where."""

    language: str
    static: Static
    base: str  # address of the digest's page
    writable: bool
    labels: Mapping[str, Bilingual]  # of all topics, for corrections


@dataclass(frozen=True)
class Told:
    """What people wrote so far, oldest first."""

    words: Sequence[Action] | Sequence[CorrectedStatement]
    readings: Sequence[Row] = ()  # of the table correction
    saved: bool = False  # just now


@dataclass(frozen=True)
class Slot:
    """One topic of a sentence, as a form shows it."""

    topic: str
    feeling: str
    words: str


def render_topic(digest: Digest, topic: Topic, frame: Frame) -> str:
    quotes = [quote for quote in digest.remarks if any(name == topic.id for name, _ in quote.topics)]
    kept = len({(place.answer, place.start) for place in topic.evidence}) - len(quotes)
    said = [one for one in statements(digest) if one.about and one.about.topic == topic.id]
    return _fill("topic.html", digest, frame, topic=topic, quotes=quotes, kept=kept, statements=said)


def render_statement(digest: Digest, statement: Statement, told: Told, frame: Frame) -> str:
    facts = {
        "statement": statement,
        "own": own_words(statement, digest, frame.language),
        "topic": topic_of(statement, digest),
        "words": told.words,
        "saved": told.saved,
    }
    return _fill("statement.html", digest, frame, **facts)


def render_openings(digest: Digest, openings: Sequence["Opening"], frame: Frame) -> str:
    return _fill("openings.html", digest, frame, openings=openings)


def render_item(digest: Digest, item: "Item", told: Told, frame: Frame) -> str:
    facts = {
        "id": item.id,
        "kind": item.kind,
        "quote": item.quote,
        "lead": item.lead,
        "correctable": item.correctable,
        "around": _around(digest, item.quote),
        "slots": _slots(item.quote, frame.labels),
        "words": told.words,
        "readings": told.readings,
        "saved": told.saved,
        "statuses": STATUSES,
        "labels": frame.labels,
    }
    return _fill("item.html", digest, frame, **facts)


def _around(digest: Digest, quote: Quote | None) -> list[Quote]:
    """The sentences of the same answer that may be read, as they were written; none: it stands alone."""
    found = [one for one in digest.remarks if quote and one.evidence.answer == quote.evidence.answer]
    return sorted(found, key=lambda one: one.evidence.start) if len(found) > 1 else []


def _slots(quote: Quote | None, labels: Mapping[str, Bilingual]) -> list[Slot]:
    """Saved as they are, they change nothing: each topic keeps the words that name it."""
    topics = quote.topics if quote else ()
    named = {reason.topic["en"]: reason.words for reason in quote.reasons if reason.topic} if quote else {}
    filled = [Slot(topic, feeling or "", named.get(labels[topic]["en"], "")) for topic, feeling in topics]
    return [*filled, *[Slot("", "", "")] * EMPTY_SLOTS]


def _fill(template: str, digest: Digest, frame: Frame, **facts: object) -> str:
    shared = {"digest": digest, "base": frame.base, "writable": frame.writable}
    told = {**findings(digest, frame.language), **shared, **facts}
    return page(template, frame.language, frame.static, **told)
