"""The shipped weights are what training gives."""

import re
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
    """Labelled responses, their evidence, and what was written for the project: remarks, pairs, phrases."""
    ours = {"remarks", "evidence", "pairs", "complaints", "imagined", "phrases"}
    for lang in ("en", "zh"):
        sources = {row.source for row in gold.training_rows(lang)}
        assert {s for s in sources if not s.startswith("train_")} == {"dev", *ours}


def runs(text: str) -> set[str]:
    """Four words in a row, or six Chinese characters."""
    if chinese := re.findall(r"[\u4e00-\u9fff]", text):
        return {"".join(chinese[i : i + 6]) for i in range(len(chinese) - 5)}
    words = re.findall(r"[a-z']+", text.lower())
    return {" ".join(words[i : i + 4]) for i in range(len(words) - 3)}


# What everybody says in these words.
SET_TERMS = {
    "en": {
        "state of the art",
        "end of line test",
        "we would be glad",
        "total cost of ownership",
        "would like to see",
    },
    "zh": {"博士后工作站", "有限空间作业", "刀具寿命管理", "重点研发计划"},
}


def test_no_labelled_sentence_is_met_in_disguise() -> None:
    """Else leaving an author out would not leave out what that author said."""
    for lang in ("en", "zh"):
        said = set().union(*(runs(row.text) for row in gold.labelled() if row.lang == lang))
        met = [row.text for row in gold.imagined(lang) if runs(row.text) & said]
        assert met == []
        assert set().union(*(runs(row.text) & said for row in gold.phrases(lang))) == SET_TERMS[lang]


def test_imagined_visitors_speak_of_everything_in_every_direction() -> None:
    """Thousands of sentences, the topics evenly, by the definitions of the labels."""
    for lang in ("en", "zh"):
        rows = gold.imagined(lang)
        topics = load_model()[1][lang].topics
        assert len(rows) > 1500
        assert all("other" not in row.topics or len(row.topics) == 1 for row in rows)
        for topic in topics:
            assert sum(topic in row.topics for row in rows) >= 50, topic
            assert len({row.sentiment for row in rows if topic in row.topics}) == 3, topic


def test_every_topic_has_remarks_of_every_direction() -> None:
    """No topic is learned from praise alone."""
    for lang in ("en", "zh"):
        have = {(t, row.sentiment) for row in gold.remarks(lang) for t in row.topics}
        topics = load_model()[1][lang].topics
        assert have >= {(t, s) for t in topics for s in ("positive", "negative", "neutral")}
