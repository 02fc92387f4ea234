"""`python -m analyzer.training`: learn the weights anew and write analyzer/analysis/model.json.

`--check` writes nothing and fails when the file would change; `--cross-validate` prints how well
texts of unseen authors are read, `--without-question` how well when the engine is not told what was asked.
"""

import argparse
import json
import sys

from analyzer.analysis.model import BUILT_IN
from analyzer.analysis.observing import Observer
from analyzer.analysis.taxonomy import load_taxonomy

from . import crossvalidate, export, fit, gold

# Where scores become decisions, by cross-validation (`--cross-validate` prints the curve).
THRESHOLDS = {
    "en": {"topic": -0.2, "judgement": -0.1, "suggestion": 0.0},
    "zh": {"topic": 0.1, "judgement": -0.1, "suggestion": 0.0},
}


def main(argv: list[str]) -> int:
    """0 done; 1 with --check: the shipped file differs."""
    parser = argparse.ArgumentParser(prog="python -m analyzer.training", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the shipped file only")
    parser.add_argument("--cross-validate", action="store_true", help="leave one author file out at a time")
    parser.add_argument("--without-question", action="store_true", help="the same, as if nobody had asked")
    options = parser.parse_args(argv)
    if options.cross_validate or options.without_question:
        print(crossvalidate.report(asked=not options.without_question))
        return 0
    document = trained()
    if options.check:
        same = json.loads(BUILT_IN.read_text(encoding="utf-8")) == document
        print("the shipped model is what training gives" if same else "the shipped model differs")
        return 0 if same else 1
    export.write(document)
    print(f"{BUILT_IN.name} {document['version']}: {BUILT_IN.stat().st_size / 1e6:.2f} MB")
    return 0


def trained() -> dict[str, object]:
    """The model file's content, from all rows."""
    observer = Observer(load_taxonomy())
    models = []
    for lang in ("en", "zh"):
        prepared = fit.prepare(gold.training_rows(lang), lang, observer)
        models.append(fit.fit(prepared, lang))
    return export.as_document(models, THRESHOLDS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
