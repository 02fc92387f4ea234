"""Which words stand for a topic: few, verbatim, by different hands.

In: remarks and topics.  Out: Themes and Advice with their quotes.  Pure: ties are broken by the
evidence's name, so the same responses always give the same digest.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from analyzer.digests.model import Advice, Bilingual, Quote, Theme, Topic
from analyzer.digests.remarks import Remark, quote
from analyzer.digests.topics import OTHER, experts, on_side

THEMES = 3  # of praise and of criticism: what a manager reads in three minutes
QUOTES_PER_THEME = 2
Cost: TypeAlias = tuple[bool, int, int, bool, bool, int, float, str, int]  # of a quote; the least is chosen


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
        common = Counter(word for remark in remarks for word in remark.reading.named)
        left = [r for r in remarks if r.quotable and self._place(r) not in self.taken]
        while left and len(chosen) < limit:
            best = min(left, key=self._cost(topic, chosen, common))
            chosen.append(best)
            self.quoted[best.expert] += 1
            self.taken.add(self._place(best))
            left = [r for r in left if r.expert != best.expert]
        return chosen

    def quotes(self, remarks: Sequence[Remark], limit: int, topic: str | None = None) -> tuple[Quote, ...]:
        return tuple(quote(remark, self.labels) for remark in self.choose(remarks, limit, topic))

    def _place(self, remark: Remark) -> tuple[str, int]:
        return remark.evidence.answer, remark.evidence.start

    def _cost(
        self, topic: str | None, chosen: Sequence[Remark], common: Counter[str]
    ) -> Callable[[Remark], Cost]:
        covered = {word for one in chosen for word in one.reading.named}
        languages = {one.row["lang"] for one in chosen}
        said_by = [one.attribution for one in chosen]

        def cost(remark: Remark) -> Cost:
            reading = remark.reading
            return (
                not reading.plainness.easy,
                reading.plainness.vagueness(topic),
                self.quoted[remark.expert],
                reading.row["lang"] in languages,
                remark.attribution in said_by,
                -sum(common[word] for word in reading.named - covered),
                -reading.weight,
                *self._place(remark),
            )

        return cost


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
    cues, plain = remark.row["explanation"].get("advice"), remark.reading.plainness
    return not plain.easy or plain.fragment, not cues, not plain.named


def _first_topic(remark: Remark, labels: Mapping[str, Bilingual]) -> str:
    return next((a["topic"] for a in remark.aspects if a["topic"] in labels), OTHER)


def _side(topic: Topic, sentiment: str) -> tuple[int, int]:
    if sentiment == "positive":
        return topic.experts_positive, topic.positive
    return topic.experts_negative, topic.negative
