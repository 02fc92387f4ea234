"""One pass over an answer: sentences, their language, direction, topics and advice.

In: text. Out: TextAnalysis. Pure: the same words always give the same reading.
"""

import gc
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from . import contrast, features, general, scoring, suggestions, taxonomy, topics
from .findings import MIXED, NEGATIVE, NEUTRAL, POSITIVE, Aspect, Sentence, TextAnalysis
from .language import language_of, shares_of
from .model import FIRST_TOPIC, SUGGESTION, LanguageModel, load_model
from .observing import Observation, Observer, Place, marks_of
from .splitting import split_sentences

ENGINE_VERSION = "3"
ENGINES = ("default", "rules", "textblob")
# A sentence of these topics alone is courtesy when it thanks, wishes or offers.
COURTEOUS = frozenset(("visit_organisation", "cooperation", "other"))
SHORT = 200  # characters of an answer whose reading is kept: "None", and what an amended response says again
KEPT = 2048  # such answers: 8 MB, measured on labelled sentences


@dataclass
class Findings:
    """What was decided about one sentence, before it becomes a Sentence."""

    verdict: scoring.Verdict
    suggestion: bool
    suggestion_score: float
    topics: list[str]


class Engine:
    """Everything the analysis needs, loaded once; shared between threads, never changed."""

    def __init__(
        self,
        name: str,
        known: taxonomy.Taxonomy,
        observer: Observer,
        version: str,
        models: dict[str, LanguageModel],
    ) -> None:
        self.name = name
        self.topics = known.labels
        self._observer = observer
        self._models = models
        self._everyday = general.EverydayWords()
        # A fair's own topics, unknown to the model, are found by the taxonomy alone.
        self._own_topics = any(set(known.labels) - set(m.topics) for m in self._models.values())
        self.versions = {
            "engine": f"{ENGINE_VERSION}-{name}-{version}",
            "lexicon": observer.version,
            "taxonomy": known.version,
        }
        self._read_again = lru_cache(maxsize=KEPT)(self._read)

    def analyse(self, text: str, *, lang: str | None = None, question: str | None = None) -> TextAnalysis:
        """Read one answer. `lang` helps where the script tells nothing, `question` is the role it answers.

        The same short answer to the same question gives the same reading, not a copy of it.
        """
        read = self._read_again if len(text) <= SHORT else self._read
        return read(text, lang, question)

    def _read(self, text: str, lang: str | None, question: str | None) -> TextAnalysis:
        sentences: list[Sentence] = []
        spans = split_sentences(text)
        before: Observation | None = None
        for index, (start, end) in enumerate(spans):
            place = Place(question, index, len(spans) == 1)
            previous = sentences[-1] if sentences else None
            sentence, before = self._sentence(text[start:end], start, place, before, previous, lang)
            sentences.append(sentence)
        known = [s.polarity for s in sentences if s.polarity is not None]
        polarity = round(sum(known) / len(known), 4) if known else None
        known_lang = sentences[0].lang if len(sentences) == 1 else language_of(text)
        return TextAnalysis(known_lang, _response_sentiment(sentences), polarity, tuple(sentences))

    def response_sentiment(self, analyses: list[TextAnalysis]) -> str | None:
        """The reading of a whole response: mixed when it both praises and blames."""
        return _response_sentiment([s for a in analyses for s in a.sentences])

    def _sentence(
        self,
        text: str,
        offset: int,
        place: Place,
        before: Observation | None,
        previous: Sentence | None,
        hint: str | None,
    ) -> tuple[Sentence, Observation | None]:
        lang = language_of(text)
        if lang == "other":
            return _unscorable(text, offset), None
        shares = shares_of(text, lang)
        seen = [self._observer.observe(text, code) for code in shares]
        found = self._decide(text, seen, list(shares.values()), place, before, previous)
        return self._assembled(text, offset, lang, seen, found, place), seen[0]

    def _decide(
        self,
        text: str,
        seen: list[Observation],
        shares: list[float],
        place: Place,
        before: Observation | None,
        previous: Sentence | None,
    ) -> Findings:
        earlier = tuple(a.topic for a in previous.aspects) if previous else ()
        if self.name == "default":
            return self._by_model(seen, shares, place, before, earlier)
        cues = [c for o in seen for c in o.cues]
        chosen = topics.choose_by_taxonomy(seen, earlier)
        if self.name == "textblob":
            verdict = scoring.judge_by_textblob(self._observer.english.shipped_reading(text).polarity)
        else:
            verdict = scoring.Verdict()
            for observation in seen:
                verdict.add(scoring.judge_by_rules(observation), 1.0)
        return Findings(verdict, suggestions.asks(cues), 0.0, chosen)

    def _by_model(
        self,
        seen: list[Observation],
        shares: list[float],
        place: Place,
        before: Observation | None,
        earlier: tuple[str, ...],
    ) -> Findings:
        verdict = scoring.Verdict()
        scores: dict[str, float] = {}
        advice, threshold = 0.0, 0.0
        weights = contrast.landing_shares(seen) if len(seen) > 1 else None
        for observation, share in zip(seen, shares, strict=True):
            model = self._models[observation.lang]
            marks = marks_of(observation, place, before)
            words = features.words_of(observation.folded)
            grams, pieces = model.found(words, observation.folded)
            sums = model.sums(grams, pieces, marks)
            outputs = model.outputs(sums)
            if place.question is None and self._is_general(model, observation, words):
                # No answer to our questions: everyday words and the rules read it better (0.59 to 0.55).
                judged = general.judge(observation, self._everyday)
            else:
                judged = scoring.judge_by_model(model, observation, grams, sums, outputs)
            advice += share * (outputs[SUGGESTION] - model.thresholds["suggestion"])
            threshold += share * model.thresholds["topic"]
            if share == 1.0:
                verdict, scores = judged, dict(zip(model.topics, outputs[FIRST_TOPIC:], strict=True))
                break
            verdict.add(judged, weights[observation.lang] if weights else share)
            for topic, score in zip(model.topics, outputs[FIRST_TOPIC:], strict=True):
                scores[topic] = scores.get(topic, 0.0) + share * score
        chosen = topics.choose_by_scores(scores, threshold)
        if self._own_topics:
            chosen = topics.choose_by_taxonomy(seen, earlier)
        return Findings(verdict, advice > 0, advice, chosen)

    def _is_general(self, model: LanguageModel, seen: Observation, words: list[str]) -> bool:
        if model.lang == "zh":
            return False
        known = model.blocks["grams"].weights
        all_known = all(word in known for word in words if word.isalpha())
        return not general.is_ours(seen, model.knows(words), all_known)

    def _assembled(
        self,
        text: str,
        offset: int,
        lang: str,
        seen: list[Observation],
        found: Findings,
        place: Place,
    ) -> Sentence:
        label, polarity = found.verdict.label(), found.verdict.polarity()
        aspects = tuple(self._aspects(text, offset, seen, found, label, polarity, place))
        marks = {m for o in seen for m in o.reading.marks}
        return Sentence(
            text,
            offset,
            offset + len(text),
            lang,
            label,
            polarity,
            found.suggestion,
            kind_of(text, label, found.suggestion, marks),
            aspects,
            self._explanation(text, lang, seen, found, polarity),
        )

    def _aspects(
        self,
        text: str,
        offset: int,
        seen: list[Observation],
        found: Findings,
        label: str,
        polarity: float,
        place: Place,
    ) -> list[Aspect]:
        aspects = [topics.aspect_of(text, offset, t, seen, label, polarity) for t in found.topics]
        turning = next((o for o in seen if o.reading.turns), None)
        if turning is None:
            return aspects
        return contrast.both_halves(turning, offset, aspects)

    def _explanation(
        self, text: str, lang: str, seen: list[Observation], found: Findings, polarity: float
    ) -> dict[str, Any]:
        verdict = found.verdict
        reading = self._observer.english.shipped_reading(text)
        cues = [c for o in seen for c in o.cues]
        return {
            "engine": ENGINE_VERSION,
            "score": polarity,
            "direction": verdict.direction,
            "judgement": verdict.judgement,
            "textblob": {
                "polarity": round(reading.polarity, 4),
                "subjectivity": round(reading.subjectivity, 4),
            },
            "hits": verdict.explanation(text),
            "clauses": [[s, e, w] for o in seen[:1] for s, e, w in o.reading.clauses],
            "advice": [{"span": [c.start, c.end], "rule": f"advice:{c.pattern}"} for c in cues],
        }


