"""The broker goes away and comes back: nobody does anything, nothing is lost."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.e2e.pair import Pair, body, rabbitmq_queues, request

pytestmark = [pytest.mark.rabbitmq, pytest.mark.postgresql]


class Tunnel:
    """A TCP way to the broker that can be closed, as a stopped broker is, and opened again."""

    def __init__(self, broker: tuple[str, int]) -> None:
        self.broker, self.sockets = broker, set[socket.socket]()
        self.address = ("127.0.0.1", 0)
        self.open()

    def open(self) -> None:
        tunnel = self

        class Way(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with suppress(OSError), socket.create_connection(tunnel.broker) as far:
                    tunnel.sockets |= {self.request, far}
                    back = threading.Thread(target=copy, args=(far, self.request), daemon=True)
                    back.start()
                    copy(self.request, far)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address, daemon_threads = True, True

        self.server = Server(self.address, Way)
        self.address = self.server.server_address
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        for end in self.sockets:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self.sockets.clear()


def copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def tunnel(amqp_url: str) -> Iterator[Tunnel]:
    parts = urlsplit(amqp_url)
    way = Tunnel((parts.hostname or "127.0.0.1", parts.port or 5672))
    yield way
    way.close()


def test_a_stopped_broker_costs_delay_and_nothing_else(
    tunnel: Tunnel, amqp_url: str, postgres_url: str, tmp_path: Path
) -> None:
    """Accepted while the broker is down, degraded but ready, and all there when it is back."""
    through = (
        urlsplit(amqp_url)._replace(netloc=f"guest:guest@{tunnel.address[0]}:{tunnel.address[1]}").geturl()
    )
    with Pair(tmp_path, postgres_url, through) as pair:
        pair.start()
        _, link = pair.links()
        digest = pair.digest_link()
        pair.wait_until(lambda: request(f"{digest}.json").status == 200, "the visit is known")
        tunnel.close()
        assert {pair.post(link, body()).status for _ in range(20)} == {201}
        state = pair.wait_until(
            lambda: (reply := pair.readiness(pair.collector)).document["status"] == "degraded" and reply,
            "the collector says that the broker is away",
        )
        assert state.status == 200
        assert request(f"{digest}.json").document["responses"]["answered"] == 0
        tunnel.open()
        pair.wait_until(
            lambda: request(f"{digest}.json").document["responses"]["answered"] == 20, "all arrived"
        )
        pair.wait_until(
            lambda: pair.readiness(pair.collector).document["status"] == "ready",
            "all is well again",
        )


def test_the_documented_topology_stands_on_the_broker(
    amqp_url: str, postgres_url: str, tmp_path: Path
) -> None:
    """`rabbitmqctl list_queues` shows what docs/architecture.md says."""
    with Pair(tmp_path, postgres_url, amqp_url) as pair:
        pair.start("analyzer work")
        vhost = urlsplit(amqp_url).path.lstrip("/")
        names = {"analyzer.responses", "analyzer.responses.retry", "analyzer.responses.dead"}
        pair.wait_until(lambda: set(rabbitmq_queues(vhost)) == names, "the worker declared its queues")
