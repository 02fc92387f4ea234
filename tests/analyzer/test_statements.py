"""Statements of a digest: founded on words, the same in both languages, obedient in every form."""

import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from email import message_from_bytes, policy
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.accuracy import measured
from analyzer.digests import as_html, renderers
from analyzer.digests.build import build_digest
from analyzer.digests.founding import Unfounded, check
from analyzer.digests.horizons import horizon
from analyzer.digests.model import Digest, Evidence, Need
from analyzer.digests.remarks import evidence_of
from analyzer.digests.wording import headline_text
from analyzer.rows import AnalysedEvent
from tests.analyzer.forms import render
from tests.analyzer.samples import sample_visit
from tests.analyzer.stories import NOW, answer, said
from tests.analyzer.test_build import LABELS, build, crowd, rows, visit

WILLING = answer("cooperate", {"choice": "yes"})


def varied() -> list[AnalysedEvent]:
    """Praise, criticism, advice, an offer, in both languages."""
    return [
        *crowd(6),
        *(said(f"z-{i}", text="炉子很先进。", language="zh") for i in range(5)),
        *(said(f"b-{i}", "improve", "Too dusty.", "safety", "negative") for i in range(5)),
        said("s", "improve", "请加装除尘罩。", "safety", "negative", suggestion=True),
        said("o", "offer", "We could test alloys next year.", "other", "neutral", more=[WILLING]),
    ]


def texts(events: Iterable[AnalysedEvent]) -> dict[str, str]:
    answers = [a for r in rows(events) for a in r.answers if a["type"] == "text"]
    return {evidence_of(a, 0, 0).answer: a["value"] for a in answers}


def test_a_statement_without_evidence_is_refused() -> None:
    """Better no digest than one that says what nobody said."""
    events = varied()
    digest = build(*events)
    check(digest, texts(events))
    bare = replace(digest.criticised[0], evidence=())
    with pytest.raises(Unfounded, match="criticism of safety names no evidence"):
        check(replace(digest, criticised=(bare,)), texts(events))


def test_evidence_must_lie_within_what_was_typed() -> None:
    """A span behind the end of an answer proves nothing."""
    events = varied()
    digest = build(*events)
    place = digest.topics[0].evidence[0]
    beyond = replace(digest.topics[0], evidence=(Evidence(place.answer, place.question_id, 0, 10_000),))
    with pytest.raises(Unfounded, match="where nothing is written"):
        check(replace(digest, topics=(beyond,)), texts(events))


def test_a_quote_must_be_verbatim() -> None:
    """Not a letter is ours."""
    events = varied()
    digest = build(*events)
    changed = replace(digest.remarks[0], text="The furnace is very modern.")
    with pytest.raises(Unfounded, match="not what was typed"):
        check(replace(digest, remarks=(changed,)), texts(events))


def test_more_experts_than_answers_are_refused() -> None:
    """A count is founded too."""
    events = varied()
    digest = build(*events)
    swollen = replace(digest.praised[0], experts=99)
    with pytest.raises(Unfounded, match="counts 99 experts"):
        check(replace(digest, praised=(swollen,)), texts(events))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("production_process", "safety", "energy_environment")),
            st.sampled_from(("positive", "negative", "neutral")),
        ),
        max_size=24,
    )
)
@settings(max_examples=80, deadline=None)
def test_the_headline_can_be_derived_again_from_the_data(pairs: list[tuple[str, str]]) -> None:
    """By another hand: no topic with five remarks has more experts of one mind than the one it names."""
    digest = build(
        *(said(f"p-{i:02}", "improve", "Words.", t, f) for i, (t, f) in enumerate(pairs)), invited=30
    )
    head = digest.headline
    assert head.valued is None or head.valued != head.to_fix
    for side, told in (("positive", head.valued), ("negative", head.to_fix)):
        other = head.to_fix if side == "positive" else head.valued
        counts = {t: pairs.count((t, side)) for t, _ in pairs if sum(p[0] == t for p in pairs) >= 5}
        rivals = {t: n for t, n in counts.items() if n >= 3 and t != other}
        assert (told in rivals and rivals[told] == max(rivals.values())) if told else not rivals
        if told:
            assert LABELS[told]["zh"] in headline_text(head, digest.labels, "zh")


def skeleton(page: str) -> list[tuple[str, str, list[str]]]:
    """What a page holds without its language: quotes, addresses and numbers, in their order.

    Words of two languages stand in different orders, so the numbers of one place are sorted.
    """
    body = page[page.index("<main") : page.index('class="notes"')]
    body = re.sub(r"\?lang=(en|zh)", "", body)
    found = re.findall(r'data-answer="(\w+)"|href="([^"]+)"|class="num[^"]*">([^<]*)<', body)
    return [(answer, link, sorted(re.findall(r"\d+", number))) for answer, link, number in found]


@pytest.mark.parametrize("name", ["varied", "sample"])
def test_both_languages_hold_the_same_statements_counts_and_order(name: str) -> None:
    """One evidence set, two languages: a number that is in one only would be a lie in the other."""
    digest = build(*(varied() if name == "varied" else sample_visit("ruige-1124")))
    pages = [as_html.render(digest, lang, str, {"pdf": "/x"}, "/d/x", True) for lang in ("en", "zh")]
    en, zh = map(skeleton, pages)
    assert en == zh
    assert len(en) > 20
    for tag in ("h2", "h3", "h4", "li", "tr", "figure", "details"):
        assert len(re.findall(rf"<{tag}\b", pages[0])) == len(re.findall(rf"<{tag}\b", pages[1])), tag


