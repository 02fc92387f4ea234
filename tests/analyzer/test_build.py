"""The digest says what the responses say: no more, and to nobody it was not meant for."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.analysis.findings import Reason
from analyzer.digests import as_html, as_json
from analyzer.digests.anonymity import groups_to_name
from analyzer.digests.build import build_digest
from analyzer.digests.model import Digest, Visit
from analyzer.digests.wording import because, cooperation_heading, headline_text
from analyzer.rows import AnalysedEvent, Rows, rows_of
from tests.analyzer.stories import NOW, analysed, answer, read_as, said, scheduled, submitted

LABELS = {
    "production_process": {"en": "Production process", "zh": "生产工艺"},
    "safety": {"en": "Safety", "zh": "安全"},
    "energy_environment": {"en": "Energy and environment", "zh": "节能环保"},
    "other": {"en": "General", "zh": "其他"},
}


def visit(**changed: Any) -> Visit:
    event = scheduled()
    return Visit(
        **{
            "id": event.visit_id,
            "company": event.company["name"],
            "industry": event.company["industry"],
            "fair": event.fair["name"],
            "timezone": event.fair["timezone"],
            "visited_at": event.visited_at,
            "deadline": event.deadline,
            "invited": event.invited,
            "minimum_group": event.minimum_group,
            "visitors": event.visitors,
            "sample": event.sample,
            **changed,
        }
    )


def rows(events: Iterable[AnalysedEvent]) -> list[Rows]:
    return [rows_of(analysed, analysed.event) for analysed in events]  # type: ignore[arg-type]


def build(*events: AnalysedEvent, **changed: Any) -> Digest:
    """All declared photos have arrived."""
    found = rows(events)
    arrived = {photo["id"]: (1600, 1200) for one in found for photo in one.response["photos"]}
    return build_digest(visit(**changed), found, LABELS, NOW, arrived=arrived)


def crowd(n: int, **changed: Any) -> list[AnalysedEvent]:
    return [said(f"c-{i:03}", **changed) for i in range(n)]


def everything(digest: Digest) -> str:
    """All that a company can read, in every form."""
    pages = [as_html.render(digest, lang, lambda name: name, {}) for lang in as_html.LANGUAGES]
    return "".join([as_json.render(digest), *pages])


def test_the_headline_is_what_most_experts_valued_and_what_they_want_fixed() -> None:
    """Derived from the counts, in both languages."""
    praise = crowd(6)
    blame = [said(f"b-{i}", "improve", "Too dusty.", "safety", "negative") for i in range(5)]
    digest = build(*praise, *blame)
    assert (digest.headline.valued, digest.headline.to_fix) == ("production_process", "safety")
    assert headline_text(digest.headline, digest.labels, "en") == (
        "Production process impressed the experts most. They find most to improve in safety."
    )
    assert headline_text(digest.headline, digest.labels, "zh") == ("生产工艺最受专家认可；最需改进的是安全。")


def test_a_topic_that_leads_both_sides_speaks_for_its_larger_one() -> None:
    """ "It impressed most" and "fix it first" about one thing would help nobody."""
    praise = crowd(6)
    doubt = [said(f"d-{i}", "improve", "Old line.", "production_process", "negative") for i in range(5)]
    dust = [said(f"b-{i}", "improve", "Too dusty.", "safety", "negative") for i in range(4)]
    smoke = [said("s-1", "improve", "Smoke.", "safety", "neutral")]
    found = build(*praise, *doubt, *dust, *smoke).headline
    assert (found.valued, found.to_fix) == ("production_process", "safety")


def test_without_a_topic_of_five_remarks_the_headline_says_so() -> None:
    """Four remarks are no finding."""
    digest = build(*crowd(4), *[said(f"o-{i}", topic="other") for i in range(9)])
    assert digest.headline.kind == "scattered"
    assert headline_text(digest.headline, {}, "zh") == "13 位专家作答，意见较为分散。"


def test_remarks_without_direction_make_no_headline() -> None:
    """Much mentioned is neither valued nor to be fixed."""
    assert build(*crowd(8, sentiment="neutral")).headline.kind == "scattered"


def test_a_headline_says_why_there_is_nothing_to_say() -> None:
    """Nobody wrote a word; or what they wrote could not be read: neither is "many topics"."""
    unread = build(*crowd(4, topic="other", sentiment=None))
    assert (
        headline_text(unread.headline, {}, "en")
        == "4 experts answered. Software could not read their comments."
    )
    wordless = build(*[analysed(submitted(f"r-{i}", [answer("overall", 4)])) for i in range(4)])
    assert headline_text(wordless.headline, {}, "zh") == "4 位专家作答，均未写评语。"


def test_the_headline_tells_both_sides_of_its_topics() -> None:
    """Who reads that safety is to be improved also reads that two praise it."""
    blame = [said(f"b-{i}", "improve", "Dust.", "safety", "negative") for i in range(5)]
    praise = [said(f"p-{i}", text="Safe.", topic="safety") for i in range(2)]
    [(topic, text)] = because(build(*blame, *praise), "en")
    assert (topic, text.partition(": ")[2]) == (
        "safety",
        "5 of 7 experts find this wanting, in 5 remarks; 2 praise it",
    )


def test_maybe_later_is_not_a_yes() -> None:
    """Counted apart in the heading and in every number."""
    willing = [
        said(f"r-{i}", more=[answer("cooperate", {"choice": c})])
        for i, c in enumerate(["yes", "maybe", "no"])
    ]
    cooperation = build(*willing).cooperation
    assert cooperation
    assert (cooperation.ready, cooperation.willing) == (1, 2)
    assert cooperation_heading(cooperation, "en") == "Cooperation: 1 expert is ready, 1 maybe later"


def test_nobody_has_answered_yet() -> None:
    """The empty state is a digest too."""
    digest = build()
    assert (digest.headline.kind, digest.responses.answered, digest.topics) == ("none", 0, ())
    assert "No expert has answered yet." in everything(digest)


@pytest.mark.parametrize("n", [1, 2])
def test_below_three_responses_nothing_that_was_written_is_shown(n: int) -> None:
    """The first expert to answer is not exposed, and the page says why."""
    digest = build(*crowd(n, text="The furnace 小炉 is modern."))
    text = everything(digest)
    assert "furnace" not in text
    assert "What experts wrote is shown when at least 3 have answered." in text
    assert digest.topics == ()
    assert digest.overall is not None


def test_from_three_responses_quotes_are_shown() -> None:
    """The other side of the rule."""
    assert "The furnace is modern." in everything(build(*crowd(3)))


def test_answers_without_consent_to_use_count_only_as_answered() -> None:
    """Neither ratings nor words of such a response reach the company."""
    digest = build(*crowd(3), said("w", text="Secret words.", use=False))
    assert (digest.responses.answered, digest.responses.withheld, digest.responses.used) == (4, 1, 3)
    assert digest.overall is not None
    assert digest.overall.n == 3
    assert "Secret words" not in everything(digest)


def test_a_summary_only_text_is_counted_and_never_quoted() -> None:
    """Counts only, in every form."""
    digest = build(*crowd(3), said("s", text="Secret words.", readership="summary"))
    [topic] = digest.topics
    assert topic.positive == 4
    assert "Secret" not in everything(digest)


def test_no_consent_to_quote_means_no_quote() -> None:
    """Whatever the readership of the single answer says."""
    digest = build(*crowd(3), said("s", text="Secret words.", quote=False))
    assert "Secret" not in everything(digest)


def test_a_text_for_the_organiser_is_not_even_counted() -> None:
    """Nothing for the company."""
    digest = build(
        *crowd(3), said("s", "improve", "Secret words.", "safety", "negative", readership="organiser")
    )
    assert [topic.id for topic in digest.topics] == ["production_process"]
    assert "Secret" not in everything(digest)


def test_a_suggestion_that_may_not_be_quoted_is_counted_without_words() -> None:
    """The company knows that there is advice, and how much."""
    hidden = said(
        "s", "improve", "Secret advice.", "safety", "neutral", suggestion=True, readership="summary"
    )
    [advice] = build(*crowd(3), hidden).advice
    assert (advice.topic, advice.experts, advice.items, advice.unquoted) == ("safety", 1, (), 1)


def contact(**value: Any) -> Any:
    return answer("contact", {"agreed": True, "name": "Li Wen", "email": "li@example.org", **value})


WILLING = answer("cooperate", {"choice": "yes"})


def test_a_contact_is_shown_only_after_an_explicit_yes() -> None:
    """The same answer with and without the yes."""
    open_one = build(*crowd(3), said("s", more=[WILLING, contact()]))
    shut_one = build(*crowd(3), said("s", more=[WILLING, contact(agreed=False)]))
    assert "li@example.org" in everything(open_one)
    assert "li@example.org" not in everything(shut_one)
    assert shut_one.cooperation is not None
    assert shut_one.cooperation.willing == 1


def test_an_offer_without_contact_stands_alone() -> None:
    """Its words may be read, its author not."""
    digest = build(*crowd(3), said("s", "offer", "We test alloys.", more=[WILLING]))
    assert digest.cooperation is not None
    assert [offer.text for offer in digest.cooperation.offers] == ["We test alloys."]
    assert "s" not in {lead.name for lead in digest.cooperation.leads}


def test_under_ten_answers_there_is_no_average() -> None:
    """The answers speak for themselves."""
    assert build(*crowd(9)).overall.average is None  # type: ignore[union-attr]
    assert build(*crowd(10)).overall.average == 4.0  # type: ignore[union-attr]


def test_a_distribution_keeps_every_answer_and_every_opt_out() -> None:
    """Did not see is not a rating."""
    seen = [said(f"a-{i}", more=[answer("aspects", {"safety": 2})]) for i in range(2)]
    unseen = said("a-9", more=[answer("aspects", {"safety": "opt_out"})])
    safety = next(d for d in build(*seen, unseen).ratings if d.id == "safety")
    assert safety.counts == ((1, 0), (2, 2), (3, 0), (4, 0), (5, 0))
    assert (safety.n, safety.opted_out, safety.topic) == (2, 1, "safety")


def test_quotes_are_by_different_experts_and_languages() -> None:
    """Two quotes of a topic do not come from one pen."""
    zh = [said(f"z-{i}", text="炉子很先进，自动化程度也高。", language="zh") for i in range(3)]
    [theme] = build(*crowd(3), *zh).praised
    assert {quote.lang for quote in theme.quotes} == {"en", "zh"}
    assert len({quote.evidence.answer for quote in theme.quotes}) == 2


def test_a_quote_is_marked_by_the_analysis() -> None:
    """The words that named the topic, at their place."""
    [theme] = build(*crowd(3, evidence="furnace")).praised
    [mark] = theme.quotes[0].marks
    assert (mark.kind, theme.quotes[0].text[mark.start : mark.end]) == ("topic", "furnace")


def test_every_statement_names_its_evidence() -> None:
    """No topic, theme, advice or quote without the place it comes from."""
    digest = build(*crowd(4), said("s", "improve", "Please cover it.", "safety", "negative", suggestion=True))
    statements = [*digest.topics, *digest.praised, *digest.criticised, *digest.advice]
    assert statements
    assert all(statement.evidence for statement in statements)


def test_evidence_does_not_tell_which_answers_are_by_one_hand() -> None:
    """A response id in the document would join an expert's answers into a portrait."""
    digest = build(*crowd(3), said("portrait-of-one", more=[WILLING]))
    assert "portrait-of-one" not in everything(digest)


