"""The shipped weights are what training gives."""

from pathlib import Path

import pytest

from analyzer.analysis.model import BUILT_IN, load_model
from analyzer.training import gold


def test_training_rebuilds_the_shipped_file_byte_for_byte(tmp_path: Path) -> None:
    """Whoever doubts the weights can make them again."""
    pytest.importorskip("sklearn", reason="training needs analyzer/training/requirements.txt")
    from analyzer.training import export
    from analyzer.training.__main__ import trained

    made = tmp_path / "model.json"
    export.write(trained(), made)
    assert made.read_bytes() == BUILT_IN.read_bytes()


def test_both_languages_are_trained_on_our_own_texts_alone() -> None:
    """Labelled responses, their evidence, and remarks, pairs and everyday words written for the project."""
    ours = {"remarks", "evidence", "pairs", "complaints"}
    for lang in ("en", "zh"):
        sources = {row.source for row in gold.training_rows(lang)}
        assert {s for s in sources if not s.startswith("train_")} == {"dev", *ours}


def test_every_topic_has_remarks_of_every_direction() -> None:
    """No topic is learned from praise alone."""
    for lang in ("en", "zh"):
        have = {(t, row.sentiment) for row in gold.remarks(lang) for t in row.topics}
        topics = load_model()[1][lang].topics
        assert have >= {(t, s) for t in topics for s in ("positive", "negative", "neutral")}
