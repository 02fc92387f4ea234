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
# TextBlob's own tokens, for texts without the signs that it treats in a way of its own.
ITS_LETTER = r"[^\s.!?,:;()\"“”‘’…']"
ITS_TOKEN = re.compile(
    rf"[a-z]+(?=n't(?![a-z]))|n(?='t(?![a-z]))|'|{ITS_LETTER}+(?:(?<=\d)[.,]\d{ITS_LETTER}*)*|!"
)
# Each candidate is found by its first sign, then looked at more closely. "8)" and ": (" are faces to it.
ITS_OWN_WAY = re.compile(
    r"[=@_#*<>$^\\|~\[\].,:;?!()'-](?:(?<=[=@_#*<>$^\\|~\[\]])|(?<=8\))"
    r"|(?<=[.,])(?:\D(?<=\S)|(?<!\d.)\d)|(?<=[:;])(?:\S|\s\W|\s.\b)|(?<=[.?!])\s|(?<=\W\))\s|(?<=!)[)\w]"
    r"|(?<=\S-)(?:\s|$)|(?:(?<=\s-)|(?<=^-))\S|(?<=[^\s(]\()|(?<=')(?:$|')|(?<=^'))"
)
FACES_OF_LETTERS = ("x-d", "8-d")  # emoticons that look like words


class Reading(NamedTuple):
    """TextBlob's view of a text; `scored` is how many chunks of it the lexicon knows."""

    polarity: float
    subjectivity: float
    scored: int


class Assessment(NamedTuple):
    """A chunk TextBlob assessed ("not very good"): its place and its polarity -1..1."""

    start: int
    end: int
    polarity: float
    negated: bool


NOTHING = Reading(0.0, 0.0, 0)
KEPT = frozenset((*_textblob.negations, *FACES_OF_LETTERS, "!"))
Found = tuple[list[str], float, float, Any]  # words, polarity, subjectivity, label


class _PlainDict(dict[str, Any]):
    """TextBlob's lexicon without its lazy loading, which costs half of the time of a look-up."""

    assessments = _Sentiment.assessments
    labeler = _textblob.labeler
    negations = _textblob.negations
    modifiers = _textblob.modifiers
    modifier = staticmethod(_textblob.modifier)


class _Words:
    """One of the two lexicons, and how it reads a list of words."""

    def __init__(self, lexicon: _PlainDict) -> None:
        self._lexicon = lexicon
        self.telling = KEPT.union(lexicon)  # the words that can change what is found
        self._alone = {
            w: _alone(w, by_pos[None]) for w, by_pos in lexicon.items() if _stands_alone(w, by_pos)
        }

    def found(self, words: list[str]) -> list[Found]:
        """TextBlob's assessments. Where no word turns or strengthens another, each stands for itself."""
        told = [word for word in words if word in self.telling]
        try:
            return [self._alone[word] for word in told]
        except KeyError:
            found: list[Found] = self._lexicon.assessments([(w, None) for w in _telling(words, self.telling)])
            return found


def _stands_alone(word: str, by_pos: dict[str | None, Any]) -> bool:
    return word not in KEPT and by_pos.keys().isdisjoint(_PlainDict.modifiers)


def _alone(word: str, values: tuple[float, float, float]) -> Found:
    return [word], values[0], values[1], None


class English:
    """Both lexicons, loaded once."""

    def __init__(self, overlay: Iterable[tuple[str, float]], noise: frozenset[str]) -> None:
        """`overlay`: single words of our domain with their polarity; `noise`: words to forget."""
        _textblob("good")  # loads the lexicon, which is lazy otherwise
        self._shipped = _Words(_PlainDict(_textblob))
        ours = _PlainDict({w: v for w, v in _textblob.items() if w not in noise})
        ours.update({word: {None: (polarity, 0.8, 1.0)} for word, polarity in overlay})
        self._ours = _Words(ours)

    def shipped_reading(self, text: str) -> Reading:
        """What `TextBlob(text).sentiment` says; a test holds both equal on every labelled sentence."""
        if ITS_OWN_WAY.search(text):
            score = _textblob(text)
            return Reading(score[0], score[1], len(score.assessments))
        found = self._shipped.found(ITS_TOKEN.findall(text.lower()))
        if not found:
            return NOTHING
        count = len(found)
        return Reading(sum([a[1] for a in found]) / count, sum([a[2] for a in found]) / count, count)

    def assess(self, folded: str) -> list[Assessment]:
        """The chunks that our lexicon knows, in order, by TextBlob's rules on our own words.

        Contractions are split in them, so that "wasn't good" is negated.
        """
        found = self._ours.found(TOKEN.findall(folded))
        return list(_placed(found, folded)) if found else []


def _telling(words: list[str], telling: frozenset[str]) -> list[str]:
    """The words that can change what TextBlob finds: the rest of a run of unknown words cannot.

    An unknown word only ends a negation or an intensifier, and the longest of a run does that for all.
    """
    kept: list[str] = []
    if telling.isdisjoint(words):
        return kept
    run = ""
    for word in words:
        if word in telling:
            if run:
                kept.append(run)
                run = ""
            kept.append(word)
        elif kept and len(word) > len(run):
            run = word
    return kept


def _placed(found: list[Found], folded: str) -> Iterable[Assessment]:
    """TextBlob gives words, not places: find them again, one after the other."""
    position = 0
    for words, polarity, _, _ in found:
        named = [w for w in words if w != "!"]
        start = _word_at(folded, named[0], position)
        end = start
        for word in named:
            end = _word_at(folded, word, end) + len(word)
        position = end
        yield Assessment(start, end, polarity, named[0] in _PlainDict.negations)


def _word_at(folded: str, word: str, position: int) -> int:
    """Where a whole word stands at or after a position."""
    while True:
        found = folded.find(word, position)
        if found < 0:
            return position
        before, after = folded[found - 1 : found], folded[found + len(word) : found + len(word) + 1]
        if word[0] == "n" or not (before.isalnum() or after.isalnum()):
            return found
        position = found + 1
