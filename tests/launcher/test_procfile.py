"""The Procfile: which roles there are."""

import sys
from pathlib import Path

import pytest

from launcher.errors import BadSettings
from launcher.procfile import Role, parse_procfile

SHIPPED = Path(__file__).resolve().parents[2] / "Procfile"


def test_the_shipped_procfile_names_the_four_roles() -> None:
    """The pair is four processes, started by the interpreter that runs us."""
    roles = parse_procfile(SHIPPED.read_text("utf-8"))
    assert [role.command for role in roles] == [
        (sys.executable, "-m", "analyzer", "work"),
        (sys.executable, "-m", "analyzer", "web"),
        (sys.executable, "-m", "collector", "web"),
        (sys.executable, "-m", "collector", "relay"),
    ]


def test_comments_blank_lines_and_quotes_are_understood() -> None:
    """As every Procfile runner reads it."""
    assert parse_procfile("# roles\n\nweb: serve 'two words'\n") == [Role("web", ("serve", "two words"))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("web: serve\nnonsense", "line 2: expected `name: command`, found 'nonsense'"),
        ("web: 'unclosed", "line 1"),
        ("", "at least one role"),
        ("web: a\nweb: b", "none twice"),
    ],
)
def test_a_broken_procfile_is_refused(text: str, said: str) -> None:
    """With the number of the line, so that it is found."""
    with pytest.raises(BadSettings, match=said.replace("(", r"\(")):
        parse_procfile(text)
