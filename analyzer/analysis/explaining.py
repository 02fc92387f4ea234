"""Why a sentence is read as it is, in words a manager understands.

In: an engine and a text. Out: a few lines for each sentence.
"""

from .engine import Engine
from .findings import Sentence

SAID = {
    "positive": "praise",
    "negative": "criticism",
    "neutral": "neither praise nor criticism",
    None: "cannot be read",
}


def explain(engine: Engine, text: str, question: str | None = None) -> str:
    """One block of lines per sentence; ends with a line break."""
    analysis = engine.analyse(text, question=question)
    if not analysis.sentences:
        return "Nothing to read.\n"
    return "\n".join("\n".join(_lines(engine, s)) for s in analysis.sentences) + "\n"


def _lines(engine: Engine, sentence: Sentence) -> list[str]:
    lines = [f"“{sentence.text}”", f"  reads as {SAID[sentence.sentiment]} ({sentence.kind})"]
    lines += [f"  because of “{h['text']}” ({h['value']:+.2f})" for h in sentence.explanation["hits"]]
    for aspect in sentence.aspects:
        topic = engine.topics[aspect.topic]["en"]
        lines.append(f"  topic {topic}: {SAID[aspect.sentiment]}, seen in “{aspect.evidence}”")
    return lines
