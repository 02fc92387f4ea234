"""Numbers turned into places on a drawing: percent of a width, squares, strips.

In: Distributions and Topics.  Out: plain values for SVG attributes.  Pure; text stays in HTML.
"""

from dataclasses import dataclass

from analyzer.digests.model import Bilingual, Digest, Distribution, Movement, Standing, Topic

CELLS_UNTIL = 30  # answers; from here on single cells cannot be told apart
BAR_ROOM = 78  # percent of a table cell that the longest bar takes; the rest is for its number
SQUARE, TALL = 22, 132  # px: one expert's square with its gap; the tallest column without squares


@dataclass(frozen=True)
class Segment:
    """One value in a strip; x, width and middle in percent."""

    value: int
    n: int
    x: float
    width: float
    middle: float


@dataclass(frozen=True)
class Column:
    """One value of a histogram: squares from the top, or one bar; heights in px."""

    value: int
    n: int
    height: int
    squares: tuple[int, ...]  # y of each square; empty: draw one bar


@dataclass(frozen=True)
class Bars:
    """Widths in percent of the table cell."""

    positive: float
    negative: float


@dataclass(frozen=True)
class Dots:
    """One measure beside itself at the previous visit and beside the fair; x in percent of the scale."""

    label: Bilingual
    move: Movement | None
    fair: Standing | None
    now: float | None  # the values; None: too few answers
    low: int  # ends of the scale
    high: int

    def x(self, value: float) -> float:
        return round(100 * (value - self.low) / (self.high - self.low), 2)

    @property
    def before(self) -> float | None:
        return self.move.before if self.move else None


def strip(distribution: Distribution) -> tuple[Segment, ...]:
    """Values that were chosen, side by side, 100 percent together."""
    segments, before = [], 0
    for value, n in distribution.counts:
        if n:
            x, width = 100 * before / distribution.n, 100 * n / distribution.n
            segments.append(Segment(value, n, round(x, 3), round(width, 3), round(x + width / 2, 3)))
        before += n
    return tuple(segments)


def cell_lines(distribution: Distribution) -> tuple[float, ...]:
    """Where a strip shows that one cell is one expert; none where there are too many."""
    if not 1 < distribution.n < CELLS_UNTIL:
        return ()
    return tuple(round(100 * place / distribution.n, 3) for place in range(1, distribution.n))


def columns(distribution: Distribution) -> tuple[Column, ...]:
    most = max((n for _, n in distribution.counts), default=0)
    if distribution.n < CELLS_UNTIL:
        squares = {n: tuple(1 + SQUARE * i for i in range(n)) for _, n in distribution.counts}
        return tuple(Column(value, n, max(SQUARE * n, 1), squares[n]) for value, n in distribution.counts)
    return tuple(Column(value, n, max(round(TALL * n / most), 1), ()) for value, n in distribution.counts)


def bars(topic: Topic, topics: tuple[Topic, ...]) -> Bars:
    """Both sides on one scale."""
    most = max((max(t.positive, t.negative) for t in topics), default=0) or 1
    return Bars(round(BAR_ROOM * topic.positive / most, 1), round(BAR_ROOM * topic.negative / most, 1))


def share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def at_least(distribution: Distribution, value: int) -> int:
    return sum(n for score, n in distribution.counts if score >= value)


def chosen_range(distribution: Distribution) -> tuple[int, int]:
    """Lowest and highest value that somebody chose; there must be one."""
    chosen = [value for value, n in distribution.counts if n]
    return chosen[0], chosen[-1]


def movement(digest: Digest, name: str | None) -> Movement | None:
    """By the measure's name: overall, recommend, or a topic."""
    found = digest.change.measures if digest.change else ()
    return next((move for move in found if move.id == name), None)


def standing(digest: Digest, name: str | None) -> Standing | None:
    return next((one for one in digest.fair if one.id == name), None)


def dots(digest: Digest) -> tuple[Dots, ...]:
    """What was rated from 1 to 5; recommending has another scale and a card of its own."""
    rated = [("overall", digest.overall), *((rating.topic, rating) for rating in digest.ratings)]
    found = []
    for name, distribution in rated:
        move, fair = movement(digest, name), standing(digest, name)
        if distribution and name and (move or fair):
            low, high = distribution.counts[0][0], distribution.counts[-1][0]
            found.append(Dots(distribution.label, move, fair, distribution.average, low, high))
    return tuple(found)
