"""`python -m analyzer analyse`: read texts from lines of JSON and say what they mean.

In: one JSON object a line, UTF-8: "text"; "id", given back as it was written; "question" (impressed, improve,
outlook or overall), which should be told where it is known; "lang", not needed.
Out: one object a line: "id", "lang" (en, zh, mixed, other), "sentiment" (positive, neutral, negative, mixed;
null: cannot be read), "polarity" (-1 to 1), "sentences", each with its place ("start", "end": characters of
the text) and "aspects". No database.
A line that cannot be read is reported on stderr with its number; the rest goes on; exit 1 at the end.
"""

import argparse
import gc
import sys
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

import msgspec

from .analysis import BadFile, Engine, TextAnalysis, load_engine
from .analysis.engine import AT_ONCE, blocks
from .analysis.explaining import explain
from .analysis.findings import Aspect, Sentence

NO_NAME = msgspec.Raw(b"null")


class Line(msgspec.Struct):
    """What is read of a line; `id` comes back exactly as it was written."""

    text: str
    id: msgspec.Raw = NO_NAME
    question: str | None = None
    lang: str | None = None  # allowed, but every sentence shows its own


class Said(msgspec.Struct):
    """A sentence as it is written: without its explanation."""

    text: str
    start: int
    end: int
    lang: str
    sentiment: str | None
    polarity: float | None
    suggestion: bool
    kind: str
    aspects: Sequence[Aspect]


class Row(msgspec.Struct):
    """What is written for a line."""

    id: msgspec.Raw
    lang: str
    sentiment: str | None
    polarity: float | None
    sentences: list[Said]


_decode = msgspec.json.Decoder(Line).decode
_encode = msgspec.json.encode
_encode_lines = msgspec.json.Encoder().encode_lines


def main(argv: Sequence[str], stdin: TextIO, stdout: TextIO) -> int:
    """Exit code: 0 all lines read, 1 some refused, 2 the command itself was wrong."""
    options = _options(argv)
    try:
        engine = load_engine(options.taxonomy, options.engine)
    except BadFile as error:
        print(f"analyse: {error}", file=sys.stderr)
        return 2
    if options.explain is not None:
        _write(stdout, explain(engine, options.explain, options.question).encode("utf-8", "replace"))
        return 0
    return each_line(engine, stdin, stdout)


def _options(argv: Sequence[str]) -> argparse.Namespace:
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m analyzer analyse", description=__doc__, formatter_class=plain
    )
    parser.add_argument("--engine", choices=("default", "rules", "textblob"), default="default")
    parser.add_argument("--taxonomy", type=Path, help="topics of this fair (YAML); else the built-in ones")
    parser.add_argument("--explain", metavar="TEXT", help="say in words how TEXT is read, and why")
    parser.add_argument("--question", help="with --explain: impressed, improve, outlook or overall")
    options = parser.parse_args(argv)
    if options.question is not None and options.explain is None:
        parser.error("--question goes with --explain; a line of JSON names its own `question`")
    return options


def each_line(engine: Engine, stdin: TextIO, stdout: TextIO) -> int:
    """Read lines until their end; 1 when some were refused, else 0."""
    gc.disable()  # a reading has no cycles: the collector would only walk it, again and again
    try:
        return _each_line(engine, stdin, stdout)
    finally:
        gc.enable()


def _each_line(engine: Engine, stdin: TextIO, stdout: TextIO) -> int:
    # Bytes, whatever the locale says: a line that is not UTF-8 is refused like any other.
    lines: Iterable[str | bytes] = getattr(stdin, "buffer", stdin)
    refused = 0
    most = 1 if stdin.isatty() else AT_ONCE  # a person who types gets an answer to each line
    for some in blocks(enumerate(lines, 1), lambda numbered: len(numbered[1]), most):
        read: list[Line] = []
        for number, line in some:
            try:
                read += _read(line, number)
            except ValueError as error:
                refused += 1
                print(_encode({"line": number, "error": str(error)}).decode(), file=sys.stderr)
        analyses = engine.analyse_all([(line.text, line.question) for line in read])
        # A list: msgspec 0.22 never lets an iterator go, and with it what it walks over.
        _write(stdout, _encode_lines([_row(*each) for each in zip(read, analyses, strict=True)]))
    return 1 if refused else 0


def _read(line: str | bytes, number: int) -> list[Line]:
    """What a line says, none of a blank one; raises ValueError."""
    if number == 1:
        line = line.removeprefix("\ufeff") if isinstance(line, str) else line.removeprefix(BOM_UTF8)
    try:
        return [_decode(line)] if line.strip() else []
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from None
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _write(stdout: TextIO, said: bytes) -> None:
    """At once: who reads along waits for it."""
    if hasattr(stdout, "buffer"):
        stdout.flush()
        stdout.buffer.write(said)
        stdout.buffer.flush()
    else:
        stdout.write(said.decode())


def _row(line: Line, analysis: TextAnalysis) -> Row:
    sentences = [_said(sentence) for sentence in analysis.sentences]
    return Row(line.id, analysis.lang, analysis.sentiment, analysis.polarity, sentences)


def _said(s: Sentence) -> Said:
    return Said(s.text, s.start, s.end, s.lang, s.sentiment, s.polarity, s.suggestion, s.kind, s.aspects)
