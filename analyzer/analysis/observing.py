"""One look at a sentence, shared by all that follows: phrases, rules, topics, cues of advice.

In: a sentence and its language. Out: an Observation; the trained layer's features from it.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from . import features, rules, sentiment, suggestions
from .language import fold, spaced
from .lexicon import Entry, Lexicon, load_lexicon
from .phrases import Hit, PhraseBook, longest
from .taxonomy import Taxonomy, TopicPhrase

HERE = Path(__file__).parent
STRONG_WORD, WEAK_WORD, SILENT_WORD = 0.6, 0.3, 0.05  # TextBlob polarities


@dataclass(slots=True)
class Observation:
    """What stands in one sentence, read as one language."""

    text: str
    folded: str
    lang: str  # en or zh
    reading: rules.Reading
    topics: list[Hit[TopicPhrase]]
    cues: list[suggestions.Cue]


class Observer:
    """Lexicons and taxonomy, compiled once."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        lexicons = {"en": load_lexicon(HERE / "english.yaml"), "zh": load_lexicon(HERE / "chinese.yaml")}
        self.version = "/".join(lexicon.version for lexicon in lexicons.values())
        overlay = [e for e in lexicons["en"].entries if _annotated(e)]
        self.english = sentiment.English(((e.word, e.value) for e in overlay), lexicons["en"].noise)
        self._phrases = {lang: _book(lexicon, lang, taxonomy) for lang, lexicon in lexicons.items()}
        self._advice = suggestions.Advice()

    def observe(self, text: str, lang: str) -> Observation:
        """Look at a sentence as one language (en or zh)."""
        folded = fold(text)
        entries, topics = _by_kind(self._phrases[lang].find(spaced(folded)))
        words = _words(self.english, folded) if lang == "en" else []
        reading = rules.read(folded, lang, entries, words)
        return Observation(text, folded, lang, reading, topics, self._advice.cues(folded, lang))


def _by_kind(found: list[Hit[Any]]) -> tuple[list[Hit[Entry]], list[Hit[TopicPhrase]]]:
    entries: list[Hit[Entry]] = []
    topics: list[Hit[TopicPhrase]] = []
    for hit in found:
        (entries if type(hit[2]) is Entry else topics).append(hit)
    return entries, longest(topics)


def _annotated(entry: Entry) -> bool:
    """Single polar words go into TextBlob's own lexicon."""
    return entry.role == "polar" and " " not in entry.word and not entry.word.endswith("*")


def _book(lexicon: Lexicon, lang: str, taxonomy: Taxonomy) -> PhraseBook[Entry | TopicPhrase]:
    """What the rules and the topics look for, found in one go."""
    entries = [(e.word, e) for e in lexicon.entries if lang == "zh" or not _annotated(e)]
    return PhraseBook([*entries, *((p.phrase, p) for p in taxonomy.phrases if p.lang == lang)])


def _words(english: sentiment.English, folded: str) -> list[rules.RuleHit]:
    """TextBlob's chunks as rule hits; the rule says how strong the word is."""
    return [
        rules.RuleHit(start, end, _strength(polarity, negated), round(polarity, 4))
        for start, end, polarity, negated in english.assess(folded)
        if abs(polarity) >= SILENT_WORD
    ]


@lru_cache(maxsize=1024)
def _strength(polarity: float, negated: bool) -> str:
    size = abs(polarity)
    step = "s" if size >= STRONG_WORD else "w" if size < WEAK_WORD else ""
    return f"textblob:{'+' if polarity > 0 else '-'}{step}{'!neg' if negated else ''}"


@dataclass(slots=True)
class Place:
    """Where a sentence stands in its answer."""

    question: str | None
    index: int
    alone: bool


def marks_of(seen: Observation, place: Place, before: Observation | None) -> list[str]:
    """The features that come from rules, taxonomy, cues and place, at most three times each."""
    names = features.place_features(place.question, place.index, place.alone, seen.text, seen.lang)
    names += features.topic_features(seen.topics)
    for hit in seen.reading.hits:
        names += features.hit_features(hit.rule, hit.value, seen.reading.weight_at(hit.start))
    names += features.reading_features(seen.reading)
    names += features.cue_features(seen.cues)
    if before is not None:
        topics = sorted({hit.value.topic for hit in before.topics})
        names += features.before_features(topics, before.reading.score())
    return _at_most(features.MOST_OF_A_NAME, names)


def _at_most(limit: int, names: list[str]) -> list[str]:
    if len(names) - len(set(names)) < limit:
        return names
    kept: list[str] = []
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        if counts[name] <= limit:
            kept.append(name)
    return kept
