"""English polarity by TextBlob: the only door to that library.

In: text or tokens. Out: TextBlob's own polarity (-1..1) and subjectivity (0..1), and the words it
assessed, with its chunks, negations and intensifiers. The lexicon exists twice: as TextBlob ships it,
and with its noise removed and our domain words annotated into it.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from textblob._text import Sentiment as _Sentiment
from textblob.en import sentiment as _textblob

from .rules import RuleHit

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
    r"|(?<=[.,])(?:\D(?<=\S)|(?<!\d.)\d)|(?<=[:;])(?:\S|\s\W|\s[^aAiI\s]\b)|(?<=[.?!])\s|(?<=\W\))\s|(?<=!)[)\w]"
    r"|(?<=\S-)(?:\s|$)|(?:(?<=\s-)|(?<=^-))(?!\d\d)\S|(?<=[^\s(]\()|(?<=')(?:$|')|(?<=^'))"
)
# Words, numbers and the usual marks: its words are among those that the other readers share, compounds apart.
# Without an ODD sign, or with a word of three letters in each run of unknown ones, these are alike, too.
PLAIN = re.compile(
    r"[a-z0-9 %&+°]*(?:(?:, (?=\w)|[.:;] (?=[a-z]{2}|\d)|(?<=\d)[.,](?=\d)|(?<=\w)[-/](?=\w)|(?<![^ ])- "
    r"|(?<=[a-z])'(?=[a-z])"
    r"|(?<= )[(\"]{1,2}(?=\w)|(?<=[a-z0-79%])[)\"]{1,2}(?=[ ,.]|$))[a-z0-9 %&+°]*)*(?:\.{3}|[.?!;:])?"
)
DIGIT_JOINED = re.compile(r"\d-|-\d")
PARTING_BUT_HYPHENS = {ord(sign): " " for sign in ' %&+°,.:;()"?!'}
COMPOUND = re.compile(r"\w+(?:[-/]\w+)+")
ODD = frozenset("0123456789-/%&+°!'")
STRONG_WORD, WEAK_WORD, SILENT_WORD = 0.6, 0.3, 0.05  # polarities
UNKNOWN, SHORT_RUNS = "xxx", frozenset(("x", "xx"))
FACES_OF_LETTERS = ("x-d", "8-d")  # emoticons that look like words


class Reading(NamedTuple):
    """TextBlob's view of a text; `scored` is how many chunks of it the lexicon knows."""

    polarity: float
    subjectivity: float
    scored: int


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
        self.each = {w: _alone(w, by_pos[None]) for w, by_pos in lexicon.items() if _stands_alone(w, by_pos)}
        self.turning = self.telling - self.each.keys()
        self.kept = lru_cache(maxsize=4096)(self._assessed)  # "very good" comes again

    def found(self, words: list[str]) -> list[Found]:
        """TextBlob's assessments; where no word turns or strengthens another, each stands for itself."""
        telling, each = self.telling, self.each
        try:
            return [each[word] for word in words if word in telling]
        except KeyError:
            return self.together(words)

    def together(self, words: list[str]) -> list[Found]:
        """TextBlob's assessments by its own rules."""
        return self.kept(tuple(_reduced(words, self.telling)))

    def _assessed(self, words: tuple[str, ...]) -> list[Found]:
        found: list[Found] = self._lexicon.assessments([(w, None) for w in _reduced(words, self.telling)])
        return found


def _stands_alone(word: str, by_pos: dict[str | None, Any]) -> bool:
    return word not in KEPT and by_pos.keys().isdisjoint(_PlainDict.modifiers)


def _alone(word: str, values: tuple[float, float, float]) -> Found:
    return [word], values[0], values[1], None


