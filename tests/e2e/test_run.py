"""`make run` with the real pair: what a newcomer sees, and what is left when they go.

How the launcher treats its children is promised with fakes in tests/launcher.
"""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.pair import ROOT, free_port
from tests.waiting import eventually

START = 90  # seconds from `make run` to Ready, the promise of the README on 2 cores
SAMPLES = 92


class MakeRun:
    """A run.py that was started on a folder; read its output with `until`."""

    def __init__(self, folder: Path, urls: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = {
            **{k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "AMQP_URL", "SAMPLE"}},
            "DATA_DIR": str(folder),
            "COLLECTOR_PORT": str(free_port()),
            "ANALYZER_PORT": str(free_port()),
            **urls,
        }
        self.output = folder.parent / f"{folder.name}.out"
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "run.py"],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def until(self, part: str, seconds: float = START) -> str:
        """The whole output, once `part` is in it."""
        eventually(lambda: part in self.text() or self.process.poll() is not None, part, seconds)
        assert part in self.text(), self.text()
        return self.text()

    def text(self) -> str:
        return self.output.read_text("utf-8")

    def links(self) -> list[str]:
        """Form, digest, overview: the three lines after Ready."""
        return re.findall(r"http://\S+/[fdo]/\S+", self.until("Ctrl-C stops").rpartition("\nReady\n")[2])

    def processes(self) -> list[int]:
        """Everything on this machine that was started for this folder, the launcher included."""
        mark = f"DATA_DIR={self.folder}".encode()
        return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if mark in environ_of(pid)]

    def pid_of(self, *words: str) -> int:
        """The first process of a role: the launcher's own child."""
        for pid in self.processes():
            stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
            if int(stat[1]) == self.process.pid and command[2:4] == list(words):
                return pid
        raise AssertionError(f"no {words}\n{self.text()}")

    def stop(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)

    def chore(self, *arguments: str) -> Any:
        key = {"SECRET_KEY_FILE": str(self.folder / "secret_key")}
        command = [sys.executable, "-m", *arguments, "--json"]
        done = subprocess.run(
            command, check=True, cwd=ROOT, env={**self.environment, **key}, capture_output=True, timeout=60
        )
        return json.loads(done.stdout)


def environ_of(pid: int) -> list[bytes]:
    """Empty for a zombie, and for a process that has just ended."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as reply:
        assert reply.status == 200
        return bytes(reply.read())


def answers(url: str) -> bool:
    try:
        return bool(fetch(url))
    except OSError:
        return False


@pytest.fixture(
    params=["embedded", pytest.param("servers", marks=[pytest.mark.rabbitmq, pytest.mark.postgresql])]
)
def urls(request: pytest.FixtureRequest) -> dict[str, str]:
    """The environment of both worlds."""
    if request.param == "embedded":
        return {}
    return {
        "DATABASE_URL": str(request.getfixturevalue("postgres_url")),
        "AMQP_URL": str(request.getfixturevalue("amqp_url")),
    }


@pytest.fixture
def make_run(tmp_path: Path) -> Iterator[Callable[..., MakeRun]]:
    started: list[MakeRun] = []

    def start(urls: Mapping[str, str] | None = None) -> MakeRun:
        started.append(MakeRun(tmp_path / "var", urls or {}))
        return started[-1]

    yield start
    for run in started:
        run.process.kill()
        run.process.wait()
        eventually(lambda run=run: not run.processes(), "all ended", 30)


def test_a_newcomer_gets_three_links_that_open(
    make_run: Callable[..., MakeRun], urls: dict[str, str]
) -> None:
    """A form to answer, a digest to read, the organiser's overview; within the promised time."""
    run = make_run(urls)
    form, digest, overview = run.links()
    assert ["/f/" in form, "/d/" in digest, "/o/" in overview] == [True] * 3
    for link in (form, digest, overview):
        assert "<html" in fetch(link).decode("utf-8").lower()
    assert f"{SAMPLES} sent" in run.text()
    assert f"{SAMPLES} analysed" in run.text()
    assert json.loads(fetch(f"{digest}.json"))["responses"]["answered"] == 30


def test_a_second_run_keeps_the_data_and_adds_nothing(make_run: Callable[..., MakeRun]) -> None:
    """`make run` in the morning shows what was there in the evening."""
    counts, forms = [], []
    for _ in range(2):
        run = make_run()
        form, digest, _overview = run.links()
        forms.append(form.rpartition("/")[2])
        events = run.chore("collector", "outbox")["accepted"]
        counts.append((json.loads(fetch(f"{digest}.json"))["responses"]["answered"], events))
        assert run.stop(signal.SIGINT) == 0
        assert run.processes() == []
        run.output.write_text("")
    assert counts[0] == counts[1]
    assert forms[0] == forms[1]


def test_a_crashed_web_server_is_back_by_itself(make_run: Callable[..., MakeRun]) -> None:
    """Its workers are gone with it, so the port is free for the next one."""
    run = make_run()
    form = run.links()[0]
    os.kill(run.pid_of("collector", "web"), signal.SIGKILL)
    run.until("collector-web ended (killed by SIGKILL); it starts again in 1 s")
    eventually(lambda: answers(form), "the form opens again", 30)


@pytest.mark.parametrize("part", ["Preparing", "Loading", "Starting", "sent"])
def test_ctrl_c_leaves_nothing_behind_whenever_it_comes(make_run: Callable[..., MakeRun], part: str) -> None:
    """In every phase of the start; after it, see the second run above."""
    run = make_run()
    run.until(part)
    assert run.stop(signal.SIGINT) == 0, run.text()
    assert run.processes() == []


def test_killed_outright_it_leaves_nothing_behind(make_run: Callable[..., MakeRun]) -> None:
    """No web server that keeps the ports, no relay that works in the dark."""
    run = make_run()
    run.until("Ready")
    run.stop(signal.SIGKILL)
    eventually(lambda: not run.processes(), f"{run.processes()} ended", 20)
