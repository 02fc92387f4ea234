"""Fitting: features to matrices, linear support vector machines per output, weights per feature.

In: rows. Out: a Fitted model, with one weight vector per output and block, ready for export.
Deterministic: the same rows and library versions give the same numbers.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from scipy import sparse
from sklearn.svm import LinearSVC

from analyzer.analysis import features
from analyzer.analysis.language import spaced
from analyzer.analysis.observing import Observation, Observer, Place, marks_of

from .gold import EVIDENCE, PHRASES, Row, model_language

TOPICS = (
    "production_process",
    "equipment_automation",
    "product_quality",
    "innovation_rd",
    "energy_environment",
    "safety",
    "digitalisation",
    "market_prospects",
    "management_people",
    "cooperation",
    "cost_supply",
    "visit_organisation",
    "other",
)
OUTPUTS = ("direction", "judgement", "suggestion", *TOPICS)
# Rows a feature must occur in; evidence repeats its sentence. Twice as many features gain 0.004 and cost a
# third of the speed.
SEEN_AT_LEAST = {"grams": 3, "pieces": 6, "marks": 3}
MARK_SIZE = 0.15  # marks are not normalised: their size beside the n-grams, cross-validated


@dataclass(frozen=True)
class Setting:
    """What was chosen by cross-validation for one language (by author file; second best within 0.005)."""

    sentiment_cost: float
    topic_cost: float
    topics_balanced: bool  # both sides of a topic weigh the same
    evidence_for_sentiment: bool


SETTINGS = {"en": Setting(0.3, 0.3, False, False), "zh": Setting(0.5, 0.6, True, True)}
SUGGESTION_COST = 0.5
# Topics learn from words, taxonomy and place; the rules' marks only disturb them.
TOPIC_MARKS = ("T:", "P:", "TS:", "TW:", "prev:", "q", "n", "len")
SEED = 20261124

Names = Sequence[str]


@dataclass
class Prepared:
    """Feature names of rows, block by block; computed once, used by every fold."""

    rows: list[Row]
    names: dict[str, list[list[str]]]


@dataclass
class FittedBlock:
    """Vocabulary with idf, and a weight for each feature and output."""

    idf: dict[str, float]
    weights: np.ndarray  # features x outputs
    normalised: bool


@dataclass
class Fitted:
    """One language, fitted."""

    lang: str
    bias: np.ndarray
    blocks: dict[str, FittedBlock]


def prepare(rows: list[Row], lang: str, observer: Observer) -> Prepared:
    """Look at every row once."""
    blocks = ("grams", "marks") if lang == "zh" else ("grams", "pieces", "marks")
    names: dict[str, list[list[str]]] = {block: [] for block in blocks}
    for row in rows:
        seen = observer.observe(row.text, lang)
        for block in blocks:
            names[block].append(_names(block, row, seen, lang, observer))
    return Prepared(rows, names)


def _names(block: str, row: Row, seen: Observation, lang: str, observer: Observer) -> list[str]:
    if block == "marks":
        if row.source == PHRASES:
            return []  # the taxonomy would explain its own phrases, and their words nothing
        before = observer.observe(row.before, model_language(row.before)) if row.before else None
        return list(chain.from_iterable(marks_of(seen, Place(row.question, row.index, row.alone), before)))
    if block == "pieces":
        return [piece for word in seen.words for piece in features.pieces_of(word)]
    return sorted(
        features.char_grams(seen.folded) if lang == "zh" else features.word_grams(spaced(seen.folded))
    )


def vocabulary(names: list[list[str]], block: str) -> dict[str, float]:
    """Features seen often enough, each with its idf (marks: always the mark size)."""
    counts = Counter(name for row in names for name in set(row))
    kept = sorted(name for name, count in counts.items() if count >= SEEN_AT_LEAST[block])
    if block == "marks":
        return dict.fromkeys(kept, MARK_SIZE)
    return {name: math.log((1 + len(names)) / (1 + counts[name])) + 1 for name in kept}


def matrix(names: list[list[str]], idf: dict[str, float], normalised: bool) -> sparse.csr_matrix:
    """Rows x features: counts times idf, divided by the length of the row where normalised.

    The length is the root of the summed squares over every occurrence, as the run time adds it up.
    """
    place = {name: i for i, name in enumerate(idf)}
    data, columns, starts = [], [], [0]
    for row in names:
        counts = Counter(name for name in row if name in place)
        length = math.sqrt(sum(c * idf[n] ** 2 for n, c in counts.items())) if normalised else 1.0
        data += [c * idf[n] / length for n, c in counts.items()]
        columns += [place[n] for n in counts]
        starts.append(len(columns))
    return sparse.csr_matrix((data, columns, starts), shape=(len(names), len(idf)))


def fit(prepared: Prepared, lang: str, chosen: list[int] | None = None) -> Fitted:
    """Fit on all rows, or on the chosen ones (for cross-validation)."""
    chosen = list(range(len(prepared.rows))) if chosen is None else chosen
    rows = [prepared.rows[i] for i in chosen]
    idf, parts = {}, []
    for block, names in prepared.names.items():
        picked = [names[i] for i in chosen]
        # Words that stand in phrases alone are no features: a third more of them gain 0.001 of topics.
        written = [names for row, names in zip(rows, picked, strict=True) if row.source != PHRASES]
        idf[block] = vocabulary(written, block)
        parts.append(matrix(picked, idf[block], block != "marks"))
    table = sparse.hstack(parts).tocsr()
    keep = _topic_columns(idf)
    weights = np.zeros((table.shape[1], len(OUTPUTS)))
    bias = np.zeros(len(OUTPUTS))
    for position, output in enumerate(OUTPUTS):
        columns = keep if output in TOPICS else np.arange(table.shape[1])
        weights[columns, position], bias[position] = _one(table[:, columns], rows, output, SETTINGS[lang])
    return Fitted(lang, bias, _blocks(idf, weights))


def _topic_columns(idf: dict[str, dict[str, float]]) -> np.ndarray:
    names = [(block, name) for block, known in idf.items() for name in known]
    return np.array([i for i, (b, n) in enumerate(names) if b != "marks" or n.startswith(TOPIC_MARKS)])


def _one(
    table: sparse.csr_matrix, rows: list[Row], output: str, setting: Setting
) -> tuple[np.ndarray, float]:
    """One output against the rest."""
    wanted, used = _target(rows, output, setting)
    weights = np.array([rows[i].weight for i in used])
    cost = SUGGESTION_COST if output == "suggestion" else setting.sentiment_cost
    balance: str | None = "balanced"
    if output in TOPICS:
        cost, balance = setting.topic_cost, "balanced" if setting.topics_balanced else None
    machine = LinearSVC(C=cost, class_weight=balance, random_state=SEED)
    machine.fit(table[used], wanted, sample_weight=weights)
    return machine.coef_[0], float(machine.intercept_[0])


def _target(rows: list[Row], output: str, setting: Setting) -> tuple[list[bool], list[int]]:
    """The wanted answers and the rows that can give one."""
    evident = output != "suggestion" and (output in TOPICS or setting.evidence_for_sentiment)
    used = [i for i, r in enumerate(rows) if evident or r.source not in (EVIDENCE, PHRASES)]
    if output in TOPICS:
        # Minimal pairs say nothing about topics.
        used = [i for i in used if rows[i].topics]
        return [output in rows[i].topics for i in used], used
    if output == "suggestion":
        return [rows[i].suggestion for i in used], used
    used = [i for i in used if rows[i].sentiment]
    if output == "direction":
        used = [i for i in used if rows[i].sentiment != "neutral"]
        return [rows[i].sentiment == "positive" for i in used], used
    return [rows[i].sentiment != "neutral" for i in used], used


def _blocks(idf: dict[str, dict[str, float]], weights: np.ndarray) -> dict[str, FittedBlock]:
    blocks, start = {}, 0
    for block, known in idf.items():
        part = weights[start : start + len(known)] * np.array(list(known.values()))[:, None]
        blocks[block] = FittedBlock(known, part, block != "marks")
        start += len(known)
    return blocks


def outputs(fitted: Fitted, prepared: Prepared, chosen: list[int]) -> np.ndarray:
    """Scores of rows, as the run time would compute them (rows x outputs)."""
    total = np.tile(fitted.bias, (len(chosen), 1))
    for block, part in fitted.blocks.items():
        names = [prepared.names[block][i] for i in chosen]
        table = matrix(names, part.idf, part.normalised)
        total += table @ (part.weights / np.array(list(part.idf.values()))[:, None])
    return total
