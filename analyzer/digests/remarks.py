"""Sentences with all that is needed to count, choose and show them.

In: the rows of responses whose use is consented to.  Out: Remarks, in a fixed order.  Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from typing import Any

from analyzer.corrections import item_id
from analyzer.digests.anonymity import Room, attribution
from analyzer.digests.model import Attribution, Bilingual, Corrected, Evidence, Mark, Quote, Reason
from analyzer.rows import Row, Rows
from analyzer.tallies import HIDDEN, OFFER

DECISIVE = 0.25  # of the heaviest word's weight: lighter ones, such as "but", explain nothing to a reader


@dataclass(frozen=True)
class Remark:
    expert: str  # response id; stays inside the building of a digest
    row: Row  # of the table sentence
    aspects: tuple[Row, ...]
    attribution: Attribution
    quotable: bool  # the expert agreed that the company reads these words, and enough may have written them
    evidence: Evidence
    transcribed: bool  # spoken by the expert, written down by the organiser

    @cached_property
    def feelings(self) -> frozenset[tuple[str, str]]:
        """(topic, sentiment); what could not be scored speaks for no side."""
        return frozenset((a["topic"], a["sentiment"] or "unscorable") for a in self.aspects)


def find_remarks(responses: Iterable[Rows], room: Room) -> list[Remark]:
    """What experts wrote about the company, offers aside, and no answer that is for the organiser alone.

    By the evidence's name: an order by expert would show which answers are by one hand.
    """
    return _find(responses, room, offers=False)


def find_offers(responses: Iterable[Rows], room: Room) -> list[Remark]:
    """What they wrote where the form asks what they offer: leads, not opinions, so counted nowhere."""
    return _find(responses, room, offers=True)


def _find(responses: Iterable[Rows], room: Room, offers: bool) -> list[Remark]:
    found = [
        remark
        for rows in responses
        for answer in rows.answers
        if answer["type"] == "text" and answer["readership"] != HIDDEN and (answer["role"] == OFFER) == offers
        for remark in remarks_of(rows, answer, room)
    ]
    return sorted(found, key=lambda remark: (remark.evidence.answer, remark.evidence.start))


def remarks_of(rows: Rows, answer: Row, room: Room) -> Iterator[Remark]:
    """All of one answer carry the same attribution: the widest that its languages allow together."""
    agreed = may_quote(rows.response, answer)
    sentences = [s for s in rows.sentences if s["question_id"] == answer["question_id"]]
    who = attribution(rows.response, room, {s["lang"] for s in sentences if room.hides(s["lang"])})
    for sentence in sentences:
        yield Remark(
            expert=rows.response["id"],
            row=sentence,
            aspects=tuple(a for a in rows.aspects if _belongs(a, sentence)),
            attribution=who,
            quotable=agreed and bool(who.name or room.hides(sentence["lang"])),
            evidence=evidence_of(answer, sentence["start"], sentence["end"]),
            transcribed=answer["transcribed"],
        )


def may_quote(response: Row, answer: Row) -> bool:
    consent = response["consent"]
    return bool(consent["use"] and consent["quote"]) and answer["readership"] == "quote"


def evidence_of(answer: Row, start: int, end: int) -> Evidence:
    return Evidence(
        answer_name(answer["response_id"], answer["question_id"]), answer["question_id"], start, end
    )


def answer_name(response_id: str, question_id: str) -> str:
    """The hash of a random id says nothing of the expert, and two answers of one hand do not look alike."""
    return sha256(f"{response_id}/{question_id}".encode()).hexdigest()[:16]


def quote(remark: Remark, labels: Mapping[str, Bilingual]) -> Quote:
    row = remark.row
    return Quote(
        text=row["text"],
        lang=row["lang"],
        sentiment=row["sentiment"],
        marks=tuple(marks(remark)),
        reasons=tuple(_reasons(remark, labels)),
        attribution=remark.attribution,
        evidence=remark.evidence,
        id=item_id(remark.expert, row["text"]),
        corrected=Corrected(**row["corrected"]) if row.get("corrected") else None,
        topics=tuple((a["topic"], a["sentiment"]) for a in remark.aspects if a["topic"] in labels),
        suggestion=row["suggestion"],
        transcribed=remark.transcribed,
    )


def _belongs(aspect: Row, sentence: Row) -> bool:
    place = (sentence["question_id"], sentence["position"])
    return (aspect["question_id"], aspect["sentence_position"]) == place


def _hits(remark: Remark) -> list[Mapping[str, Any]]:
    """The words that weighed most, lightest first.

    What speaks for the sentence as a whole has no place in it; scraps of words that only a trained model
    reads ("model:the") explain nothing to a person.
    """
    found = remark.row["explanation"].get("hits", [])
    words = [hit for hit in found if not str(hit.get("rule", "")).startswith("model:")]
    hits = [hit for hit in words if hit.get("span") and hit.get("value")]
    most = max((abs(hit["value"]) for hit in hits), default=0)
    decisive = [hit for hit in hits if abs(hit["value"]) >= DECISIVE * most]
    return sorted(decisive, key=lambda hit: (abs(hit["value"]), hit["span"]))


def marks(remark: Remark) -> Iterator[Mark]:
    """Runs of one kind: what named the topic, and over it the words of the feelings that are counted."""
    text, offset = remark.row["text"], remark.row["start"]
    paint = [""] * len(text)
    for aspect in remark.aspects:
        start, end = (place - offset for place in naming_words(aspect))
        if 2 * (end - start) <= len(text) and aspect["topic"] != "other":  # all marked is nothing marked
            _cover(paint, *_whole_words(text, start, end), "topic")
    for hit in _hits(remark):
        kind, (start, end) = "positive" if hit["value"] > 0 else "negative", hit["span"]
        if kind in sides(remark):
            _cover(paint, start, end, kind)
    place = 0
    for kind, run in groupby(paint):
        length = len(list(run))
        if kind and any(letter.isalnum() for letter in text[place : place + length]):
            yield Mark(place, place + length, kind)
        place += length


def plain_weight(remark: Remark) -> float:
    """How heavily the words that a reader can see speak for the reading, those against it taken off."""
    side = {"positive": 1, "negative": -1}.get(remark.row["sentiment"] or "", 0)
    return side * sum(float(hit["value"]) for hit in _hits(remark))


def sides(remark: Remark) -> set[str]:
    """The feelings that the digest counts of this sentence."""
    return {remark.row["sentiment"] or "", *(feeling for _, feeling in remark.feelings)}


def naming_words(aspect: Row) -> tuple[int, int]:
    """Where the phrase stands that named the topic, in code points of the answer.

    A rule `topic:<id>/<part>:<phrase>` tells it; the aspect's own span is the clause around it.
    """
    start, end = aspect["start"], aspect["end"]
    kind, _, phrase = str(aspect["rule"]).rpartition(":")
    place = aspect["evidence"].casefold().find(phrase.rstrip("*").casefold())
    if kind.startswith("topic:") and phrase and place >= 0:
        return start + place, start + place + len(phrase.rstrip("*"))
    return start, end


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """A phrase that matched the beginning of a Latin word marks the whole word."""
    while 0 < start < len(text) and _latin(text[start - 1]) and _latin(text[start]):
        start -= 1
    while 0 < end < len(text) and _latin(text[end - 1]) and _latin(text[end]):
        end += 1
    return start, end


def _latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _cover(paint: list[str], start: int, end: int, kind: str) -> None:
    for place in range(max(start, 0), min(end, len(paint))):
        paint[place] = kind


def _reasons(remark: Remark, labels: Mapping[str, Bilingual]) -> list[Reason]:
    text, offset = remark.row["text"], remark.row["start"]
    named = set()
    for aspect in remark.aspects:
        start, end = _whole_words(text, *(place - offset for place in naming_words(aspect)))
        if aspect["topic"] in labels:
            named.add((text[start:end] if end - start < len(text.strip()) else "", aspect["topic"]))
    topics = [Reason(words, None, labels[topic]) for words, topic in sorted(named)]
    words = ((text[slice(*hit["span"])], hit["value"]) for hit in reversed(_hits(remark)))
    return topics + [Reason(text, "positive" if value > 0 else "negative", None) for text, value in words]
