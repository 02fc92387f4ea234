"""The plain way to the same labels: n-grams of characters and linear support vector machines.

In: the labelled responses. Out: its figures on the same folds as ours, one author file left out at a time.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from analyzer.evaluate import LABELS, Counts, count_sets, measures

from .fit import SEED, TOPICS
from .gold import Row, labelled

LONGEST_GRAM, SEEN_AT_LEAST, COST = 4, 2, 0.5


def plain_ngrams() -> dict[str, dict[str, float]]:
    """Author file, or "all" -> measure -> figure."""
    rows = labelled()
    authors = sorted({row.author for row in rows})
    counted = {author: _read_one(rows, author) for author in authors}
    total: Counts = sum(counted.values(), Counter())
    return {name: measures(counts) for name, counts in [("all", total), *counted.items()]}


def _read_one(rows: Sequence[Row], author: str) -> Counts:
    """Trained on all other authors, judged on this one."""
    known, unseen = [r for r in rows if r.author != author], [r for r in rows if r.author == author]
    grams = TfidfVectorizer(
        analyzer="char", ngram_range=(1, LONGEST_GRAM), min_df=SEEN_AT_LEAST, sublinear_tf=True
    )
    table, asked = grams.fit_transform([r.text for r in known]), grams.transform([r.text for r in unseen])
    topics = _scores(table, [[t in r.topics for t in TOPICS] for r in known], asked)
    labels = _scores(table, [[label == r.sentiment for label in LABELS] for r in known], asked)
    counts: Counts = Counter()
    for row, chosen, label in zip(unseen, _chosen(topics), labels.argmax(axis=1), strict=True):
        count_sets(counts, "topic", set(row.topics), chosen)
        count_sets(counts, "sentiment", {row.sentiment}, {LABELS[label]})
    return counts


def _scores(table: np.ndarray, wanted: list[list[bool]], asked: np.ndarray) -> np.ndarray:
    """One machine per column of `wanted`."""
    machines = [
        LinearSVC(C=COST, class_weight="balanced", random_state=SEED).fit(table, column)
        for column in np.array(wanted).T
    ]
    return np.column_stack([machine.decision_function(asked) for machine in machines])


def _chosen(scores: np.ndarray) -> Iterator[set[str]]:
    """The best topic and all that are more likely than not."""
    for row in scores:
        yield {TOPICS[row.argmax()]} | {t for t, score in zip(TOPICS, row, strict=True) if score > 0}
