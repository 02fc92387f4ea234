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
WORD = re.compile(r"[a-z']+")
ASK = "ask"  # a group of a pattern: the words that ask, without what stands before them


class Cue(NamedTuple):
    """Words that ask for something (weight > 0) or show that nothing is asked (< 0)."""

    start: int
    end: int
    pattern: str
    weight: float


@dataclass(frozen=True)
class Pattern:
    """One way to ask; `words`: one of them must occur, empty: tried on every sentence."""

    name: str
    weight: float
    words: frozenset[str]
    expression: re.Pattern[str]


class Advice:
    """All patterns of both languages."""

    def __init__(self, path: Path = BUILT_IN) -> None:
        """Read and check; raises BadFile(file, line, reason)."""
        document = load_yaml(path)
        verbs = "|".join(re.escape(w.text) for w in words_of(document, "verbs", path))
        self._patterns = {
            lang: [_pattern(entry, verbs, path) for entry in document.get(lang, [])] for lang in ("en", "zh")
        }
        self._always = [p for p in self._patterns["en"] if not p.words]
        self._any_word = frozenset().union(*(p.words for p in self._patterns["en"]))
        self._by_words = lru_cache(maxsize=2048)(self._for_words)

    def cues(self, folded: str, lang: str) -> list[Cue]:
        """At most one cue for each pattern; `lang` en or zh."""
        found = []
        for pattern in self._tried(folded) if lang == "en" else self._patterns["zh"]:
            match = pattern.expression.search(folded)
            if match:
                asked = ASK if ASK in pattern.expression.groupindex else 0
                found.append(Cue(match.start(asked), match.end(), pattern.name, pattern.weight))
        return found

    def _tried(self, folded: str) -> list[Pattern]:
        """The English patterns one of whose words occurs, and those without words."""
        words = self._any_word.intersection(WORD.findall(folded))
        return self._by_words(words) if words else self._always

    def _for_words(self, words: frozenset[str]) -> list[Pattern]:
        return [p for p in self._patterns["en"] if not p.words or not words.isdisjoint(p.words)]


def _pattern(entry: Any, verbs: str, path: Path) -> Pattern:
    line = line_of(entry, "pattern") if "pattern" in entry else entry.lc.line + 1
    try:
        expression = re.compile(str(entry["pattern"]).replace("{verbs}", verbs))
        words = frozenset(w.text for w in words_of(entry, "words", path))
        return Pattern(str(entry["id"]), float(entry["weight"]), words, expression)
    except KeyError as error:
        raise BadFile(path, line, f"a pattern without {error}") from None
    except re.error as error:
        raise BadFile(path, line + 1, f"`{entry['id']}` is no regular expression: {error}") from None


def asks(found: list[Cue]) -> bool:
    """The rule alone: the strongest cue, less the strongest one against."""
    best = max((c.weight for c in found), default=0.0)
    against = min((c.weight for c in found), default=0.0)
    return best + min(0.0, against) >= THRESHOLD
