"""`python -m analyzer evaluate`: figures with intervals, and a guard against getting worse."""

import io
import json
from pathlib import Path

import pytest

from analyzer.analysis import load_engine
from analyzer.evaluate import GOLD, count, evaluated, judge, main, measures, read_file

# What the shipped engine reached on the shipped gold when docs/accuracy.md was written. It was trained on
# these texts, so the figures are far above those for unseen authors; they guard the code, not the claim.
BASELINE = Path(__file__).parent / "accuracy_baseline.json"
RESPONSE = {
    "id": "x",
    "lang": "en",
    "text": "The alloy is excellent. Please repair the hood.",
    "sentiment": "mixed",
    "sentences": [
        {
            "text": "The alloy is excellent.",
            "sentiment": "positive",
            "suggestion": False,
            "aspects": [{"topic": "product_quality", "sentiment": "positive", "evidence": "alloy"}],
        },
        {
            "text": "Please repair the hood.",
            "sentiment": "negative",
            "suggestion": True,
            "aspects": [{"topic": "energy_environment", "sentiment": "negative", "evidence": "hood"}],
        },
    ],
}


def test_the_shipped_gold_is_read_no_worse_than_promised() -> None:
    """A change of words, rules or model may not fall below the interval of the last published figures."""
    figures = evaluated(sorted(GOLD.glob("*.jsonl")), "default", rounds=20)
    promised = json.loads(BASELINE.read_text(encoding="utf-8"))
    worse = {
        (group, name): figures[group][name].value
        for group, named in promised.items()
        for name, low in named.items()
        if figures[group][name].value < low
    }
    assert worse == {}


def test_the_default_beats_the_rules_and_the_rules_beat_textblob() -> None:
    """The better one decides: each layer earns its place."""
    path = [GOLD / "visits_dev.jsonl"]
    name = "sentence sentiment, macro-F1"
    default, rules, textblob = (
        evaluated(path, engine, rounds=1)["all"][name].value for engine in ("default", "rules", "textblob")
    )
    assert default > rules > textblob


def test_right_and_wrong_are_counted_by_class() -> None:
    """Precision, recall and F1 follow from these counts."""
    counts = count(RESPONSE, load_engine().analyse(RESPONSE["text"], question="overall"))
    assert counts["sentiment", "positive", "tp"] == 1
    assert counts["suggestion", "yes", "tp"] == 1
    assert counts["boundary", "end", "tp"] == 2
    assert 0 <= measures(counts)["topic, micro-F1"] <= 1


def test_the_interval_holds_the_figure() -> None:
    """Bootstrap over whole responses; the same seed gives the same interval."""
    rows = list(read_file(GOLD / "visits_dev.jsonl"))[:40]
    engine = load_engine()
    pairs = [(r, engine.analyse(r["text"], question=r["question"])) for r in rows]
    first, second = judge(pairs, 50), judge(pairs, 50)
    figure = first["all"]["topic, micro-F1"]
    assert figure.low <= figure.value <= figure.high
    assert first == second


def test_the_table_names_each_language() -> None:
    """The command prints what docs/accuracy.md shows."""
    out = io.StringIO()
    assert main([str(GOLD / "visits_dev.jsonl")], io.StringIO(), out) == 0
    assert out.getvalue().startswith("| measure | all | en | zh | mixed |")


def test_the_figures_come_as_json_too() -> None:
    """The digest's footnote reads them."""
    out = io.StringIO()
    main([str(GOLD / "visits_dev.jsonl"), "--json", "--engine", "rules"], io.StringIO(), out)
    assert 0 < json.loads(out.getvalue())["zh"]["suggestion, F1"]["value"] <= 1


def test_a_file_that_is_no_gold_is_refused_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line is named."""
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps(RESPONSE) + '\n{"text": "?"}\n', encoding="utf-8")
    assert main([str(path)], io.StringIO(), io.StringIO()) == 1
    assert f"{path}:2:" in capsys.readouterr().err
