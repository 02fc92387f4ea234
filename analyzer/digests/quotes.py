"""Which words stand for a topic: few, verbatim, by different hands.

In: remarks and topics.  Out: Themes and Advice with their quotes.  Pure: ties are broken by the
evidence's name, so the same responses always give the same digest.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from analyzer.digests.model import Advice, Bilingual, Quote, Theme, Topic
from analyzer.digests.remarks import Remark, marks, naming_words, plain_weight, quote
from analyzer.digests.topics import OTHER, experts, on_side

THEMES = 3  # of praise and of criticism: what a manager reads in three minutes
QUOTES_PER_THEME = 2
EASY_LENGTH = range(20, 321)  # Latin letters, a Chinese character being two: says something, is soon read

CLEAR = 0.4  # of polarity, -1..1
UNFINISHED = (",", ";", ":", "，", "；", "：", "、")
FEELINGS = ("positive", "negative")
FIRST_WIDE = 0x2E80  # code point from which on scripts are as dense as Chinese


class Chooser:
    """Picks quotes for one digest and remembers whose words were already taken."""

    def __init__(self, labels: Mapping[str, Bilingual]) -> None:
        self.labels = labels
        self.quoted: Counter[str] = Counter()  # times by expert
        self.taken: set[tuple[str, int]] = set()  # sentences, by evidence

    def choose(self, remarks: Sequence[Remark], limit: int, topic: str | None = None) -> list[Remark]:
        """The next best each time: easy to read, plain to see why it is read so, a fresh expert, another
        language, another kind of house.

        Then the one whose words most others use too and no chosen one does: it speaks for more of them.
        """
        chosen: list[Remark] = []
        common = Counter(word for remark in remarks for word in _named(remark))
        left = [r for r in remarks if r.quotable and self._place(r) not in self.taken]
        while left and len(chosen) < limit:
            best = min(left, key=lambda remark: self._cost(remark, topic, chosen, common))
            chosen.append(best)
            self.quoted[best.expert] += 1
            self.taken.add(self._place(best))
            left = [r for r in left if r.expert not in {c.expert for c in chosen}]
        return chosen

    def quotes(self, remarks: Sequence[Remark], limit: int, topic: str | None = None) -> tuple[Quote, ...]:
        return tuple(quote(remark, self.labels) for remark in self.choose(remarks, limit, topic))

    def _place(self, remark: Remark) -> tuple[str, int]:
        return remark.evidence.answer, remark.evidence.start

    def _cost(
        self, remark: Remark, topic: str | None, chosen: Sequence[Remark], common: Counter[str]
    ) -> tuple[bool, int, int, bool, bool, int, float, str, int]:
        row = remark.row
        covered = {word for one in chosen for word in _named(one)}
        return (
            _length(row["text"]) not in EASY_LENGTH,
            vagueness(remark, topic),
            self.quoted[remark.expert],
            row["lang"] in {c.row["lang"] for c in chosen},
            remark.attribution in [c.attribution for c in chosen],
            -sum(common[word] for word in _named(remark) - covered),
            -plain_weight(remark),
            *self._place(remark),
        )


def vagueness(remark: Remark, topic: str | None = None) -> int:
    """0: a whole sentence, first of all about `topic`, with a clear word of feeling and one that names the
    topic in it; a reader needs no trust in the software.

    A person's reading needs no such words.
    """
    if remark.row.get("corrected"):
        return int(fragment(remark))
    clear = abs(remark.row["polarity"] or 0.0) >= CLEAR and any(m.kind in FEELINGS for m in marks(remark))
    felt = clear or remark.row["sentiment"] in ("neutral", None)
    first = next((aspect["topic"] for aspect in remark.aspects), None)
    return (not felt) + (not _names_topic(remark)) + (topic not in (None, first)) + fragment(remark)


def fragment(remark: Remark) -> bool:
    """Whether it is the rest of a sentence, or ends before the sentence does."""
    text = str(remark.row["text"]).strip()
    return text[:1].islower() or text.endswith(UNFINISHED)


def _names_topic(remark: Remark) -> bool:
    """By a word in it, not as a whole."""
    return any(not str(aspect["rule"]).startswith("model:") for aspect in remark.aspects)


def _named(remark: Remark) -> set[str]:
    """The words by which a remark touches its topics."""
    found = set()
    for aspect in remark.aspects:
        start, end = (place - aspect["start"] for place in naming_words(aspect))
        found.add(aspect["evidence"][start:end].casefold())
    return found


def _length(text: str) -> int:
    return sum(2 if ord(letter) >= FIRST_WIDE else 1 for letter in text)


def themes(
    remarks: Sequence[Remark], topics: Sequence[Topic], sentiment: str, chooser: Chooser
) -> tuple[Theme, ...]:
    """The topics that most experts praised (or criticised), each with quotes of that feeling."""
    sides = [_Side(topic, *_side(topic, sentiment)) for topic in topics if topic.id != OTHER]
    ranked = sorted((s for s in sides if s.experts), key=lambda s: (-s.experts, -s.remarks, s.topic.id))
    return tuple(
        _theme(side, on_side(remarks, side.topic.id, sentiment), chooser) for side in ranked[:THEMES]
    )


class _Side(NamedTuple):
    topic: Topic
    experts: int
    remarks: int


def _theme(side: _Side, mine: Sequence[Remark], chooser: Chooser) -> Theme:
    return Theme(
        topic=side.topic.id,
        label=side.topic.label,
        experts=side.experts,
        remarks=side.remarks,
        quotes=chooser.quotes(mine, QUOTES_PER_THEME, side.topic.id),
        evidence=tuple(remark.evidence for remark in mine),
    )


def advice(remarks: Sequence[Remark], labels: Mapping[str, Bilingual]) -> tuple[Advice, ...]:
    """Every suggestion once, under its first topic, topics of most experts first."""
    grouped: dict[str, list[Remark]] = {}
    for remark in remarks:
        if remark.row["suggestion"]:
            grouped.setdefault(_first_topic(remark, labels), []).append(remark)
    found = [_advice(topic, mine, labels) for topic, mine in grouped.items()]
    return tuple(sorted(found, key=lambda a: (a.topic == OTHER, -a.experts, -len(a.evidence), a.topic)))


def _advice(topic: str, mine: Sequence[Remark], labels: Mapping[str, Bilingual]) -> Advice:
    readable = sorted((remark for remark in mine if remark.quotable), key=_plainness)
    return Advice(
        topic=topic,
        label=labels[topic],
        experts=experts(mine),
        items=tuple(quote(remark, labels) for remark in readable),
        unquoted=len(mine) - len(readable),
        evidence=tuple(remark.evidence for remark in mine),
    )


def _plainness(remark: Remark) -> tuple[bool, bool, bool]:
    """First what says in so many words that it is a suggestion, and about what."""
    cues = remark.row["explanation"].get("advice")
    easy = _length(remark.row["text"]) in EASY_LENGTH and not fragment(remark)
    return not easy, not cues, not _names_topic(remark)


def _first_topic(remark: Remark, labels: Mapping[str, Bilingual]) -> str:
    return next((a["topic"] for a in remark.aspects if a["topic"] in labels), OTHER)


def _side(topic: Topic, sentiment: str) -> tuple[int, int]:
    if sentiment == "positive":
        return topic.experts_positive, topic.positive
    return topic.experts_negative, topic.negative
