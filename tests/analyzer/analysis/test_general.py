"""Everyday English that answers none of our questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.analysis import load_engine
from analyzer.analysis.features import words_of
from analyzer.analysis.general import EverydayWords
from analyzer.analysis.language import spaced

ENGINE = load_engine()
EVERYDAY = EverydayWords()
REVIEW = """We went to see this film on a rainy Saturday because my sister had read somewhere that it was
good. The first hour is slow and nothing much happens to anyone. The hero loses his job, his
wife and his dog, in that order, and looks at the sea. I liked the music, and the old lady next
door is played wonderfully. Then there is a chase through a hotel that goes on for ever, and at
the end everybody is forgiven, which nobody in the audience believed. My sister cried. I looked
at my watch. The popcorn was cold and the seats were hard, but the company was lovely, and we
talked about it all the way home. I would not see it again, and I would not tell a friend to
stay away either."""
PARTS = ["good", "bad", "not", "but", "-", "'", ":)", "3", "%", ",", "!", "so", "好", "’", "x-d", "the"]


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


def test_a_whole_answer_shows_whose_it_is() -> None:
    """A visitor's small remark has nothing of a plant in it; what stands beside it has."""
    alone, beside = "It was dark and cold.", "The melt furnaces were idle and the extraction was weak."
    read = [ENGINE.analyse(text).sentences[0] for text in (alone, f"{alone} {beside}")]
    rules = [{hit["rule"].partition(":")[0] for hit in sentence.explained()["hits"]} for sentence in read]
    assert "model" not in rules[0]
    assert "model" in rules[1]


def test_a_long_review_is_no_visitors() -> None:
    """However much is said of anything, it does not become a plant."""
    for sentence in ENGINE.analyse(REVIEW).sentences:
        assert not any(hit["rule"].startswith("model") for hit in sentence.explained()["hits"])


@pytest.mark.parametrize(
    "text",
    [
        "Nobody could show us the test records of the annealing furnace.",
        "Scrap is sorted by alloy at the press. The forklift routes are not marked.",
        "The welding robots stand idle while the operators wait for material from the store.",
    ],
)
def test_a_visitor_is_known_without_a_question(text: str) -> None:
    """`analyzer analyse` may be given texts alone."""
    for sentence in ENGINE.analyse(text).sentences:
        assert any(hit["rule"].startswith("model") for hit in sentence.explained()["hits"])


def test_reasons_of_everyday_words_add_up() -> None:
    """The stored hits give the stored direction exactly."""
    read = ENGINE.analyse("A lovely evening, but the awful music never stopped.").sentences[0]
    hits = read.explained()["hits"]
    assert any(hit["rule"].startswith("everyday") for hit in hits)
    assert sum(hit["value"] for hit in hits) == read.explained()["direction"]


@given(st.lists(st.sampled_from(PARTS), max_size=8), st.sampled_from(["", " "]))
def test_the_words_between_spaces_are_enough_to_know_that_nothing_is_said(
    parts: list[str], between: str
) -> None:
    """A sentence without everyday words is not looked at twice; none is missed by that."""
    folded = between.join(parts)
    every = EVERYDAY.hits(folded, ["good"])  # as if one of the words stood there: looked at in any case
    assert EVERYDAY.hits(folded, words_of(spaced(folded))) == every


def test_a_negation_turns_a_word() -> None:
    """A negation within three words turns and weakens."""
    plain, turned = (EverydayWords().hits(t, t.split())[0].value for t in ("good", "not really good"))
    assert plain > 0 > turned > -plain
