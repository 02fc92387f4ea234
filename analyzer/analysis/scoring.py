"""From sums to a label, a polarity and the reasons that add up to it.

In: an observation, the model's sums. Out: a Verdict whose hits add up to its scores exactly:
values are whole ten-thousandths, and what the named hits leave over is a hit of its own ("rest").
"""

import math
from dataclasses import dataclass, field

from . import features
from .findings import NEGATIVE, NEUTRAL, POSITIVE, Reason
from .language import LEAD
from .model import DIRECTION, JUDGEMENT, LanguageModel
from .observing import NOWHERE, Observation

UNIT = 10_000
CUT = 0.05  # |polarity| below this reads as neutral
RULE_SHARE = 0.1  # of a rule's own value that is added to what the model learned about the rule
NAMED_MARKS = frozenset(("fix", "extend", "minor"))
REST = "model:rest"  # what the named reasons leave over
NAMED_GRAMS = 3  # how many telling words are named one by one
_new = tuple.__new__  # half as dear as the call of a named tuple


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
        added = [
            r._replace(value=round(r.value * share), judgement=round(r.judgement * share))
            for r in other.reasons
        ]
        self.reasons += added
        self.direction += sum([r.value for r in added])
        self.judgement += sum([r.judgement for r in added])


def judge_by_textblob(polarity: float) -> Verdict:
    """TextBlob's own polarity, neutral below the cut."""
    return from_sum([without_words("textblob", round(polarity * UNIT), 0)], CUT)


def judge_by_rules(seen: Observation) -> Verdict:
    """Rule values times clause weights, nothing else."""
    return from_sum(rule_values(seen, 1.0), CUT)


def rule_values(seen: Observation, share: float) -> list[Reason]:
    """What each rule hit adds by its own value times `share`."""
    reasons = []
    for (start, end, rule, value), weight in zip(seen.reading.hits, seen.reading.weights(), strict=True):
        reasons.append(Reason(rule, start, end, round(value * weight * share * UNIT), 0))
    return reasons


def from_sum(reasons: list[Reason], cut: float) -> Verdict:
    """The direction that the reasons add up to; nothing is judged below the cut."""
    total = sum(said.value for said in reasons)
    judged = 1 if abs(total) >= cut * UNIT else -1
    return Verdict(total, judged, [*reasons, without_words("cut", 0, judged)])


def without_words(rule: str, value: int, judgement: int) -> Reason:
    """What no words of the sentence stand for."""
    return Reason(rule, -1, -1, value, judgement)


def judge_by_model(model: LanguageModel, seen: Observation, share: float, outputs: list[float]) -> Verdict:
    """The model's direction and judgement, with the rules' own values added to the direction.

    `share`: of the n-grams, by what their weights are multiplied.
    """
    reading = seen.reading
    reasons = _rule_reasons(model, seen) if reading.hits else []
    if seen.cues or not NAMED_MARKS.isdisjoint(reading.marks):
        reasons += _request_reasons(model, seen)
    reasons += _gram_reasons(model, seen, share * UNIT)
    direction = round((outputs[DIRECTION] + reading.score * RULE_SHARE) * UNIT)
    judgement = round(outputs[JUDGEMENT] * UNIT)
    left, unjudged = direction, judgement
    for _, _, _, value, judged in reasons:
        left -= value
        unjudged -= judged
    reasons.append(without_words(REST, left, unjudged))
    return Verdict(direction, judgement, reasons)


def _rule_reasons(model: LanguageModel, seen: Observation) -> list[Reason]:
    """Each rule hit with the weight the model learned for it, and a share of its own value."""
    reading = seen.reading
    reasons = []
    counts: dict[str, int] = {}
    for (start, end, rule, value), weight in zip(reading.hits, reading.weights(), strict=True):
        names = features.hit_features(rule, value, weight)
        if len(reading.hits) > features.MOST_OF_A_NAME:
            names = tuple(n for n in names if _counted(n, counts) <= features.MOST_OF_A_NAME)
        direction, judgement = model.rule_weights(names)
        added = round((direction + value * weight * RULE_SHARE) * UNIT)
        reasons.append(_new(Reason, (rule, start, end, added, round(judgement * UNIT))))
    return reasons


def _counted(name: str, counts: dict[str, int]) -> int:
    counts[name] = counts.get(name, 0) + 1
    return counts[name]


def _request_reasons(model: LanguageModel, seen: Observation) -> list[Reason]:
    """What the model learned about words that ask, mend, add or make light of something."""
    named = {
        f"M:{role}": (span, f"mark:{role}")
        for role, span in seen.reading.marks.items()
        if role in NAMED_MARKS
    }
    for cue in reversed(seen.cues):
        named[f"G:{cue.pattern}"] = (cue.start, cue.end), f"advice:{cue.pattern}"
    reasons = []
    for name, (span, rule) in named.items():
        direction, judgement = model.rule_weights((name,))
        if direction:
            reasons.append(Reason(rule, *span, round(direction * UNIT), round(judgement * UNIT)))
    return reasons


def _gram_reasons(model: LanguageModel, seen: Observation, factor: float) -> list[Reason]:
    """The few runs of words that weigh most."""
    reasons: list[Reason] = []
    tellings = model.tellings
    least = len(tellings)
    told = [number for number in seen.grams if number < least]
    told.sort()
    for number in told[:NAMED_GRAMS]:
        words, size, back, rule, direction, judgement = tellings[number]
        end = seen.grams[number]
        start = seen.folded.find(words) if end == NOWHERE else end - LEAD - back
        end = start + size if start >= 0 else -1
        said = rule, start, end, round(direction * factor), round(judgement * factor)
        reasons.append(_new(Reason, said))
    return reasons
