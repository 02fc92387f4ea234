"""This visit beside the company's previous one, and beside the other companies of the fair.

In: this visit's distributions, and sums from the tallies.  Out: a Change, Standings.  Pure.
One expert can move an average by the scale's range divided by the number of experts; what is not more
than that is "about the same".  The fair is told as median and quartiles of the companies' averages, and
only where enough companies have enough answers: no names, no ranks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import quantiles
from typing import TypeAlias

from analyzer.digests.anonymity import AVERAGES_FROM
from analyzer.digests.model import Bilingual, Change, Distribution, Movement, Standing

COMPANIES_FROM = 5  # in a comparison, with this company
EXPERTS_FROM = 3  # answers of each of them
Score: TypeAlias = tuple[int, int]  # answers, and the sum of their values
Scores: TypeAlias = Mapping[str, Score]  # by measure: overall, recommend, or the topic of a matrix row


@dataclass(frozen=True)
class Previous:
    """The company's visit before this one."""

    visited_at: datetime
    fair: Bilingual
    scores: Scores


@dataclass(frozen=True)
class Background:
    """What the digest of a visit needs of other visits."""

    previous: Previous | None = None
    companies: Sequence[Scores] = field(default_factory=tuple)  # of the same fair, this one among them


def measures(
    overall: Distribution | None, recommend: Distribution | None, ratings: Iterable[Distribution]
) -> dict[str, Distribution]:
    """By the names that the tallies use."""
    named = {"overall": overall, "recommend": recommend}
    found = {name: d for name, d in named.items() if d is not None}
    return found | {d.topic: d for d in ratings if d.topic}


def change(own: Mapping[str, Distribution], previous: Previous | None) -> Change | None:
    if previous is None:
        return None
    moved = (_movement(name, d, previous.scores.get(name, (0, 0))) for name, d in own.items())
    return Change(previous.visited_at, previous.fair, tuple(m for m in moved if m), AVERAGES_FROM)


def _movement(name: str, now: Distribution, before: Score) -> Movement | None:
    """None where either has too few answers to be more than single voices."""
    n, total = before
    if now.average is None or n < AVERAGES_FROM:
        return None
    past = round(total / n, 2)
    noise = (now.counts[-1][0] - now.counts[0][0]) / min(now.n, n)
    moved = now.average - past
    direction = "same" if abs(moved) <= noise else "up" if moved > 0 else "down"
    return Movement(name, now.label, now.average, past, now.n, n, round(noise, 2), direction)


def standings(own: Mapping[str, Distribution], companies: Sequence[Scores]) -> tuple[Standing, ...]:
    found = (_standing(name, d, [c[name] for c in companies if name in c]) for name, d in own.items())
    return tuple(standing for standing in found if standing)


def _standing(name: str, own: Distribution, scores: Sequence[Score]) -> Standing | None:
    averages = [total / n for n, total in scores if n >= EXPERTS_FROM]
    if len(averages) < COMPANIES_FROM:
        return None
    lower, median, upper = (round(value, 2) for value in quantiles(averages, n=4, method="inclusive"))
    low, high = own.counts[0][0], own.counts[-1][0]
    return Standing(name, own.label, own.average, own.n, lower, median, upper, len(averages), low, high)
