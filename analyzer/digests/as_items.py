"""The pages behind a digest: all remarks on one topic, and one item with its forms.

In: a Digest and a part of it, and a Frame.  Out: HTML.  Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzer.digests.as_html import Static, findings, page
from analyzer.digests.model import STATUSES, Action, Bilingual, Digest, Quote, Topic

if TYPE_CHECKING:
    from analyzer.items import Item

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
class Slot:
    """One topic of a sentence, as a form shows it."""

    topic: str
    feeling: str
    words: str


def render_topic(digest: Digest, topic: Topic, frame: Frame) -> str:
    quotes = [quote for quote in digest.remarks if any(name == topic.id for name, _ in quote.topics)]
    kept = len({(place.answer, place.start) for place in topic.evidence}) - len(quotes)
    return _fill("topic.html", digest, frame, topic=topic, quotes=quotes, kept=kept)


def render_item(digest: Digest, item: "Item", words: Sequence[Action], saved: bool, frame: Frame) -> str:
    facts = {
        "id": item.id,
        "kind": item.kind,
        "quote": item.quote,
        "lead": item.lead,
        "correctable": item.correctable,
        "slots": _slots(item.quote),
        "words": words,
        "saved": saved,
        "statuses": STATUSES,
        "labels": frame.labels,
    }
    return _fill("item.html", digest, frame, **facts)


def _slots(quote: Quote | None) -> list[Slot]:
    topics = quote.topics if quote else ()
    words = {reason.words for reason in quote.reasons if reason.topic} if quote else set()
    only = next(iter(words)) if len(words) == 1 and len(topics) == 1 else ""
    return [*(Slot(t, feeling or "", only) for t, feeling in topics), *[Slot("", "", "")] * EMPTY_SLOTS]


def _fill(template: str, digest: Digest, frame: Frame, **facts: object) -> str:
    shared = {"digest": digest, "base": frame.base, "writable": frame.writable}
    told = {**findings(digest, frame.language), **shared, **facts}
    return page(template, frame.language, frame.static, **told)
