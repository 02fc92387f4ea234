"""What experts talked about, and how they felt about it.

In: remarks.  Out: Topics ordered by positive minus critical, and the headline made from them.  Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from analyzer.digests.model import Bilingual, Headline, Tone, Topic
from analyzer.digests.remarks import Remark

OTHER = "other"  # remarks that name no topic
NOT_IN_HEADLINE = {OTHER, "cooperation"}  # offers have a section of their own
REMARKS_TO_STAND_OUT = 5  # remarks on a topic before the headline may name it
EXPERTS_TO_STAND_OUT = 3  # who feel the same: one talkative pen is not "the experts"


def count_topics(remarks: Sequence[Remark], labels: Mapping[str, Bilingual]) -> tuple[Topic, ...]:
    """Best liked first; `other` always last."""
    about = _by_topic(remarks)
    topics = [_count(topic, mine, labels[topic]) for topic, mine in about.items() if topic in labels]
    return tuple(sorted(topics, key=lambda t: (t.id == OTHER, t.negative - t.positive, -t.remarks, t.id)))


def _by_topic(remarks: Iterable[Remark]) -> Mapping[str, list[Remark]]:
    found: defaultdict[str, list[Remark]] = defaultdict(list)
    for remark in remarks:
        for topic in {topic for topic, _ in remark.feelings}:
            found[topic].append(remark)
    return found


def _count(topic: str, mine: Sequence[Remark], label: Bilingual) -> Topic:
    """mine: the remarks on the topic."""
    positive, negative = on_side(mine, topic, "positive"), on_side(mine, topic, "negative")
    feelings = sum(t == topic for remark in mine for t, _ in remark.feelings)
    return Topic(
        id=topic,
        label=label,
        positive=len(positive),
        neutral=feelings - len(positive) - len(negative),
        negative=len(negative),
        experts=experts(mine),
        experts_positive=experts(positive),
        experts_negative=experts(negative),
        evidence=tuple(remark.evidence for remark in mine),
    )


def on_side(remarks: Iterable[Remark], topic: str, sentiment: str) -> list[Remark]:
    return [remark for remark in remarks if (topic, sentiment) in remark.feelings]


def experts(remarks: Iterable[Remark]) -> int:
    return len({remark.expert for remark in remarks})


def tone(remarks: Sequence[Remark]) -> Tone:
    feelings = [remark.row["sentiment"] or "unscorable" for remark in remarks]
    return Tone(
        positive=feelings.count("positive"),
        neutral=feelings.count("neutral"),
        negative=feelings.count("negative"),
        unscorable=feelings.count("unscorable"),
        texts=len({(remark.expert, remark.evidence.question_id) for remark in remarks}),
    )


def headline(topics: Iterable[Topic], used: int, words_shown: bool, tone: Tone) -> Headline:
    """What was valued most and what to fix first, from the topics that stand out; else why none does."""
    if not used:
        return Headline("none", 0, None, None)
    if not words_shown:
        return Headline("few", used, None, None)
    best, worst = extremes(topics)
    return Headline("topics" if best or worst else _silence(tone), used, best, worst)


def _silence(tone: Tone) -> str:
    """Nobody wrote anything; nothing of it could be read; or they wrote of many things."""
    if not tone.texts:
        return "silent"
    return "scattered" if tone.positive + tone.neutral + tone.negative else "unreadable"


def extremes(topics: Iterable[Topic]) -> tuple[str | None, str | None]:
    """The topic that most experts praised, and the one that most found wanting; never the same one.

    A topic that leads both sides speaks for its larger side; the other side goes to the next.
    """
    clear = [t for t in topics if t.remarks >= REMARKS_TO_STAND_OUT and t.id not in NOT_IN_HEADLINE]
    good = [t.id for t in sorted(clear, key=_by_praise) if t.experts_positive >= EXPERTS_TO_STAND_OUT]
    bad = [t.id for t in sorted(clear, key=_by_blame) if t.experts_negative >= EXPERTS_TO_STAND_OUT]
    if good and bad and good[0] == bad[0]:
        both = next(t for t in clear if t.id == good[0])
        (bad if both.experts_positive >= both.experts_negative else good).pop(0)
    return next(iter(good), None), next(iter(bad), None)


def _by_praise(topic: Topic) -> tuple[int, int, str]:
    return -topic.experts_positive, topic.negative - topic.positive, topic.id


def _by_blame(topic: Topic) -> tuple[int, int, str]:
    return -topic.experts_negative, topic.positive - topic.negative, topic.id
