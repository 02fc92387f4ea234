"""Events and analyses to tell small stories with: who visited, who said what, who took it back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from analyzer.analysis.findings import Aspect, Explanation, Reason, Sentence, TextAnalysis
from analyzer.messages import (
    Answer,
    Consent,
    Photo,
    PhotoStored,
    Respondent,
    ResponseSubmitted,
    ResponseWithdrawn,
    VisitScheduled,
)
from analyzer.rows import AnalysedEvent

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
VERSIONS = {"engine": "default-1", "lexicon": "lex-1", "taxonomy": "tax-1"}
SCALE = {
    "min": 1,
    "max": 5,
    "low": {"en": "Poor", "zh": "较差"},
    "high": {"en": "Excellent", "zh": "优秀"},
    "opt_out": {"en": "Did not see", "zh": "没看到"},
}
NPS_SCALE = {
    "min": 0,
    "max": 10,
    "low": {"en": "Not at all likely", "zh": "完全不可能"},
    "high": {"en": "Extremely likely", "zh": "非常可能"},
    "opt_out": None,
}
ITEMS = (
    {
        "id": "process",
        "role": "aspect:production_process",
        "label": {"en": "Production process", "zh": "生产工艺"},
    },
    {
        "id": "product",
        "role": "aspect:product_quality",
        "label": {"en": "Product performance", "zh": "产品性能"},
    },
    {"id": "safety", "role": "aspect:safety", "label": {"en": "Safety", "zh": "安全生产"}},
)
FORMS = (
    {"id": "joint_rd", "label": {"en": "Joint research", "zh": "联合研发"}},
    {"id": "testing", "label": {"en": "Testing", "zh": "检测与分析"}},
    {"id": "other", "label": {"en": "Other", "zh": "其他"}},
)
WILLING = (
    {"id": "yes", "label": {"en": "Yes", "zh": "愿意"}},
    {"id": "maybe", "label": {"en": "Maybe", "zh": "可以考虑"}},
    {"id": "no", "label": {"en": "No", "zh": "暂不考虑"}},
)
LABELS = {
    "overall": {"en": "Overall impression", "zh": "总体印象"},
    "aspects": {"en": "What you saw", "zh": "分项评价"},
    "recommend": {"en": "Would you recommend this company?", "zh": "您是否愿意推荐该企业？"},
    "impressed": {"en": "What impressed you most?", "zh": "最让您印象深刻的是什么？"},
    "improve": {"en": "What should be improved?", "zh": "最应改进什么？"},
    "outlook": {"en": "Advice or outlook", "zh": "建议与展望"},
    "cooperate": {"en": "Would you like to cooperate?", "zh": "您是否有意合作？"},
    "cooperation_forms": {"en": "In which way?", "zh": "合作方式"},
    "offer": {"en": "What can you offer?", "zh": "您能提供什么？"},
    "contact": {"en": "Contact", "zh": "联系方式"},
}
QUESTIONS: dict[str, tuple[str, str, dict[str, Any]]] = {  # id -> role, type, extras
    "overall": ("overall", "rating", {"scale": SCALE}),
    "aspects": ("aspects", "matrix", {"scale": SCALE, "items": ITEMS}),
    "recommend": ("recommend", "nps", {"scale": NPS_SCALE}),
    "impressed": ("impressed", "text", {}),
    "improve": ("improve", "text", {}),
    "outlook": ("outlook", "text", {}),
    "cooperate": ("cooperation", "single_choice", {"choices": WILLING}),
    "cooperation_forms": ("cooperation_forms", "multiple_choice", {"choices": FORMS}),
    "offer": ("cooperation_offer", "text", {}),
    "contact": ("contact", "contact", {}),
}


def answer(question_id: str, value: Any, readership: str = "quote", transcribed: bool = False) -> Answer:
    role, kind, extras = QUESTIONS[question_id]
    parts: dict[str, Any] = {"scale": None, "choices": (), "items": (), **extras}
    position = list(QUESTIONS).index(question_id)
    label = LABELS[question_id]
    parts |= {"readership": readership, "transcribed": transcribed}
    return Answer(question_id, position, role, kind, label, value, **parts)


def submitted(
    response_id: str = "r-1",
    answers: Iterable[Answer] = (),
    *,
    event_id: str | None = None,
    revision: int = 1,
    visit_id: str = "ruige-1124",
    verified: bool = True,
    language: str = "en",
    use: bool = True,
    quote: bool = True,
    name: Mapping[str, str] | None = None,
    kind: str | None = "university",
    discipline: str | None = "materials",
    received_at: datetime = NOW,
    photos: Mapping[str, str] | None = None,
    answers_revision: int | None = None,
) -> ResponseSubmitted:
    """photos: id -> readership."""
    organisation = {"en": "Jinhe University", "zh": "金禾大学"} if name else None
    return ResponseSubmitted(
        event_id=event_id or f"{response_id}-{revision}",
        time=received_at,
        body="{}",
        visit_id=visit_id,
        response_id=response_id,
        revision=revision,
        fair_id="yuncheng-13",
        company_id="ruige",
        verified=verified,
        sample=True,
        language=language,
        respondent=Respondent(bool(name), f"i-{response_id}", kind, discipline, name, organisation),
        questionnaire={"id": "site-visit", "version": "1"},
        consent=Consent(use, quote, bool(name)),
        submitted_at=None,
        received_at=received_at,
        answers=tuple(answers),
        photos=tuple(Photo(*photo) for photo in (photos or {}).items()),
        answers_revision=answers_revision,
    )


def photo_stored(photo_id: str, response_id: str = "r-1", visit_id: str = "ruige-1124") -> PhotoStored:
    event_id = f"stored-{photo_id}"
    return PhotoStored(event_id, NOW, "{}", visit_id, photo_id, response_id, 1600, 1200, NOW)


def withdrawn(
    response_id: str = "r-1", *, revision: int = 2, event_id: str | None = None
) -> ResponseWithdrawn:
    event_id = event_id or f"{response_id}-w{revision}"
    return ResponseWithdrawn(event_id, NOW, "{}", "ruige-1124", response_id, revision, NOW)


def scheduled(
    visit_id: str = "ruige-1124", *, time: datetime = NOW - timedelta(days=2), **changed: Any
) -> VisitScheduled:
    facts: dict[str, Any] = {
        "fair": {
            "id": "yuncheng-13",
            "name": {"en": "13th Yuncheng fair", "zh": "第十三届运城产学研交流会"},
            "timezone": "Asia/Shanghai",
        },
        "company": {
            "id": "ruige",
            "name": {"en": "Ruige Magnesium", "zh": "瑞格镁业"},
            "industry": {"en": "magnesium", "zh": "镁业"},
        },
        "visited_at": datetime(2026, 11, 24, 6, 30, tzinfo=UTC),
        "deadline": datetime(2026, 12, 1, 10, 0, tzinfo=UTC),
        "invited": 24,
        "minimum_group": 5,
        "link_generation": 1,
        "sample": True,
        "visitors": {"organisation_kind": {"university": 12, "institute": 8, "company": 4}},
        **changed,
    }
    event_id = f"{visit_id}-{time:%H%M%S%f}-{facts['link_generation']}"
    return VisitScheduled(event_id=event_id, time=time, body="{}", visit_id=visit_id, **facts)


def read_as(
    text: str,
    topic: str = "other",
    sentiment: str | None = "neutral",
    *,
    evidence: str | None = None,
    suggestion: bool = False,
    reasons: Sequence[Reason] = (),
    lang: str | None = None,
) -> TextAnalysis:
    """The analysis of a text of one sentence: this topic, this feeling."""
    lang = lang or ("en" if text.isascii() else "zh")
    polarity = {"positive": 0.6, "neutral": 0.0, "negative": -0.6, None: None}[sentiment]
    words = evidence or text
    start = text.index(words)
    found = Aspect(topic, sentiment or "neutral", polarity, words, start, start + len(words), "test")
    kind = (
        "advice" if suggestion else {"positive": "praise", "negative": "problem"}.get(sentiment or "", "fact")
    )
    explanation = Explanation(0, 0, list(reasons), (0.0, 0.0), [], [])
    one = Sentence(text, 0, len(text), lang, sentiment, polarity, suggestion, kind, (found,), explanation)
    return TextAnalysis(lang, sentiment, polarity, (one,))


def analysed(event: Any, analyses: Mapping[str, TextAnalysis] | None = None) -> AnalysedEvent:
    sentiments = {a.sentiment for a in (analyses or {}).values() if a.sentiment}
    overall = next(iter(sentiments)) if len(sentiments) == 1 else "mixed" if sentiments else None
    return AnalysedEvent(event, NOW, analyses or {}, overall, VERSIONS)


def said(
    response_id: str,
    question_id: str = "impressed",
    text: str = "The furnace is modern.",
    topic: str = "production_process",
    sentiment: str | None = "positive",
    *,
    readership: str = "quote",
    suggestion: bool = False,
    transcribed: bool = False,
    evidence: str | None = None,
    more: Iterable[Answer] = (),
    **changed: Any,
) -> AnalysedEvent:
    """One expert's response with one remark in it, and ratings."""
    words = answer(question_id, text, readership, transcribed)
    answers = [answer("overall", 4), answer("recommend", 8), words, *more]
    event = submitted(response_id, answers, **changed)
    reading = read_as(text, topic, sentiment, suggestion=suggestion, evidence=evidence)
    return analysed(event, {question_id: reading})
