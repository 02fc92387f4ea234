"""The real pair as four processes, for tests that cut it and look at what comes out."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tests import services

ROOT = Path(__file__).resolve().parents[2]
ROLES = {
    "collector web": ("collector", "web"),
    "collector relay": ("collector", "relay"),
    "analyzer work": ("analyzer", "work"),
    "analyzer web": ("analyzer", "web"),
}
VISIT = "e2e-visit"
PROGRAMME = """\
fair:
  id: e2e
  name: {en: End-to-end fair, zh: 端到端交流会}
  timezone: Asia/Shanghai
  starts_on: 2099-11-24
  ends_on: 2099-11-25
  sample: true
companies:
  - id: plant
    name: {en: Test plant, zh: 测试工厂}
    industry: {en: magnesium, zh: 镁业}
experts:
  - id: e01
    name: {en: Expert One, zh: 专家一}
    organisation: {en: A university, zh: 某大学}
    organisation_kind: university
    discipline: materials
    language: zh
visits:
  - id: e2e-visit
    company: plant
    visited_at: 2099-11-24 14:30
    deadline: 2099-12-01 18:00
    questionnaire: site-visit
    minimum_group: 5
    experts: [e01]
"""


def answers(**changed: Any) -> dict[str, Any]:
    """A complete response's answers to `site-visit`; `changed` replaces some."""
    return {
        "overall": 4,
        "aspects": {
            "process": 4,
            "product": 5,
            "market": 3,
            "innovation": 4,
            "energy": 2,
            "safety": "opt_out",
            "management": 4,
        },
        "recommend": 8,
        "impressed": "The casting line runs very smoothly. 镁合金产线自动化程度高。",
        "improve": "Energy consumption is too high. 建议尽快解决粉尘问题。",
        "cooperate": "no",
        **changed,
    }


def body(**changed: Any) -> dict[str, Any]:
    """A body of POST /api/v1/responses."""
    return {
        "answers": answers(),
        "language": "zh",
        "consent": {"use": True, "quote": True, "named": False},
        **changed,
    }


@dataclass(frozen=True)
class Reply:
    status: int
    document: Any
    headers: Mapping[str, str]


@dataclass
class Pair:
    """Both services on given URLs (None: the embedded default), their data in `folder`."""

    folder: Path
    database_url: str | None = None
    amqp_url: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.collector, self.analyzer = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
        self.environment = {
            **{k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "AMQP_URL"}},
            "DATA_DIR": str(self.folder),
            "SECRET_KEY": "only-for-tests-" + "x" * 32,
            "COLLECTOR_PORT": self.collector.rsplit(":", 1)[1],
            "ANALYZER_PORT": self.analyzer.rsplit(":", 1)[1],
            "PUBLIC_URL": self.collector,
            "DIGEST_URL": self.analyzer,
            "WEB_WORKERS": "1",  # nothing here is about their number, and each costs a second to start
            **({"DATABASE_URL": self.database_url} if self.database_url else {}),
            **({"AMQP_URL": self.amqp_url} if self.amqp_url else {}),
            **self.settings,
        }

    def __enter__(self) -> Self:
        self.chore("collector", "init-db")
        self.chore("analyzer", "init-db")
        programme = self.folder / "programme.yaml"
        programme.write_text(PROGRAMME, encoding="utf-8")
        self.chore("collector", "load", str(programme))
        return self

    def __exit__(self, *_: object) -> None:
        for role in list(self.children):
            self.stop(role)

    def chore(self, *arguments: str, ok: tuple[int, ...] = (0,)) -> str:
        """Run a chore to its end.  Returns its stdout; fails with its stderr on another exit code."""
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            check=False,
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode in ok, f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self, *roles: str) -> None:
        for role in roles or tuple(ROLES):
            self.launch(role)
        for role, url in (("collector web", self.collector), ("analyzer web", self.analyzer)):
            if role in self.children:
                self.wait_until(lambda url=url: answers_at(f"{url}/healthz"), f"{role} answers")

    def launch(self, role: str) -> int:
        """Start the process and wait for nothing.  Returns its id."""
        with (self.folder / f"{role.replace(' ', '-')}.log").open("ab") as log:
            self.children[role] = subprocess.Popen(
                [sys.executable, "-m", *ROLES[role]],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self.children[role].pid

    def stop(self, role: str, seconds: float = 30) -> int:
        """SIGTERM, as an operator would.  Returns the exit code."""
        child = self.children.pop(role)
        child.terminate()
        try:
            return child.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            raise AssertionError(
                f"{role} did not stop within {seconds} s of SIGTERM\n{self.log(role)}"
            ) from None

    def kill(self, role: str) -> None:
        """kill -9 of the role and everything it started."""
        child = self.children.pop(role)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait(10)

    def log(self, role: str) -> str:
        path = self.folder / f"{role.replace(' ', '-')}.log"
        return path.read_text(encoding="utf-8", errors="replace")[-4000:] if path.exists() else ""

    def links(self) -> tuple[str, str]:
        """The visit's form links: (personal, open)."""
        rows = json.loads(self.chore("collector", "invitations", "--visit", VISIT, "--json"))
        by_kind = {row["kind"]: row["url"] for row in rows}
        return by_kind["personal"], by_kind["open"]

    def digest_link(self) -> str:
        return str(json.loads(self.chore("collector", "digest-link", VISIT, "--json"))["url"])

    def post(self, form_link: str, document: Mapping[str, Any], key: str | None = None) -> Reply:
        return request(
            f"{self.collector}/api/v1/responses",
            document,
            {
                "Authorization": f"Bearer {form_link.rsplit('/', 1)[1]}",
                "Idempotency-Key": key or str(uuid.uuid4()),
            },
        )

    def readiness(self, url: str) -> Reply:
        return request(f"{url}/readyz")

    def outbox(self) -> dict[str, Any]:
        return dict(json.loads(self.chore("collector", "outbox", "--json")))

    def wait_until(self, true: Callable[[], Any], what: str, seconds: float = 60) -> Any:
        """Ask again until the answer is true.  Returns it; fails with the logs after `seconds`."""
        pause, deadline = threading.Event(), time.monotonic() + seconds
        while time.monotonic() < deadline:
            if answer := true():
                return answer
            pause.wait(0.1)
        logs = "\n".join(f"--- {role}\n{self.log(role)}" for role in ROLES)
        raise AssertionError(f"not within {seconds} s: {what}\n{logs}")


def request(
    url: str, document: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
) -> Reply:
    """One HTTP exchange with JSON in and out; an error status is a Reply like any other."""
    data = None if document is None else json.dumps(document, ensure_ascii=False).encode()
    outgoing = {"Content-Type": "application/json", **(headers or {})}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, data=data, headers=outgoing), timeout=30
        ) as reply:
            return Reply(reply.status, readable(reply.read()), dict(reply.headers))
    except urllib.error.HTTPError as error:
        return Reply(error.code, readable(error.read()), dict(error.headers))


def readable(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return content.decode(errors="replace")


def answers_at(url: str) -> bool:
    try:
        return request(url).status == 200
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def rabbitmq_queues(vhost: str) -> dict[str, int]:
    """Messages per queue, as `rabbitmqctl list_queues` says."""
    lines = services.rabbitmqctl("list_queues", "-p", vhost, "name", "messages", "--no-table-headers")
    return {name: int(count) for name, count in (line.split("\t") for line in lines.splitlines() if line)}
