"""`python -m analyzer evaluate`: how well the analysis reads labelled responses.

In: a file in the format of docs/accuracy.md (default: the shipped gold). Out: precision, recall and F1
per class and language with bootstrap intervals. The whole way is judged: our sentences are aligned to
the labelled ones by the largest overlap of characters.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from .analysis import Sentence, TextAnalysis, load_engine

GOLD = Path(__file__).parent / "gold"
LABELS = ("positive", "neutral", "negative")
RESPONSE_LABELS = (*LABELS, "mixed")
GROUPS = ("all", "en", "zh", "mixed")
ROUNDS, SEED = 400, 7  # bootstrap: resamples of whole responses

Counts = Counter[tuple[str, str, str]]  # (measure, class, tp | fp | fn) -> number


@dataclass(frozen=True)
class Figure:
    """One measure: F1 (or a mean of F1s), its 95 % interval, and precision and recall where they apply."""

    value: float
    low: float
    high: float
    precision: float | None = None
    recall: float | None = None


Figures = dict[str, dict[str, Figure]]  # group -> measure -> figure
Pair = tuple[dict[str, Any], TextAnalysis]


def judge(pairs: Sequence[Pair], rounds: int = ROUNDS) -> Figures:
    """Figures for all responses and for each language of response."""
    figures: Figures = {}
    for group in GROUPS:
        counted = [count(r, a) for r, a in pairs if group in ("all", r["lang"])]
        if counted:
            figures[group] = _figures(counted, rounds)
    return figures


def count(response: dict[str, Any], analysis: TextAnalysis) -> Counts:
    """What is right and wrong in one response."""
    counts: Counts = Counter()
    spans = _gold_spans(response)
    count_sets(counts, "boundary", {end for _, end in spans}, {s.end for s in analysis.sentences})
    aligned = _aligned(spans, analysis.sentences)
    for gold, ours in zip(response["sentences"], aligned, strict=True):
        _count_label(counts, "sentiment", gold["sentiment"], _sentiment(ours))
        count_sets(counts, "suggestion", {"yes"} & _yes(gold["suggestion"]), {"yes"} & _suggests(ours))
        count_sets(counts, "topic", {a["topic"] for a in gold["aspects"]}, _topics(ours))
        wanted = {f"{a['topic']} {a['sentiment']}" for a in gold["aspects"]}
        count_sets(counts, "aspect", wanted, {f"{a.topic} {a.sentiment}" for s in ours for a in s.aspects})
    _count_label(counts, "response", response["sentiment"], analysis.sentiment or "neutral")
    return counts


def _gold_spans(response: dict[str, Any]) -> list[tuple[int, int]]:
    spans, position = [], 0
    for sentence in response["sentences"]:
        start = response["text"].index(sentence["text"], position)
        position = start + len(sentence["text"])
        spans.append((start, position))
    return spans


def _aligned(spans: list[tuple[int, int]], ours: Iterable[Sentence]) -> list[list[Sentence]]:
    """Each of our sentences goes to the labelled one it overlaps most."""
    aligned: list[list[Sentence]] = [[] for _ in spans]
    for sentence in ours:
        shared = [min(sentence.end, end) - max(sentence.start, start) for start, end in spans]
        if shared and max(shared) > 0:
            aligned[shared.index(max(shared))].append(sentence)
    return aligned


def _sentiment(ours: list[Sentence]) -> str:
    longest = max(ours, key=lambda s: s.end - s.start, default=None)
    return (longest.sentiment if longest else None) or "neutral"


def _yes(flag: bool) -> set[str]:
    return {"yes"} if flag else set()


def _suggests(ours: list[Sentence]) -> set[str]:
    return _yes(any(s.suggestion for s in ours))


def _topics(ours: list[Sentence]) -> set[str]:
    return {a.topic for s in ours for a in s.aspects}


def _count_label(counts: Counts, measure: str, wanted: str, got: str) -> None:
    count_sets(counts, measure, {wanted}, {got})


def count_sets(counts: Counts, measure: str, wanted: set[Any], got: set[Any]) -> None:
    """Add what was found, found in vain and missed, class by class."""
    boundary = measure == "boundary"
    for kind, items in (("tp", wanted & got), ("fp", got - wanted), ("fn", wanted - got)):
        for item in items:
            counts[measure, "end" if boundary else str(item), kind] += 1


def _figures(counted: list[Counts], rounds: int) -> dict[str, Figure]:
    total = _sum(counted)
    values = measures(total)
    chance = random.Random(SEED)
    draws = [measures(_sum(chance.choices(counted, k=len(counted)))) for _ in range(rounds)]
    return {name: _figure(name, value, draws, total) for name, value in values.items()}


def _sum(counted: Iterable[Counts]) -> Counts:
    total: Counts = Counter()
    for counts in counted:
        total.update(counts)
    return total


def _figure(name: str, value: float, draws: list[dict[str, float]], total: Counts) -> Figure:
    drawn = sorted(d.get(name, 0.0) for d in draws) or [value]
    low, high = drawn[int(0.025 * len(drawn))], drawn[min(len(drawn) - 1, int(0.975 * len(drawn)))]
    measure, _, label = name.partition(": ")
    if not label:
        return Figure(value, low, high)
    tp, fp, fn = (total[measure, label, kind] for kind in ("tp", "fp", "fn"))
    return Figure(value, low, high, tp / (tp + fp) if tp + fp else 0.0, tp / (tp + fn) if tp + fn else 0.0)


def measures(total: Counts) -> dict[str, float]:
    """Macro and micro figures, and F1 per class."""
    classes = sorted({(m, c) for m, c, _ in total})
    by_class = {(m, c): _f1(total[m, c, "tp"], total[m, c, "fp"], total[m, c, "fn"]) for m, c in classes}
    found = {
        "sentence sentiment, macro-F1": _mean(by_class, "sentiment", LABELS),
        "topic, micro-F1": _micro(total, "topic"),
        "topic, macro-F1": _mean(by_class, "topic", [c for m, c in classes if m == "topic"]),
        "aspect, micro-F1": _micro(total, "aspect"),
        "suggestion, F1": by_class.get(("suggestion", "yes"), 0.0),
        "response sentiment, macro-F1": _mean(by_class, "response", RESPONSE_LABELS),
        "sentence boundary, F1": by_class.get(("boundary", "end"), 0.0),
    }
    shown = ("sentiment", "topic", "response", "suggestion")
    return found | {f"{m}: {c}": value for (m, c), value in by_class.items() if m in shown}


def _f1(tp: int, fp: int, fn: int) -> float:
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


def _mean(by_class: dict[tuple[str, str], float], measure: str, labels: Sequence[str]) -> float:
    values = [by_class[measure, label] for label in labels if (measure, label) in by_class]
    return sum(values) / len(values) if values else 0.0


def _micro(total: Counts, measure: str) -> float:
    tp, fp, fn = (
        sum(n for (m, _, k), n in total.items() if m == measure and k == kind) for kind in ("tp", "fp", "fn")
    )
    return _f1(tp, fp, fn)


def table(figures: Figures) -> str:
    """Figures as a Markdown table, one row per measure, one column per language."""
    names = list(figures["all"])
    lines = ["| measure | " + " | ".join(figures) + " |", "|---|" + "---|" * len(figures)]
    for name in names:
        cells = [_cell(figures[group].get(name)) for group in figures]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    text = f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"
    if figure.precision is not None:
        text += f" P {figure.precision:.2f} R {figure.recall:.2f}"
    return text


def read_file(path: Path) -> Iterator[dict[str, Any]]:
    """Labelled responses; raises ValueError naming the line that is none."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            yield {"text": row["text"], "sentences": row["sentences"], "sentiment": row["sentiment"], **row}
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}:{number}: not a labelled response: {error!r}") from None


def evaluated(paths: Iterable[Path], engine: str, rounds: int = ROUNDS) -> Figures:
    """Read every response of the files with one engine and judge the answers."""
    reader = load_engine(engine=engine)
    responses = [response for path in paths for response in read_file(path)]
    read = reader.analyse_all([(response["text"], response.get("question")) for response in responses])
    return judge(list(zip(responses, read, strict=True)), rounds)


def main(argv: Sequence[str], stdin: TextIO, stdout: TextIO) -> int:
    """0 done; 1 a file is not labelled responses; 2 usage. Nothing is read from `stdin`."""
    parser = argparse.ArgumentParser(prog="python -m analyzer evaluate", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="labelled responses; default: the shipped gold")
    parser.add_argument("--engine", choices=("default", "rules", "textblob"), default="default")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    options = parser.parse_args(argv)
    try:
        figures = evaluated(options.files or sorted(GOLD.glob("*.jsonl")), options.engine)
    except (OSError, ValueError) as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 1
    as_json = {g: {n: vars(f) for n, f in named.items()} for g, named in figures.items()}
    stdout.write(
        (json.dumps(as_json, ensure_ascii=False, indent=1) if options.json else table(figures)) + "\n"
    )
    return 0
