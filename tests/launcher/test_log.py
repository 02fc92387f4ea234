"""Children's logs: whole in the file, only what needs eyes on the terminal."""

from pathlib import Path

import pytest

from launcher import log
from launcher.log import Log, TroubleFilter, tail


class Eyes:
    """What the terminal showed, and a clock that is set by hand."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.now = 0.0
        self.filter = TroubleFilter(self.seen.append, lambda: self.now)

    def feed(self, *lines: str) -> list[str]:
        for line in lines:
            self.filter.feed(line)
        return self.seen


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-24 10:00:00 collector WARNING cannot publish",
        "[ERROR] worker exited",
        '{"time": "…", "level": "error", "message": "no database"}',
    ],
)
def test_warnings_and_errors_are_shown(line: str) -> None:
    """In the text format and in JSON."""
    assert Eyes().feed(line) == [line]


def test_ordinary_lines_stay_in_the_file() -> None:
    """A terminal full of requests hides the one line that matters."""
    assert Eyes().feed("collector INFO started", '{"level": "info", "errors": 0}') == []


def test_of_a_traceback_the_error_is_shown() -> None:
    """Its frames stand in the log."""
    lines = ["Traceback (most recent call last):", '  File "x.py", line 1', "    do()", "KeyError: 'x'", "on"]
    assert Eyes().feed(*lines) == ["KeyError: 'x'"]


def test_a_flood_is_cut_and_comes_back_later() -> None:
    """A broker that is away for days must not fill the screen, nor be forgotten."""
    eyes = Eyes()
    assert len(eyes.feed(*["x WARNING again"] * 50)) == log.BURST + 1
    assert eyes.seen[-1] == "… more of this in the log"
    eyes.now += log.PAUSE
    assert eyes.feed("x WARNING again")[-1] == "x WARNING again"


def test_a_full_log_starts_a_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pair that runs for months keeps two files a role."""
    monkeypatch.setattr(log, "LIMIT", 10)
    written = Log(tmp_path / "web.log")
    for line in (b"first, long enough\n", b"second\n"):
        written.write(line)
    written.close()
    assert (tmp_path / "web.log.1").read_bytes() == b"first, long enough\n"
    assert (tmp_path / "web.log").read_bytes() == b"second\n"


def test_the_tail_is_the_end_whatever_the_bytes(tmp_path: Path) -> None:
    """It is shown where a start fails, also when the log is not text."""
    path = tmp_path / "web.log"
    path.write_bytes(b"old\n" * 100 + b"\xff\xfe\n" + "端口被占用\n".encode())
    assert tail(path, 2) == "    ��\n    端口被占用"
    assert tail(tmp_path / "none.log") == ""
