"""The real server: processes that start, share their counters, bear bad clients, drain and say why not."""

import json
import signal
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from collector import tables
from collector.database import open_database
from tests.collector.house import House, build, good
from tests.collector.served import free_port, log_file, running, start


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = build(f"sqlite:///{tmp_path / 'collector.sqlite3'}", tmp_path)
    yield house
    house.database.close()


def raw(port: int, request: bytes) -> bytes:
    """The first bytes of the answer to exactly these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        return connection.recv(200)


def head(house: House, *more: str) -> bytes:
    lines = [
        "POST /api/v1/responses HTTP/1.1",
        "Host: collector",
        "Content-Type: application/json",
        "Idempotency-Key: 0b4f1a52-6f3c-4b7e-9d55-1f3c5a7e9b11",
        f"Authorization: Bearer {house.token()}",
        *more,
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def test_a_client_that_hangs_up_in_the_middle_leaves_nothing(house: House, tmp_path: Path) -> None:
    """Half a body is no answer, and the server goes on; the same key sent whole is stored."""
    body = json.dumps(good()).encode()
    with running(tmp_path) as (port, _):
        whole = head(house, f"Content-Length: {len(body)}")
        for cut in (0, 10, len(body) - 1):
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.sendall(whole + body[:cut])
        assert house.rows(tables.submission) == []
        # submitted answers are dated 2026; a real clock may be past the deadline of the test's visit
        assert raw(port, whole + body).split()[1] in (b"201", b"410")


def test_a_chunked_body_is_read_whole_and_bounded(house: House, tmp_path: Path) -> None:
    """Some clients send no length; the limit holds for them too."""
    with running(tmp_path) as (port, _):
        chunked = head(house, "Transfer-Encoding: chunked")
        assert raw(port, chunked + b'8\r\n["wrong"\r\n1\r\n]\r\n0\r\n\r\n').split()[1] == b"422"
        large = b"x" * 300_000
        frame = f"{len(large):x}\r\n".encode() + large + b"\r\n0\r\n\r\n"
        assert raw(port, chunked + frame).split()[1] == b"413"


def test_two_processes_share_their_counters(house: House, tmp_path: Path) -> None:
    """Prometheus meets one of the processes by chance and must see the requests of both."""
    with running(tmp_path) as (port, _):
        for _ in range(40):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/docs", timeout=5).close()
        text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5).read().decode()
    assert 'collector_http_requests_total{method="GET",route="/docs",status="200"} 40.0' in text


def test_sigterm_ends_it_cleanly(house: House, tmp_path: Path) -> None:
    """No child stays behind, the port is free again, exit code 0."""
    with running(tmp_path) as (port, process):
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    with closing(socket.socket()) as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def refused(folder: Path, port: int) -> str:
    process = start(folder, port)
    assert process.wait(timeout=30) == 1
    error = log_file(folder).read_text()
    assert len(error.strip().splitlines()) == 1
    return error


def test_a_taken_port_is_one_clear_line(house: House, tmp_path: Path) -> None:
    """Exit 1, and the line names the address."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        assert f"cannot listen on 127.0.0.1:{port}" in refused(tmp_path, port)


def test_old_migrations_are_one_clear_line(tmp_path: Path) -> None:
    """Exit 1 before anybody can send an answer into a schema that does not fit."""
    open_database(f"sqlite:///{tmp_path / 'collector.sqlite3'}").close()
    assert "run python -m collector init-db" in refused(tmp_path, free_port())
