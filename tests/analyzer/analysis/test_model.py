"""The compiled look-ups of the trained layer find what the features say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.analysis import features
from analyzer.analysis.language import LEAD, fold, parted, spaced
from analyzer.analysis.model import LanguageModel, load_model
from analyzer.analysis.observing import Observer
from analyzer.analysis.taxonomy import load_taxonomy

MODELS = load_model()[1]
OBSERVER = Observer(load_taxonomy(), {lang: model.runs for lang, model in MODELS.items()})
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
@given(text=SENTENCES)
def test_one_pass_finds_exactly_the_known_runs(lang: str, text: str) -> None:
    """The look-ups and the features that training used never drift apart."""
    model, folded = MODELS[lang], fold(text)
    runs = features.char_grams(folded) if lang == "zh" else features.word_grams(spaced(folded))
    expected = {model.grams[run] for run in runs if run in model.grams}
    assert OBSERVER.observe(text, lang).grams.keys() == expected


@given(text=SENTENCES)
def test_a_run_stands_where_it_was_found(text: str) -> None:
    """What is named as a reason is cut out by this place."""
    tellings = MODELS["en"].tellings
    seen = OBSERVER.observe(text, "en")
    for number, end in seen.grams.items():
        if number < len(tellings):
            words, size, back, *_ = tellings[number]
            start = end - LEAD - back
            assert parted(seen.folded)[start : start + size] == words


def test_the_pieces_of_a_repeated_word_are_added_each_time() -> None:
    """Kept sums are the sums."""
    model = MODELS["en"]
    words = ["furnace", "recuperator", ",", "furnace"]
    pieces = [piece for word in words for piece in features.pieces_of(word)]
    assert model.pieces(words) == model.blocks["pieces"].add(pieces)


def test_two_models_do_not_read_with_each_others_weights() -> None:
    """Cross-validation reads with many models in turn: none may see what another has learned."""
    known, other = MODELS["en"], load_model()[1]["en"]
    other.blocks["pieces"].weights = {"~~": 0}
    words = ["a", "recuperator"]
    fresh = LanguageModel(other.lang, other.topics, other.bias, other.thresholds, other.scales, other.blocks)
    before = known.pieces(words)
    assert (fresh.pieces(words), known.pieces(words)) == (0, before)
    assert before
