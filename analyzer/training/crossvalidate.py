"""How well texts of an unseen author are read: leave one author file out, train on the rest.

In: the labelled responses. Out: the figures of evaluate.py, over the answers of an engine that never
saw the author it reads.
"""

from collections.abc import Iterator

from analyzer.analysis import Engine
from analyzer.analysis.model import LanguageModel, language_model
from analyzer.analysis.observing import Observer
from analyzer.analysis.taxonomy import load_taxonomy
from analyzer.evaluate import Pair, judge, table

from . import export, fit, gold
from .peers import plain_ngrams

SHOWN = {  # what the table of authors shows, and what the plain way is asked for
    "sentence sentiment, macro-F1": True,
    "topic, micro-F1": True,
    "aspect, micro-F1": False,
    "suggestion, F1": False,
    "response sentiment, macro-F1": False,
}


def report(asked: bool) -> str:
    """The tables for docs/accuracy.md; `asked`: the engine is told what each answer answers."""
    read = list(read_by_strangers(asked))
    return table(judge([pair for _, pair in read])) + "\n\n" + _by_author(read)


def _by_author(read: list[tuple[str, Pair]]) -> str:
    """One line per author file: how much depends on who writes; in brackets the plain n-grams."""
    plain = plain_ngrams()
    lines = ["| author file | " + " | ".join(SHOWN) + " |", "|---|" + "---|" * len(SHOWN)]
    for author in ("all", *sorted({name for name, _ in read})):
        figures = judge([pair for name, pair in read if author in ("all", name)], rounds=0)["all"]
        cells = [
            f"{figures[measure].value:.3f}" + (f" ({plain[author][measure]:.3f})" if both else "")
            for measure, both in SHOWN.items()
        ]
        lines.append(f"| {author} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def read_by_strangers(asked: bool) -> Iterator[tuple[str, Pair]]:
    """(author file, (response, analysis)), each read by an engine trained without the author."""
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
        reader = observer.knowing({lang: model.runs for lang, model in models.items()})
        engine = Engine("default", known, reader, "cross-validation", models)
        for name, response in gold.responses():
            if name == author:
                question = response["question"] if asked else None
                yield author, (response, engine.analyse(response["text"], question=question))
