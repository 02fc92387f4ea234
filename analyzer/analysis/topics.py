"""Which topics a sentence speaks of, how it feels about each, and the words that show it.

In: observations, the model's outputs. Out: aspects. `other` only where no topic applies.
"""

import re

from .findings import Aspect
from .observing import Observation
from .phrases import Hit
from .taxonomy import OTHER, TopicPhrase

LEAST, SHARE, MOST = 1.0, 0.4, 3  # a topic needs weight 1 and 0.4 of the best; three at most
CLAUSE_END = re.compile(r"[,;:，；：。.!?！？]")


def choose_by_taxonomy(seen: list[Observation], before: tuple[str, ...]) -> list[str]:
    """Sum of phrase weights; a short follow-up without a hit inherits the topics before it."""
    weights: dict[str, float] = {}
    for observation in seen:
        for hit in observation.topics:
            weights[hit.value.topic] = weights.get(hit.value.topic, 0.0) + hit.value.weight
    weights.pop(OTHER, None)
    best = max(weights.values(), default=0.0)
    kept = [t for t, w in weights.items() if w >= LEAST and w >= SHARE * best]
    if not kept and before and sum(len(o.folded) for o in seen) < 30:
        return [t for t in before if t != OTHER][:1] or [OTHER]
    return sorted(kept, key=lambda t: -weights[t])[:MOST] or [OTHER]


def choose_by_scores(scores: dict[str, float], threshold: float) -> list[str]:
    """The best topic, and every other above the threshold."""
    best = max(scores, key=scores.__getitem__)
    if best == OTHER:
        return [OTHER]
    others = [t for t, score in scores.items() if score > threshold and t not in (best, OTHER)]
    return [best, *sorted(others, key=lambda t: -scores[t])[: MOST - 1]]


def strongest(hits: list[Hit[TopicPhrase]], topic: str) -> Hit[TopicPhrase] | None:
    """The phrase that speaks most for a topic; the longer one of equals."""
    mine = [h for h in hits if h.value.topic == topic]
    return max(mine, key=lambda h: (h.value.weight, h.end - h.start), default=None)


def clause_around(text: str, position: int) -> tuple[int, int]:
    """The clause a position stands in, trimmed."""
    start = 0
    for mark in CLAUSE_END.finditer(text, 0, position):
        start = mark.end()
    following = CLAUSE_END.search(text, position)
    end = following.start() if following else len(text)
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def aspect_of(
    text: str, offset: int, topic: str, seen: list[Observation], label: str, polarity: float | None
) -> Aspect:
    """One aspect, its evidence the clause around its strongest phrase."""
    hit = next((h for o in seen if (h := strongest(o.topics, topic))), None)
    if hit is None:
        start, end, rule = 0, len(text), f"model:{topic}"
    else:
        start, end = clause_around(text, hit.start)
        rule = f"topic:{topic}/{hit.value.part}:{hit.value.phrase}"
    return Aspect(topic, label, polarity, text[start:end], offset + start, offset + end, rule)
