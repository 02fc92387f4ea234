"""Sentences with all that is needed to count, choose and show them.

In: the rows of responses whose use is consented to.  Out: Remarks, in a fixed order.  Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from analyzer.digests.anonymity import Room, attribution
from analyzer.digests.model import Attribution, Bilingual, Corrected, Evidence, Quote, Reason
from analyzer.digests.readings import Reading
from analyzer.digests.texts import Text, answer_name, texts_of
from analyzer.rows import Row, Rows
from analyzer.tallies import HIDDEN, OFFER


@dataclass(frozen=True)
class Remark:
    expert: str  # response id; stays inside the building of a digest
    reading: Reading
    attribution: Attribution
    quotable: bool  # the expert agreed that the company reads these words, and enough may have written them

    @property
    def row(self) -> Row:
        """Of the table sentence."""
        return self.reading.row

    @property
    def aspects(self) -> tuple[Row, ...]:
        return self.reading.aspects

    @property
    def evidence(self) -> Evidence:
        return self.reading.evidence

    @property
    def feelings(self) -> frozenset[tuple[str, str]]:
        return self.reading.feelings


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
        for text in shown_texts(rows)
        if (text.answer["role"] == OFFER) == offers
        for remark in remarks_of(rows, text, room)
    ]
    return sorted(found, key=lambda remark: (remark.evidence.answer, remark.evidence.start))


def shown_texts(rows: Rows) -> list[Text]:
    """Those that are not for the organiser alone."""
    return [text for text in texts_of(rows) if text.answer["readership"] != HIDDEN]


def remarks_of(rows: Rows, text: Text, room: Room) -> tuple[Remark, ...]:
    """Those last made are kept with the text: one response more seldom changes who may be told from whom."""
    return text.voiced.get(room, lambda: tuple(_remarks_of(rows, text, room)))


def _remarks_of(rows: Rows, text: Text, room: Room) -> Iterator[Remark]:
    """All of one answer carry the same attribution: the widest that its languages allow together."""
    agreed = may_quote(rows.response, text.answer)
    hidden = {lang: room.hides(lang) for lang in {reading.row["lang"] for reading in text.readings}}
    who = attribution(rows.response, room, {lang for lang, hides in hidden.items() if hides})
    for reading in text.readings:
        quotable = agreed and bool(who.name or hidden[reading.row["lang"]])
        yield Remark(rows.response["id"], reading, who, quotable)


def may_quote(response: Row, answer: Row) -> bool:
    consent = response["consent"]
    return bool(consent["use"] and consent["quote"]) and answer["readership"] == "quote"


def evidence_of(answer: Row, start: int, end: int) -> Evidence:
    return Evidence(
        answer_name(answer["response_id"], answer["question_id"]), answer["question_id"], start, end
    )


def quote(remark: Remark, labels: Mapping[str, Bilingual]) -> Quote:
    """The last one made is kept with its reading: the next digest mostly wants the very same."""
    return remark.reading.quoted.get((remark.attribution, labels), lambda: _quote(remark, labels))


def _quote(remark: Remark, labels: Mapping[str, Bilingual]) -> Quote:
    row, reading = remark.row, remark.reading
    return Quote(
        text=row["text"],
        lang=row["lang"],
        sentiment=row["sentiment"],
        marks=reading.marks,
        reasons=tuple(_reasons(reading, labels)),
        attribution=remark.attribution,
        evidence=remark.evidence,
        id=reading.item,
        corrected=Corrected(**row["corrected"]) if row.get("corrected") else None,
        topics=tuple((a["topic"], a["sentiment"]) for a in remark.aspects if a["topic"] in labels),
        suggestion=row["suggestion"],
        transcribed=reading.transcribed,
    )


def _reasons(reading: Reading, labels: Mapping[str, Bilingual]) -> Iterator[Reason]:
    """What named its topics, then the words that weighed, heaviest first."""
    text = reading.row["text"]
    whole = len(text.strip())
    named = {
        (text[start:end] if end - start < whole else "", aspect["topic"])
        for aspect, (start, end) in zip(reading.aspects, reading.naming, strict=True)
        if aspect["topic"] in labels
    }
    yield from (Reason(words, None, labels[topic]) for words, topic in sorted(named))
    for hit in reversed(reading.hits):
        yield Reason(text[slice(*hit["span"])], "positive" if hit["value"] > 0 else "negative", None)
