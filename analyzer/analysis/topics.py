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


def strongest(seen: Observation, topic: str) -> Hit[TopicPhrase] | None:
    """The phrase that speaks most for a topic: where the writer lands, the weightier, the longer."""
    mine = [h for h in seen.topics if h.value.topic == topic]
    weight_at = seen.reading.weight_at
    return max(mine, key=lambda h: (weight_at(h.start), h.value.weight, h.end - h.start), default=None)


def weightiest(seen: Observation, conceded: bool) -> Hit[TopicPhrase] | None:
    """The phrase that says most on one side of a contrast (conceded, or landed on); None: no topic there."""
    weight_at = seen.reading.weight_at
    there = [h for h in seen.topics if (weight_at(h.start) < 1) == conceded and h.value.topic != OTHER]
    return max(there, key=lambda h: (h.value.weight, h.end - h.start), default=None)


def clause_around(text: str, position: int) -> tuple[int, int]:
    """The clause a position stands in, trimmed."""
    start = 0
    for mark in CLAUSE_END.finditer(text, 0, position):
        start = mark.end()
    following = CLAUSE_END.search(text, position)
    end = following.start() if following else len(text)
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def clause_of(seen: Observation, position: int) -> tuple[int, int]:
    """The clause a position stands in, cut also where the sentence turns."""
    start, end = clause_around(seen.text, position)
    if not seen.reading.turns:
        return start, end
    half = next(((s, e) for s, e, _ in seen.reading.clauses if s <= position < e), (start, end))
    start, end = max(start, half[0]), min(end, half[1])
    part = seen.text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def aspect_of(
    text: str, offset: int, topic: str, seen: list[Observation], label: str, polarity: float | None
) -> Aspect:
    """One aspect, its evidence the clause around its strongest phrase."""
    found = ((o, strongest(o, topic)) for o in seen)
    observed, hit = next(((o, h) for o, h in found if h), (seen[0], None))
    if hit is None:
        start, end, rule = 0, len(text), f"model:{topic}"
    else:
        start, end = clause_of(observed, hit.start)
        rule = named(hit)
    return Aspect(topic, label, polarity, text[start:end], offset + start, offset + end, rule)


def named(hit: Hit[TopicPhrase]) -> str:
    """The rule that a phrase of the taxonomy stands for."""
    return f"topic:{hit.value.topic}/{hit.value.part}:{hit.value.phrase}"
