"""Everyday English, where nobody asked one of our questions: reviews, news, chat.

In: folded English, the rules' observation. Out: hits of everyday words, a Verdict of both.
The words and their values are VADER's (general_words.txt, MIT licence); so are the reach of a negation
and the factors below.
"""

import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from .findings import Reason
from .model import LanguageModel
from .observing import Observation
from .rules import RuleHit, free
from .scoring import UNIT, Verdict, from_sum, rule_values

WORDS = Path(__file__).parent / "general_words.txt"
TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?(?:-[a-z]+)*|[:;=][-o']?[()\[\]dp/|]|<3|\S")
JOINED = re.compile(
    r"[-:;=<'%&+]|\d[a-z]|[a-z]\d"
)  # without them, words that stand between spaces are all tokens
NEGATIONS = frozenset(
    [
        "not",
        "no",
        "never",
        "none",
        "nobody",
        "nothing",
        "neither",
        "nor",
        "cannot",
        "without",
        "hardly",
        "barely",
        "rarely",
        "seldom",
        "nowhere",
    ]
)
STRONGER = frozenset(
    [
        "very",
        "really",
        "extremely",
        "absolutely",
        "so",
        "totally",
        "incredibly",
        "highly",
        "most",
        "too",
        "truly",
    ]
)
WEAKER = frozenset(["slightly", "somewhat", "kind", "sort", "almost", "barely", "little", "partly"])
REACH = 3  # words before
NEGATED, STRONG, WEAK, BEFORE_BUT, AFTER_BUT = -0.74, 1.2, 0.8, 0.5, 1.5
# Of VADER's -4..4 and of our rules' values; and the sum below which nothing is judged.
WORD_SHARE, RULE_SHARE, CUT = 0.15, 0.5, 0.12
# What shows that a text without a question is a visitor's: a logistic regression, visitors by unseen authors
# against reviews, news and forums.
NAMED, MET, RUNS, SIZE, OURS = 5.8, 5.7, 2.0, 0.64, 8.6
ENOUGH = 40  # words; of more, more says nothing


def load_words(path: Path = WORDS) -> dict[str, float]:
    """Word -> value; raises ValueError at a line that is not word, tab, number."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {word: float(value) for word, value in pairs}


class EverydayWords:
    """The list, loaded once."""

    def __init__(self) -> None:
        self._values = load_words()

    def hits(self, folded: str, spaced_words: Iterable[str]) -> list[RuleHit]:
        """Words with a direction, turned by negations, after "but" more than before.

        `spaced_words`: of the same text, as `features.words_of` finds them.
        """
        if self._values.keys().isdisjoint(spaced_words) and folded.isascii() and not JOINED.search(folded):
            return []
        found = list(TOKEN.finditer(folded))
        words = [m[0] for m in found]
        turn = max((i for i, word in enumerate(words) if word == "but"), default=-1)
        return [
            RuleHit(m.start(), m.end(), *self._valued(words, i, turn))
            for i, m in enumerate(found)
            if words[i] in self._values and words[i] not in NEGATIONS
        ]

    def _valued(self, words: list[str], position: int, turn: int) -> tuple[str, float]:
        value, rule = self._values[words[position]], "everyday"
        before = words[max(0, position - REACH) : position]
        if before:
            value *= STRONG if before[-1] in STRONGER else WEAK if before[-1] in WEAKER else 1.0
        if any(word in NEGATIONS or word.endswith("n't") for word in before):
            value, rule = value * NEGATED, "everyday:neg"
        if turn >= 0:
            value *= BEFORE_BUT if position < turn else AFTER_BUT
        return rule, round(value, 4)


def judge(seen: Observation, words: EverydayWords) -> Verdict:
    """Everyday words and half of what the rules found; "reject rate below 0.3 %" rejects nothing."""
    weighed = [(h.start, h.end) for h in seen.reading.hits if h.rule.startswith("qty:")]
    reasons = [
        Reason(h.rule, h.start, h.end, round(h.value * WORD_SHARE * UNIT), 0)
        for h in words.hits(seen.folded, seen.words)
        if free(h, weighed)
    ]
    return from_sum(reasons + rule_values(seen, RULE_SHARE), CUT)


def is_ours(seen: Sequence[Observation], model: LanguageModel) -> bool:
    """Whether English that answers no question speaks of what visitors speak of; `seen`: its sentences.

    Taxonomy, words and runs of words that were met in training, each by its share, and how much there is.
    """
    words = [word for observation in seen for word in observation.words if word.isalpha()]
    if not words:
        return False
    count = len(words)
    named = sum([hit.value.weight for observation in seen for hit in observation.topics])
    runs = sum([model.runs_known(observation.grams) for observation in seen])
    told = (
        NAMED * named / count
        + MET * model.share_known(words)
        + RUNS * runs / count
        + SIZE * math.log(min(count, ENOUGH))
    )
    return told >= OURS
