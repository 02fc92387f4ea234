"""Does a sentence ask or advise somebody to do something?

In: a folded sentence. Out: cues, each with the pattern that found it. The strongest cue decides;
cues against it ("must be proud", 应用, wishes, offers) take weight away again.
The patterns stand in advice.yaml: should, please, imperatives, 建议, 宜, 不妨.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from .files import BadFile, line_of, load_yaml, words_of

BUILT_IN = Path(__file__).parent / "advice.yaml"
THRESHOLD = 0.65
VERBS = "{verbs}"
MARK = re.compile("[,;:-]")  # between clauses
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
    find: Callable[[str], re.Match[str] | None]
    parted: bool  # whether it tells the words that ask from those before them


class Advice:
    """All patterns of both languages."""

    def __init__(self, path: Path = BUILT_IN) -> None:
        """Read and check; raises BadFile(file, line, reason)."""
        load_yaml(path, lambda document: self._compile(document, path))

    def _compile(self, document: Any, path: Path) -> None:
        verbs = [w.text for w in words_of(document, "verbs", path)]
        self._patterns = {
            lang: [_pattern(entry, verbs, path) for entry in document.get(lang, [])] for lang in ("en", "zh")
        }
        # Which English patterns each word calls for, a bit for each; those without words are always tried.
        self._calls: dict[str, int] = {}
        for number, pattern in enumerate(self._patterns["en"]):
            for word in pattern.words:
                self._calls[word] = self._calls.get(word, 0) | 1 << number
        self._called = lru_cache(maxsize=4096)(self._called_for)

    def cues(self, folded: str, lang: str, words: list[str]) -> list[Cue]:
        """At most one cue for each pattern; `lang` en or zh, `words` those of the folded sentence."""
        found = []
        for pattern in self._tried(words) if lang == "en" else self._patterns["zh"]:
            match = pattern.find(folded)
            if match:
                start = match.start(ASK) if pattern.parted else match.start()
                found.append(Cue(start, match.end(), pattern.name, pattern.weight))
        return found

    def _tried(self, words: list[str]) -> list[Pattern]:
        """The English patterns one of whose words occurs, and those without words."""
        called, calls = 0, self._calls
        for word in words:
            if word in calls:
                called |= calls[word]
        return self._called(called)

    def _called_for(self, called: int) -> list[Pattern]:
        return [p for n, p in enumerate(self._patterns["en"]) if not p.words or called >> n & 1]


def _after_marks(expression: re.Pattern[str]) -> Callable[[str], re.Match[str] | None]:
    def find(folded: str) -> re.Match[str] | None:
        found = expression.match(folded)
        for mark in MARK.finditer(folded):
            if found:
                break
            found = expression.match(folded, mark.start())
        return found

    return find


FINDERS: dict[str | None, Callable[[re.Pattern[str]], Callable[[str], re.Match[str] | None]]] = {
    None: lambda expression: expression.search,
    "start": lambda expression: expression.match,
    "clause": _after_marks,
}


def _pattern(entry: Any, verbs: list[str], path: Path) -> Pattern:
    line = line_of(entry, "pattern") if "pattern" in entry else line_of(entry)
    try:
        written = str(entry["pattern"])
        expression = re.compile(written.replace(VERBS, "|".join(map(re.escape, verbs))))
        words = {w.text for w in words_of(entry, "words", path)}
        if VERBS in written:
            words.update(verb.partition(" ")[0] for verb in verbs)
        # A search tries a pattern that is bound to the beginning at every place.
        find = FINDERS[entry.get("at")](expression)
        parted = ASK in expression.groupindex
        return Pattern(str(entry["id"]), float(entry["weight"]), frozenset(words), find, parted)
    except KeyError as error:
        raise BadFile(path, line, f"a pattern without {error}") from None
    except re.error as error:
        raise BadFile(path, line + 1, f"`{entry['id']}` is no regular expression: {error}") from None


def asks(found: list[Cue]) -> bool:
    """The rule alone: the strongest cue, less the strongest one against."""
    best = max((c.weight for c in found), default=0.0)
    against = min((c.weight for c in found), default=0.0)
    return best + min(0.0, against) >= THRESHOLD
