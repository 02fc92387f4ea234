"""One look at a sentence, shared by all that follows: phrases, rules, topics, cues of advice.

In: a sentence and its language. Out: an Observation; the trained layer's features from it.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from . import features, rules, sentiment, suggestions
from .language import fold, spaced
from .lexicon import Entry, load_lexicon
from .phrases import Gram, Grams, Hit, PhraseBook, longest
from .taxonomy import Taxonomy, TopicPhrase

HERE = Path(__file__).parent
NOWHERE = -1


@dataclass(slots=True)
class Observation:
    """What stands in one sentence, read as one language."""

    text: str
    folded: str
    lang: str  # en or zh
    words: list[str]  # as `features.words_of` finds them; none in Chinese
    grams: Grams  # those that the trained layer knows; in Chinese without places
    reading: rules.Reading
    topics: list[Hit[TopicPhrase]]
    cues: list[suggestions.Cue]
    textblob: sentiment.Reading  # what it says of the whole text, whatever the language


class Observer:
    """Lexicons, taxonomy and the n-grams of the trained layer, compiled once."""

    def __init__(self, taxonomy: Taxonomy, grams: Mapping[str, Mapping[str, Gram]] | None = None) -> None:
        """`grams`: by language; none: without the trained layer."""
        lexicons = {"en": load_lexicon(HERE / "english.yaml"), "zh": load_lexicon(HERE / "chinese.yaml")}
        self.version = "/".join(lexicon.version for lexicon in lexicons.values())
        overlay = [e for e in lexicons["en"].entries if _annotated(e)]
        self.english = sentiment.English([(e.word, e.value) for e in overlay], lexicons["en"].noise)
        self._advice = suggestions.Advice()
        # Single polar words stand in TextBlob's own lexicon.
        self._entries = {
            "en": [e for e in lexicons["en"].entries if not _annotated(e)],
            "zh": lexicons["zh"].entries,
        }
        self._topics = {lang: [p for p in taxonomy.phrases if p.lang == lang] for lang in lexicons}
        self._compile(grams or {})

    def knowing(self, grams: Mapping[str, Mapping[str, Gram]]) -> "Observer":
        """The same, with the n-grams of another model."""
        other = copy(self)
        other._compile(grams)
        return other

    def _compile(self, grams: Mapping[str, Mapping[str, Gram]]) -> None:
        words = {f" {name} ": gram for name, gram in grams.get("en", {}).items()}
        self._english = PhraseBook(self._entries["en"], self._topics["en"], words)
        self._chinese = PhraseBook(self._entries["zh"], self._topics["zh"])
        self._characters = PhraseBook(grams=grams.get("zh", {}))

    def observe(self, text: str, lang: str) -> Observation:
        """Look at a sentence as one language (en or zh)."""
        return self._observe_english(text) if lang == "en" else self._observe_chinese(text)

    def _observe_english(self, text: str) -> Observation:
        folded = fold(text)
        line = spaced(folded)
        words = features.words_of(line)
        entries, topics, grams = self._english.find(line)
        polar, textblob = self.english.read(text, folded, words)
        reading = rules.read(folded, "en", entries, polar)
        cues = self._advice.cues(folded, "en", words)
        return Observation(text, folded, "en", words, grams, reading, longest(topics), cues, textblob)

    def _observe_chinese(self, text: str) -> Observation:
        folded = fold(text)
        entries, topics, _ = self._chinese.find(spaced(folded))
        grams = self._characters.find(features.char_line(folded)).grams
        reading = rules.read(folded, "zh", entries, [])
        cues = self._advice.cues(folded, "zh", [])
        textblob = self.english.shipped_reading(text)
        grams = dict.fromkeys(grams, NOWHERE)
        return Observation(text, folded, "zh", [], grams, reading, longest(topics), cues, textblob)


def _annotated(entry: Entry) -> bool:
    """Single polar words go into TextBlob's own lexicon."""
    return entry.role == "polar" and " " not in entry.word and not entry.word.endswith("*")


@dataclass(slots=True)
class Place:
    """Where a sentence stands in its answer."""

    question: str | None
    index: int
    alone: bool


def marks_of(seen: Observation, place: Place, before: Observation | None) -> list[features.Group]:
    """The features that come from rules, taxonomy, cues and place, in groups; each three times at most."""
    reading = seen.reading
    groups = _at_most(features.MOST_OF_A_NAME, [phrase.names for _, _, phrase in seen.topics])
    if reading.hits:
        hit_features, weight_at = features.hit_features, reading.weight_at
        said = [hit_features(rule, value, weight_at(start)) for start, _, rule, value in reading.hits]
        groups += _at_most(features.MOST_OF_A_NAME, said)
    groups += features.reading_features(reading)
    groups.append(features.cue_features(seen.cues))
    groups.append(features.place_features(place.question, place.index, place.alone))
    groups += features.sign_features(seen.text, seen.lang)
    if before is not None:
        topics = sorted({hit.value.topic for hit in before.topics})
        groups.append(features.before_features(topics, before.reading.score))
    return groups


def _at_most(limit: int, groups: list[features.Group]) -> list[features.Group]:
    """Without the names that were there `limit` times before."""
    if len(groups) <= limit:
        return groups
    names = list(chain.from_iterable(groups))
    if len(names) - len(set(names)) < limit:
        return groups
    kept: list[features.Group] = []
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        if counts[name] <= limit:
            kept.append((name,))
    return kept
