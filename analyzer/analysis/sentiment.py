"""English polarity by TextBlob: the only door to that library.

In: text or tokens. Out: TextBlob's own polarity (-1..1) and subjectivity (0..1), and the words it
assessed, with its chunks, negations and intensifiers. The lexicon exists twice: as TextBlob ships it,
and with its noise removed and our domain words annotated into it.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from textblob._text import Sentiment as _Sentiment
from textblob.en import sentiment as _textblob

# One pass: words with inner apostrophes or hyphens, "n't" on its own, numbers, single marks.
TOKEN = re.compile(r"[a-z]+(?=n't\b)|n't\b|[a-z]+(?:['-][a-z]+)*|\d+(?:[.,]\d+)*|[!?]")
# Texts on which our tokens and TextBlob's are the same; all others take TextBlob's own, slower road.
PLAIN = re.compile(r"[A-Za-z0-9 ,]*[A-Za-z0-9][.!?]?$")


class Reading(NamedTuple):
    """TextBlob's view of a text; `scored` is how many chunks of it the lexicon knows."""

    polarity: float
    subjectivity: float
    scored: int


class Token(NamedTuple):
    """A lower-case word and its place in the folded text."""

    text: str
    start: int
    end: int


class Assessment(NamedTuple):
    """A chunk TextBlob assessed ("not very good"): its place and its polarity -1..1."""

    start: int
    end: int
    polarity: float
    negated: bool


class _PlainDict(dict[str, Any]):
    """TextBlob's lexicon without its lazy loading, which costs half of the time of a look-up."""

    assessments = _Sentiment.assessments
    labeler = _textblob.labeler
    negations = _textblob.negations
    modifiers = _textblob.modifiers
    modifier = staticmethod(_textblob.modifier)


def tokens_of(folded: str) -> list[Token]:
    """Our own tokens: contractions split, so that "wasn't good" is negated."""
    return [Token(m[0], m.start(), m.end()) for m in TOKEN.finditer(folded)]


class English:
    """Both lexicons, loaded once."""

    def __init__(self, overlay: Iterable[tuple[str, float]], noise: frozenset[str]) -> None:
        """`overlay`: single words of our domain with their polarity; `noise`: words to forget."""
        _textblob("good")  # loads the lexicon, which is lazy otherwise
        self._shipped = _PlainDict(_textblob)
        self._ours = _PlainDict({w: v for w, v in _textblob.items() if w not in noise})
        for word, polarity in overlay:
            self._ours[word] = {None: (polarity, 0.8, 1.0)}

    def shipped_reading(self, text: str) -> Reading:
        """What `TextBlob(text).sentiment` says; equal to it on every text."""
        if not PLAIN.match(text):
            score = _textblob(text)
            return Reading(score[0], score[1], len(score.assessments))
        words = re.findall(r"[a-z0-9]+|[.!?,]", text.lower())
        found = self._shipped.assessments([(w, None) for w in words])
        count = len(found) or 1
        return Reading(sum(a[1] for a in found) / count, sum(a[2] for a in found) / count, len(found))

    def assess(self, tokens: list[Token]) -> list[Assessment]:
        """The chunks that our lexicon knows, in order, by TextBlob's rules."""
        found: list[tuple[list[str], float, float, Any]] = self._ours.assessments(
            [(t.text, None) for t in tokens]
        )
        return list(_placed(found, tokens))


def _placed(found: list[tuple[list[str], float, float, Any]], tokens: list[Token]) -> Iterable[Assessment]:
    """TextBlob gives words, not places: walk the tokens in step with the chunks."""
    position = 0
    for words, polarity, _, _ in found:
        named = [w for w in words if w != "!"]
        last = next((i for i in range(position, len(tokens)) if tokens[i].text == named[-1]), None)
        if last is None:
            continue
        first = max(position, last - len(named) + 1)
        position = last + 1
        yield Assessment(tokens[first].start, tokens[last].end, polarity, named[0] in _PlainDict.negations)
