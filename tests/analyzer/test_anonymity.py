"""Nobody is recognised who did not wish to be, not even by somebody who holds the list of visitors."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.digests.build import build_digest
from analyzer.digests.model import Attribution, Digest, Quote
from analyzer.rows import AnalysedEvent, Rows, rows_of
from tests.analyzer.stories import NOW, answer, said, scheduled
from tests.analyzer.test_build import LABELS, build, crowd, everything, visit

SENTENCE = {"en": "Remark {i} on the furnace.", "zh": "关于炉子的第{i}条意见。"}


@dataclass(frozen=True)
class Visitor:
    """One line of the list that the host holds, and what this expert did with the form."""

    kind: str
    discipline: str
    language: str
    answers: bool
    named: bool  # agrees to be named
    contact: bool  # agrees to be contacted
    feeling: str
    rating: int


VISITOR = st.builds(
    Visitor,
    kind=st.sampled_from(("university", "institute", "company")),
    discipline=st.sampled_from(("materials", "metallurgy")),
    language=st.sampled_from(("zh", "zh", "en")),
    answers=st.booleans(),
    named=st.sampled_from((False, False, False, True)),
    contact=st.sampled_from((False, False, True)),
    feeling=st.sampled_from(("positive", "negative", "negative")),
    rating=st.sampled_from((2, 2, 5)),
)


def counts(visitors: Sequence[Visitor]) -> dict[str, dict[str, int]]:
    """As the collector tells them."""
    told: dict[str, dict[str, int]] = {"language": dict(Counter(v.language for v in visitors))}
    for name, attribute in (("organisation_kind", "kind"), ("discipline", "discipline")):
        told[name] = dict(Counter(getattr(v, attribute) for v in visitors))
        told[f"{name}/language"] = dict(Counter(f"{getattr(v, attribute)}/{v.language}" for v in visitors))
    return told


def response(i: int, visitor: Visitor) -> AnalysedEvent:
    """Everything consented to, so that only anonymity holds words back."""
    more = [answer("cooperate", {"choice": "maybe"})]
    if visitor.contact:
        more.append(answer("contact", {"agreed": True, "name": f"Contact {i}"}))
    text = SENTENCE[visitor.language].format(i=i)
    name = {"en": f"Name {i}", "zh": f"姓名{i}"} if visitor.named else None
    about = {"language": visitor.language, "kind": visitor.kind, "discipline": visitor.discipline}
    found = said(f"r-{i:02}", "improve", text, "safety", visitor.feeling, more=more, name=name, **about)
    event: Any = found.event
    rated = tuple(replace(a, value=visitor.rating) if a.role == "overall" else a for a in event.answers)
    return replace(found, event=replace(event, answers=rated))


def told(visitors: Sequence[Visitor], mode: str, minimum: int) -> Digest:
    events = [response(i, v) for i, v in enumerate(visitors) if v.answers]
    about = visit(invited=len(visitors), visitors=counts(visitors), attribution=mode, minimum_group=minimum)
    found: list[Rows] = [rows_of(e, e.event) for e in events]  # type: ignore[arg-type]
    return build_digest(about, found, LABELS, NOW)


def suspects(quote: Quote, digest: Digest, visitors: Sequence[Visitor]) -> list[int]:
    """Who may have said it, for one who reads the whole digest and knows every visitor."""
    seen = {q.attribution.name["en"] for q in digest.remarks if q.attribution.name}
    language = {"mixed": "zh"}.get(quote.lang, quote.lang)
    left = [i for i, v in enumerate(visitors) if v.language == language and f"Name {i}" not in seen]
    for name, attribute in (("organisation_kind", "kind"), ("discipline", "discipline")):
        group = getattr(quote.attribution, name)
        told_apart = {getattr(q.attribution, name) for q in digest.remarks if q.lang == quote.lang} - {None}
        if group:
            left = [i for i in left if getattr(visitors[i], attribute) == group]
        else:
            left = [i for i in left if getattr(visitors[i], attribute) not in told_apart]
    return _only_known(left, seen, digest)


def _only_known(left: list[int], seen: Iterable[str], digest: Digest) -> list[int]:
    """Where as many are known by name as answered, nobody else can have said anything."""
    leads = {int((lead.name or "0 0").split()[1]) for lead in (digest.cooperation or _NOBODY).leads}
    known = leads | {int(name.split()[1]) for name in seen}
    return [i for i in left if i in known] if len(known) >= digest.responses.answered else left


class _NOBODY:
    leads: tuple[Any, ...] = ()


@given(
    st.lists(VISITOR, min_size=1, max_size=24),
    st.sampled_from(("named", "discipline", "pooled")),
    st.integers(3, 5),
)
@settings(max_examples=400, deadline=None)
def test_an_attacker_with_the_list_of_visitors_is_never_left_with_few(
    visitors: list[Visitor], mode: str, minimum: int
) -> None:
    """Behind every unsigned quote stand as many people as the organiser asked for, or nobody is quoted."""
    digest = told(visitors, mode, minimum)
    for quote in digest.remarks:
        if not quote.attribution.name:
            assert len(suspects(quote, digest, visitors)) >= minimum
    for topic in digest.topics:
        assert len(visitors) < minimum or max(topic.experts_positive, topic.experts_negative) < len(visitors)
    if digest.overall:
        shown = [n for _, n in digest.overall.counts if n]
        assert shown != [len(visitors)]


def test_only_one_who_agreed_is_named_and_only_where_names_are_told() -> None:
    """The organiser's choice of the mode stands above an expert's consent, never below it."""
    name = {"en": "Prof. Li Wen", "zh": "李文教授"}
    events = [*crowd(3), said("n", name=name)]
    assert "Prof. Li Wen" in everything(build(*events, attribution="named"))
    for mode in ("discipline", "pooled"):
        assert "Prof. Li Wen" not in everything(build(*events, attribution=mode))


@given(st.lists(VISITOR, min_size=1, max_size=24), st.integers(3, 5))
@settings(max_examples=200, deadline=None)
def test_pooled_tells_of_nobody_who_said_what(visitors: list[Visitor], minimum: int) -> None:
    """All visitors are one pool: no name, kind or discipline stands by any words or in the notes, and in a
    room of few, where nothing can be signed, there are no words at all."""
    digest = told(visitors, "pooled", minimum)
    assert {quote.attribution for quote in digest.remarks} <= {Attribution()}
    assert (digest.notes.kinds_named, digest.notes.disciplines_named) == ((), ())
    assert "Name " not in repr(digest)
    if len(visitors) < minimum:
        assert (digest.remarks, digest.topics, digest.overall) == ((), (), None)


def room(**groups: int) -> dict[str, Any]:
    """Visitors by discipline, all writing English."""
    return {
        "invited": sum(groups.values()),
        "attribution": "discipline",
        "visitors": {
            "discipline": groups,
            "language": {"en": sum(groups.values())},
            "discipline/language": {f"{name}/en": n for name, n in groups.items()},
        },
    }


def test_the_only_metallurgist_is_not_pointed_at() -> None:
    """A discipline of one is never told, and no other is told if that would tell it."""
    quotes = [
        *crowd(2, discipline="materials"),
        said("m", text="Watch the melt.", discipline="metallurgy"),
        *(said(f"e-{i}", text="Save heat.", discipline="energy") for i in range(2)),
    ]
    digest = build(*quotes, **room(materials=12, energy=6, metallurgy=1))
    assert {q.attribution.discipline for q in digest.remarks} == {"materials", None}
    assert digest.notes.disciplines_named == ("materials",)


def test_the_only_english_writer_is_not_quoted() -> None:
    """The words would be the signature."""
    zh = [said(f"z-{i}", text="炉子很先进。", language="zh") for i in range(6)]
    alone = said("e", text="A fine line.", language="en")
    digest = build(*zh, alone, visitors={"language": {"zh": 20, "en": 1}})
    assert "A fine line." not in everything(digest)
    assert digest.topics[0].positive == 7  # counted all the same


def test_a_foreign_language_is_not_quoted() -> None:
    """Who writes German among Chinese and English experts has signed."""
    foreign = said("d", text="Die Anlage ist sehr modern.", language="en")
    [odd] = [rows_of(foreign, foreign.event)]  # type: ignore[arg-type]
    odd = replace(odd, sentences=tuple({**s, "lang": "other"} for s in odd.sentences))
    rest: list[Rows] = [rows_of(e, e.event) for e in crowd(5)]  # type: ignore[arg-type]
    about = visit(visitors={"language": {"zh": 14, "en": 10}})
    assert "Die Anlage" not in everything(build_digest(about, [odd, *rest], LABELS, NOW))


def test_in_a_room_of_four_only_signed_words_are_shown() -> None:
    """The host met all four: every number would tell about persons."""
    name = {"en": "Prof. Li Wen", "zh": "李文教授"}
    digest = build(*crowd(3), said("n", name=name, text="Signed words."), invited=4, visitors={})
    assert digest.headline.kind == "room"
    assert [quote.text for quote in digest.remarks] == ["Signed words."]
    assert digest.overall is None
    assert digest.recommend is None
    assert "The furnace is modern." not in everything(digest)


def test_the_threshold_counts_visitors_not_answers() -> None:
    """Three answers of twenty-four visitors hide more than five of five."""
    assert len(build(*crowd(3), invited=24).remarks) == 3
    assert build(*crowd(4), invited=4, visitors={}).remarks == ()


def test_text_may_ask_for_more_visitors_than_numbers() -> None:
    """A value of its own, because words tell more than a rating."""
    digest = build(*crowd(6), invited=8, visitors={}, minimum_text=9)
    assert digest.remarks == ()
    assert digest.overall is not None
    assert digest.overall.n == 6


def test_a_room_that_agrees_leaves_one_out() -> None:
    """If all five found safety wanting, "5 of 5" would tell what each of them wrote."""
    blame = [said(f"b-{i}", "improve", "Too dusty.", "safety", "negative") for i in range(5)]
    digest = build(*blame, invited=5, visitors={})
    assert digest.notes.spared
    assert digest.criticised[0].experts == 4
    assert "at least 4 of 5 experts" in everything(digest)


def test_a_rating_that_all_visitors_gave_alike_is_withheld() -> None:
    """It would be everybody's own answer."""
    digest = build(*crowd(5), invited=5, visitors={})
    assert digest.overall is not None
    assert (digest.overall.n, digest.overall.withheld) == (0, "unanimous")


def test_an_unknown_visitor_list_still_hides_the_few() -> None:
    """A message of an older collector tells no visitors; then the answers are the room."""
    event = scheduled(visitors={})
    assert event.visitors == {}
    zh = [said(f"z-{i}", text="炉子很先进。", language="zh") for i in range(6)]
    digest = build(*zh, said("e", text="A fine line."), visitors={})
    assert "A fine line." not in everything(digest)
