"""One look at a sentence, shared by all that follows: phrases, rules, topics, cues of advice.

In: a sentence and its language. Out: an Observation; the trained layer's features from it.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from . import features, rules, sentiment, suggestions
from .language import fold, spaced
from .lexicon import Entry, load_lexicon
from .phrases import Grams, Hit, PhraseBook, longest
from .taxonomy import Taxonomy, TopicPhrase

HERE = Path(__file__).parent
NOWHERE = -1
Look = tuple[str, str]  # a sentence and the language to read it as, en or zh


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

    def __init__(self, taxonomy: Taxonomy, runs: Mapping[str, Sequence[str]] | None = None) -> None:
        """`runs`: of the trained layer, by language; none: without it."""
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
        self._compile(runs or {})

    def knowing(self, runs: Mapping[str, Sequence[str]]) -> "Observer":
        """The same, with the n-grams of another model."""
        other = copy(self)
        other._compile(runs)
        return other

    def _compile(self, runs: Mapping[str, Sequence[str]]) -> None:
        self._english = PhraseBook(self._entries["en"], self._topics["en"], runs.get("en", ()))
        self._chinese = PhraseBook(self._entries["zh"], self._topics["zh"])
        self._characters = PhraseBook(grams=runs.get("zh", ()))

    def observe(self, text: str, lang: str) -> Observation:
        """Look at a sentence as one language (en or zh)."""
        return self.observe_all([(text, lang)])[0]

    def observe_all(self, looks: Sequence[Look]) -> list[Observation]:
        """Look at many sentences at once, step by step."""
        english = iter(self._observe_english([text for text, lang in looks if lang == "en"]))
        chinese = iter(self._observe_chinese([text for text, lang in looks if lang != "en"]))
        return [next(english if lang == "en" else chinese) for _, lang in looks]

    def _observe_english(self, texts: list[str]) -> list[Observation]:
        folded = [fold(text) for text in texts]
        lines = [spaced(f) for f in folded]
        words = [features.words_of(line) for line in lines]
        find, assess, read, cues_of = self._english.find, self.english.read, rules.read, self._advice.cues
        found = [find(line) for line in lines]
        polar = [assess(*each) for each in zip(texts, folded, words, strict=True)]
        readings = [
            read(f, "en", known.entries, hits)
            for f, known, (hits, _) in zip(folded, found, polar, strict=True)
        ]
        cues = [cues_of(f, "en", w) for f, w in zip(folded, words, strict=True)]
        return [
            Observation(text, f, "en", w, known.grams, reading, longest(known.topics), c, said)
            for text, f, w, known, reading, c, (_, said) in zip(
                texts, folded, words, found, readings, cues, polar, strict=True
            )
        ]

    def _observe_chinese(self, texts: list[str]) -> list[Observation]:
        folded = [fold(text) for text in texts]
        found = [self._chinese.find(spaced(f)) for f in folded]
        # In a line without spaces and numbers, whose places are not those of the text.
        grams = [dict.fromkeys(self._characters.find(features.char_line(f)).grams, NOWHERE) for f in folded]
        return [
            Observation(
                text,
                f,
                "zh",
                [],
                known,
                rules.read(f, "zh", entries, []),
                longest(topics),
                self._advice.cues(f, "zh", []),
                self.english.shipped_reading(text),
            )
            for text, f, (entries, topics, _), known in zip(texts, folded, found, grams, strict=True)
        ]


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
        known_by, weighed = features.hit_features, zip(reading.hits, reading.weights(), strict=True)
        said = [known_by(rule, value, weight) for (_, _, rule, value), weight in weighed]
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
