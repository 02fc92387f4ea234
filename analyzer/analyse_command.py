"""`python -m analyzer analyse`: read texts from lines of JSON and say what they mean.

In: one JSON object a line, {"id", "text", "lang"?, "question"?}. Out: one object a line; no database.
A line that cannot be read is reported on stderr with its number; the rest goes on; exit 1 at the end.
"""

import argparse
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import TextIO

import msgspec

from .analysis import BadFile, Engine, TextAnalysis, load_engine
from .analysis.explaining import explain
from .analysis.findings import Sentence

AT_ONCE = 64  # lines; a person who types them gets an answer to each
NO_NAME = msgspec.Raw(b"null")


class Line(msgspec.Struct):
    """What is read of a line; `id` comes back exactly as it was written."""

    text: str
    id: msgspec.Raw = NO_NAME
    question: str | None = None
    lang: str | None = None  # allowed, but every sentence shows its own


_decode = msgspec.json.Decoder(Line).decode
_encode = msgspec.json.Encoder().encode


def main(argv: Sequence[str], stdin: TextIO, stdout: TextIO) -> int:
    """Exit code: 0 all lines read, 1 some refused, 2 the command itself was wrong."""
    options = _options(argv)
    try:
        engine = load_engine(options.taxonomy, options.engine)
    except BadFile as error:
        print(f"analyse: {error}", file=sys.stderr)
        return 2
    if options.explain is not None:
        stdout.write(explain(engine, options.explain, options.question))
        return 0
    return each_line(engine, stdin, stdout)


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m analyzer analyse", description=__doc__.split("\n")[0])
    parser.add_argument("--engine", choices=("default", "rules", "textblob"), default="default")
    parser.add_argument("--taxonomy", type=Path, help="topics of this fair (YAML); else the built-in ones")
    parser.add_argument("--explain", metavar="TEXT", help="say in words how TEXT is read, and why")
    parser.add_argument("--question", help="with --explain: impressed, improve, outlook or overall")
    return parser.parse_args(argv)


def each_line(engine: Engine, stdin: TextIO, stdout: TextIO) -> int:
    """Read lines until their end; 1 when some were refused, else 0."""
    refused = 0
    numbered = enumerate(stdin, 1)
    size = 1 if stdin.isatty() else AT_ONCE
    while some := list(islice(numbered, size)):
        read: list[Line] = []
        for number, line in some:
            if not line.strip():
                continue
            try:
                read.append(_decode(line))
            except msgspec.MsgspecError as error:
                refused += 1
                print(_encode({"line": number, "error": str(error)}).decode(), file=sys.stderr)
        analyses = engine.analyse_all([(line.text, line.question) for line in read])
        stdout.writelines(map(_as_line, read, analyses))
    return 1 if refused else 0


def _as_line(line: Line, analysis: TextAnalysis) -> str:
    row = {
        "id": line.id,
        "lang": analysis.lang,
        "sentiment": analysis.sentiment,
        "polarity": analysis.polarity,
        "sentences": [_sentence(sentence) for sentence in analysis.sentences],
    }
    return _encode(row).decode() + "\n"


def _sentence(said: Sentence) -> dict[str, object]:
    return {
        "text": said.text,
        "start": said.start,
        "end": said.end,
        "lang": said.lang,
        "sentiment": said.sentiment,
        "polarity": said.polarity,
        "suggestion": said.suggestion,
        "kind": said.kind,
        "aspects": said.aspects,
    }
