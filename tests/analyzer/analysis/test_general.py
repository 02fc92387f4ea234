"""Everyday English that answers none of our questions."""

import pytest

from analyzer.analysis import load_engine
from analyzer.analysis.general import EverydayWords

ENGINE = load_engine()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Absolutely adorable puppies, I love them!", "positive"),
        ("What a horrible, pathetic sequel.", "negative"),
        ("The senator was not happy about that.", "negative"),
        ("The train to Boston leaves at noon.", "neutral"),
    ],
)
def test_everyday_remarks_are_read_by_everyday_words(text: str, wanted: str) -> None:
    """Reviews and chat keep their direction although no plant is spoken of."""
    assert ENGINE.analyse(text).sentiment == wanted


def test_a_question_makes_it_an_answer() -> None:
    """The trained layer reads answers to our questions, whatever their words."""
    read = ENGINE.analyse("What a horrible, pathetic sequel.", question="overall").sentences[0]
    assert any(hit["rule"].startswith("model") for hit in read.explained()["hits"])


def test_reasons_of_everyday_words_add_up() -> None:
    """The stored hits give the stored direction exactly."""
    read = ENGINE.analyse("A lovely evening, but the awful music never stopped.").sentences[0]
    hits = read.explained()["hits"]
    assert any(hit["rule"].startswith("everyday") for hit in hits)
    assert sum(hit["value"] for hit in hits) == read.explained()["direction"]


def test_a_negation_turns_a_word() -> None:
    """A negation within three words turns and weakens."""
    plain, turned = (EverydayWords().hits(t, t.split())[0].value for t in ("good", "not really good"))
    assert plain > 0 > turned > -plain
