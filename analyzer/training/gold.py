"""Everything the trained layer learns from: labelled responses, their evidence spans, short remarks.

In: analyzer/gold/*.jsonl and phrases_*.yaml. Out: rows, each one sentence with its labels and context.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from analyzer.analysis.language import language_of
from analyzer.analysis.taxonomy import OTHER, load_taxonomy

HERE = Path(__file__).parent
GOLD = HERE.parent / "gold"
REMARKS, EVIDENCE, PAIRS, COMPLAINTS, IMAGINED = "remarks", "evidence", "pairs", "complaints", "imagined"
PHRASES = "phrases"
# How much a row counts beside a labelled sentence (cross-validated by author file).
# Everyday complaints are put in more ways than everyday praise, and fewer of them are met: they count twice
# (chosen on general Chinese, where it gains 0.010).
# Each pair is learned as the answer to every question, so that the question alone decides nothing.
ASKED = (None, "impressed", "improve", "outlook", "overall")
WEIGHT = {REMARKS: 0.7, EVIDENCE: 0.5, PAIRS: 1.2, COMPLAINTS: 1.5, IMAGINED: 0.7, PHRASES: 0.1}


@dataclass(frozen=True)
class Row:
    """One sentence (or remark) with its labels, and where it stood."""

    source: str  # author file, or one of the names above
    author: str  # author file, also for evidence; "remarks" otherwise
    lang: str  # the model it trains: en or zh
    text: str
    before: str  # the sentence before, or ""
    question: str | None
    index: int
    alone: bool
    sentiment: str
    suggestion: bool
    topics: frozenset[str]

    @property
    def weight(self) -> float:
        """How much the row counts."""
        return WEIGHT.get(self.source, 1.0)


def model_language(text: str) -> str:
    """Chinese sentences train the Chinese model, all others the English one."""
    return "zh" if language_of(text) == "zh" else "en"


def responses(folder: Path = GOLD) -> Iterator[tuple[str, dict[str, Any]]]:
    """(author file, response) for every labelled response."""
    for path in sorted(folder.glob("visits_*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield path.stem.removeprefix("visits_"), json.loads(line)


def labelled(folder: Path = GOLD) -> list[Row]:
    """All labelled sentences, in the order of the files."""
    return [row for author, response in responses(folder) for row in _sentences(author, response)]


def _sentences(author: str, response: dict[str, Any]) -> Iterator[Row]:
    before = ""
    for index, s in enumerate(response["sentences"]):
        yield Row(
            author,
            author,
            model_language(s["text"]),
            s["text"],
            before,
            response["question"],
            index,
            len(response["sentences"]) == 1,
            s["sentiment"],
            s["suggestion"],
            frozenset(a["topic"] for a in s["aspects"]),
        )
        before = s["text"]


def evidence(folder: Path = GOLD) -> list[Row]:
    """Each aspect's evidence as a short row of its own, where it is clearly less than the sentence."""
    rows = []
    for author, response in responses(folder):
        for row, s in zip(_sentences(author, response), response["sentences"], strict=True):
            for a in s["aspects"]:
                if len(a["evidence"]) < 0.8 * len(row.text):
                    rows.append(_evidence_row(row, a))
    return rows


def _evidence_row(row: Row, aspect: dict[str, Any]) -> Row:
    return Row(
        EVIDENCE,
        row.author,
        row.lang,
        aspect["evidence"],
        row.before,
        row.question,
        row.index,
        row.alone,
        aspect["sentiment"],
        row.suggestion,
        frozenset([aspect["topic"]]),
    )


def remarks(lang: str) -> list[Row]:
    """The short remarks of phrases_<lang>.yaml."""
    document = YAML(typ="safe", pure=True).load((HERE / f"phrases_{lang}.yaml").read_text(encoding="utf-8"))
    rows = []
    for part in ("topics", "suggestions"):
        for topics, by_sentiment in document[part].items():
            for sentiment, block in by_sentiment.items():
                for text in filter(None, (t.strip() for t in re.split(r"[;；\n]", block))):
                    rows.append(_remark(lang, text, topics, sentiment, part == "suggestions"))
    return rows


