"""One pass over an answer: sentences, their language, direction, topics and advice.

In: text. Out: TextAnalysis. Pure: the same words always give the same reading.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import language, sentiment, suggestions, taxonomy
from .findings import MIXED, NEGATIVE, NEUTRAL, POSITIVE, Aspect, Sentence, TextAnalysis
from .lexicon import Entry, load_lexicon
from .phrases import Hit, PhraseBook, longest
from .splitting import split_sentences
from .taxonomy import OTHER, TopicPhrase, load_taxonomy

ENGINE_VERSION = "1"
ENGINES = ("default", "rules", "textblob")
CUT = 0.05  # polarity nearer to zero than this is neutral
NEGATORS = ("不", "没", "未", "无", "并非")


@dataclass(frozen=True)
class Engine:
    """Everything the analysis needs, loaded once; shared between threads, never changed."""

    name: str
    versions: dict[str, str]
    topics: dict[str, dict[str, str]]
    topic_phrases: PhraseBook[TopicPhrase]
    chinese: PhraseBook[Entry]

    def analyse(self, text: str, *, lang: str | None = None, question: str | None = None) -> TextAnalysis:
        """Read one answer. `lang` is a hint, `question` the role of the question it answers."""
        sentences: list[Sentence] = []
        for start, end in split_sentences(text):
            before = sentences[-1] if sentences else None
            sentences.append(self._sentence(text, start, end, before))
        known = [s.polarity for s in sentences if s.polarity is not None]
        whole = TextAnalysis(language.language_of(text), None, None, tuple(sentences))
        polarity = round(sum(known) / len(known), 4) if known else None
        return TextAnalysis(whole.lang, self.response_sentiment([whole]), polarity, whole.sentences)

    def response_sentiment(self, analyses: list[TextAnalysis]) -> str | None:
        """The reading of a whole response: mixed when it both praises and blames."""
        labels = {s.sentiment for a in analyses for s in a.sentences} - {None}
        if {POSITIVE, NEGATIVE} <= labels:
            return MIXED
        return next((label for label in (POSITIVE, NEGATIVE, NEUTRAL) if label in labels), None)

    def _sentence(self, text: str, start: int, end: int, before: Sentence | None) -> Sentence:
        part = text[start:end]
        folded = language.fold(part)
        lang = language.language_of(part)
        polarity, explanation = self._polarity(part, folded, lang)
        cue = suggestions.suggestion_cue(folded)
        label = None if polarity is None else _label(polarity)
        aspects = self._aspects(part, start, folded, label, polarity, before) if lang != "other" else ()
        kind = _kind(part, label, cue is not None)
        return Sentence(part, start, end, lang, label, polarity, cue is not None, kind, aspects, explanation)

    def _polarity(self, part: str, folded: str, lang: str) -> tuple[float | None, dict[str, Any]]:
        if lang == "other":
            return None, {"engine": ENGINE_VERSION, "score": None, "hits": []}
        hits: list[dict[str, Any]] = []
        reading = sentiment.textblob_reading(part)
        if lang != "zh" and reading.scored:
            hits.append({"text": part, "value": round(reading.polarity, 4), "rules": ["textblob"]})
        if lang != "en" and self.name != "textblob":
            hits.extend(self._chinese_hits(folded))
        score = round(max(-1.0, min(1.0, sum(float(h["value"]) for h in hits))), 4)
        explanation = {
            "engine": ENGINE_VERSION,
            "score": score,
            "textblob": {"polarity": reading.polarity, "subjectivity": reading.subjectivity},
            "hits": hits,
        }
        return score, explanation

    def _chinese_hits(self, folded: str) -> list[dict[str, Any]]:
        return [_chinese_hit(folded, hit) for hit in longest(self.chinese.find(language.spaced(folded)))]

    def _aspects(
        self,
        part: str,
        offset: int,
        folded: str,
        label: str | None,
        polarity: float | None,
        before: Sentence | None,
    ) -> tuple[Aspect, ...]:
        hits = longest(self.topic_phrases.find(language.spaced(folded)))
        weights: dict[str, float] = {}
        for hit in hits:
            weights[hit.value.topic] = weights.get(hit.value.topic, 0.0) + hit.value.weight
        best = sorted((t for t in weights if weights[t] >= 1 and t != OTHER), key=lambda t: -weights[t])[:3]
        chosen = [t for t in best if weights[t] >= 0.4 * weights[best[0]]]
        sign = label or NEUTRAL
        if not chosen:
            return (Aspect(OTHER, sign, polarity, part, offset, offset + len(part), "topic:none"),)
        return tuple(_aspect(part, offset, hits, topic, sign, polarity) for topic in chosen)


def _aspect(
    part: str, offset: int, hits: list[Hit[TopicPhrase]], topic: str, label: str, polarity: float | None
) -> Aspect:
    first = max((h for h in hits if h.value.topic == topic), key=lambda h: h.value.weight)
    rule = f"topic:{topic}/{first.value.part}:{first.value.phrase}"
    return Aspect(
        topic, label, polarity, part[first.start : first.end], offset + first.start, offset + first.end, rule
    )


def _chinese_hit(folded: str, hit: Hit[Entry]) -> dict[str, Any]:
    negated = folded[max(0, hit.start - 2) : hit.start].endswith(NEGATORS)
    value = hit.value.value * (-0.6 if negated else 1.0)
    rules = [f"zh:{hit.value.group}", *(["neg"] if negated else [])]
    return {
        "span": [hit.start, hit.end],
        "text": folded[hit.start : hit.end],
        "value": round(value, 4),
        "rules": rules,
    }


def _label(polarity: float) -> str:
    if abs(polarity) < CUT:
        return NEUTRAL
    return POSITIVE if polarity > 0 else NEGATIVE


def _kind(part: str, label: str | None, suggestion: bool) -> str:
    if suggestion:
        return "advice"
    if part.rstrip().endswith(("?", "？")):
        return "question"
    return {POSITIVE: "praise", NEGATIVE: "problem"}.get(label or "", "fact")


def load_engine(taxonomy_path: Path | None = None, engine: str = "default") -> Engine:
    """Load lexicons and taxonomy; raises BadFile where a file is wrong, ValueError for an unknown engine."""
    if engine not in ENGINES:
        raise ValueError(f"unknown engine {engine!r}: one of {', '.join(ENGINES)}")
    sentiment.warm_up()
    topics = load_taxonomy(taxonomy_path or taxonomy.BUILT_IN)
    chinese = load_lexicon(Path(__file__).parent / "chinese.yaml")
    return Engine(
        engine,
        {"engine": ENGINE_VERSION, "lexicon": chinese.version, "taxonomy": topics.version},
        topics.labels,
        PhraseBook((p.phrase, p) for p in topics.phrases),
        PhraseBook((e.word, e) for e in chinese.entries),
    )
