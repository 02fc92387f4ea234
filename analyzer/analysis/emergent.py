"""Phrases that many responses of one company share and that the background does not explain.

In: the texts of each response, and how often phrases occur elsewhere. Out: Emergent: the phrases, best
first, or the word that there is not enough text. Score (docs/taxonomy.md): responses that use the
phrase x log(background size / background responses) x a bonus for length; phrases that a longer one
explains are left out (the idea of the C-value).
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .language import fold, language_of
from .splitting import split_sentences

FLOOR = 8  # responses; with fewer, chance looks like a pattern
LEAST = 3  # responses that must share a phrase
LONGEST_WORDS, CHARACTERS = 4, range(2, 7)
CLAUSE = re.compile(r"[,;:.!?()，；：。！？、（）“”\"\n]+")
WORD = re.compile(r"[a-z][a-z'-]+|\d+")
CHINESE_RUN = re.compile(r"[\u4e00-\u9fff]+")
STOP_WORDS = frozenset(
    re.findall(
        r"\S+",
        """the a an and or but of to in on at for with from by as is are was were be been it its they their
        them this that these those there here we our us you your i my me he she his her not no so very more
        most much many some any all one two only also too just than then if when which who what how have has
        had do does did will would can could should may might must about into out up down over under after
        before good great""",
    )
)
STOP_CHARACTERS = frozenset(
    "的了是在和与及也都就很不没有这那我们你他她它着过到对为以从被把让给上下里中一个些等可会能要但而或吧吗呢啊"
)


@dataclass(frozen=True)
class Phrase:
    """A phrase of one company, and in how many responses it stands."""

    text: str
    responses: int
    score: float


@dataclass(frozen=True)
class Emergent:
    """`enough` is False when there are too few responses to say anything."""

    enough: bool
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True)
class Background:
    """In how many responses elsewhere each phrase stands, and how many responses there are."""

    responses: int
    counts: Mapping[str, int]


def background_of(texts_by_response: Mapping[str, Sequence[str]]) -> Background:
    """Count the phrases of all other companies."""
    return Background(len(texts_by_response), _counts(texts_by_response))


def emergent_phrases(
    texts_by_response: Mapping[str, Sequence[str]], background: Background, most: int = 10
) -> Emergent:
    """The phrases that mark these responses, at most `most`."""
    if len(texts_by_response) < FLOOR:
        return Emergent(False, ())
    counts = {p: n for p, n in _counts(texts_by_response).items() if n >= LEAST}
    scored = [Phrase(p, n, round(_score(p, n, background), 3)) for p, n in counts.items()]
    ranked = sorted((p for p in scored if p.score > 0), key=lambda p: (-p.score, -len(p.text), p.text))
    return Emergent(True, tuple(_without_parts(ranked)[:most]))


def _score(phrase: str, responses: int, background: Background) -> float:
    elsewhere = background.counts.get(phrase, 0)
    rare = math.log((1 + background.responses) / (1 + elsewhere))
    return responses * rare * (1 + 0.2 * (_length(phrase) - 1))


def _length(phrase: str) -> float:
    return len(phrase.split()) if phrase.isascii() else len(phrase) / 2


def _without_parts(ranked: Iterable[Phrase]) -> list[Phrase]:
    """A part of a kept phrase says nothing new, a longer form of it neither."""
    kept: list[Phrase] = []
    for phrase in ranked:
        if not any(phrase.text in k.text or k.text in phrase.text for k in kept):
            kept.append(phrase)
    return kept


def _counts(texts_by_response: Mapping[str, Sequence[str]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for texts in texts_by_response.values():
        counts.update({phrase for text in texts for phrase in phrases_of(text)})
    return counts


def phrases_of(text: str) -> set[str]:
    """Candidate phrases of one text: they do not cross a mark and do not begin or end in a stop word."""
    found: set[str] = set()
    for start, end in split_sentences(text):
        for clause in CLAUSE.split(fold(text[start:end])):
            found |= _english(clause) if language_of(clause) == "en" else _chinese(clause)
    return found


def _english(clause: str) -> set[str]:
    words = WORD.findall(clause)
    runs = (words[i : i + n] for n in range(1, LONGEST_WORDS + 1) for i in range(len(words) - n + 1))
    return {" ".join(run) for run in runs if not ({run[0], run[-1]} & STOP_WORDS) and not run[0].isdigit()}


def _chinese(clause: str) -> set[str]:
    found = set()
    for run in CHINESE_RUN.findall(clause):
        for n in CHARACTERS:
            pieces = (run[i : i + n] for i in range(len(run) - n + 1))
            found |= {p for p in pieces if p[0] not in STOP_CHARACTERS and p[-1] not in STOP_CHARACTERS}
    return found
