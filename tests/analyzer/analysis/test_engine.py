"""The whole reading: labels, reasons that add up, topics, kinds, other languages."""

import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.analysis import Engine, load_engine
from analyzer.analysis.engine import AT_ONCE, CHARACTERS, blocks
from analyzer.analysis.observing import Observer

WORDS = st.sampled_from(
    [
        "The yield",
        "is",
        "high",
        "not",
        "but",
        "dust",
        "everywhere",
        "excellent",
        "please",
        "fix",
        "no",
        "guard",
        "very",
        "good",
        "wasn't",
        "(sic)",
        ".",
        "?",
        "\n",
        "😀",
        "12 %",
        "能耗",
        "偏高",
        "但",
        "设备",
        "先进",
        "不",
        "建议",
        "尽快",
        "整改",
        "，",
        "。",
        "；",
        "感謝",
        "接待",
        "Bonjour",
    ]
)
TEXTS = st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=40)


@pytest.fixture(scope="session", params=["default", "rules", "textblob"])
def any_engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine that can be selected."""
    return load_engine(engine=request.param)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_the_reasons_add_up_to_the_score_exactly(any_engine: Engine, text: str) -> None:
    """What is stored explains the score without remainder, to the last ten-thousandth."""
    for sentence in any_engine.analyse(text, question="improve").sentences:
        told = sentence.explained()
        if sentence.sentiment is None:
            assert sentence.polarity is None
            continue
        assert sum(hit["value"] for hit in told["hits"]) == told["direction"]
        assert sum(hit["judgement"] for hit in told["hits"]) == told["judgement"]
        assert told["score"] == sentence.polarity


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_every_reading_is_plain_json_with_spans_into_the_text(any_engine: Engine, text: str) -> None:
    """The store can keep it and a page can underline it."""
    analysis = any_engine.analyse(text)
    json.dumps([sentence.explained() for sentence in analysis.sentences], ensure_ascii=False)
    for sentence in analysis.sentences:
        assert text[sentence.start : sentence.end] == sentence.text
        assert all(text[a.start : a.end] == a.evidence for a in sentence.aspects)
        for hit in sentence.explained()["hits"]:
            assert hit["span"] is None or sentence.text[hit["span"][0] : hit["span"][1]] == hit["text"]


def test_the_same_words_give_the_same_reading(engine: Engine) -> None:
    """Re-analysis of old events must be byte-identical."""
    text = "设备先进，但能耗偏高。Please cover the stockpile; thank you."
    again = load_engine()
    assert engine.analyse(text) == again.analyse(text)
    assert engine.versions == again.versions


@pytest.mark.parametrize(
    "text", ["Très bien, merci pour la visite et le repas", "とても良い工場でした", "Отлично!", "👍", "100 %"]
)
def test_what_cannot_be_read_is_not_called_neutral(engine: Engine, text: str) -> None:
    """Unknown is counted as unknown."""
    analysis = engine.analyse(text)
    assert analysis.sentiment is None
    assert analysis.polarity is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The alloy is excellent.", "praise"),
        ("The guard is missing.", "problem"),
        ("Please repair the hood.", "advice"),
        ("What is the test pressure?", "question"),
        ("We are ready to lend our furnace.", "offer"),
        ("The plant has two furnaces.", "fact"),
        ("建议尽快整改。", "advice"),
        ("试验压力是多少？", "question"),
    ],
)
def test_each_sentence_has_a_kind(engine: Engine, text: str, kind: str) -> None:
    """The digest sorts by kind."""
    assert engine.analyse(text).sentences[0].kind == kind


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Waste heat is used to dry the raw material.", "energy_environment"),
        ("Nobody wore ear protection at the press.", "safety"),
        ("Demand from car makers is growing.", "market_prospects"),
        ("建议与高校共建联合实验室。", "cooperation"),
        ("讲解清楚，接待热情。", "visit_organisation"),
        ("MES系统尚未打通。", "digitalisation"),
        ("None.", "other"),
    ],
)
def test_a_sentence_finds_its_topic(engine: Engine, text: str, topic: str) -> None:
    """One plain sentence for each sort of topic."""
    assert topic in {a.topic for a in engine.analyse(text).sentences[0].aspects}


def test_other_stands_alone(engine: Engine) -> None:
    """`other` is said only where nothing else applies."""
    for text in ("Good. The dust is bad and the yield is low.", "无。能耗高，成本高，人员流失。"):
        for sentence in engine.analyse(text).sentences:
            topics = [a.topic for a in sentence.aspects]
            assert topics == ["other"] or "other" not in topics


def test_praise_and_criticism_together_are_mixed(engine: Engine) -> None:
    """The response as a whole shows both sides."""
    assert engine.analyse("The line is excellent. The hall is dirty.").sentiment == "mixed"
    assert engine.analyse("设备先进。能耗偏高。").sentiment == "mixed"


def test_thanks_do_not_turn_criticism_into_a_mixed_response(engine: Engine) -> None:
    """Courtesies count only when nothing else was said."""
    assert engine.analyse("感谢热情接待。粉尘太大，令人担忧。").sentiment == "negative"
    assert engine.analyse("Thank you for the warm welcome.").sentiment == "positive"


def test_traditional_characters_are_read_like_simplified_ones(engine: Engine) -> None:
    """The spelling of Hong Kong and Taiwan is understood."""
    traditional, simplified = (
        engine.analyse("設備先進，產品質量穩定。"),
        engine.analyse("设备先进，产品质量稳定。"),
    )
    assert traditional.polarity == simplified.polarity


def test_a_negated_contraction_is_not_praise() -> None:
    """TextBlob alone gives "wasn't good" +0.7; our tokens do not."""
    rules = load_engine(engine="rules")
    assert rules.analyse("The service wasn't good.").sentiment == "negative"


def test_textblobs_own_value_is_kept_beside_ours(engine: Engine) -> None:
    """Whoever knows TextBlob can compare."""
    told = engine.analyse("The service was very good.").sentences[0].explained()["textblob"]
    assert told == {"polarity": 0.91, "subjectivity": 0.78}


def test_an_unknown_engine_is_refused() -> None:
    """A typing error is not silently the default."""
    with pytest.raises(ValueError, match="unknown engine"):
        load_engine(engine="magic")


@given(st.lists(st.tuples(TEXTS, st.sampled_from([None, "improve", "impressed"])), max_size=6))
@settings(max_examples=60, deadline=None)
def test_many_answers_at_once_are_read_as_each_alone(
    any_engine: Engine, asked: list[tuple[str, str | None]]
) -> None:
    """A worker reads a response at once, a command a block of lines: neither changes a reading."""
    alone = load_alone(any_engine.name)
    together = any_engine.analyse_all(asked)
    assert together == [alone.analyse(text, question=question) for text, question in asked]


@cache
def load_alone(name: str) -> Engine:
    """A second engine, which has read nothing that the first has kept."""
    return load_engine(engine=name)


def test_more_answers_than_a_block_come_back_in_order(engine: Engine) -> None:
    """Blocks are a matter of speed alone."""
    texts = [f"Line {number} is too slow." for number in range(2 * AT_ONCE + 3)]
    read = engine.analyse_all([(text, "improve") for text in texts])
    assert [answer.sentences[0].text for answer in read] == texts


def test_an_answer_that_stands_there_twice_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty visitors write "None"."""
    engine, read = load_engine(), list[str]()
    observe = Observer.observe_all
    monkeypatch.setattr(
        Observer, "observe_all", lambda self, looks: observe(self, looks) if not read.extend(looks) else []
    )
    said = engine.analyse_all([("None.", "improve")] * 20 + [("Nothing.", "improve")])
    assert [text for text, _ in read] == ["None.", "Nothing."]
    assert [answer.sentences[0].text for answer in said] == ["None."] * 20 + ["Nothing."]


