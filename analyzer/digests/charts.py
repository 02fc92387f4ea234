"""Numbers turned into places on a drawing: percent of a width, squares, strips.

In: Distributions and Topics.  Out: plain values for SVG attributes.  Pure; text stays in HTML.
"""

from dataclasses import dataclass

from analyzer.digests.model import Distribution, Topic

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