def test_a_kind_of_organisation_is_named_only_for_enough_visitors() -> None:
    """Judged by who was in the room, not by who answered."""
    companies = crowd(3, kind="company")
    universities = [said(f"u-{i}", "improve", "Too dusty.", "safety", "negative") for i in range(3)]
    digest = build(
        *companies,
        *universities,
        visitors={"organisation_kind": {"university": 12, "company": 4, "institute": 3}},
    )
    assert {quote.attribution.organisation_kind for quote in digest.praised[0].quotes} == {None}
    assert {quote.attribution.organisation_kind for quote in digest.criticised[0].quotes} == {"university"}


def test_naming_all_groups_but_one_would_name_that_one() -> None:
    """The smallest named group joins the few who may not be named."""
    assert groups_to_name({"university": 12, "institute": 6, "company": 1}, 5) == {"university"}


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 20)), st.integers(2, 8))
def test_who_is_not_named_is_never_few(counts: dict[str, int], minimum: int) -> None:
    """Neither a named group nor the rest is smaller than the minimum."""
    named = groups_to_name(counts, minimum)
    rest = sum(n for group, n in counts.items() if group not in named)
    assert all(counts[group] >= minimum for group in named)
    assert not named or rest == 0 or rest >= minimum


def test_a_name_is_shown_only_with_consent_to_be_named() -> None:
    """Name and organisation travel together, and not otherwise."""
    name = {"en": "Prof. Li Wen", "zh": "李文教授"}
    named = build(*crowd(2), said("n", name=name, text="Very modern line, well run."))
    assert "Prof. Li Wen" in everything(named)
    assert "Prof. Li Wen" not in everything(build(*crowd(3)))


