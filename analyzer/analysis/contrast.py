"""Both halves of a contrast: "The alloy is excellent, but the melt shop is dusty" praises and blames.

In: the aspects of a sentence that turns, its rule reading. Out: aspects, each with the direction of its half.
The half that the sentence lands on has the direction of the sentence. What it concedes is judged by the
rules alone: the trained layer reads whole sentences.
"""

from dataclasses import replace

from . import scoring, topics
from .findings import NEGATIVE, POSITIVE, Aspect
from .language import language_of, shares_of
from .observing import Observation

CLEAR = 0.3  # the least sum of rule values that makes a conceded half praise or blame


def both_halves(seen: Observation, offset: int, aspects: list[Aspect]) -> list[Aspect]:
    """The same aspects, the conceded ones with a direction of their own; one more for a half without any.

    `aspects`: all with the label of the sentence, one at least.
    """
    conceded = sum(h.value for h in seen.reading.hits if _is_conceded(seen, h.start))
    found = [
        _turned(a, conceded) if _is_placed(a) and _is_conceded(seen, a.start - offset) else a for a in aspects
    ]
    covered = {_is_conceded(seen, a.start - offset) for a in found if _is_placed(a)}
    if len(covered) != 1:
        return found
    only_conceded = covered == {True}
    hit = topics.weightiest(seen, conceded=not only_conceded)
    if hit is None:
        return found
    label, polarity = aspects[0].sentiment, aspects[0].polarity
    more = topics.aspect_at(seen, offset, hit, label, polarity)
    if only_conceded:
        return [more, *found]
    more = _turned(more, conceded)
    return found if more.sentiment == label else [*found, more]


def landing_shares(seen: list[Observation]) -> dict[str, float] | None:
    """How much each language has of the half that a sentence in two languages lands on; None: no turn.

    "MES系统很好, but the dashboard is slow" is judged by its English.
    """
    turning = next((o for o in seen if o.reading.turns), None)
    if turning is None:
        return None
    landed_on = " ".join(turning.text[s:e] for s, e, weight in turning.reading.clauses if weight >= 1)
    lang = language_of(landed_on)
    if lang == "other":
        return None
    shares = shares_of(landed_on, lang)
    return {o.lang: shares.get(o.lang, 0.0) for o in seen}


def _is_conceded(seen: Observation, position: int) -> bool:
    return seen.reading.weight_at(position) < 1


def _is_placed(aspect: Aspect) -> bool:
    return not aspect.rule.startswith(topics.LEARNED)


def _turned(aspect: Aspect, value: float) -> Aspect:
    if abs(value) < CLEAR:
        return aspect
    label = POSITIVE if value > 0 else NEGATIVE
    return replace(aspect, sentiment=label, polarity=round(scoring.squash(value), 4))
