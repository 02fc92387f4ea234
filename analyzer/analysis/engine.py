"""One pass over answers: sentences, their language, direction, topics and advice.

In: texts. Out: a TextAnalysis of each. Pure: the same words always give the same reading.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TypeVar

from . import contrast, general, scoring, suggestions, taxonomy, topics
from .assembling import Decision, answer_of, sentence_of, sentiment_of, unscorable
from .findings import ENGINE_VERSION, Sentence, TextAnalysis
from .language import language_of, shares_of
from .model import FIRST_TOPIC, SUGGESTION, LanguageModel, load_model
from .observing import Observation, Observer, Place, marks_of
from .splitting import split_sentences

ENGINES = ("default", "rules", "textblob")
SHORT = 200  # characters of an answer whose reading is kept: "None", and what an amended response says again
KEPT, FEW = 2048, 4  # such answers, of so many sentences at most
# Answers and characters of a block: more gain nothing; what is seen of a text is many times its size.
AT_ONCE, CHARACTERS = 256, 100_000

T = TypeVar("T")
Asked = tuple[str, str | None]  # an answer, and the role of the question it answers
Judged = tuple[scoring.Verdict, list[float]]  # direction and judgement; the outputs less their thresholds


@dataclass(slots=True)
class Part:
    """One sentence of an answer on its way through the steps."""

    text: str
    offset: int
    lang: str
    shares: Mapping[str, float]  # how much of it each language has; none: it cannot be scored
    place: Place
    before: "Part | None"  # the sentence before it
    everyday: bool = False  # whether it is English of no visitor
    seen: list[Observation] = field(default_factory=list)  # once for each of its languages


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
        self._kept = lru_cache(maxsize=KEPT)(_unread)

    def analyse(self, text: str, *, question: str | None = None) -> TextAnalysis:
        """Read one answer; `question` is the role of what it answers."""
        return self.analyse_all([(text, question)])[0]

    def analyse_all(self, asked: Sequence[Asked]) -> list[TextAnalysis]:
        """Read many answers, which is faster than one after the other.

        The same short answer to the same question gives the same reading, not a copy of it.
        """
        kept = [self._kept(*each) if len(each[0]) <= SHORT else _unread(*each) for each in asked]
        read = {id(known): known[0] for known in kept if known}
        # An answer that stands there twice is read once.
        new = {id(known): each for known, each in zip(kept, asked, strict=True) if not known}
        for some in blocks(new, lambda place: len(new[place][0])):
            read.update(zip(some, self._read([new[place] for place in some]), strict=True))
        for known in kept:
            if not known and len(read[id(known)].sentences) <= FEW:
                known.append(read[id(known)])
        return [read[id(known)] for known in kept]

    def response_sentiment(self, analyses: list[TextAnalysis]) -> str | None:
        """The reading of a whole response: mixed when it both praises and blames."""
        return sentiment_of([s for a in analyses for s in a.sentences])

    def _read(self, asked: Sequence[Asked]) -> list[TextAnalysis]:
        """Each step for all sentences before the next one: its code and data stay in the caches."""
        answers = [_parts(*each) for each in asked]
        parts = list(chain.from_iterable(answers))
        seen = iter(self._observer.observe_all([(part.text, lang) for part in parts for lang in part.shares]))
        for part in parts:
            part.seen = [next(seen) for _ in part.shares]
        judged: Iterator[Judged] = iter(())
        if self.name == "default":
            for answer in answers:
                self._tell_apart(answer)
            judged = iter(self._judge(parts))
        return [
            answer_of(text, self._sentences(answer, judged))
            for (text, _), answer in zip(asked, answers, strict=True)
        ]

    def _tell_apart(self, answer: list[Part]) -> None:
        """Whether an answer to no question is everyday English: reviews, news, chat."""
        if answer and answer[0].place.question is None:
            english = [seen for part in answer for seen in part.seen if seen.lang == "en"]
            if english and not general.is_ours(english, self._models["en"]):
                for part in answer:
                    part.everyday = True

    def _judge(self, parts: list[Part]) -> list[Judged]:
        """By the model, each look at a sentence apart."""
        looks = [(seen, part) for part in parts for seen in part.seen]
        models = [self._models[seen.lang] for seen, _ in looks]
        marks = [marks_of(seen, part.place, _first_of(part.before)) for seen, part in looks]
        totals = [m.total(seen.grams) for m, (seen, _) in zip(models, looks, strict=True)]
        pieces = [m.pieces(seen.words) for m, (seen, _) in zip(models, looks, strict=True)]
        shares = [m.share(total) for m, total in zip(models, totals, strict=True)]
        outputs = [
            model.outputs(total, share, piece, mark)
            for model, total, share, piece, mark in zip(models, totals, shares, pieces, marks, strict=True)
        ]
        return [
            (self._verdict(model, seen, part.everyday, share, output), output)
            for model, (seen, part), share, output in zip(models, looks, shares, outputs, strict=True)
        ]

    def _verdict(
        self, model: LanguageModel, seen: Observation, everyday: bool, share: float, outputs: list[float]
    ) -> scoring.Verdict:
        if everyday and seen.lang == "en":
            # Everyday words and the rules read it better (0.58 to 0.50).
            return general.judge(seen, self._everyday)
        return scoring.judge_by_model(model, seen, share, outputs)

    def _sentences(self, parts: list[Part], judged: Iterator[Judged]) -> list[Sentence]:
        sentences: list[Sentence] = []
        for part in parts:
            if not part.seen:
                sentences.append(unscorable(part.text, part.offset))
                continue
            before = [a.topic for a in sentences[-1].aspects] if sentences else []
            if self.name == "default":
                decision = self._decide(part, [next(judged) for _ in part.seen], before)
            else:
                decision = self._decide_by_rules(part.seen, before)
            sentences.append(sentence_of(part.text, part.offset, part.lang, part.seen, decision))
        return sentences

    def _decide(self, part: Part, judged: list[Judged], before: list[str]) -> Decision:
        verdict, outputs = judged[0] if len(judged) == 1 else _together(part, judged)
        if self._own_topics:
            chosen = topics.choose_by_taxonomy(part.seen, before)
        else:
            names = self._models[part.seen[0].lang].topics
            chosen = topics.choose_by_scores(names, outputs[FIRST_TOPIC:])
        return verdict, outputs[SUGGESTION] > 0, chosen

    def _decide_by_rules(self, seen: list[Observation], before: list[str]) -> Decision:
        cues = [c for o in seen for c in o.cues]
        chosen = topics.choose_by_taxonomy(seen, before)
        if self.name == "textblob":
            verdict = scoring.judge_by_textblob(seen[0].textblob.polarity)
        else:
            verdict = scoring.Verdict()
            for observation in seen:
                verdict.add(scoring.judge_by_rules(observation), 1.0)
        return verdict, suggestions.asks(cues), chosen


def blocks(items: Iterable[T], size: Callable[[T], int], most: int = AT_ONCE) -> Iterator[list[T]]:
    """Items in lists of `most` at most, fewer where they are long; `size`: of an item, in characters.

    A list is given as soon as it is full, before the next item is taken.
    """
    block: list[T] = []
    characters = 0
    for item in items:
        block.append(item)
        characters += size(item)
        if len(block) >= most or characters >= CHARACTERS:
            yield block
            block, characters = [], 0
    if block:
        yield block


def _unread(_text: str, _question: str | None) -> list[TextAnalysis]:
    """Where the reading of an answer will stand."""
    return []


def _parts(text: str, question: str | None) -> list[Part]:
    spans = split_sentences(text)
    parts: list[Part] = []
    for index, (start, end) in enumerate(spans):
        said = text[start:end]
        lang = language_of(said)
        place = Place(question, index, len(spans) == 1)
        parts.append(Part(said, start, lang, shares_of(said, lang), place, parts[-1] if parts else None))
    return parts


def _first_of(part: Part | None) -> Observation | None:
    return part.seen[0] if part and part.seen else None


def _together(part: Part, judged: list[Judged]) -> Judged:
    """A sentence in two languages: each reading counts by its share."""
    landing = contrast.landing_shares(part.seen)
    verdict, outputs = scoring.Verdict(), [0.0] * len(judged[0][1])
    for seen, (judgement, said) in zip(part.seen, judged, strict=True):
        share = part.shares[seen.lang]
        verdict.add(judgement, landing[seen.lang] if landing else share)
        outputs = [known + share * value for known, value in zip(outputs, said, strict=True)]
    return verdict, outputs


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
    observer = Observer(known, {lang: model.runs for lang, model in models.items()})
    loaded = Engine(engine, known, observer, version, models)
    loaded.analyse("Good. 好。")  # warm before threads and forks
    return loaded