def test_unverified_answers_are_told_apart() -> None:
    """Anyone on the spot can use the open link."""
    digest = build(*crowd(3), said("open", verified=False))
    assert (digest.responses.verified, digest.responses.unverified) == (3, 1)


def test_the_digest_says_how_many_were_amended() -> None:
    """The last version counts; who changed what stays with the organisers."""
    digest = build(*crowd(3), said("again", revision=3))
    assert (digest.responses.used, digest.responses.amended) == (4, 1)
    assert build(*crowd(3)).responses.amended == 0


def test_a_photo_or_a_transcript_amends_no_answer() -> None:
    """A later revision is told apart from a change of mind; an older collector does not tell."""
    seen = said("photo", revision=2, answers_revision=1)
    changed = said("changed", revision=4, answers_revision=3)
    untold = said("untold", revision=2)
    assert build(*crowd(3), seen).responses.amended == 0
    assert build(*crowd(3), seen, changed, untold).responses.amended == 2


def test_what_cannot_be_scored_is_not_neutral() -> None:
    """Counted as such, and said in the notes."""
    digest = build(*crowd(3), said("x", text="AZ91D", topic="other", sentiment=None))
    assert (digest.tone.neutral, digest.tone.unscorable, digest.notes.unscorable) == (0, 1, 1)
    assert digest.notes.unscorable_texts == 1


