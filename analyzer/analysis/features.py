"""What the trained layer sees of a sentence: the rules' findings and the n-grams of its words.

In: folded text, rule reading, topic hits, cues, place in the answer. Out: names of features.
Training and run time share this file, so that they can never drift apart.
"""

import re
from collections.abc import Iterable
from itertools import pairwise

from .phrases import Hit
from .rules import Reading
from .suggestions import Cue, asks
from .taxonomy import TopicPhrase

WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*|[%°]|[!?;:]|[\u4e00-\u9fff]")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
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


def word_grams_of(folded: str) -> set[str]:
    """The runs of words of a folded sentence."""
    return word_grams(words_of(folded))


def char_grams(folded: str) -> set[str]:
    """Runs of one to four characters of a Chinese sentence, numbers all alike."""
    t = "^" + NUMBER.sub("0", folded.replace(" ", "")) + "$"
    n = len(t)
    return {t[i : i + k] for k in range(1, CHARS_IN_GRAM + 1) for i in range(n - k + 1)}


def pieces_of(word: str) -> list[str]:
    """Pieces of one word, its ends marked: what "recuperator" and "recuperation" share."""
    t = f" {word} "
    n = len(t)
    return [t[i : i + k] for k in PIECES for i in range(n - k + 1)]


def size_class(text: str, lang: str) -> str:
    """Short answers behave differently from long ones."""
    return f"len{min(5, len(text) // (10 if lang == 'zh' else 30))}"


def place_features(question: str | None, index: int, alone: bool, text: str, lang: str) -> list[str]:
    """Where the sentence stands: which question, first or later, alone or not."""
    asked = question or ""
    names = [f"q:{asked}", f"q{asked}first" if index == 0 else f"q{asked}"]
    names += ["n1" if alone else "n+", size_class(text, lang)]
    if text.rstrip().endswith(("?", "？")):
        names.append("qm")
    return names


def topic_features(hits: Iterable[Hit[TopicPhrase]]) -> list[str]:
    """Topics, their parts, and strong phrases named by the taxonomy."""
    names = []
    for _, _, phrase in hits:
        names += [f"T:{phrase.topic}", f"P:{phrase.topic}.{phrase.part}"]
        if phrase.weight >= 2:
            names.append(f"TS:{phrase.topic}")
    return names


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


def hit_features(rule: str, value: float, weight: float) -> list[str]:
    """The names one rule hit is known by."""
    sign = "+" if value > 0 else "-"
    return [f"R:{rule}", f"V:{sign}"] if weight >= 1 else [f"R:{rule}", f"V:{sign}", f"RW:{sign}"]


def reading_features(reading: Reading) -> list[str]:
    """What the rules found in all: roles seen and the step of their sum."""
    names = [f"M:{m}" for m in reading.marks if m in MARKS]
    names.append(f"S:{max(-3, min(3, round(reading.score() / 0.4)))}")
    if not reading.hits:
        names.append("S:none")
    return names


def cue_features(cues: list[Cue]) -> list[str]:
    """Patterns of advice, and what they say together."""
    names = [f"G:{cue.pattern}" for cue in cues]
    names.append("G:yes" if asks(cues) else "G:no")
    names.append(f"G:n{min(3, sum(c.weight > 0 for c in cues))}")
    return names


def before_features(topics: Iterable[str], score: float) -> list[str]:
    """What the sentence before spoke of, and in which direction."""
    return [f"prev:{t}" for t in topics] + [f"pv:{max(-2, min(2, round(score / 0.5)))}"]
