"""The compiled look-ups of the trained layer find what the features say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.analysis import features
from analyzer.analysis.model import LanguageModel, load_model

MODELS = load_model()[1]
PARTS = st.sampled_from(
    [
        "the",
        "line",
        "is",
        "not",
        "good",
        "!",
        "3.5",
        "%",
        "#",
        "but",
        "设备",
        "先进",
        "不",
        "好",
        "，",
        "12",
        "-",
        "'",
    ]
)
SENTENCES = st.lists(PARTS, max_size=12).flatmap(
    lambda parts: st.sampled_from(["", " "]).map(lambda between: between.join(parts))
)


@pytest.mark.parametrize("lang", ["en", "zh"])
@given(folded=SENTENCES)
def test_one_pass_finds_exactly_the_known_runs(lang: str, folded: str) -> None:
    """The look-ups and the features that training used never drift apart."""
    model = MODELS[lang]
    words = features.words_of(folded)
    runs = features.char_grams(folded) if lang == "zh" else features.word_grams(words)
    weights = model.blocks["grams"].weights
    expected = sorted(weights[run] for run in runs if run in weights)
    assert sorted(gram.row for gram in model.found(words, folded)[0]) == expected


def test_the_pieces_of_a_repeated_word_are_added_each_time() -> None:
    """Kept sums are the sums."""
    model = MODELS["en"]
    words = ["furnace", "recuperator", ",", "furnace"]
    pieces = [piece for word in words for piece in features.pieces_of(word)]
    assert model.found(words, "")[1] == model.blocks["pieces"].add(pieces)


def test_two_models_do_not_read_with_each_others_weights() -> None:
    """Cross-validation reads with many models in turn: none may see what another has learned."""
    known, other = MODELS["en"], load_model()[1]["en"]
    other.blocks["pieces"].weights = {"~~": 0}
    words = ["a", "recuperator"]
    fresh = LanguageModel(other.lang, other.topics, other.bias, other.thresholds, other.blocks)
    before = known.found(words, "")[1]
    assert (fresh.found(words, "")[1], known.found(words, "")[1]) == (0, before)
    assert before
