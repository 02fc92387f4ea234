"""What the trained layer sees of a sentence: the rules' findings and the n-grams of its words.

In: folded text, rule reading, topic hits, cues, place in the answer. Out: names of features, those that come
together in groups.
Training and run time share this file, so that they can never drift apart.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from .rules import Reading
from .suggestions import Cue, asks

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
DIGIT = re.compile(r"\d")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MOST_OF_A_NAME = 3  # of the features of rules and place, a name counts so many times in a sentence
Group = tuple[str, ...]  # names that come together
WORDS_IN_GRAM, CHARS_IN_GRAM = 3, 4
# Alone they say nothing: the ends of a sentence, and the words of most sentences. A fifth of what is found.
EVERYWHERE = frozenset(re.findall(r"\S+", "< > the a of and to in is for on with at are was it"))
BEGINNINGS, ENDINGS = range(2, 6), range(2, 5)  # of words, in letters: by them unseen forms are recognised
LONG = 4  # letters of a word that has all of them


def words_of(line: str) -> list[str]:
    """The words of a spaced sentence."""
    return line.split()[1:-1]


def word_grams(line: str) -> set[str]:
    """Runs of one to three words of a spaced sentence, its ends included; none crosses a mark."""
    words = line.split(" ")[1:-1]
    return {
        " ".join(run)
        for size in range(1, WORDS_IN_GRAM + 1)
        for run in zip(*(words[i:] for i in range(size)), strict=False)
        if all(run) and not (size == 1 and run[0] in EVERYWHERE)
    }


def char_line(folded: str) -> str:
    """A Chinese sentence with its ends marked: exactly the `char_grams` can be found in it."""
    return "^" + NUMBER.sub("0", folded.replace(" ", "")) + "$"


def char_grams(folded: str) -> set[str]:
    """Runs of one to four characters of a Chinese sentence, numbers all alike."""
    t = char_line(folded)
    n = len(t)
    return {t[i : i + k] for k in range(1, CHARS_IN_GRAM + 1) for i in range(n - k + 1)}


def pieces_of(word: str) -> list[str]:
    """How one word begins and ends: what "recuperator" and "recuperation", or "rusty" and "dusty", share."""
    t, size = f" {word} ", len(word)
    if size >= LONG:
        return [t[:3], t[:4], t[:5], t[:6], t[-3:], t[-4:], t[-5:]]
    return [t[: k + 1] for k in BEGINNINGS if k <= size + 1] + [t[-k - 1 :] for k in ENDINGS if k <= size]


def size_class(text: str, lang: str) -> int:
    """Short answers behave differently from long ones: 0 to 5."""
    return min(5, len(text) // (10 if lang == "zh" else 30))


@lru_cache(maxsize=1024)
def place_features(question: str | None, index: int, alone: bool) -> Group:
    """Where the sentence stands: which question, first or later, alone or not."""
    asked = question or ""
    return f"q:{asked}", f"q{asked}first" if index == 0 else f"q{asked}", "n1" if alone else "n+"


SIZES: tuple[Group, ...] = tuple((f"len{size}",) for size in range(6))
QUESTION_MARK: Group = ("qm",)
NUMBERS: Group = ("num",)
PERCENT: Group = ("num", "pct")


def sign_features(text: str, lang: str) -> list[Group]:
    """How long the sentence is, whether it asks, and whether it has numbers."""
    groups = [SIZES[size_class(text, lang)]]
    if text.endswith(("?", "？")):
        groups.append(QUESTION_MARK)
    if lang == "en" and DIGIT.search(text):
        # In Chinese the n-grams have them.
        groups.append(PERCENT if "%" in text else NUMBERS)
    return groups


MARKS: dict[str, Group] = {
    role: (f"M:{role}",)
    for role in (
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
    )
}
NO_CUE: Group = ("G:no", "G:n0")


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
    if CHINESE.search(words):
        return len(words) > 1
    return any(len(word) > 2 and word.isalpha() and word not in EMPTY for word in words.split(" "))


NO_STEP: Group = ("S:0", "S:none")
STEPS: dict[int, Group] = {step: (f"S:{step}",) for step in range(-3, 4)}


def hit_features(rule: str, value: float, weight: float) -> Group:
    """The names one rule hit is known by."""
    return _hit_features(rule, value > 0, weight >= 1)


@lru_cache(maxsize=1024)
def _hit_features(rule: str, praise: bool, full: bool) -> Group:
    sign = "+" if praise else "-"
    return (f"R:{rule}", f"V:{sign}") if full else (f"R:{rule}", f"V:{sign}", f"RW:{sign}")


def reading_features(reading: Reading) -> list[Group]:
    """What the rules found in all: roles seen and the step of their sum."""
    groups = [MARKS[role] for role in reading.marks if role in MARKS]
    groups.append(STEPS[max(-3, min(3, round(reading.score / 0.4)))] if reading.hits else NO_STEP)
    return groups


def cue_features(cues: list[Cue]) -> Group:
    """Patterns of advice, and what they say together."""
    if not cues:
        return NO_CUE
    names = [f"G:{cue.pattern}" for cue in cues]
    names.append("G:yes" if asks(cues) else "G:no")
    names.append(f"G:n{min(3, sum(c.weight > 0 for c in cues))}")
    return tuple(names)


def before_features(topics: Iterable[str], score: float) -> Group:
    """What the sentence before spoke of, and in which direction."""
    return (*[f"prev:{t}" for t in topics], f"pv:{max(-2, min(2, round(score / 0.5)))}")