def _remark(lang: str, text: str, topics: str, sentiment: str, suggestion: bool) -> Row:
    """`topics`: one id, or several joined by `+`."""
    names = frozenset(topics.split("+"))
    return Row(REMARKS, REMARKS, lang, text, "", None, 0, True, sentiment, suggestion, names)


@dataclass(frozen=True)
class Pair:
    """Two sentences and the two readings they must get."""

    rule: str
    lang: str
    texts: tuple[str, str]
    labels: tuple[str, str]


def pairs() -> list[Pair]:
    """The minimal pairs of sentiment."""
    document = YAML(typ="safe", pure=True).load((HERE / "pairs.yaml").read_text(encoding="utf-8"))
    return [
        Pair(group["rule"], lang, _two(line), (group["labels"][0], group["labels"][1]))
        for group in document["groups"]
        for lang in ("en", "zh")
        for line in group[lang].splitlines()
    ]


def suggestion_pairs() -> list[Pair]:
    """The minimal pairs of advice: the first asks for something, the second does not."""
    document = YAML(typ="safe", pure=True).load((HERE / "pairs.yaml").read_text(encoding="utf-8"))
    return [
        Pair("suggestion", lang, _two(line), ("yes", "no"))
        for lang in ("en", "zh")
        for line in document["suggestion"][lang].splitlines()
    ]


def _two(line: str) -> tuple[str, str]:
    first, second = line.split("|")
    return first.strip(), second.strip()


def pair_rows(lang: str) -> list[Row]:
    """Minimal pairs as rows; what they do not say (topic, or direction) is left out by their source."""
    rows = []
    for pair in pairs():
        asks = pair.rule.startswith("advice")
        for text, label in zip(pair.texts, pair.labels, strict=True):
            if pair.lang == lang:
                rows += [_pair_row(lang, text, label, asks, question) for question in ASKED]
    for pair in suggestion_pairs():
        for text, label in zip(pair.texts, pair.labels, strict=True):
            if pair.lang == lang:
                rows.append(_pair_row(lang, text, "", label == "yes", None))
    return rows


def _pair_row(lang: str, text: str, label: str, asks: bool, question: str | None) -> Row:
    return Row(PAIRS, PAIRS, lang, text, "", question, 0, True, label, asks, frozenset())


def general(lang: str) -> list[Row]:
    """Everyday remarks of general.yaml, without topics."""
    document = YAML(typ="safe", pure=True).load((HERE / "general.yaml").read_text(encoding="utf-8"))
    return [
        Row(source, source, lang, text, "", None, 0, True, sentiment, False, frozenset())
        for sentiment, block in document[lang].items()
        for source in [COMPLAINTS if sentiment == "negative" else REMARKS]
        for text in filter(None, (t.strip() for t in re.split(r"[;；\n]", block)))
    ]


def imagined(lang: str) -> list[Row]:
    """Sentences of made-up visitors to many trades, labelled by those who wrote them (imagined.jsonl)."""
    lines = (HERE / "imagined.jsonl").read_text(encoding="utf-8").splitlines()
    rows = (_imagined_row(json.loads(line)) for line in lines)
    return [row for row in rows if row.lang == lang]


def _imagined_row(said: dict[str, Any]) -> Row:
    return Row(
        IMAGINED,
        IMAGINED,
        model_language(said["text"]),
        said["text"],
        "",
        said["question"],
        0,
        True,
        said["sentiment"],
        said["suggestion"],
        frozenset(said["topics"]),
    )


def phrases(lang: str) -> list[Row]:
    """The phrases of the taxonomy, each as a remark on its topic: so their words count apart, too."""
    return [
        Row(PHRASES, PHRASES, lang, p.phrase.rstrip("*"), "", None, 0, True, "", False, frozenset([p.topic]))
        for p in load_taxonomy().phrases
        if p.lang == lang and p.weight >= 1 and p.topic != OTHER
    ]


def training_rows(lang: str, folder: Path = GOLD) -> list[Row]:
    """Everything that trains the model of one language."""
    rows = [row for row in labelled(folder) + evidence(folder) if row.lang == lang]
    return rows + remarks(lang) + imagined(lang) + general(lang) + pair_rows(lang) + phrases(lang)
