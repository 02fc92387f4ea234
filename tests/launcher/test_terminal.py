"""What stands on the terminal."""

import io

import pytest

from launcher.terminal import CLEAR, Terminal, padded


def shown(live: bool, *steps: tuple[str, float]) -> str:
    """What is written for progress at the given times (seconds), and a line after it."""
    stream, now = io.StringIO(), [0.0]
    terminal = Terminal(stream, live, lambda: now[0])
    for text, now[0] in steps:
        terminal.progress(text)
    terminal.say("done")
    return stream.getvalue()


def test_progress_is_written_in_place() -> None:
    """And a line in between moves it down instead of tearing it."""
    assert shown(True, ("1/2", 0), ("2/2", 0)) == f"{CLEAR}1/2{CLEAR}2/2{CLEAR}done\n2/2"


def test_in_a_file_progress_is_a_line_now_and_then() -> None:
    """CI logs get no control characters and no flood."""
    assert shown(False, ("1/3", 0), ("2/3", 0.5), ("3/3", 3)) == "1/3\n3/3\ndone\n"


def test_colour_is_for_terminals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """https://no-color.org"""
    monkeypatch.delenv("NO_COLOR", raising=False)
    file, screen, plain = io.StringIO(), io.StringIO(), io.StringIO()
    Terminal(file, live=False).warn("careful")
    Terminal(screen, live=True).warn("careful")
    monkeypatch.setenv("NO_COLOR", "1")
    Terminal(plain, live=True).warn("careful")
    assert (file.getvalue(), plain.getvalue()) == ("careful\n", "careful\n")
    assert screen.getvalue() == "\x1b[33mcareful\x1b[0m\n"


def test_a_closed_terminal_is_no_reason_to_fail() -> None:
    """The children still have to be stopped in order."""
    stream = io.StringIO()
    stream.close()
    Terminal(stream, live=True).say("nobody reads this")


def test_a_chinese_character_takes_two_columns() -> None:
    """Otherwise the links do not stand below each other."""
    assert padded("表单", 6) == "表单  "
    assert padded("form", 6) == "form  "