def readable(form: str, body: bytes) -> str:
    """What a reader finds in a form, unpacked."""
    if form == "pdf":
        pypdf = pytest.importorskip("pypdf", reason="reading a PDF back needs pypdf")
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    if form == "xlsx":
        archive = zipfile.ZipFile(io.BytesIO(body))
        return unescape("".join(archive.read(name).decode("utf-8", "ignore") for name in archive.namelist()))
    if form == "email":
        parts = message_from_bytes(body, policy=policy.default).walk()
        return "".join(part.get_content() for part in parts if part.get_content_maintype() == "text")
    return unescape(body.decode("utf-8"))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("form", sorted(renderers.FORMS))
def test_a_sentence_for_the_summary_only_is_in_no_form(form: str, language: str) -> None:
    """Its words are nowhere, one for quoting is; both are counted."""
    told = said("t", "improve", "Tollgate words may be quoted.", "safety", "negative", suggestion=True)
    kept = [
        said(
            "s",
            "improve",
            "Secretive words.",
            "safety",
            "negative",
            readership="summary",
            suggestion=True,
        ),
        said("o", "offer", "Secretive offer stays.", readership="summary", more=[WILLING]),
        said("h", "outlook", "Secretive outlook stays.", "safety", "negative", readership="organiser"),
    ]
    need = Need("n", {"en": "Words", "zh": "词语"}, "safety", ("words", "offer"))
    digest = build(*crowd(6), told, *kept, needs=(need,))
    assert next(t for t in digest.topics if t.id == "safety").negative == 2
    body = render(digest, form, language)
    text = readable(form, body)
    assert "Secretive" not in re.sub(r"\s+", " ", text)
    if form != "email":  # a mail holds only what fits it
        assert "Tollgate" in text


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("We can start within six months.", "Within 6 months"),
        ("可在三个月内提供检测服务。", "Within 3 months"),
        ("半年内可以开展联合试验", "Within 6 months"),
        ("Two students could come next spring.", "Next year"),
        ("明年可接收两名工程师。", "Next year"),
        ("随时可以联系我。", "Soon"),
        ("Joint tests within 2 years, first results this year.", "Within 2 years"),
        ("We could test your alloys.", None),
        ("我们在镁合金领域有三年经验。", None),
    ],
)
def test_an_offer_says_when_it_could_begin_or_nothing_is_told(text: str, label: str | None) -> None:
    """In the expert's words; no guess."""
    found = horizon(text)
    assert (found.label["en"] if found else None) == label
    assert found is None or text[found.start : found.end] == found.words


def test_needs_are_answered_in_the_companys_order_silence_too() -> None:
    """By phrase, or by advice on the topic; praise of a topic answers no need."""
    needs = (
        Need("tests", {"en": "Alloy tests", "zh": "合金测试"}, None, ("alloy",)),
        Need("dust", {"en": "Dust", "zh": "粉尘"}, "safety", ()),
        Need("gas", {"en": "Gas", "zh": "燃气"}, "energy_environment", ("natural gas",)),
    )
    digest = build(*varied(), needs=needs)
    assert [(need.id, need.experts) for need in digest.needs] == [("tests", 1), ("dust", 1), ("gas", 0)]
    assert [quote.text for quote in digest.needs[1].quotes] == ["请加装除尘罩。"]


def two_hundred() -> Digest:
    sample = sample_visit("ruige-1124")
    many = [
        replace(e, event=replace(e.event, response_id=f"{n}-{e.event.subject}"))  # type: ignore[type-var]
        for n in range(7)
        for e in sample
    ]
    return build_digest(visit(invited=240), rows(many[:200]), LABELS, NOW)


def test_a_digest_of_two_hundred_is_light() -> None:
    """80 KB on the way to a phone."""
    page = as_html.render(two_hundred(), "zh", str, {}, "/d/" + "x" * 100, True)
    assert len(gzip.compress(page.encode(), 6)) <= 80_000


def test_measured_accuracy_is_told_where_it_was_measured(tmp_path: Path) -> None:
    """And its absence is no fault."""
    figure = {"value": 0.81, "low": 0.78, "high": 0.84}
    file = tmp_path / "accuracy.json"
    file.write_text(
        json.dumps({"responses": {"en": 400}, "figures": {"en": {"topic, micro-F1": figure}}}), "utf-8"
    )
    [one] = measured(file)
    assert (one.language, one.measure, one.value, one.responses) == ("en", "topic", 0.81, 400)
    assert measured(tmp_path / "none.json") == ()


def test_the_shipped_accuracy_is_the_one_the_docs_publish() -> None:
    """A figure in a digest that no page explains would be a claim."""
    docs = (Path(__file__).resolve().parents[2] / "docs" / "accuracy.md").read_text(encoding="utf-8")
    assert {(one.language, one.measure) for one in measured()} == {
        (language, measure) for language in ("en", "zh") for measure in ("sentiment", "topic", "suggestion")
    }
    for one in measured():
        assert f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}]" in docs
