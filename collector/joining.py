"""Joins the form's small files into one style sheet and one script, so that a phone asks twice, not 16 times.

In: files as they are written.  Out: text, without the lines that are comments: a phone on a bus need not
load them.  No tool is needed: the modules keep two simple rules.
They import by name from "./neighbour.js", and export where they declare; every top-level name is used once
in all of them (the browser itself refuses a script that declares a name twice).
"""

import re
from pathlib import Path

IMPORT = re.compile(r'^import (?:\{[^}]*\} from )?"\./([\w-]+\.js)";\n', re.MULTILINE)
COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?function|const|let|class)", re.MULTILINE)


def join_modules(entry: Path) -> str:
    """The entry module and all it imports, each once, after what it needs."""
    done: dict[str, str] = {}
    _visit(entry.parent, entry.name, done, ())
    return "\n".join(done.values())


def _visit(folder: Path, name: str, done: dict[str, str], above: tuple[str, ...]) -> None:
    if name in above:
        raise ValueError(f"modules import each other in a ring: {' -> '.join((*above, name))}")
    if name in done:
        return
    text = (folder / name).read_text("utf-8")
    for needed in IMPORT.findall(text):
        _visit(folder, needed, done, (*above, name))
    done[name] = EXPORT.sub("", IMPORT.sub("", COMMENT.sub("", text)))
    if re.search(r"^(?:import|export)\b", done[name], re.MULTILINE):
        raise ValueError(f"{name}: an import or export is written in a way that joining does not know")
