"""What each stretch of English without white space says to those who read it, worked out once.

In: stretches ("heat,", "wasn't", "0.3"). Out: the words in them as the model, TextBlob and our own rules
cut them, and flags that tell which of these readers need not look at a sentence at all. None of their words
reaches across white space, so that a sentence is read as the sum of its stretches.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from . import features, rules, sentiment
from .language import spaced
from .phrases import Hit, PhraseBook, SecondWords
from .suggestions import Advice

LONG_ENOUGH = 3  # TextBlob asks of a word between "very" and "good" whether it has more than two letters
MOST_STRETCHES = 20_000  # kept; all are forgotten once in a while
# TextBlob cuts it in a way of its own; its lexicon knows a word of it; ours does; a clause may end at it;
# it ends in a colon; it begins with a mark or is one sign; a request may begin with a word of it; it has
# phrases, may begin one, or has words of advice.
OWN_WAY, TOLD_TEXTBLOB, TOLD_US, CLAUSE, COLON, MARK, VERB, TELLS = (1 << n for n in range(8))
ANYTHING = SecondWords(frozenset(), ("",))
NO_WORDS: frozenset[str] = frozenset()
FACE = COLON | MARK  # of two stretches: ": (", ": p"


@dataclass(slots=True)
class Stretch:
    """One stretch: its words by reader, the phrases inside it, and its flags.

    `inside` and `last` are the flags it has inside a sentence and at the end of one. What every sentence
    needs stands first, and flags tell whether to look at the rest: memory that is not touched costs no time.
    """

    inside: int
    size: int  # characters, and the white space after them
    known_by: Any  # the model that met it last,
    known: Any  # and what it knows of its words
    last: int
    words: tuple[str, ...]  # the model's
    phrases: tuple[Hit[Any], ...]  # whose words all stand in it
    go_on: SecondWords | None  # how the next stretch must begin for a phrase to go on in it
    advice: frozenset[str]  # words that patterns of advice need
    textblobs: tuple[str, ...]
    ours: tuple[str, ...]
    first: str  # word, for the phrases


@dataclass(slots=True)
class Line:
    """A sentence as its stretches: the flags of all of them, the phrases in it, the words of advice."""

    stretches: list[Stretch]
    flags: int
    phrases: list[Hit[Any]]
    advice: frozenset[str]

    def textblobs(self) -> list[str] | None:
        """TextBlob's words; None: it cuts this sentence in a way of its own."""
        if self.flags & OWN_WAY or self.flags & FACE == FACE:
            return None
        return [word for stretch in self.stretches for word in stretch.textblobs]

    def ours(self) -> list[str]:
        """The words of our own rules."""
        return [word for stretch in self.stretches for word in stretch.ours]


class Stretches(dict[str, Stretch]):
    """Stretch by its text in small letters; fills itself as stretches are met."""

    def __init__(self, english: sentiment.English, book: PhraseBook[Any], advice: Advice) -> None:
        """For those who read them: TextBlob's lexicon and ours, the phrases, the patterns of advice."""
        super().__init__()
        self._english = english
        self._book = book
        self._advice = advice

    def __missing__(self, text: str) -> Stretch:
        """Read a stretch that was not met yet."""
        if len(self) >= MOST_STRETCHES:
            self.clear()
        found = self[text] = self._read(text)
        return found

    def of(self, folded: str) -> Line:
        """The stretches of a sentence (no white space at its ends)."""
        found = list(map(self.__getitem__, folded.split()))
        flags, position, advice = 0, 0, NO_WORDS
        phrases: list[Hit[Any]] = []
        go_on: SecondWords | None = None
        across = self._book.reaches_anywhere  # whether a phrase may reach from one stretch into the next
        inside = 0
        for stretch in found:
            flags |= inside
            inside = stretch.inside
            if go_on is not None and (stretch.first in go_on[0] or stretch.first.startswith(go_on[1])):
                across = True
            if inside & TELLS:
                if stretch.phrases:
                    phrases += [Hit(position + s, position + e, value) for s, e, value in stretch.phrases]
                if stretch.advice:
                    advice |= stretch.advice
                go_on = stretch.go_on
            else:
                go_on = None
            position += stretch.size
        if found:
            flags |= found[-1].last
        if across or position != len(folded) + 1:
            phrases = self._book.find(spaced(folded))
        return Line(found, flags, phrases, advice)

    def _read(self, text: str) -> Stretch:
        textblobs, ours = sentiment.ITS_TOKEN.findall(text), sentiment.TOKEN.findall(text)
        flags = TOLD_TEXTBLOB if not self._english.told_by_textblob.isdisjoint(textblobs) else 0
        flags |= TOLD_US if not self._english.told_by_us.isdisjoint(ours) else 0
        flags |= COLON if text[-1] in ":;" else 0
        flags |= VERB if self._advice.has_verb(text) else 0
        flags |= MARK if len(text) == 1 or not text[0].isalnum() else 0
        parts = spaced(text)[1:-1].split(" ")
        phrases, go_on, advice = (
            self._book.find(spaced(text)),
            self._go_on(parts),
            self._advice.words_in(text),
        )
        flags |= TELLS if phrases or go_on or advice else 0
        # A stop behind a word that tells nothing ("approx.", "2.") changes nothing for TextBlob.
        plain = text[:-1].isdigit() or (len(text) > LONG_ENOUGH and text[:-1].isalnum())
        stops = text[-1] == "." and plain and not flags & TOLD_TEXTBLOB
        return Stretch(
            flags | _own_way(f" {text[:-1] if stops else text} a") | _clause(f" {text} "),
            len(text) + 1,
            None,
            (),
            flags | _own_way(f" {text}") | _clause(text),
            tuple(features.words_of(text)),
            tuple(phrases),
            go_on,
            advice,
            tuple(textblobs),
            tuple(ours),
            parts[0],
        )

    def _go_on(self, parts: list[str]) -> SecondWords | None:
        """How the next stretch must begin: in any way, where a phrase may have begun before the last part."""
        for first, second in pairwise(parts):
            following = self._book.second_words(first)
            if following and following.hold(second):
                return ANYTHING
        return self._book.second_words(parts[-1])


def _own_way(text: str) -> int:
    """Quotes count at the edges of a whole text alone: where in doubt, TextBlob reads it itself."""
    return OWN_WAY if sentiment.ITS_OWN_WAY.search(text) or "'" in (text[1], text[-1]) else 0


def _clause(text: str) -> int:
    """Whether a clause may end at it; a dash may, too, that is written to a word."""
    return CLAUSE if rules.CLAUSE_MARK.search(text) or text.rstrip().endswith("-") else 0
