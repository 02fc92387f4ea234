"""What the trained layer sees of a sentence: the rules' findings and the n-grams of its words.

In: folded text, rule reading, topic hits, cues, place in the answer. Out: names of features.
Training and run time share this file, so that they can never drift apart.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from .phrases import Hit
from .rules import Reading
from .suggestions import Cue, asks
from .taxonomy import TopicPhrase

WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*|[%°]|[!?;:]|[\u4e00-\u9fff]")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
MOST_OF_A_NAME = 3  # of the features of rules and place, a name counts so many times in a sentence
WORDS_IN_GRAM, CHARS_IN_GRAM = 3, 4
PIECES = range(2, 6)  # lengths of the word pieces that let unseen forms of a word be recognised


def words_of(folded: str) -> list[str]:
    """Words and telling marks; every number is the same word."""
    return ["#" if w[0].isdigit() else w for w in WORD.findall(folded)]


def word_grams(words: list[str]) -> set[str]:
    """Runs of one to three words, the ends of the sentence included."""
    w = ["<", *words, ">"]
    pairs = [f"{a} {b}" for a, b in pairwise(w)]
    return {*w, *pairs, *(f"{a} {b}" for a, b in zip(pairs, w[2:], strict=False))}


def word_line(words: list[str]) -> str:
    """A line in which exactly the `word_grams`, each between two spaces, can be found."""
    return f" < {' '.join(words)} > " if words else " < > "


def word_grams_of(folded: str) -> set[str]:
    """The runs of words of a folded sentence."""
    return word_grams(words_of(folded))


def char_line(folded: str) -> str:
    """A Chinese sentence with its ends marked: exactly the `char_grams` can be found in it."""
    return "^" + NUMBER.sub("0", folded.replace(" ", "")) + "$"


def char_grams(folded: str) -> set[str]:
    """Runs of one to four characters of a Chinese sentence, numbers all alike."""
    t = char_line(folded)
    n = len(t)
    return {t[i : i + k] for k in range(1, CHARS_IN_GRAM + 1) for i in range(n - k + 1)}


def pieces_of(word: str) -> list[str]:
    """Pieces of one word, its ends marked: what "recuperator" and "recuperation" share."""
    t = f" {word} "
    n = len(t)
    return [t[i : i + k] for k in PIECES for i in range(n - k + 1)]


def size_class(text: str, lang: str) -> int:
    """Short answers behave differently from long ones: 0 to 5."""
    return min(5, len(text) // (10 if lang == "zh" else 30))


def place_features(question: str | None, index: int, alone: bool, text: str, lang: str) -> list[str]:
    """Where the sentence stands: which question, first or later, alone or not."""
    asking = text.rstrip().endswith(("?", "？"))
    return list(_place_features(question or "", index == 0, alone, size_class(text, lang), asking))


@lru_cache(maxsize=1024)
def _place_features(asked: str, first: bool, alone: bool, size: int, asking: bool) -> tuple[str, ...]:
    names = (f"q:{asked}", f"q{asked}first" if first else f"q{asked}", "n1" if alone else "n+", f"len{size}")
    return (*names, "qm") if asking else names


def topic_features(hits: Iterable[Hit[TopicPhrase]]) -> list[str]:
    """Topics, their parts, and strong and weak phrases named by the taxonomy."""
    names: list[str] = []
    for _, _, phrase in hits:
        names += _phrase_features(phrase.topic, phrase.part, phrase.weight)
    return names


@lru_cache(maxsize=4096)
def _phrase_features(topic: str, part: str, weight: float) -> tuple[str, ...]:
    part = f"P:{topic}.{part}"
    if weight < 1:
        return f"TW:{topic}", part
    return (f"T:{topic}", part, f"TS:{topic}") if weight >= 2 else (f"T:{topic}", part)


MARKS = frozenset(
    [
        "fix",
        "extend",
        "offer",
        "courtesy",
        "but",
        "although",
        "minor",
        "negator",
        "shown",
        "few",
        "many",
        "intensifier",
        "dampener",
    ]
)


# Words that say nothing of a company when they are named as a reason.
EMPTY = frozenset(
    re.findall(
        r"[a-z]+",
        """a about all also an and any are as at be been but by can could did do does for from had has
        have he her here his how i if in into is it its just like me more my no not now of on one only
        or other our out over please she should so some such than that the their them then there these
        they this those to too up us very was we were what when which who will with would you your""",
    )
)


def says_something(words: str) -> bool:
    """Whether a run of words can be named as a reason: a telling word, or two Chinese characters."""
    if any("\u4e00" <= char <= "\u9fff" for char in words):
        return len(words) > 1
    return any(len(word) > 2 and word.isalpha() and word not in EMPTY for word in words.split(" "))


STEPS = {step: f"S:{step}" for step in range(-3, 4)}


def hit_features(rule: str, value: float, weight: float) -> tuple[str, ...]:
    """The names one rule hit is known by."""
    return _hit_features(rule, value > 0, weight >= 1)


@lru_cache(maxsize=1024)
def _hit_features(rule: str, praise: bool, full: bool) -> tuple[str, ...]:
    sign = "+" if praise else "-"
    return (f"R:{rule}", f"V:{sign}") if full else (f"R:{rule}", f"V:{sign}", f"RW:{sign}")


def reading_features(reading: Reading) -> list[str]:
    """What the rules found in all: roles seen and the step of their sum."""
    names = [f"M:{m}" for m in reading.marks if m in MARKS]
    names.append(STEPS[max(-3, min(3, round(reading.score() / 0.4)))] if reading.hits else STEPS[0])
    if not reading.hits:
        names.append("S:none")
    return names


def cue_features(cues: list[Cue]) -> list[str]:
    """Patterns of advice, and what they say together."""
    if not cues:
        return ["G:no", "G:n0"]
    names = [f"G:{cue.pattern}" for cue in cues]
    names.append("G:yes" if asks(cues) else "G:no")
    names.append(f"G:n{min(3, sum(c.weight > 0 for c in cues))}")
    return names


def before_features(topics: Iterable[str], score: float) -> list[str]:
    """What the sentence before spoke of, and in which direction."""
    return [f"prev:{t}" for t in topics] + [f"pv:{max(-2, min(2, round(score / 0.5)))}"]
