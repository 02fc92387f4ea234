"""What a new analysis would change: the pure part of `analyzer reanalyse --diff`.

In: readings as stored and as read now, keyed by answer. Out: the differences, in the order of the keys.
Answers that a person corrected are never in it: corrections win over every later run.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from .findings import Aspect, TextAnalysis

Key = tuple[str, str]  # response id, question id


@dataclass(frozen=True)
class Change:
    """One thing that would be read differently."""

    response_id: str
    question_id: str
    sentence: str  # "" when the whole answer is meant
    what: str  # sentiment, suggestion, kind, topics or sentences
    before: str
    after: str


def compare(
    stored: Mapping[Key, TextAnalysis], fresh: Mapping[Key, TextAnalysis], corrected: Collection[Key] = ()
) -> list[Change]:
    """All changes of answers present in both and not corrected by hand."""
    changes = []
    for key in sorted(set(stored) & set(fresh) - set(corrected)):
        changes += _answer(key, stored[key], fresh[key])
    return changes


def summary(changes: list[Change]) -> dict[str, int]:
    """How many changes of each sort, for the first line of the report."""
    return dict(sorted(Counter(change.what for change in changes).items()))


def _answer(key: Key, before: TextAnalysis, after: TextAnalysis) -> list[Change]:
    if [(s.start, s.end) for s in before.sentences] != [(s.start, s.end) for s in after.sentences]:
        counts = str(len(before.sentences)), str(len(after.sentences))
        return [Change(*key, "", "sentences", *counts)]
    changes = _unlike(key, "", {"sentiment": (before.sentiment, after.sentiment)})
    for old, new in zip(before.sentences, after.sentences, strict=True):
        pairs: dict[str, tuple[object, object]] = {
            "sentiment": (old.sentiment, new.sentiment),
            "suggestion": (old.suggestion, new.suggestion),
            "kind": (old.kind, new.kind),
            "topics": (_topics(old.aspects), _topics(new.aspects)),
        }
        changes += _unlike(key, old.text, pairs)
    return changes


def _topics(aspects: tuple[Aspect, ...]) -> str:
    return ", ".join(sorted(f"{a.topic} {a.sentiment}" for a in aspects))


def _unlike(key: Key, sentence: str, pairs: Mapping[str, tuple[object, object]]) -> list[Change]:
    return [
        Change(*key, sentence, what, str(before), str(after))
        for what, (before, after) in pairs.items()
        if before != after
    ]
