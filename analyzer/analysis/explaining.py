"""Why a sentence is read as it is, in words a manager understands.

In: an engine and a text. Out: a few lines for each sentence.
"""

from typing import Any

from .engine import Engine
from .findings import Sentence

SAID = {
    "positive": "praise",
    "negative": "criticism",
    "neutral": "neither praise nor criticism",
    None: "cannot be read",
}


TELLING = 300  # ten-thousandths; weaker reasons are not worth a manager's time
RULES = (
    ("idiom", "a telling phrase"),
    ("qty", "how much of what"),
    ("fail", "something was not done or not shown"),
    ("neg", "a negated word"),
    ("named", "a matter that companies want more or less of"),
    ("courtesy", "thanks or good wishes"),
    ("offer", "an offer"),
    ("model:rest", "the remaining words, the question and the place in the answer"),
    ("model", "words that other experts used in such remarks"),
    ("textblob", "a word of praise or blame"),
)


def explain(engine: Engine, text: str, question: str | None = None) -> str:
    """One block of lines per sentence; ends with a line break."""
    analysis = engine.analyse(text, question=question)
    if not analysis.sentences:
        return "Nothing to read.\n"
    return "\n".join("\n".join(_lines(engine, s)) for s in analysis.sentences) + "\n"


def _reason(hit: dict[str, Any]) -> str:
    """A hit in words: which rule, which words, which way and how strongly."""
    rule = next((said for start, said in RULES if hit["rule"].startswith(start)), "a word of praise or blame")
    words = f" “{hit['text']}”" if hit["text"] else ""
    side = "for" if hit["value"] > 0 else "against"
    return f"  {side} ({hit['value'] / 10_000:+.2f}): {rule}{words}"


def _lines(engine: Engine, sentence: Sentence) -> list[str]:
    lines = [f"“{sentence.text}”", f"  reads as {SAID[sentence.sentiment]} ({sentence.kind})"]
    lines += [_reason(hit) for hit in sentence.explanation["hits"] if abs(hit["value"]) >= TELLING]
    for aspect in sentence.aspects:
        topic = engine.topics[aspect.topic]["en"]
        lines.append(f"  topic {topic}: {SAID[aspect.sentiment]}, seen in “{aspect.evidence}”")
    return lines
