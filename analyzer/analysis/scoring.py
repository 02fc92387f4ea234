"""From sums to a label, a polarity and the reasons that add up to it.

In: an observation, the model's sums. Out: a Verdict whose hits add up to its scores exactly:
values are whole ten-thousandths, and what the named hits leave over is a hit of its own ("rest").
"""

import math
from dataclasses import dataclass, field
from typing import Any

from . import features
from .findings import NEGATIVE, NEUTRAL, POSITIVE
from .model import DIRECTION, JUDGEMENT, Gram, LanguageModel, Telling
from .observing import Observation

UNIT = 10_000
CUT = 0.05  # |polarity| below this reads as neutral
RULE_SHARE = 0.1  # of a rule's own value that is added to what the model learned about the rule
NAMED_MARKS = frozenset(("fix", "extend", "minor"))
REST = "model:rest"  # what the named reasons leave over
NAMED_GRAMS = 4  # how many telling words are named one by one


@dataclass(slots=True)
class Reason:
    """A hit: words (or none, for the place), the rule, and what it adds, in ten-thousandths."""

    rule: str
    start: int | None
    end: int | None
    direction: int
    judgement: int
    weight: float = 1.0


def squash(direction: float) -> float:
    """Any direction into -1..1; 0.6 as in the prototype that this engine grew from."""
    return direction / math.sqrt(direction * direction + 0.6)


@dataclass(slots=True)
class Verdict:
    """Direction (< 0 criticism, > 0 praise) and judgement (< 0: nothing is judged)."""

    direction: int = 0
    judgement: int = 0
    reasons: list[Reason] = field(default_factory=list)

    def label(self) -> str:
        """positive, neutral or negative."""
        if self.judgement < 0 or self.direction == 0:
            return NEUTRAL
        return POSITIVE if self.direction > 0 else NEGATIVE

    def polarity(self) -> float:
        """-1..1; keeps its sign, but stays under the cut, where nothing is judged."""
        d = self.direction / UNIT
        squashed = squash(d)
        if self.label() == NEUTRAL:
            return round(CUT * 0.98 * squashed, 4)
        return round(math.copysign(CUT, d) + (1 - CUT) * squashed, 4)

    def add(self, other: "Verdict", share: float) -> None:
        """Take in the reading of another language, weighted by its share of the sentence."""
        if share != 1.0:
            for reason in other.reasons:
                reason.direction = round(reason.direction * share)
                reason.judgement = round(reason.judgement * share)
        self.reasons += other.reasons
        self.direction += sum([r.direction for r in other.reasons])
        self.judgement += sum([r.judgement for r in other.reasons])

    def explanation(self, text: str) -> list[dict[str, Any]]:
        """The reasons as plain JSON, strongest first."""
        ranked = sorted([(-abs(r.direction), r.rule, r.start or 0, i) for i, r in enumerate(self.reasons)])
        return [_as_json(self.reasons[i], text) for _, _, _, i in ranked]


def _as_json(reason: Reason, text: str) -> dict[str, Any]:
    placed = reason.start is not None
    return {
        "rule": reason.rule,
        "span": [reason.start, reason.end] if placed else None,
        "text": text[reason.start : reason.end] if placed else "",
        "value": reason.direction,
        "judgement": reason.judgement,
    }


def judge_by_textblob(polarity: float) -> Verdict:
    """TextBlob's own polarity, neutral below the cut."""
    value = round(polarity * UNIT)
    return _from_sum([Reason("textblob", None, None, value, 0)])


def judge_by_rules(seen: Observation) -> Verdict:
    """Rule values times clause weights, nothing else."""
    reading = seen.reading
    reasons = []
    for hit in reading.hits:
        weight = reading.weight_at(hit.start)
        reasons.append(Reason(hit.rule, hit.start, hit.end, round(hit.value * weight * UNIT), 0, weight))
    return _from_sum(reasons)


def _from_sum(reasons: list[Reason]) -> Verdict:
    total = sum(r.direction for r in reasons)
    judged = 1 if abs(total) >= CUT * UNIT else -1
    return Verdict(total, judged, [*reasons, Reason("cut", None, None, 0, judged)])


def judge_by_model(
    model: LanguageModel, seen: Observation, grams: set[Gram], sums: dict[str, int], outputs: list[float]
) -> Verdict:
    """The model's direction and judgement, with the rules' own values added to the direction."""
    reasons = _rule_reasons(model, seen) + _request_reasons(model, seen)
    extra = seen.reading.score() * RULE_SHARE
    direction = round((outputs[DIRECTION] + extra) * UNIT)
    judgement = round((outputs[JUDGEMENT] - model.thresholds["judgement"]) * UNIT)
    reasons += _gram_reasons(model, seen, grams, sums["grams"])
    rest = Reason(
        REST,
        None,
        None,
        direction - sum([r.direction for r in reasons]),
        judgement - sum([r.judgement for r in reasons]),
    )
    reasons.append(rest)
    return Verdict(direction, judgement, reasons)


def _rule_reasons(model: LanguageModel, seen: Observation) -> list[Reason]:
    """Each rule hit with the weight the model learned for it, and a share of its own value."""
    reading = seen.reading
    reasons = []
    counts: dict[str, int] = {}
    for hit in reading.hits:
        weight = reading.weight_at(hit.start)
        names = features.hit_features(hit.rule, hit.value, weight)
        if len(reading.hits) > features.MOST_OF_A_NAME:
            names = tuple(n for n in names if _counted(n, counts) <= features.MOST_OF_A_NAME)
        direction, judgement = model.rule_weights(names)
        direction += hit.value * weight * RULE_SHARE
        reasons.append(
            Reason(hit.rule, hit.start, hit.end, round(direction * UNIT), round(judgement * UNIT), weight)
        )
    return reasons


def _request_reasons(model: LanguageModel, seen: Observation) -> list[Reason]:
    """What the model learned about words that ask, mend, add or make light of something."""
    marks = [
        (f"M:{role}", span, f"mark:{role}")
        for role, span in seen.reading.marks.items()
        if role in NAMED_MARKS
    ]
    cues = {f"G:{c.pattern}": ((c.start, c.end), f"advice:{c.pattern}") for c in reversed(seen.cues)}
    reasons = []
    for name, (start, end), rule in [*marks, *((name, *cue) for name, cue in cues.items())]:
        direction, judgement = model.rule_weights((name,))
        if direction:
            reasons.append(Reason(rule, start, end, round(direction * UNIT), round(judgement * UNIT)))
    return reasons


def _counted(name: str, counts: dict[str, int]) -> int:
    counts[name] = counts.get(name, 0) + 1
    return counts[name]


def _gram_reasons(model: LanguageModel, seen: Observation, grams: set[Gram], total: int) -> list[Reason]:
    """The few runs of words that weigh most."""
    factor = model.blocks["grams"].factor(total)
    ranks = sorted([g.rank for g in grams if g.rank >= 0])
    return [_gram_reason(seen.folded, model.tellings[rank], factor) for rank in ranks[:NAMED_GRAMS]]


def _gram_reason(folded: str, told: Telling, factor: float) -> Reason:
    start = folded.find(told.words) if told.words else -1
    return Reason(
        told.rule,
        start if start >= 0 else None,
        start + len(told.words) if start >= 0 else None,
        round(told.direction * factor * UNIT),
        round(told.judgement * factor * UNIT),
    )
