"""One pass over an answer: sentences, their language, direction, topics and advice.

In: text. Out: TextAnalysis. Pure: the same words always give the same reading.
"""

import gc
from functools import lru_cache
from pathlib import Path
from typing import Any

from . import contrast, general, scoring, suggestions, taxonomy, topics
from .findings import MIXED, NEGATIVE, NEUTRAL, POSITIVE, Sentence, TextAnalysis
from .language import language_of, shares_of
from .model import FIRST_TOPIC, SUGGESTION, LanguageModel, load_model
from .observing import Observation, Observer, Place, marks_of
from .splitting import split_sentences

ENGINE_VERSION = "4"
ENGINES = ("default", "rules", "textblob")
# A sentence of these topics alone is courtesy when it thanks, wishes or offers.
COURTEOUS = frozenset(("visit_organisation", "cooperation", "other"))
KINDS = {POSITIVE: "praise", NEGATIVE: "problem", NEUTRAL: "fact"}
SHORT = 200  # characters of an answer whose reading is kept: "None", and what an amended response says again
KEPT = 2048  # such answers: 8 MB, measured on labelled sentences


Decision = tuple[scoring.Verdict, bool, list[str]]  # direction and judgement, advice or not, topics


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
        # A fair's own choice of topics is not the model's: they are found by the taxonomy alone.
        self._own_topics = any(set(known.labels) != set(m.topics) for m in self._models.values())
        self.versions = {
            "engine": f"{ENGINE_VERSION}-{name}-{version}",
            "lexicon": observer.version,
            "taxonomy": known.version,
        }
        self._read_again = lru_cache(maxsize=KEPT)(self._read)

    def analyse(self, text: str, *, question: str | None = None) -> TextAnalysis:
        """Read one answer; `question` is the role of what it answers.

        The same short answer to the same question gives the same reading, not a copy of it.
        """
        return self._read_again(text, question) if len(text) <= SHORT else self._read(text, question)

    def _read(self, text: str, question: str | None) -> TextAnalysis:
        sentences: list[Sentence] = []
        spans = split_sentences(text)
        alone = len(spans) == 1
        before: Observation | None = None
        for index, (start, end) in enumerate(spans):
            place = Place(question, index, alone)
            previous = sentences[-1] if sentences else None
            sentence, before = self._sentence(text[start:end], start, place, before, previous)
            sentences.append(sentence)
        if alone:
            polarity, lang = sentences[0].polarity, sentences[0].lang
        else:
            known = [s.polarity for s in sentences if s.polarity is not None]
            polarity, lang = round(sum(known) / len(known), 4) if known else None, language_of(text)
        return TextAnalysis(lang, _response_sentiment(sentences), polarity, tuple(sentences))

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
    ) -> tuple[Sentence, Observation | None]:
        lang = language_of(text)
        if lang == "other":
            return _unscorable(text, offset), None
        shares = shares_of(text, lang)
        seen = [self._observer.observe(text, code) for code in shares]
        decision = self._decide(seen, list(shares.values()), place, before, previous)
        return _assembled(text, offset, lang, seen, decision), seen[0]

    def _decide(
        self,
        seen: list[Observation],
        shares: list[float],
        place: Place,
        before: Observation | None,
        previous: Sentence | None,
    ) -> Decision:
        if self.name != "default":
            return self._by_rules(seen, previous)
        if len(seen) == 1:
            verdict, outputs = self._judged(seen[0], place, before)
        else:
            verdict, outputs = self._judged_in_both(seen, shares, place, before)
        if self._own_topics:
            chosen = topics.choose_by_taxonomy(seen, _topics_of(previous))
        else:
            names = self._models[seen[0].lang].topics
            chosen = topics.choose_by_scores(names, outputs[FIRST_TOPIC:])
        return verdict, outputs[SUGGESTION] > 0, chosen

    def _by_rules(self, seen: list[Observation], previous: Sentence | None) -> Decision:
        cues = [c for o in seen for c in o.cues]
        chosen = topics.choose_by_taxonomy(seen, _topics_of(previous))
        if self.name == "textblob":
            verdict = scoring.judge_by_textblob(seen[0].textblob.polarity)
        else:
            verdict = scoring.Verdict()
            for observation in seen:
                verdict.add(scoring.judge_by_rules(observation), 1.0)
        return verdict, suggestions.asks(cues), chosen

    def _judged(
        self, seen: Observation, place: Place, before: Observation | None
    ) -> tuple[scoring.Verdict, list[float]]:
        """The direction of a sentence read as one language, and the outputs less their thresholds."""
        model = self._models[seen.lang]
        total = sum([gram.row for gram in seen.grams])
        outputs = model.outputs(total, model.pieces(seen.words), marks_of(seen, place, before))
        if place.question is None and seen.lang == "en" and not general.is_ours(seen, model):
            # No answer to our questions: everyday words and the rules read it better (0.59 to 0.55).
            return general.judge(seen, self._everyday), outputs
        return scoring.judge_by_model(model, seen, total, outputs), outputs

    def _judged_in_both(
        self, seen: list[Observation], shares: list[float], place: Place, before: Observation | None
    ) -> tuple[scoring.Verdict, list[float]]:
        """A sentence in two languages: each reading counts by its share."""
        weights = contrast.landing_shares(seen)
        verdict, outputs = scoring.Verdict(), [0.0] * (FIRST_TOPIC + len(self._models[seen[0].lang].topics))
        for observation, share in zip(seen, shares, strict=True):
            judged, said = self._judged(observation, place, before)
            verdict.add(judged, weights[observation.lang] if weights else share)
            outputs = [known + share * value for known, value in zip(outputs, said, strict=True)]
        return verdict, outputs


