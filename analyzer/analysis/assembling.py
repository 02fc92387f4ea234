"""From decisions to sentences and answers, with the reasons for each.

In: observations and decisions. Out: Sentence, TextAnalysis.
"""

from . import contrast, topics
from .findings import (
    MIXED,
    NEGATIVE,
    NEUTRAL,
    POSITIVE,
    Explanation,
    Sentence,
    TextAnalysis,
)
from .language import language_of
from .observing import Observation
from .scoring import Verdict

# A sentence of these topics alone is courtesy when it thanks, wishes or offers.
COURTEOUS = frozenset(("visit_organisation", "cooperation", "other"))
KINDS = {POSITIVE: "praise", NEGATIVE: "problem", NEUTRAL: "fact"}
Decision = tuple[Verdict, bool, list[str]]  # direction and judgement, advice or not, topics


def sentence_of(text: str, offset: int, lang: str, seen: list[Observation], decision: Decision) -> Sentence:
    """A sentence, from how each of its languages was seen and what was decided about it."""
    verdict, suggestion, chosen = decision
    first, last = seen[0].reading, seen[-1].reading
    label, polarity = verdict.label(), verdict.polarity()
    aspects = [topics.aspect_of(text, offset, t, seen, label, polarity) for t in chosen]
    if first.turns or last.turns:
        aspects = contrast.both_halves(seen[0] if first.turns else seen[-1], offset, aspects)
    kind = kind_of(text, label, suggestion, "offer" in first.marks or "offer" in last.marks)
    explanation = _explanation(seen, verdict)
    end = offset + len(text)
    return Sentence(text, offset, end, lang, label, polarity, suggestion, kind, tuple(aspects), explanation)


def _explanation(seen: list[Observation], verdict: Verdict) -> Explanation:
    first = seen[0]
    cues = [cue[:3] for o in seen for cue in o.cues]
    return Explanation(
        verdict.direction,
        verdict.judgement,
        verdict.reasons,
        first.textblob[:2],
        first.reading.clauses,
        cues,
    )


def unscorable(text: str, offset: int) -> Sentence:
    """A sentence in neither language."""
    return Sentence(text, offset, offset + len(text), "other", None, None, False, "fact", (), None)


def kind_of(text: str, label: str, suggestion: bool, offers: bool) -> str:
    """praise, problem, advice, question, offer or fact; `offers`: something is offered in it."""
    if suggestion:
        return "advice"
    if label == NEUTRAL and text.rstrip().endswith(("?", "？")):
        return "question"
    if offers and label != NEGATIVE:
        return "offer"
    return KINDS[label]


def answer_of(text: str, sentences: list[Sentence]) -> TextAnalysis:
    """An answer, from its sentences."""
    if len(sentences) == 1:
        polarity, lang = sentences[0].polarity, sentences[0].lang
    else:
        known = [s.polarity for s in sentences if s.polarity is not None]
        polarity, lang = round(sum(known) / len(known), 4) if known else None, language_of(text)
    return TextAnalysis(lang, sentiment_of(sentences), polarity, tuple(sentences))


def sentiment_of(sentences: list[Sentence]) -> str | None:
    """The reading of an answer or of a whole response: mixed when it both praises and blames."""
    scored = [s for s in sentences if s.sentiment is not None]
    if len(scored) == 1:
        # A lone sentence counts, courtesy or not.
        signs = {scored[0].sentiment, *[a.sentiment for a in scored[0].aspects]}
        return scored[0].sentiment if len(signs) == 1 else _of_signs(signs)
    content = [s for s in scored if not _courtesy(s)] or scored
    return _of_signs({s.sentiment for s in content} | {a.sentiment for s in content for a in s.aspects})


def _of_signs(signs: set[str | None]) -> str | None:
    if {POSITIVE, NEGATIVE} <= signs:
        return MIXED
    return next((label for label in (POSITIVE, NEGATIVE, NEUTRAL) if label in signs), None)


def _courtesy(sentence: Sentence) -> bool:
    if sentence.sentiment != POSITIVE or not all(a.topic in COURTEOUS for a in sentence.aspects):
        return False
    why = sentence.explanation
    return why is not None and any(said.rule in ("courtesy", "offer") for said in why.reasons)
