"""What an operator finds in the log, as text and as JSON."""

import json
import logging

import pytest

from collector import logs


@pytest.fixture(autouse=True)
def root_as_before():
    """The next test logs as pytest wants it to."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_json_is_one_object_a_line_with_its_facts(capsys):
    """A log collector reads it without a pattern, Chinese included."""
    logs.configure("json", "INFO")
    logging.getLogger("collector.room").warning("等待", extra={"visit": "v1"})
    line = json.loads(capsys.readouterr().err)
    assert (line["level"], line["name"], line["message"], line["visit"]) == (
        "WARNING",
        "collector.room",
        "等待",
        "v1",
    )
    assert line["time"].endswith("+00:00")


def test_a_stack_trace_stays_on_its_line(capsys):
    """An operator can always find one."""
    logs.configure("json", "INFO")
    try:
        raise RuntimeError("no such plan")
    except RuntimeError:
        logging.getLogger("collector").exception("a bug")
    (line,) = capsys.readouterr().err.splitlines()
    assert "RuntimeError: no such plan" in json.loads(line)["exc_info"]


def test_text_is_for_a_terminal(capsys):
    """Time, level, room, message."""
    logs.configure("text", "WARNING")
    logging.getLogger("collector.room").info("quiet")
    logging.getLogger("collector.room").error("loud")
    assert capsys.readouterr().err.endswith(" ERROR collector.room: loud\n")
