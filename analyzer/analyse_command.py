"""`python -m analyzer analyse`: read texts from lines of JSON and say what they mean.

In: one JSON object a line, {"id", "text", "lang"?, "question"?}. Out: one object a line; no database.
A line that cannot be read is reported on stderr with its number; the rest goes on; exit 1 at the end.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from .analysis import BadFile, Engine, TextAnalysis, load_engine
from .analysis.explaining import explain


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
    return _each_line(engine, stdin, stdout)


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m analyzer analyse", description=__doc__.split("\n")[0])
    parser.add_argument("--engine", choices=("default", "rules", "textblob"), default="default")
    parser.add_argument("--taxonomy", type=Path, help="topics of this fair (YAML); else the built-in ones")
    parser.add_argument("--explain", metavar="TEXT", help="say in words how TEXT is read, and why")
    parser.add_argument("--question", help="with --explain: impressed, improve, outlook or overall")
    return parser.parse_args(argv)


def _each_line(engine: Engine, stdin: TextIO, stdout: TextIO) -> int:
    refused = 0
    for number, line in enumerate(stdin, 1):
        if not line.strip():
            continue
        try:
            row = _read(line)
        except ValueError as error:
            refused += 1
            problem = {"line": number, "error": str(error)}
            print(json.dumps(problem, ensure_ascii=False), file=sys.stderr)
            continue
        analysis = engine.analyse(row["text"], question=row.get("question"))
        stdout.write(json.dumps(as_row(row.get("id"), analysis), ensure_ascii=False) + "\n")
    return 1 if refused else 0


def _read(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ValueError(f"not JSON: {error}") from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ValueError('must be an object with "id" and "text"')
    for name in ("lang", "question"):
        if not isinstance(row.get(name), str | None):
            raise ValueError(f'"{name}" must be text')
    return row


def as_row(name: Any, analysis: TextAnalysis) -> dict[str, Any]:
    """The line of output for one text."""
    sentences = [asdict(s) for s in analysis.sentences]
    for sentence in sentences:
        del sentence["explanation"]
    return {
        "id": name,
        "lang": analysis.lang,
        "sentiment": analysis.sentiment,
        "polarity": analysis.polarity,
        "sentences": sentences,
    }
