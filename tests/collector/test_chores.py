"""Promises about the command line: what it prints, how it exits, and that nobody ever sees a stack trace."""

import csv
import io
import json
import logging
import threading
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from collector.__main__ import main
from collector.errors import TryLater
from collector.links import read_form_token
from collector.sending import Clock, Sender
from tests.collector.builders import ANSWERS, CONSENT, programme_file

SECRET = "a secret for tests, long enough to be one"


@pytest.fixture
def _logging() -> Iterator[None]:
    """A chore sets up logging for its process; this process has more tests to run."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def run(tmp_path, capsys, _logging):
    """run(arguments…) -> (exit code, stdout, stderr)"""

    def do(*arguments: str, **environ: str) -> tuple[int, str, str]:
        settings = {"DATA_DIR": str(tmp_path), "SECRET_KEY": SECRET} | environ
        try:
            code = main(arguments, settings)
        except SystemExit as stopped:  # argparse
            code = int(stopped.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    return do


@pytest.fixture
def loaded(run, tmp_path):
    """The same on a database that holds the fair of the builders."""
    assert run("init-db")[0] == 0
    assert run("load", str(programme_file(tmp_path)))[0] == 0
    return run


def test_making_the_tables_twice_is_fine(run):
    """It may run at every start."""
    assert run("init-db") == (0, "The tables are up to date.\n", "")
    assert run("init-db") == (0, "The tables are up to date.\n", "")


@pytest.mark.parametrize(
    "command",
    [
        "web",
        "relay",
        "init-db",
        "load",
        "invitations",
        "digest-link",
        "organiser-link",
        "outbox",
        "sample-responses",
    ],
)
def test_every_command_explains_itself(run, command):
    """--help everywhere."""
    code, out, _ = run(command, "--help")
    assert (code, "usage:" in out) == (0, True)


@pytest.mark.parametrize("arguments", [(), ("nonsense",), ("load",), ("digest-link", "x", "--days", "0")])
def test_wrong_usage_exits_with_2(run, arguments):
    """A script can tell a typing mistake from a failure."""
    code, _, err = run(*arguments)
    assert (code, "usage:" in err) == (2, True)


def test_a_bad_environment_exits_with_2(run):
    """One line, which variable."""
    code, out, err = run("init-db", COLLECTOR_PORT="x")
    assert (code, out) == (2, "")
    assert err == "collector: CONFIG: COLLECTOR_PORT must be a whole number from 1 to 65535: x\n"


def test_a_missing_secret_exits_with_2(loaded):
    """Links cannot be made without one."""
    code, _, err = loaded("invitations", SECRET_KEY="")
    assert code == 2
    assert err.startswith("collector: CONFIG: SECRET_KEY is not set")


def test_a_database_that_is_away_exits_with_1(run):
    """Said in one line; nothing to do but to try again."""
    code, _, err = run("outbox", DATABASE_URL="postgresql://postgres@127.0.0.1:1/none")
    assert code == 1
    assert err.startswith("collector: not now, try again later: database: ")
    assert err.count("\n") == 1


def test_a_database_without_tables_says_what_to_run(run, tmp_path):
    """Also for a role: the first start forgets it."""
    code, _, err = run("load", str(programme_file(tmp_path)))
    assert (code, err) == (
        1,
        "collector: the database has no tables of this version; run: python -m collector init-db\n",
    )


def test_load_says_what_it_did(run, tmp_path):
    """Counts for people."""
    run("init-db")
    code, out, _ = run("load", str(programme_file(tmp_path)))
    assert code == 0
    assert "experts      2 added, 0 changed, 0 unchanged" in out
    assert out.endswith("Loaded. The analyzer is told about 1 visits.\n")


def test_a_dry_run_says_that_it_was_one(loaded, tmp_path):
    """And names each change."""
    path = programme_file(tmp_path, ("2026-12-01 18:00", "2026-12-02 18:00"), ("[e01, e02]", "[e01]"))
    code, out, _ = loaded("load", str(path), "--dry-run")
    assert code == 0
    assert "changed: visits plant-1124: deadline" in out
    assert "revoked: invitation of e02 to plant-1124" in out
    assert out.endswith("Nothing was changed: this was a dry run.\n")


def test_load_speaks_json(loaded, tmp_path):
    """The same for a script."""
    _, out, _ = loaded("load", str(programme_file(tmp_path)), "--dry-run", "--json")
    document = json.loads(out)
    assert (document["fair"], document["dry_run"], document["changes"]) == ("fair", True, False)
    assert document["experts"] == {"added": [], "changed": [], "unchanged": 2, "removed": []}


def test_a_bad_file_gives_one_line_for_each_mistake(run, tmp_path):
    """file:line: field: problem, as compilers write it, so that editors can jump there."""
    run("init-db")
    path = programme_file(tmp_path, ("company: plant", "company: x"), ("zh: 交流会", "zh: ''"))
    code, out, err = run("load", str(path))
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        f"{path}:3: fair.name.zh: is empty",
        f"{path}:25: visits[plant-1124].company: x is not the id of a company in this file",
    ]


def test_a_fair_cannot_be_moved_out_of_the_calendar(loaded, tmp_path):
    """The year 10000 is refused in words."""
    code, _, err = loaded("load", str(programme_file(tmp_path)), "--starting", "9999-12-31")
    assert (code, err) == (1, "collector: the fair cannot be moved to 9999-12-31\n")


def test_invitations_are_links_that_open(loaded):
    """Personal ones first, then the open one, each with its own token."""
    rows = json.loads(loaded("invitations", "--visit", "plant-1124", "--json")[1])
    assert [(row["kind"], row["expert"], row["revoked_at"]) for row in rows] == [
        ("personal", "e01", None),
        ("personal", "e02", None),
        ("open", None, None),
    ]
    assert all(read_form_token(SECRET, row["url"].split("/f/")[1]) == row["id"] for row in rows)


def test_invitations_make_a_spreadsheet(loaded):
    """Excel shows the Chinese; a name that starts like a formula is not run."""
    out = loaded("invitations", "--csv")[1]
    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    assert out.startswith("\ufeff")
    assert (rows[0]["name_zh"], rows[0]["email"], rows[2]["expert"]) == ("甲", "e01@example.org", "")


def test_a_formula_in_a_name_is_disarmed(run, tmp_path):
    """A programme may come from anywhere."""
    run("init-db")
    run("load", str(programme_file(tmp_path, ("{en: One, zh: 甲}", "{en: '=1+1', zh: 甲}"))))
    assert "'=1+1" in run("invitations", "--csv")[1]


def test_an_invitation_can_be_revoked(loaded):
    """For good, and the analyzer hears that one fewer is invited."""
    first = json.loads(loaded("invitations", "--json")[1])[0]
    code, out, _ = loaded("invitations", "--revoke", first["id"])
    assert (code, out[:8]) == (0, "Revoked:")
    assert json.loads(loaded("invitations", "--json")[1])[0]["revoked_by"] == "organiser"
    assert json.loads(loaded("outbox", "--json")[1])["waiting"] == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("invitations", "--revoke", "x"), "no invitation has the id x"),
        (("invitations", "--visit", "x"), "no visit has the id x (known: plant-1124)"),
        (("digest-link", "x"), "no visit has the id x (known: plant-1124)"),
        (("organiser-link", "x", "--revoke"), "no fair has the id x (known: fair)"),
        (("outbox", "replay", "--event", "x"), "none of these events was published and is still kept"),
    ],
)
def test_an_unknown_id_is_said_so(loaded, arguments, said):
    """With the ids that there are."""
    assert loaded(*arguments) == (1, "", f"collector: {said}\n")


def test_a_digest_link_is_made_and_revoked(loaded):
    """Revoking gives the next link a higher generation, and the analyzer is told."""
    first = json.loads(loaded("digest-link", "plant-1124", "--json")[1])
    revoked = json.loads(loaded("digest-link", "plant-1124", "--revoke", "--json")[1])
    assert first["url"].startswith("http://127.0.0.1:8001/d/")
    assert revoked == {"visit": "plant-1124", "revoked": True, "generation": 2}
    assert json.loads(loaded("outbox", "--json")[1])["waiting"] == 2


def test_a_link_that_only_reads_is_made_on_request(loaded):
    """The role stands in the link, which the analyzer reads alike (tests/contract/test_digest_link.py)."""
    for role in ("company", "reader"):
        made = json.loads(loaded("digest-link", "plant-1124", "--role", role, "--json")[1])
        payload = json.loads(urlsafe_b64decode(made["url"].rpartition("/")[2].split(".")[0] + "=="))
        assert (made["role"], payload.get("r", "company")) == (role, role)


def test_an_organisers_link_is_made_and_revoked(loaded):
    """The analyzer has no part in it."""
    assert loaded("organiser-link", "fair")[1].startswith("http://127.0.0.1:8000/o/")
    assert loaded("organiser-link", "fair", "--revoke")[0] == 0
    assert json.loads(loaded("outbox", "--json")[1])["waiting"] == 1


def test_the_outbox_says_what_waits(loaded):
    """For people, and for a script."""
    assert loaded("outbox")[1].startswith("1 accepted, 0 published, 1 waiting, the oldest since ")
    stats = json.loads(loaded("outbox", "--json")[1])
    assert (stats["accepted"], stats["published"], stats["waiting"]) == (1, 0, 1)
    assert stats["oldest_waiting_at"].endswith("Z")


class Collector(ThreadingHTTPServer):
    """Stands in for the web role: answers with the prepared statuses, then with 201."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.statuses: list[int] = []
        self.seen: list[tuple[str, dict]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answering(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append((self.headers["Idempotency-Key"], body))
        status = self.server.statuses.pop(0) if self.server.statuses else 201
        errors = [{"pointer": "/answers/overall", "detail": "Choose a number from 1 to 5"}]
        content = json.dumps({"errors": errors} if status == 422 else {}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Silent: the test looks at what was seen."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    server = Collector()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class Sleeping:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.time = 0.0
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.time += seconds

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.time, self.sleep)


def samples(folder: Path, *experts: str | None) -> str:
    lines = [
        {"visit": "plant-1124", "expert": expert, "language": "zh", "answers": ANSWERS, "consent": CONSENT}
        for expert in experts
    ]
    path = folder / "samples.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n\n", "utf-8")
    return str(path)


def test_samples_are_sent_like_a_phone_sends_them(loaded, tmp_path, collector):
    """One after the other, with progress; equal answers through the open link are two responses."""
    path = samples(tmp_path, "e01", None, None)
    code, out, _ = loaded("sample-responses", path, "--url", collector.url)
    assert (code, out.splitlines()[:3]) == (0, ["sent 1/3", "sent 2/3", "sent 3/3"])
    assert len({key for key, _ in collector.seen}) == 3
    assert collector.seen[0][1] == {"answers": ANSWERS, "language": "zh", "consent": CONSENT}


def test_samples_keep_their_names(loaded, tmp_path, collector):
    """The key comes from the content, so that a second run adds nothing."""
    for _ in range(2):
        loaded("sample-responses", samples(tmp_path, "e01", None), "--url", collector.url)
    keys = [key for key, _ in collector.seen]
    assert keys[:2] == keys[2:]


def test_a_refused_sample_is_named_and_the_rest_is_sent(loaded, tmp_path, collector):
    """Line, pointer and what to do; exit 1."""
    collector.statuses = [422]
    path = samples(tmp_path, "e01", "e02")
    code, out, err = loaded("sample-responses", path, "--url", collector.url)
    assert (code, out.splitlines()[-1]) == (1, "1 new, 0 known before, 1 refused")
    assert err == f"collector: {path}:1: 422: /answers/overall: Choose a number from 1 to 5\n"


def test_a_sample_without_an_invitation_is_refused_before_any_is_sent(loaded, tmp_path, collector):
    """Half a sample would be worse than none."""
    path = samples(tmp_path, "e01", "e09")
    code, _, err = loaded("sample-responses", path, "--url", collector.url)
    assert (code, err) == (1, f"{path}:2: no valid invitation of e09 to plant-1124\n")
    assert collector.seen == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [("{", "is not JSON"), ("[]", "must be a JSON object"), ("{}", 'needs "visit" and "expert"')],
)
def test_a_line_that_is_no_response_is_refused(loaded, tmp_path, line, problem):
    """With its number."""
    (tmp_path / "samples.jsonl").write_text(f"\n{line}\n")
    code, _, err = loaded("sample-responses", str(tmp_path / "samples.jsonl"))
    assert (code, f"samples.jsonl:2: {problem}" in err) == (1, True)


def test_a_busy_server_is_tried_again_with_the_same_key(collector):
    """503 means later, and later it is the same response."""
    sleeping = Sleeping()
    collector.statuses = [503, 429, 502]
    sent = Sender(collector.url, sleeping.clock).send("token", "key", {})
    assert sent.accepted
    assert [key for key, _ in collector.seen] == ["key"] * 4
    assert sleeping.pauses == [0.5, 1.0, 2.0]


def test_a_server_that_stays_away_is_given_up():
    """Within a minute, in one line."""
    sleeping = Sleeping()
    with pytest.raises(TryLater, match=r"http://127.0.0.1:1/api/v1/responses: no answer: .*refused"):
        Sender("http://127.0.0.1:1", sleeping.clock).send("token", "key", {})
    assert 50 < sleeping.time <= 60
