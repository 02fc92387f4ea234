"""Both halves of a contrast are kept, and the half that a writer lands on decides."""

import pytest

from analyzer.analysis import Engine


def _aspects(engine: Engine, text: str) -> set[tuple[str, str, str]]:
    (sentence,) = engine.analyse(text).sentences
    return {(a.topic, a.sentiment, a.evidence) for a in sentence.aspects}


@pytest.mark.parametrize(
    ("text", "label", "aspects"),
    [
        (
            "The alloy is excellent, but the melt shop is dusty.",
            "negative",
            {
                ("product_quality", "positive", "The alloy is excellent"),
                ("energy_environment", "negative", "but the melt shop is dusty"),
            },
        ),
        (
            "The tour was excellent although the furnace is rusty.",
            "positive",
            {
                ("visit_organisation", "positive", "The tour was excellent"),
                ("equipment_automation", "negative", "although the furnace is rusty"),
            },
        ),
        (
            "产品质量稳定，但现场粉尘较大。",
            "negative",
            {
                ("product_quality", "positive", "产品质量稳定"),
                ("energy_environment", "negative", "但现场粉尘较大"),
            },
        ),
    ],
)
def test_both_halves_are_kept_with_their_own_direction(
    engine: Engine, text: str, label: str, aspects: set[tuple[str, str, str]]
) -> None:
    """A manager sees what is praised and what is blamed, each in its own words."""
    assert engine.analyse(text).sentences[0].sentiment == label
    assert _aspects(engine, text) == aspects


def test_a_conceded_half_without_a_judgement_adds_nothing(engine: Engine) -> None:
    """ "Overall not bad" names no topic: only the complaint stands."""
    assert _aspects(engine, "总体不错，但能耗偏高。") == {("energy_environment", "negative", "但能耗偏高")}


def test_a_topic_on_both_sides_is_seen_where_the_writer_lands(engine: Engine) -> None:
    """Old but well kept: the evidence of the praise is the keeping, not the age."""
    assert _aspects(engine, "设备虽旧，但维护得很好。") == {
        ("equipment_automation", "positive", "但维护得很好")
    }


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("MES系统很好, but the dashboard is slow.", "negative"),
        ("The dashboard is slow, 但是MES系统很好。", "positive"),
    ],
)
def test_in_two_languages_the_last_half_decides(engine: Engine, text: str, label: str) -> None:
    """What comes after "but" is judged by the language it is written in."""
    assert engine.analyse(text).sentences[0].sentiment == label
