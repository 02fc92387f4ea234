"""How well texts of an unseen author are read: leave one author file out, train on the rest.

In: the labelled responses. Out: the figures of evaluate.py, over the answers of an engine that never
saw the author it reads.
"""

from typing import Any

from analyzer.analysis import Engine
from analyzer.analysis.model import LanguageModel, language_model
from analyzer.analysis.observing import Observer
from analyzer.analysis.taxonomy import load_taxonomy
from analyzer.evaluate import judge, table

from . import export, fit, gold


def report() -> str:
    """The table for docs/accuracy.md."""
    return table(judge(list(read_by_strangers())))


def read_by_strangers() -> Any:
    """(response, analysis) pairs, each read by an engine trained without the author."""
    from .__main__ import THRESHOLDS

    known = load_taxonomy()
    observer = Observer(known)
    prepared = {lang: fit.prepare(gold.training_rows(lang), lang, observer) for lang in ("en", "zh")}
    authors = sorted({author for author, _ in gold.responses()})
    for author in authors:
        models: dict[str, LanguageModel] = {}
        for lang, whole in prepared.items():
            chosen = [i for i, row in enumerate(whole.rows) if row.author != author]
            fitted = fit.fit(whole, lang, chosen)
            part = export.as_document([fitted], THRESHOLDS)["languages"][lang]
            models[lang] = language_model(lang, part)
        engine = Engine("default", known, observer, "cross-validation", models)
        for name, response in gold.responses():
            if name == author:
                yield response, engine.analyse(response["text"], question=response["question"])