def test_what_is_kept_is_small(engine: Engine) -> None:
    """Two hundred characters can hold a hundred sentences, two thousand such answers half a gigabyte."""
    many = "好。" * 50
    assert engine.analyse(many) is not engine.analyse(many)
    assert engine.analyse(many) == engine.analyse(many)


def test_long_answers_make_small_blocks() -> None:
    """What is seen of a text on the way stays in memory until its block is read."""
    sizes = [10] * AT_ONCE + [CHARACTERS, 10, CHARACTERS + 1, 10, 10]
    assert list(map(len, blocks(sizes, lambda size: size))) == [AT_ONCE, 1, 2, 2]


def test_a_full_block_does_not_wait_for_what_follows() -> None:
    """Lines come when somebody types them."""
    taken: list[int] = []
    items = (taken.append(number) or number for number in range(9))
    assert next(blocks(items, lambda _: 1, most=3)) == [0, 1, 2]
    assert taken == [0, 1, 2]


def test_half_of_a_character_is_read_over(engine: Engine) -> None:
    """JSON can carry one (an unpaired surrogate); the words around it still count."""
    read = engine.analyse("The line is excellent \ud83d and clean.", question="impressed")
    assert read.sentiment == "positive"
    assert read.sentences[0].text == "The line is excellent \ud83d and clean."


def test_a_short_answer_that_comes_again_is_not_read_again(engine: Engine) -> None:
    """An amended response says most things again; what was asked, and the language told, still count."""
    again = engine.analyse("The furnace runs cold.", question="improve")
    assert engine.analyse("The furnace runs cold.", question="improve") is again
    assert engine.analyse("The furnace runs cold.", question="impressed") is not again
    long = "The furnace runs cold. " * 20  # too long to be kept
    assert engine.analyse(long, question="improve") == engine.analyse(long, question="improve")


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Low-GWP gas on every furnace, and write it in the certificate.", "write"),
        ("现场不错，加强培训。", "加强"),
    ],
)
def test_a_request_is_shown_by_the_word_that_asks(engine: Engine, text: str, asks: str) -> None:
    """Not by the comma before it."""
    advice = engine.analyse(text, question="improve").sentences[0].explained()["advice"]
    assert asks in [text[slice(*cue["span"])] for cue in advice]


@pytest.mark.parametrize("question", [None, "impressed"])
def test_a_number_does_not_end_the_words_that_show_a_topic(engine: Engine, question: str | None) -> None:
    """A point or comma inside a number parts no clauses; a "reject rate" that is low rejects nothing."""
    text = "Reject rate below 0.3 % on the valve bodies."
    aspect = engine.analyse(text, question=question).sentences[0].aspects[0]
    assert (aspect.topic, aspect.sentiment) == ("product_quality", "positive")
    assert aspect.evidence == text.rstrip(".")
