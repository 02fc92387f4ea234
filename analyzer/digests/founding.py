"""No sentence of a digest without the words it rests on.

In: a Digest and the texts of the answers it was built from.  Raises Unfounded, which is a bug of ours:
better no digest than one that says what nobody said.  Pure; build_digest runs it every time.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from analyzer.digests.model import Digest, Evidence, Quote

Texts = Mapping[str, str]  # evidence's name of an answer -> what was typed


class Unfounded(Exception):
    """A statement names no evidence, or evidence that does not hold it."""


class Statement(Protocol):
    @property
    def experts(self) -> int: ...

    @property
    def evidence(self) -> tuple[Evidence, ...]: ...


def check(digest: Digest, texts: Texts) -> None:
    """texts: of all answers that the digest may speak of."""
    for name, statement in _statements(digest):
        _check_statement(name, statement, texts)
    for quote in _quotes(digest):
        _check_quote(quote, texts)
    _check_headline(digest)


def _statements(digest: Digest) -> Iterator[tuple[str, Statement]]:
    yield from ((f"topic {topic.id}", topic) for topic in digest.topics)
    yield from ((f"praise of {theme.topic}", theme) for theme in digest.praised)
    yield from ((f"criticism of {theme.topic}", theme) for theme in digest.criticised)
    yield from ((f"advice on {advice.topic}", advice) for advice in digest.advice)
    yield from ((f"need {need.id}", need) for need in digest.needs if need.experts)


def _check_statement(name: str, statement: Statement, texts: Texts) -> None:
    if not statement.evidence:
        raise Unfounded(f"{name} names no evidence")
    for place in statement.evidence:
        if not 0 <= place.start < place.end <= len(texts.get(place.answer, "")):
            raise Unfounded(f"{name} rests on {place}, where nothing is written")
    if statement.experts > len({place.answer for place in statement.evidence}):
        raise Unfounded(f"{name} counts {statement.experts} experts and names fewer answers")


def _quotes(digest: Digest) -> Iterable[Quote]:
    cooperation = digest.cooperation
    offers = cooperation.offers if cooperation else ()
    led = (lead.offer for lead in cooperation.leads if lead.offer) if cooperation else ()
    themes = (quote for theme in (*digest.praised, *digest.criticised) for quote in theme.quotes)
    needs = (quote for need in digest.needs for quote in need.quotes)
    advised = (quote for advice in digest.advice for quote in advice.items)
    return [*themes, *needs, *advised, *offers, *led, *digest.remarks]


def _check_quote(quote: Quote, texts: Texts) -> None:
    place = quote.evidence
    if texts.get(place.answer, "")[place.start : place.end] != quote.text:
        raise Unfounded(f"the quote at {place} is not what was typed there")


def _check_headline(digest: Digest) -> None:
    praised = {topic.id for topic in digest.topics if topic.experts_positive}
    criticised = {topic.id for topic in digest.topics if topic.experts_negative}
    head = digest.headline
    if (head.valued and head.valued not in praised) or (head.to_fix and head.to_fix not in criticised):
        raise Unfounded("the headline names a topic that nobody praised, or found wanting")
