"""Which words stand for a topic: a reader sees why, and the few chosen speak for the many."""

from dataclasses import replace
from typing import Any

import pytest

from analyzer.analysis.findings import Explanation, Reason
from analyzer.digests.model import Quote
from analyzer.rows import AnalysedEvent
from tests.analyzer.stories import said
from tests.analyzer.test_build import build

TOPIC = "production_process"


def remark(name: str, text: str, phrase: str = "furnace", **changed: Any) -> AnalysedEvent:
    """One expert's praise: the word that names the topic is `phrase`, the word of praise its first ones."""
    parts = {"reasons": [Reason("praise", 0, 4, 6000, 0)], "polarity": 0.8, **changed}
    about = {key: parts.pop(key) for key in ("language", "kind", "name") if key in parts}
    found = said(name, text=text, topic=TOPIC, evidence=phrase, **about)
    [question] = found.analyses
    whole = found.analyses[question]
    aspect = replace(whole.sentences[0].aspects[0], rule=f"topic:{TOPIC}/steps:{phrase}")
    explanation = Explanation(6000, 0, parts["reasons"], (0.0, 0.0), [], [])
    explained = {"polarity": parts["polarity"], "explanation": explanation}
    lang = parts.get("lang", whole.sentences[0].lang)
    sentence = replace(whole.sentences[0], aspects=(aspect,), lang=lang, **explained)
    return replace(found, analyses={question: replace(whole, sentences=(sentence,))})


def chosen(*events: AnalysedEvent, **visit: Any) -> tuple[Quote, ...]:
    [theme] = build(*events, **visit).praised
    return theme.quotes


def test_a_quote_whose_reading_can_be_seen_goes_before_one_that_must_be_believed() -> None:
    """Longer and surer of itself, but nothing in it that a reader could check."""
    hidden = remark(
        "r-1", "The furnace hall as one finds it in this province, all in all.", reasons=[], polarity=1.0
    )
    seen = remark("r-2", "Good furnace, I must say.")
    weak = remark("r-3", "Fine furnace, so to speak.", polarity=0.2)
    first, *_ = chosen(hidden, seen, weak)
    assert first.text == "Good furnace, I must say."


@pytest.mark.parametrize("text", ["and the furnace is good.", "Good furnace, good people;", "Good furnace,"])
def test_the_rest_of_a_sentence_stands_behind_a_whole_one(text: str) -> None:
    """A manager reads it without what stood around it."""
    whole = "Good furnace, and that is all."
    others = [remark(f"r-{n}", whole) for n in (2, 3)]
    assert {quote.text for quote in chosen(remark("r-1", text), *others)} == {whole}


def test_the_second_quote_covers_what_the_first_does_not() -> None:
    """Three speak of the furnace, two of the press: one quote each, not two on the furnace."""
    furnace = [remark(f"f-{n}", f"Good furnace, seen {n} times.") for n in range(3)]
    press = [remark(f"p-{n}", f"Good press, seen {n} times.", "press") for n in range(2)]
    alone = remark("x", "Good ladle, seen once only.", "ladle")
    texts = [quote.text for quote in chosen(*furnace, *press, alone)]
    assert ["furnace" in text for text in texts] == [True, False]
    assert "press" in texts[1]


def test_the_second_quote_is_of_another_language_before_it_covers_more() -> None:
    """The Chinese experts are heard beside the English ones."""
    english = [remark(f"e-{n}", f"Good furnace, seen {n} times.") for n in range(4)]
    chinese = remark(
        "z", "炉子确实先进，令人印象深刻。", "炉子", language="zh", reasons=[Reason("praise", 4, 6, 6000, 0)]
    )
    quotes = chosen(*english, chinese, visitors={"language": {"en": 12, "zh": 12}})
    assert {quote.lang for quote in quotes} == {"en", "zh"}


def test_the_second_quote_is_from_another_house() -> None:
    """Where it may be told from which."""
    from_university = [remark(f"u-{n}", f"Good furnace, seen {n} times.") for n in range(4)]
    institute = remark("i", "Good furnace, as we know them.", kind="institute")
    joint = {"university/en": 12, "institute/en": 12}
    counts = {"organisation_kind": {"university": 12, "institute": 12}, "language": {"en": 24}}
    quotes = chosen(*from_university, institute, visitors={**counts, "organisation_kind/language": joint})
    assert {quote.attribution.organisation_kind for quote in quotes} == {"university", "institute"}


def test_length_does_not_choose() -> None:
    """Between two that are easily read the plainer words win, not the longer or the shorter text."""
    plain = {"reasons": [Reason("praise", 0, 4, 9000, 0)]}
    for short, long in ((plain, {}), ({}, plain)):
        few = remark("r-1", "Good furnace, I must say.", **short)
        many = remark(
            "r-2", "Good furnace, and I have seen quite a number of them on four continents.", **long
        )
        third = remark("r-3", "Fair furnace, I must say.", polarity=0.1)
        first, *_ = chosen(few, many, third)
        assert first.text.startswith("Good furnace, I must" if short else "Good furnace, and I")


def test_the_order_in_which_answers_arrive_chooses_nothing() -> None:
    """Equals are drawn by a hash."""
    equals = [remark(f"r-{n}", f"Good furnace, number {n} of all.") for n in range(6)]
    assert chosen(*equals) == chosen(*reversed(equals))


def test_no_expert_is_quoted_twice_on_a_topic() -> None:
    """Two quotes are two hands."""
    quotes = chosen(*[remark(f"r-{n}", f"Good furnace, number {n} of all.") for n in range(5)])
    assert len({quote.evidence.answer for quote in quotes}) == 2