class English:
    """Both lexicons, loaded once."""

    def __init__(self, overlay: Sequence[tuple[str, float]], noise: frozenset[str]) -> None:
        """`overlay`: single words of our domain with their polarity; `noise`: words to forget."""
        _textblob("good")  # loads the lexicon, which is lazy otherwise
        self._shipped = _Words(_PlainDict(_textblob))
        ours = _PlainDict({w: v for w, v in _textblob.items() if w not in noise})
        ours.update({word: {None: (polarity, 0.8, 1.0)} for word, polarity in overlay})
        self._ours = _Words(ours)
        self._telling = self._shipped.telling | self._ours.telling
        self._turning = self._shipped.turning | self._ours.turning
        self._differing = noise.union(word for word, _ in overlay)
        # What each word says to the rules.
        self._loud = {
            word: (_strength(polarity, False), round(polarity, 4))
            for word, (_, polarity, _, _) in self._ours.each.items()
            if abs(polarity) >= SILENT_WORD
        }

    def read(self, text: str, folded: str, words: list[str]) -> tuple[list[RuleHit], Reading]:
        """An English sentence: `assess` and `shipped_reading` in one go, as far as they see the same words.

        `words`: of the folded text, as `features.words_of` finds them.
        """
        if folded != text.lower() or not PLAIN.fullmatch(folded):
            # It knows straight quotes only, and "wasn’t" is one word to it.
            return self.assess(folded), self.shipped_reading(text)
        if "'" in folded:
            return self.assess(folded), self._theirs(text, folded)
        if ("-" in folded or "/" in folded) and self._compounds_tell(folded):
            if "/" in folded or DIGIT_JOINED.search(folded):
                return self.assess(folded), self._theirs(text, folded)
            # What hyphens join is one word to both.
            words = folded.translate(PARTING_BUT_HYPHENS).split()
        told = [word for word in words if word in self._telling]
        if not told:
            return [], NOTHING
        if self._turning.isdisjoint(told) and folded[-1] != "!":
            each = self._shipped.each
            return self._each_placed(told, folded), _mean([each[word] for word in told if word in each])
        reduced = tuple(_reduced([*words, "!"] if folded[-1] == "!" else words, self._telling))
        ours = self._ours.kept(reduced)
        alike = ODD.isdisjoint(folded) or SHORT_RUNS.isdisjoint(reduced)
        if not alike or ". " in folded or "..." in folded:
            theirs = self._theirs(text, folded)
        else:
            theirs = _mean(ours if self._differing.isdisjoint(told) else self._shipped.kept(reduced))
        return list(_placed(ours, folded)), theirs

    def _theirs(self, text: str, folded: str) -> Reading:
        """TextBlob's own value of a plain text; what looks like an abbreviation is left to it."""
        if ". " in folded or "..." in folded:
            return self.shipped_reading(text)
        return _mean(self._shipped.found(ITS_TOKEN.findall(folded)))

    def _compounds_tell(self, folded: str) -> bool:
        """Whether a part of what a hyphen or a stroke joins could tell something, or the whole of it."""
        compounds = COMPOUND.findall(folded)
        parts = "-".join(compounds).replace("/", "-").split("-")
        return not (self._telling.isdisjoint(compounds) and self._telling.isdisjoint(parts))

    def shipped_reading(self, text: str) -> Reading:
        """What `TextBlob(text).sentiment` says; a test holds both equal on every labelled sentence."""
        if ITS_OWN_WAY.search(text):
            score = _textblob(text)
            return Reading(score[0], score[1], len(score.assessments))
        return _mean(self._shipped.found(ITS_TOKEN.findall(text.lower())))

    def assess(self, folded: str) -> list[RuleHit]:
        """The chunks that our lexicon knows, in order, by TextBlob's rules on our own words.

        Contractions are split in ours, so that "wasn't good" is negated; what hyphens join stays one word.
        """
        words = TOKEN.findall(folded)
        told = [word for word in words if word in self._telling]
        if self._turning.isdisjoint(told):
            return self._each_placed(told, folded)
        return list(_placed(self._ours.together(words), folded))

    def _each_placed(self, told: list[str], folded: str) -> list[RuleHit]:
        """Words that stand for themselves."""
        hits, position, loud = [], 0, self._loud
        for word in told:
            if word in loud:
                start = _word_at(folded, word, position)
                position = start + len(word)
                rule, polarity = loud[word]
                hits.append(RuleHit(start, position, rule, polarity))
        return hits


def _mean(found: list[Found]) -> Reading:
    """TextBlob's value of a text is the mean of its chunks."""
    if not found:
        return NOTHING
    count = len(found)
    return Reading(sum([a[1] for a in found]) / count, sum([a[2] for a in found]) / count, count)


def _reduced(words: Sequence[str], telling: frozenset[str]) -> list[str]:
    """The words that can change what TextBlob finds: the rest of a run of unknown words cannot.

    An unknown word only ends a negation or an intensifier, and the longest of a run does that for all;
    of its signs three are as good as more.
    """
    kept: list[str] = []
    if telling.isdisjoint(words):
        return kept
    run = ""
    for word in words:
        if word in telling:
            if run:
                kept.append(UNKNOWN[: len(run)] if "'" not in run else run)
                run = ""
            kept.append(word)
        elif kept and len(word) > len(run):
            run = word
    return kept


def _placed(found: list[Found], folded: str) -> Iterable[RuleHit]:
    """TextBlob gives words, not places: find them again, one after the other; those that weigh something."""
    position = 0
    for words, polarity, _, _ in found:
        named = [w for w in words if w != "!"]
        start = end = _word_at(folded, named[0], position)
        for word in named:
            end = _word_at(folded, word, end) + len(word)
        position = end
        if abs(polarity) >= SILENT_WORD:
            rule = _strength(polarity, named[0] in _PlainDict.negations)
            yield RuleHit(start, end, rule, round(polarity, 4))


@lru_cache(maxsize=1024)
def _strength(polarity: float, negated: bool) -> str:
    size = abs(polarity)
    step = "s" if size >= STRONG_WORD else "w" if size < WEAK_WORD else ""
    return f"textblob:{'+' if polarity > 0 else '-'}{step}{'!neg' if negated else ''}"


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
