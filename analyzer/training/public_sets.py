"""`python -m analyzer.training.public_sets FOLDER`: how the engine reads general text it never saw.

In: the folder with the public evaluation files (never part of this repository, never trained on).
Out: one line per set with the measure that its README names.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analyzer.analysis import Engine, load_engine
from analyzer.analysis.topics import clause_around

LABELS = ("positive", "neutral", "negative")
CUT = 0.05


def main(argv: list[str]) -> int:
    """0 done; 1 no file was found."""
    parser = argparse.ArgumentParser(prog="python -m analyzer.training.public_sets", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engine", choices=("default", "rules", "textblob"), default="default")
    options = parser.parse_args(argv)
    engine = load_engine(engine=options.engine)
    found = 0
    for name, measure in MEASURES.items():
        path = options.folder / f"{name}.jsonl"
        if path.exists():
            found += 1
            print(f"{name}: {measure(engine, _rows(path)):.3f}")
    return 0 if found else 1


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _label(polarity: float | None, cut: float = CUT) -> str:
    value = polarity or 0.0
    return "neutral" if abs(value) < cut else "positive" if value > 0 else "negative"


def macro_f1(pairs: list[tuple[str, str]], labels: tuple[str, ...]) -> float:
    """Mean F1 over labels, from (wanted, got)."""
    return sum(f1(pairs, label) for label in labels) / len(labels)


def f1(pairs: list[tuple[str, str]], label: str) -> float:
    """F1 of one label, from (wanted, got)."""
    tp = sum(w == g == label for w, g in pairs)
    wrong = sum((w == label) != (g == label) for w, g in pairs)
    return 2 * tp / (2 * tp + wrong) if tp else 0.0


def english(engine: Engine, rows: list[dict[str, Any]]) -> float:
    """Macro-F1 over three classes, by the polarity of the whole text."""
    return macro_f1([(r["label"], _label(engine.analyse(r["text"]).polarity)) for r in rows], LABELS)


def chinese(engine: Engine, rows: list[dict[str, Any]]) -> float:
    """Macro-F1 over two classes, by the sign of the polarity."""
    pairs = [(r["label"], _label(engine.analyse(r["text"]).polarity, 0.0)) for r in rows]
    return macro_f1(pairs, ("positive", "negative"))


def suggestions(engine: Engine, rows: list[dict[str, Any]]) -> float:
    """F1 of the class suggestion."""
    said = {True: "suggestion", False: "other"}
    pairs = [(r["label"], said[any(s.suggestion for s in engine.analyse(r["text"]).sentences)]) for r in rows]
    return f1(pairs, "suggestion")


def aspects(engine: Engine, rows: list[dict[str, Any]]) -> float:
    """Macro-F1 of the polarity of given terms, each read from its own clause."""
    return macro_f1([pair for row in rows for pair in _aspect_pairs(engine, row)], LABELS)


def _aspect_pairs(engine: Engine, row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for aspect in row["aspects"]:
        start, end = clause_around(row["text"], aspect["start"])
        yield aspect["polarity"], _label(engine.analyse(row["text"][start:end]).polarity)


MEASURES = {
    "english_sentiment": english,
    "chinese_sentiment": chinese,
    "suggestions_en": suggestions,
    "aspects_en": aspects,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