def _topics_of(sentence: Sentence | None) -> tuple[str, ...]:
    return tuple(a.topic for a in sentence.aspects) if sentence else ()


def _assembled(text: str, offset: int, lang: str, seen: list[Observation], decision: Decision) -> Sentence:
    verdict, suggestion, chosen = decision
    first, last = seen[0].reading, seen[-1].reading
    label, polarity = verdict.label(), verdict.polarity()
    aspects = [topics.aspect_of(text, offset, t, seen, label, polarity) for t in chosen]
    if first.turns or last.turns:
        aspects = contrast.both_halves(seen[0] if first.turns else seen[-1], offset, aspects)
    kind = kind_of(text, label, suggestion, "offer" in first.marks or "offer" in last.marks)
    explanation = _explanation(seen, verdict, polarity)
    end = offset + len(text)
    return Sentence(text, offset, end, lang, label, polarity, suggestion, kind, tuple(aspects), explanation)


def _explanation(seen: list[Observation], verdict: scoring.Verdict, polarity: float) -> dict[str, Any]:
    reading = seen[0].textblob
    return {
        "engine": ENGINE_VERSION,
        "score": polarity,
        "direction": verdict.direction,
        "judgement": verdict.judgement,
        "textblob": {
            "polarity": round(reading.polarity, 4),
            "subjectivity": round(reading.subjectivity, 4),
        },
        "hits": verdict.explanation(),
        "clauses": [[s, e, w] for s, e, w in seen[0].reading.clauses],
        "advice": [{"span": [c[0], c[1]], "rule": f"advice:{c[2]}"} for o in seen for c in o.cues],
    }


def _unscorable(text: str, offset: int) -> Sentence:
    explanation: dict[str, Any] = {
        "engine": ENGINE_VERSION,
        "score": None,
        "hits": [],
        "unread": "not English or Chinese",
    }
    return Sentence(text, offset, offset + len(text), "other", None, None, False, "fact", (), explanation)


def kind_of(text: str, label: str, suggestion: bool, offers: bool) -> str:
    """praise, problem, advice, question, offer or fact; `offers`: something is offered in it."""
    if suggestion:
        return "advice"
    if text.rstrip().endswith(("?", "？")) and label == NEUTRAL:
        return "question"
    if offers and label != NEGATIVE:
        return "offer"
    return KINDS[label]


def _response_sentiment(sentences: list[Sentence]) -> str | None:
    scored = [s for s in sentences if s.sentiment is not None]
    if len(scored) == 1:
        # A lone sentence counts, courtesy or not.
        signs = {scored[0].sentiment, *[a.sentiment for a in scored[0].aspects]}
        return scored[0].sentiment if len(signs) == 1 else _sentiment_of(signs)
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
    # What is loaded stays for good: the collector need not walk it, now or later (each a third of the time).
    gc.disable()
    try:
        loaded = _loaded(taxonomy_path or taxonomy.BUILT_IN, engine)
        gc.freeze()
    finally:
        gc.enable()
    return loaded


def _loaded(taxonomy_path: Path, engine: str) -> Engine:
    known = taxonomy.load_taxonomy(taxonomy_path)
    version, models = load_model() if engine == "default" else ("none", {})
    observer = Observer(known, {lang: model.grams for lang, model in models.items()})
    loaded = Engine(engine, known, observer, version, models)
    loaded.analyse("Good. 好。")  # warm before threads and forks
    return loaded
