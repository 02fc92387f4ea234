"""How well the tagging was measured to be: figures that ship with the analysis.

In: analysis/accuracy.json, {"responses": {"en": n, ...}, "figures": what `evaluate --json` prints}.
Out: Accuracies for the notes of a digest; none where the file is missing.
"""

import json
from functools import lru_cache
from pathlib import Path

from analyzer.digests.model import Accuracy

FILE = Path(__file__).parent / "analysis" / "accuracy.json"
MEASURES = {  # of evaluate.py -> of a digest
    "sentence sentiment, macro-F1": "sentiment",
    "topic, micro-F1": "topic",
    "suggestion, F1": "suggestion",
}


@lru_cache(maxsize=4)
def measured(file: Path = FILE) -> tuple[Accuracy, ...]:
    if not file.is_file():
        return ()
    told = json.loads(file.read_text(encoding="utf-8"))
    return tuple(
        Accuracy(language, name, figure["value"], figure["low"], figure["high"], told["responses"][language])
        for language in ("en", "zh")
        for measure, name in MEASURES.items()
        if (figure := told["figures"].get(language, {}).get(measure))
    )
