"""From sums to a label, a polarity and the reasons that add up to it.

In: an observation, the model's sums. Out: a Verdict whose hits add up to its scores exactly:
values are whole ten-thousandths, and what the named hits leave over is a hit of its own ("rest").
"""

import math
from dataclasses import dataclass, field
from typing import Any

from . import features
from .findings import NEGATIVE, NEUTRAL, POSITIVE
from .language import LEAD
from .model import DIRECTION, JUDGEMENT, LanguageModel
from .observing import NOWHERE, Observation

UNIT = 10_000
CUT = 0.05  # |polarity| below this reads as neutral
RULE_SHARE = 0.1  # of a rule's own value that is added to what the model learned about the rule
NAMED_MARKS = frozenset(("fix", "extend", "minor"))
REST = "model:rest"  # what the named reasons leave over
NAMED_GRAMS = 3  # how many telling words are named one by one


Reason = dict[str, Any]  # as it is stored: see `reason`


def reason(rule: str, text: str, span: tuple[int, int] | None, direction: int, judgement: int) -> Reason:
    """A hit: the rule, its words in `text` (none, for the place), and what it adds, in ten-thousandths."""
    return {
        "rule": rule,
        "span": list(span) if span else None,
        "text": text[span[0] : span[1]] if span else "",
        "value": direction,
        "judgement": judgement,
    }


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
        for said in other.reasons:
            said["value"] = round(said["value"] * share)
            said["judgement"] = round(said["judgement"] * share)
        self.reasons += other.reasons
        self.direction += sum([r["value"] for r in other.reasons])
        self.judgement += sum([r["judgement"] for r in other.reasons])

    def explanation(self) -> list[Reason]:
        """The reasons, strongest first."""
        return sorted(self.reasons, key=_strongest_first)


def _strongest_first(said: Reason) -> int:
    return -abs(int(said["value"]))


def judge_by_textblob(polarity: float) -> Verdict:
    """TextBlob's own polarity, neutral below the cut."""
    return from_sum([reason("textblob", "", None, round(polarity * UNIT), 0)], CUT)


def judge_by_rules(seen: Observation) -> Verdict:
    """Rule values times clause weights, nothing else."""
    return from_sum(rule_values(seen, 1.0), CUT)


def rule_values(seen: Observation, share: float) -> list[Reason]:
    """What each rule hit adds by its own value times `share`."""
    reasons = []
    for start, end, rule, value in seen.reading.hits:
        weighed = value * seen.reading.weight_at(start) * share
        reasons.append(reason(rule, seen.text, (start, end), round(weighed * UNIT), 0))
    return reasons


def from_sum(reasons: list[Reason], cut: float) -> Verdict:
    """The direction that the reasons add up to; nothing is judged below the cut."""
    total = sum(said["value"] for said in reasons)
    judged = 1 if abs(total) >= cut * UNIT else -1
    return Verdict(total, judged, [*reasons, reason("cut", "", None, 0, judged)])


def judge_by_model(model: LanguageModel, seen: Observation, total: int, outputs: list[float]) -> Verdict:
    """The model's direction and judgement, with the rules' own values added to the direction.

    `total`: the sum of the weights of the grams.
    """
    reading = seen.reading
    reasons = _rule_reasons(model, seen) if reading.hits else []
    if seen.cues or not NAMED_MARKS.isdisjoint(reading.marks):
        reasons += _request_reasons(model, seen)
    reasons += _gram_reasons(model, seen, total)
    direction = round((outputs[DIRECTION] + reading.score * RULE_SHARE) * UNIT)
    judgement = round(outputs[JUDGEMENT] * UNIT)
    left, unjudged = direction, judgement
    for said in reasons:
        left -= said["value"]
        unjudged -= said["judgement"]
    reasons.append(reason(REST, "", None, left, unjudged))
    return Verdict(direction, judgement, reasons)


def _rule_reasons(model: LanguageModel, seen: Observation) -> list[Reason]:
    """Each rule hit with the weight the model learned for it, and a share of its own value."""
    reading = seen.reading
    reasons = []
    counts: dict[str, int] = {}
    for start, end, rule, value in reading.hits:
        weight = reading.weight_at(start)
        names = features.hit_features(rule, value, weight)
        if len(reading.hits) > features.MOST_OF_A_NAME:
            names = tuple(n for n in names if _counted(n, counts) <= features.MOST_OF_A_NAME)
        direction, judgement = model.rule_weights(names)
        added = round((direction + value * weight * RULE_SHARE) * UNIT)
        reasons.append(reason(rule, seen.text, (start, end), added, round(judgement * UNIT)))
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
            reasons.append(reason(rule, seen.text, span, round(direction * UNIT), round(judgement * UNIT)))
    return reasons


def _gram_reasons(model: LanguageModel, seen: Observation, total: int) -> list[Reason]:
    """The few runs of words that weigh most."""
    factor = model.blocks["grams"].factor(total) * UNIT
    reasons: list[Reason] = []
    told = [(gram.rank, end) for gram, end in seen.grams.items() if gram.rank >= 0]
    told.sort()
    for rank, last in told[:NAMED_GRAMS]:
        words, after, rule, direction, judgement = model.tellings[rank]
        start = seen.folded.find(words) if last == NOWHERE else last - LEAD - after - len(words)
        span = (start, start + len(words)) if start >= 0 else None
        reasons.append(reason(rule, seen.text, span, round(direction * factor), round(judgement * factor)))
    return reasons
