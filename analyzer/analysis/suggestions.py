"""Does a sentence ask or advise somebody to do something?

In: a folded sentence. Out: cues, each with the pattern that found it. The strongest cue decides;
cues against it ("must be proud", 应用, wishes, offers) take weight away again.
The patterns stand in advice.yaml: should, please, imperatives, 建议, 宜, 不妨.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from .files import BadFile, line_of, load_yaml, words_of

BUILT_IN = Path(__file__).parent / "advice.yaml"
THRESHOLD = 0.65
WORD, PLAIN_WORD = re.compile(r"[a-z']+"), re.compile(r"[a-z]+")


class Cue(NamedTuple):
    """Words that ask for something (weight > 0) or show that nothing is asked (< 0)."""

    start: int
    end: int
    pattern: str
    weight: float


@dataclass(frozen=True)
class Pattern:
    """One way to ask; `words`: one of them must occur, empty: tried on every sentence.

    `starts_clause`: needs one of the verbs, and begins at the start of a sentence or at a mark inside it.
    """

    name: str
    weight: float
    words: frozenset[str]
    expression: re.Pattern[str]
    starts_clause: bool


class Advice:
    """All patterns of both languages."""

    def __init__(self, path: Path = BUILT_IN) -> None:
        """Read and check; raises BadFile(file, line, reason)."""
        document = load_yaml(path)
        requests = [w.text for w in words_of(document, "verbs", path)]
        verbs = "|".join(map(re.escape, requests))
        self._verbs = frozenset(word for text in requests for word in PLAIN_WORD.findall(text))
        self._patterns = {
            lang: [_pattern(entry, verbs, path) for entry in document.get(lang, [])] for lang in ("en", "zh")
        }
        self._always = [p for p in self._patterns["en"] if not p.words]
        self._any_word = frozenset().union(*(p.words for p in self._patterns["en"]))
        self._by_words = lru_cache(maxsize=2048)(self._for_words)

    def cues(self, folded: str) -> list[Cue]:
        """What asks in a Chinese sentence, at most one cue for each pattern."""
        matches = [(p, p.expression.search(folded)) for p in self._patterns["zh"]]
        return [_cue(pattern, match) for pattern, match in matches if match]

    def english_cues(self, folded: str, words: frozenset[str], has_verb: bool, has_marks: bool) -> list[Cue]:
        """The same for English; `words`: those of the patterns' words that occur, as `words_in` gives them.

        `has_verb`: whether something occurs that a request may begin with; `has_marks`: that parts clauses.
        """
        found = []
        for pattern in self._by_words(words) if words else self._always:
            if pattern.starts_clause and not has_verb:
                continue
            anywhere = has_marks or not pattern.starts_clause
            match = pattern.expression.search(folded) if anywhere else pattern.expression.match(folded)
            if match:
                found.append(_cue(pattern, match))
        return found

    def words_in(self, folded: str) -> frozenset[str]:
        """The words of a text, or of a part of it, that some English pattern needs."""
        return self._any_word.intersection(WORD.findall(folded))

    def has_verb(self, folded: str) -> bool:
        """Whether a word stands in it that a request may begin with."""
        return not self._verbs.isdisjoint(PLAIN_WORD.findall(folded))

    def _for_words(self, words: frozenset[str]) -> list[Pattern]:
        return [p for p in self._patterns["en"] if not p.words or not words.isdisjoint(p.words)]


def _cue(pattern: Pattern, match: re.Match[str]) -> Cue:
    return Cue(match.start(), match.end(), pattern.name, pattern.weight)


def _pattern(entry: Any, verbs: str, path: Path) -> Pattern:
    line = line_of(entry, "pattern") if "pattern" in entry else entry.lc.line + 1
    try:
        expression = re.compile(str(entry["pattern"]).replace("{verbs}", verbs))
        words = frozenset(w.text for w in words_of(entry, "words", path))
        starts_clause = entry.get("starts") == "clause"
        return Pattern(str(entry["id"]), float(entry["weight"]), words, expression, starts_clause)
    except KeyError as error:
        raise BadFile(path, line, f"a pattern without {error}") from None
    except re.error as error:
        raise BadFile(path, line + 1, f"`{entry['id']}` is no regular expression: {error}") from None


def asks(found: list[Cue]) -> bool:
    """The rule alone: the strongest cue, less the strongest one against."""
    best = max((c.weight for c in found), default=0.0)
    against = min((c.weight for c in found), default=0.0)
    return best + min(0.0, against) >= THRESHOLD
