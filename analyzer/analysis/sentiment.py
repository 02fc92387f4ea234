"""English polarity by TextBlob: the only door to that library.

In: text or tokens. Out: TextBlob's own polarity (-1..1) and subjectivity (0..1).
"""

from typing import NamedTuple

from textblob.en import sentiment as _textblob


class Reading(NamedTuple):
    """TextBlob's view of a text; `scored` is how many words of it the lexicon knows."""

    polarity: float
    subjectivity: float
    scored: int


def textblob_reading(text: str) -> Reading:
    """What `TextBlob(text).sentiment` says, and on how many words it rests."""
    score = _textblob(text)
    return Reading(score[0], score[1], len(score.assessments))


def warm_up() -> None:
    """Load the lexicon now, before threads and forks; it loads lazily otherwise."""
    _textblob("good")
