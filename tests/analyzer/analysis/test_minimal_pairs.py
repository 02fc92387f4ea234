"""Two sentences that differ in little and must be read differently."""

import pytest

from analyzer.analysis import Engine
from analyzer.training.gold import Pair, pairs, suggestion_pairs


def name(pair: Pair) -> str:
    return f"{pair.rule}: {pair.texts[0]}"


@pytest.mark.parametrize("question", ["impressed", "improve", "outlook", "overall"])
@pytest.mark.parametrize("pair", pairs(), ids=name)
def test_a_pair_is_told_apart(engine: Engine, pair: Pair, question: str) -> None:
    """Whatever was asked: quantity and object, negation, contrast, politeness, advice, comparison."""
    read = [engine.analyse(text, question=question).sentences[0].sentiment for text in pair.texts]
    assert tuple(read) == pair.labels


@pytest.mark.parametrize("pair", suggestion_pairs(), ids=name)
def test_advice_is_told_from_report(engine: Engine, pair: Pair) -> None:
    """ "They should add a dryer" asks for something, "they added a dryer" does not."""
    asked = [any(s.suggestion for s in engine.analyse(text).sentences) for text in pair.texts]
    assert asked == [True, False]


def test_there_are_enough_pairs() -> None:
    """At least 120, in both languages, for every rule."""
    every = pairs() + suggestion_pairs()
    assert len(every) >= 120
    assert min(sum(p.lang == lang for p in every) for lang in ("en", "zh")) >= 60
