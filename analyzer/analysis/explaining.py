"""Why a sentence is read as it is, in words a manager understands.

In: an engine and a text. Out: a few lines for each sentence, in Chinese for Chinese sentences.
"""

from .engine import Engine
from .findings import Sentence
from .saying import ENGLISH, MANDARIN, Saying
from .scoring import REST

TELLING = 300  # ten-thousandths; weaker reasons are not worth a manager's time
MOST = 6  # reasons named one by one
MARKS = " .,;:!?。，；：！？、"


def explain(engine: Engine, text: str, question: str | None = None) -> str:
    """One block of lines per sentence; ends with a line break."""
    analysis = engine.analyse(text, question=question)
    if not analysis.sentences:
        return f"{ENGLISH.nothing} {MANDARIN.nothing}\n"
    return "\n".join("\n".join(_lines(engine, s)) for s in analysis.sentences) + "\n"


def _lines(engine: Engine, sentence: Sentence) -> list[str]:
    say, code = (MANDARIN, "zh") if sentence.lang == "zh" else (ENGLISH, "en")
    lines = [f"“{sentence.text}”"]
    if sentence.polarity is None:
        return [*lines, f"  {say.unread}"]
    lines.append("  " + say.verdict(sentence.sentiment, sentence.kind, sentence.polarity))
    lines += [f"  {line}" for line in _reasons(sentence, say)]
    for aspect in sentence.aspects:
        topic = engine.topics[aspect.topic][code]
        lines.append("  " + say.topic(topic, aspect.sentiment, aspect.evidence, _phrase(aspect.rule)))
    return lines


def _reasons(sentence: Sentence, say: Saying) -> list[str]:
    """The strongest hits with their words, and in one line all that is left."""
    reasons = sentence.explanation.strongest_first() if sentence.explanation else []
    worth = [r for r in reasons if r.rule != REST and r.end > r.start >= 0 and abs(r.value) >= TELLING]
    said: dict[tuple[str, str], int] = {}  # as a person reads them: 偏高 and 偏高。 are the same words
    for one in worth:
        same = say.rule(one.rule), sentence.text[one.start : one.end].strip(MARKS)
        said[same] = said.get(same, 0) + one.value
    named = list(said.items())[:MOST]
    left = sum(r.value for r in reasons) - sum(value for _, value in named)
    lines = [say.reason(rule, words, value / 10_000) for (rule, words), value in named]
    return lines + ([say.rest(left / 10_000)] if abs(left) >= TELLING else [])


def _phrase(rule: str) -> str | None:
    """The phrase of the taxonomy that named the topic; None where the trained layer did."""
    return rule.rpartition(":")[2].rstrip("*") if rule.startswith("topic:") else None