def _unscorable(text: str, offset: int) -> Sentence:
    explanation: dict[str, Any] = {
        "engine": ENGINE_VERSION,
        "score": None,
        "hits": [],
        "unread": "not English or Chinese",
    }
    return Sentence(text, offset, offset + len(text), "other", None, None, False, "fact", (), explanation)


def kind_of(text: str, label: str, suggestion: bool, marks: set[str]) -> str:
    """praise, problem, advice, question, offer or fact."""
    if suggestion:
        return "advice"
    if text.rstrip().endswith(("?", "？")) and label == NEUTRAL:
        return "question"
    if "offer" in marks and label != NEGATIVE:
        return "offer"
    return {POSITIVE: "praise", NEGATIVE: "problem"}.get(label, "fact")


def _response_sentiment(sentences: list[Sentence]) -> str | None:
    scored = [s for s in sentences if s.sentiment is not None]
    if len(scored) == 1:
        # A lone sentence counts, courtesy or not.
        return _sentiment_of({scored[0].sentiment, *[a.sentiment for a in scored[0].aspects]})
    content = [s for s in scored if not _courtesy(s)] or scored
    return _sentiment_of({s.sentiment for s in content} | {a.sentiment for s in content for a in s.aspects})


def _sentiment_of(signs: set[str | None]) -> str | None:
    if {POSITIVE, NEGATIVE} <= signs:
        return MIXED
    return next((label for label in (POSITIVE, NEGATIVE, NEUTRAL) if label in signs), None)


def _courtesy(sentence: Sentence) -> bool:
    if sentence.sentiment != POSITIVE or not all(a.topic in COURTEOUS for a in sentence.aspects):
        return False
    return any(hit["rule"] in ("courtesy", "offer") for hit in sentence.explanation["hits"])


def load_engine(taxonomy_path: Path | None = None, engine: str = "default") -> Engine:
    """Load lexicons, taxonomy and model; raises BadFile or (no such engine) ValueError."""
    if engine not in ENGINES:
        raise ValueError(f"unknown engine {engine!r}: one of {', '.join(ENGINES)}")
    known = taxonomy.load_taxonomy(taxonomy_path or taxonomy.BUILT_IN)
    version, models = load_model() if engine == "default" else ("none", {})
    loaded = Engine(engine, known, Observer(known), version, models)
    loaded.analyse("Good. 好。")  # warm before threads and forks
    # What is loaded stays for good: the collector need not walk it again (a third of the time otherwise).
    gc.freeze()
    return loaded