def test_the_only_english_writer_is_not_counted_out() -> None:
    """Languages are told only where each group is large enough."""
    zh = crowd(5, language="zh")
    assert build(*zh, said("e", language="en")).notes.languages is None
    assert build(*zh).notes.languages == {"zh": 5}


def test_the_order_of_the_rows_does_not_matter() -> None:
    """The same responses always give the same digest."""
    events = [*crowd(4), said("s", "improve", "Too dusty.", "safety", "negative"), said("z", text="好炉子。")]
    assert build(*events) == build(*reversed(events))


SECRETS = ("alpha-secret", "beta-secret", "gamma-secret", "delta-secret")


@given(
    st.lists(
        st.tuples(
            st.booleans(),
            st.booleans(),
            st.sampled_from(("quote", "summary", "organiser")),
            st.booleans(),
            st.sampled_from(("impressed", "improve", "offer")),
            st.sampled_from(("positive", "neutral", "negative", None)),
        ),
        max_size=4,
    )
)
@settings(max_examples=60, deadline=None)
def test_words_reach_the_company_only_with_every_yes(choices: list[Any]) -> None:
    """Use, quote and the answer's own readership must all allow it, in every form of the digest."""
    told = list(zip(SECRETS, choices, strict=False))
    events = [
        said(
            secret,
            question,
            f"{secret} words",
            "safety",
            feeling,
            use=use,
            quote=quote,
            readership=readership,
            suggestion=advice,
            more=[WILLING],
        )
        for secret, (use, quote, readership, advice, question, feeling) in told
    ]
    text = everything(build(*crowd(3), *events))
    for secret, (use, quote, readership, *_) in told:
        if not (use and quote and readership == "quote"):
            assert f"{secret} words" not in text


def test_a_closed_visit_says_so() -> None:
    """Until the deadline more may come."""
    assert build(*crowd(1)).open
    later = build_digest(visit(), [], LABELS, visit().deadline)
    assert not later.open


def test_both_languages_of_the_page_hold_the_same_quotes() -> None:
    """One evidence set, two languages."""
    digest = build(*crowd(4), said("s", "improve", "Too dusty.", "safety", "negative"))
    pages = [as_html.render(digest, lang, lambda name: name, {}) for lang in as_html.LANGUAGES]
    answers = [[part.split('"')[0] for part in page.split('data-answer="')[1:]] for page in pages]
    assert answers[0] == answers[1] != []


def test_a_topic_that_nobody_named_in_the_taxonomy_is_not_spoken_of() -> None:
    """A taxonomy that lost a topic does not break old analyses."""
    assert build(*crowd(3, topic="forgotten")).topics == ()


def test_a_response_without_any_answer_is_still_one_answer() -> None:
    """All questions but three are optional, and an old form may have had others."""
    bare = AnalysedEvent(submitted("bare"), NOW)
    digest = build(bare, replace(bare, event=submitted("bare-2")))
    assert digest.responses.used == 2
    assert json.loads(as_json.render(digest))["responses"]["answered"] == 2


def test_only_words_that_weighed_much_are_marked() -> None:
    """Small words that tipped a scale by a hair would puzzle the reader."""
    text = "The hall is dusty but new."
    reasons = [
        Reason("textblob:-", 12, 17, -3900, 0),
        Reason("model:but", 18, 21, -400, 0),
        Reason("model:rest", -1, -1, -5000, 0),
    ]
    reading = read_as(text, "safety", "negative", evidence="hall", reasons=reasons)
    events = [
        AnalysedEvent(
            submitted(f"h-{i}", [answer("improve", text)]), NOW, {"improve": reading}, "negative", {}
        )
        for i in range(3)
    ]
    [theme] = build(*events).criticised
    marks = [(text[mark.start : mark.end], mark.kind) for mark in theme.quotes[0].marks]
    assert marks == [("hall", "topic"), ("dusty", "negative")]
    assert [reason.words for reason in theme.quotes[0].reasons] == ["hall", "dusty"]
