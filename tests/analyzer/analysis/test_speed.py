"""How fast the whole reading is, measured against a bare TextBlob loop in the same run."""

import gc
import io
import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from typing import Any

from textblob import TextBlob

from analyzer import analyse_command
from analyzer.analysis import Engine, TextAnalysis, load_engine
from analyzer.evaluate import GOLD

# Measured 1.02 to 1.11; a machine that does other work at the same time moves the ratio by a tenth and more.
AT_LEAST = 0.7
ROUNDS = 5


def english_sentences(files: str) -> list[str]:
    """All different English sentences of some labelled files."""
    lines = [line for path in sorted(GOLD.glob(files)) for line in path.read_text("utf-8").splitlines()]
    texts = {s["text"] for line in lines for s in json.loads(line)["sentences"]}
    return sorted(text for text in texts if text.isascii())


def unseen_rounds(engine: Engine) -> list[list[str]]:
    """Sentences that the engine has never read, after some 1,500 others, in parts for the rounds."""
    known = english_sentences("visits_train_[a-e].jsonl")
    engine.analyse_all([(text, "improve") for text in known])
    unseen = sorted({*english_sentences("visits_train_[f-h].jsonl"), *english_sentences("visits_dev.jsonl")})
    fresh = [text for text in unseen if text not in set(known)]
    return [fresh[number::ROUNDS] for number in range(ROUNDS)]


def seconds(work: Callable[[], object]) -> float:
    """Time of the processor that some work takes; the garbage collector rests, for both alike."""
    gc.disable()
    started = time.process_time()
    work()
    taken = time.process_time() - started
    gc.enable()
    return taken


def bare_loop(texts: list[str]) -> None:
    """What the analyzer is measured against."""
    for text in texts:
        TextBlob(text).sentiment  # noqa: B018 - it is computed when it is asked for


def lines_of(texts: list[str]) -> io.StringIO:
    """As they are given to `analyzer analyse`."""
    rows = [{"id": number, "text": text, "question": "improve"} for number, text in enumerate(texts)]
    return io.StringIO("".join(json.dumps(row) + "\n" for row in rows))


def explained(answers: list[TextAnalysis]) -> list[dict[str, Any]]:
    """What a worker stores beside them."""
    return [sentence.explained() for answer in answers for sentence in answer.sentences]


def sentences_a_second(engine: Engine) -> Iterator[tuple[float, float, float]]:
    """Ours from line to line; the same with all reasons as they are stored; the bare loop's. In turns."""
    for texts in unseen_rounds(engine):
        lines = lines_of(texts)
        theirs = seconds(partial(bare_loop, texts))
        ours = seconds(partial(analyse_command.each_line, engine, lines, io.StringIO()))
        more = seconds(partial(explained, engine.analyse_all([(text, "improve") for text in texts])))
        yield len(texts) / ours, len(texts) / (ours + more), len(texts) / theirs


def test_the_whole_reading_keeps_up_with_a_bare_textblob_loop() -> None:
    """Rules, model, topics, advice and reasons together, on sentences that were never read before.

    What is kept of words helps as it helps a worker that has been up for a while; what is kept of whole
    sentences does not.
    """
    rates = list(sentences_a_second(load_engine()))
    read, stored = (median(rate[which] / rate[2] for rate in rates) for which in (0, 1))
    print(f"{read:.2f} times a bare TextBlob loop, {stored:.2f} with the reasons as they are stored")
    assert read >= AT_LEAST
