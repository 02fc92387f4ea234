"""Which topics a sentence speaks of, how it feels about each, and the words that show it.

In: observations, the model's outputs. Out: aspects. `other` only where no topic applies.
"""

import re
from collections.abc import Sequence

from .findings import Aspect
from .observing import Observation
from .phrases import Hit
from .splitting import trimmed
from .taxonomy import OTHER, TopicPhrase

LEARNED = "model"  # the rule of a topic that no phrase names
LEAST, SHARE, MOST = 1.0, 0.4, 3  # a topic needs weight 1 and 0.4 of the best; three at most
CLAUSE_END = re.compile(r"[,:.;，；：。!?！？](?:(?<![,:.])|(?!\d))")  # not in 0.3, 1,200 or 14:30
STOPS = " .!?;:。！？；：…"  # at the end of a sentence


def choose_by_taxonomy(seen: list[Observation], before: Sequence[str]) -> list[str]:
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


def choose_by_scores(names: list[str], scores: list[float]) -> list[str]:
    """The best topic, and every other above zero; `scores` of `names`, less their threshold."""
    highest = max(scores)
    best = names[scores.index(highest)]
    if best == OTHER:
        return [OTHER]
    above = [(-s, t) for t, s in zip(names, scores, strict=True) if s > 0 and t != best and t != OTHER]
    return [best, *[t for _, t in sorted(above)[: MOST - 1]]] if above else [best]


def strongest(seen: Observation, topic: str) -> Hit[TopicPhrase] | None:
    """The phrase that speaks most for a topic: where the writer lands, the weightier, the longer."""
    mine = [h for h in seen.topics if h[2].topic == topic]
    if len(mine) < 2:
        return mine[0] if mine else None
    weight_at = seen.reading.weight_at
    return max(mine, key=lambda h: (weight_at(h.start), h.value.weight, h.end - h.start), default=None)


def weightiest(seen: Observation, conceded: bool) -> Hit[TopicPhrase] | None:
    """The phrase that says most on one side of a contrast (conceded, or landed on); None: no topic there."""
    weight_at = seen.reading.weight_at
    there = [h for h in seen.topics if (weight_at(h.start) < 1) == conceded and h.value.topic != OTHER]
    return max(there, key=lambda h: (h.value.weight, h.end - h.start), default=None)


def clause_around(text: str, position: int) -> tuple[int, int]:
    """The clause a position stands in, trimmed."""
    start, end = 0, len(text)
    for mark in CLAUSE_END.finditer(text):
        if mark.start() >= position:
            end = mark.start()
            break
        start = mark.end()
    return trimmed(text, start, end)


def clause_of(seen: Observation, position: int) -> tuple[int, int]:
    """The clause a position stands in, cut also where the sentence turns."""
    if len(seen.reading.clauses) == 1:
        return 0, len(seen.text.rstrip(STOPS))
    start, end = clause_around(seen.text, position)
    if not seen.reading.turns:
        return start, end
    half = next(((s, e) for s, e, _ in seen.reading.clauses if s <= position < e), (start, end))
    return trimmed(seen.text, max(start, half[0]), min(end, half[1]))


def aspect_of(
    text: str, offset: int, topic: str, seen: list[Observation], label: str, polarity: float | None
) -> Aspect:
    """One aspect, its evidence the clause around its strongest phrase, or the whole text."""
    for observation in seen:
        if hit := strongest(observation, topic):
            return aspect_at(observation, offset, hit, label, polarity)
    return Aspect(topic, label, polarity, text, offset, offset + len(text), f"{LEARNED}:{topic}")


def aspect_at(
    seen: Observation, offset: int, hit: Hit[TopicPhrase], label: str, polarity: float | None
) -> Aspect:
    """The aspect that a phrase of the taxonomy names, its evidence the clause around it."""
    phrase = hit.value
    start, end = clause_of(seen, hit.start)
    evidence = seen.text[start:end]
    return Aspect(phrase.topic, label, polarity, evidence, offset + start, offset + end, phrase.rule)
