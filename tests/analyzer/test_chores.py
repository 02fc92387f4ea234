"""The commands an operator types, as processes that end with the right code."""

import io
import json
import socket
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analyzer import attempts, chores
from analyzer.__main__ import main
from analyzer.consumers import Dead
from analyzer.database import open_database
from analyzer.store import record
from tests.analyzer.stories import analysed, said, scheduled


@pytest.fixture(autouse=True)
def _environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "AMQP_URL", "TAXONOMY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SECRET_KEY", "x" * 32)


@pytest.fixture
def url(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """A database with one visit and four responses."""
    assert main(["init-db"]) == 0
    url = f"sqlite:///{tmp_path}/analyzer.sqlite3"
    with open_database(url).write() as connection:
        record(connection, [analysed(scheduled()), *[said(f"r-{i}") for i in range(4)]])
    capsys.readouterr()
    return url


def test_a_digest_is_printed_as_json(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """For scripts: nothing but JSON on stdout."""
    assert main(["digest", "ruige-1124"]) == 0
    assert json.loads(capsys.readouterr().out)["responses"]["answered"] == 4


def test_a_digest_is_printed_as_a_workbook(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """To a file or a pipe."""
    pipe = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(pipe))
    assert main(["digest", "ruige-1124", "--format", "xlsx"]) == 0
    assert pipe.getvalue().startswith(b"PK")


def test_a_digest_is_printed_as_a_page(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Its style sheets come from where the service is reached."""
    assert main(["digest", "ruige-1124", "--format", "html", "--language", "zh"]) == 0
    page = capsys.readouterr().out
    assert "瑞格镁业" in page
    assert 'href="http://127.0.0.1:8001/digest-static/' in page


def test_a_visit_nobody_knows_exits_1(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One line, no traceback."""
    assert main(["digest", "nowhere"]) == 1
    assert capsys.readouterr().err == "analyzer: there is no visit 'nowhere'\n"


@pytest.mark.parametrize("command", [["digest", "x"], ["rebuild-tallies"], ["web"], ["dead", "resume"]])
def test_missing_tables_exit_1_and_name_the_command(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is created on the way."""
    assert main(command) == 1
    assert "run `python -m analyzer init-db` first" in capsys.readouterr().err


def test_a_port_that_is_taken_exits_1(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line that says which, and what moves it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("ANALYZER_PORT", str(taken.getsockname()[1]))
        assert main(["web"]) == 1
    assert "Address already in use (ANALYZER_PORT moves it)" in capsys.readouterr().err


def test_tallies_are_rebuilt(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And the command says whether they were wrong."""
    assert main(["rebuild-tallies"]) == 0
    assert capsys.readouterr().out == "Counted again: 0 sums were different.\n"


class Morgue:
    """Dead letters in memory."""

    def __init__(self, *ids: str) -> None:
        died_at = datetime(2026, 11, 25, tzinfo=UTC)
        self.letters = [
            Dead(i, "response.submitted.v1", "data.visit_id: missing", died_at, b"{}") for i in ids
        ]
        self.replayed: list[str] = []

    def list(self) -> Sequence[Dead]:
        return self.letters

    def show(self, id: str) -> Dead | None:
        return next((dead for dead in self.letters if dead.id == id), None)

    def replay(self, ids: Sequence[str]) -> Sequence[str]:
        self.replayed += ids
        return self.discard(ids)

    def discard(self, ids: Sequence[str]) -> Sequence[str]:
        self.letters = [dead for dead in self.letters if dead.id not in ids]
        return ids

    def close(self) -> None:
        pass


@pytest.fixture
def morgue(monkeypatch: pytest.MonkeyPatch) -> Morgue:
    morgue = Morgue("m-1", "m-2")
    monkeypatch.setattr(chores, "open_dead_letters", lambda url: morgue)
    return morgue


def test_dead_letters_are_listed_for_scripts_and_people(
    morgue: Morgue, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the reason, without the personal body."""
    assert main(["dead", "list", "--json"]) == 0
    assert [row["id"] for row in json.loads(capsys.readouterr().out)] == ["m-1", "m-2"]
    assert main(["dead", "list"]) == 0
    assert (
        "m-1  2026-11-25 00:00:00Z  response.submitted.v1  data.visit_id: missing" in capsys.readouterr().out
    )


def test_no_dead_letters_is_an_empty_list(morgue: Morgue, capsys: pytest.CaptureFixture[str]) -> None:
    """Scripts get [], people a sentence."""
    morgue.letters = []
    assert main(["dead", "list", "--json"]) == 0
    assert capsys.readouterr().out == "[]\n"
    assert main(["dead", "list"]) == 0
    assert capsys.readouterr().out == "No dead letters.\n"


def test_one_dead_letter_is_shown_whole(morgue: Morgue, capsys: pytest.CaptureFixture[str]) -> None:
    """With its body, for whoever looks for the fault."""
    assert main(["dead", "show", "m-1"]) == 0
    assert capsys.readouterr().out.endswith("reason: data.visit_id: missing\n\n{}\n")


def test_a_replayed_letter_starts_with_fresh_tries(url: str, morgue: Morgue) -> None:
    """Or it would be parked again before its first try."""
    with open_database(url).write() as connection:
        attempts.count(connection, "m-1")
    assert main(["dead", "replay", "m-1"]) == 0
    assert morgue.replayed == ["m-1"]
    with open_database(url).write() as connection:
        assert attempts.count(connection, "m-1") == 1


def test_all_are_discarded_only_when_said(morgue: Morgue, capsys: pytest.CaptureFixture[str]) -> None:
    """No ids and no --all is a mistake, not a wish."""
    assert main(["dead", "discard"]) == 1
    assert len(morgue.letters) == 2
    assert main(["dead", "discard", "--all", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"discarded": ["m-1", "m-2"]}


def test_an_unknown_dead_letter_exits_1(morgue: Morgue, capsys: pytest.CaptureFixture[str]) -> None:
    """And the others stay."""
    assert main(["dead", "replay", "m-1", "m-9"]) == 1
    assert capsys.readouterr().err == "analyzer: there is no dead letter 'm-9'\n"
    assert morgue.replayed == []


def test_stopped_workers_are_resumed(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """After somebody looked."""
    with open_database(url).write() as connection:
        attempts.stop(connection, datetime.now(UTC), "too many")
    assert main(["dead", "resume"]) == 0
    assert capsys.readouterr().out == "The workers go on.\n"
    assert main(["dead", "resume", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"resumed": False}


def test_the_empty_embedded_queue_has_no_dead_letters(capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything ever ran."""
    assert main(["dead", "list", "--json"]) == 0
    assert capsys.readouterr().out == "[]\n"


@pytest.mark.parametrize(
    "arguments", [[], ["nonsense"], ["digest"], ["dead"], ["digest", "v", "--format", "docx"]]
)
def test_wrong_usage_exits_2(arguments: list[str]) -> None:
    """As every command line tool does."""
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2


@pytest.mark.parametrize(
    "command", [[], ["web"], ["work"], ["init-db"], ["digest"], ["dead"], ["dead", "replay"]]
)
def test_every_command_explains_itself(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """--help everywhere."""
    with pytest.raises(SystemExit) as stopped:
        main([*command, "--help"])
    assert stopped.value.code == 0
    assert "usage:" in capsys.readouterr().out


def test_analyse_needs_neither_environment_nor_database(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """It works where SECRET_KEY is nonsense and there is nothing to write to."""
    import io

    monkeypatch.setenv("SECRET_KEY", "short")
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"id": "1", "text": "Good."}\n'))
    assert main(["analyse"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "1"
    assert list(tmp_path.iterdir()) == []


def test_mails_are_sent_and_listed(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is due, what was done, then each mail."""
    assert main(["mail", "--due"]) == 0
    assert main(["mail"]) == 0
    assert main(["mail", "--list", "--json"]) == 0
    told = capsys.readouterr().out
    assert "Nothing is due." in told
    assert "0 issued, 0 sent" in told
    assert told.rstrip().endswith("[]")


def test_mails_cannot_go_out_without_a_key(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Their links are signed."""
    monkeypatch.delenv("SECRET_KEY")
    assert main(["mail"]) == 2
    assert "SECRET_KEY" in capsys.readouterr().err
