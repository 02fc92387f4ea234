"""A TCP proxy in front of a real RabbitMQ that can do what brokers and networks do.

cut(): every connection breaks.  refuse(): the broker is stopped.  block() / unblock(): the broker has a
memory alarm: it says Connection.Blocked and reads no more, as RabbitMQ does, but only for us.
"""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

METHOD, CONTROL_CHANNEL, FRAME_END = 1, 0, b"\xce"
CONNECTION, BLOCKED, UNBLOCKED = 10, 60, 61  # AMQP class and methods, RabbitMQ's extension


class Proxy:
    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._refusing = False
        self.accepted = 0  # connections so far
        self._reading = threading.Event()  # whether what clients send is passed on
        self._reading.set()
        self._sending = threading.Lock()  # held for whole frames towards the clients
        self._server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        user = f"{self._url.username}:{self._url.password}"
        return f"amqp://{user}@127.0.0.1:{self._server.getsockname()[1]}{self._url.path}"

    def cut(self) -> None:
        while self._pairs:
            for end in self._pairs.pop():
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def refuse(self) -> None:
        self._refusing = True
        self.cut()

    def accept_again(self) -> None:
        self._refusing = False

    def block(self, reason: str) -> None:
        self._reading.clear()
        self._say(BLOCKED, struct.pack("B", len(reason)) + reason.encode())

    def unblock(self) -> None:
        self._say(UNBLOCKED, b"")
        self._reading.set()

    def stall(self) -> None:
        """What clients send gets stuck on the way, without a word."""
        self._reading.clear()

    def flow(self) -> None:
        self._reading.set()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)  # close() alone would leave accept() waiting
        self._server.close()
        self._reading.set()
        self.cut()

    def _say(self, method: int, arguments: bytes) -> None:
        payload = struct.pack(">HH", CONNECTION, method) + arguments
        frame = struct.pack(">BHI", METHOD, CONTROL_CHANNEL, len(payload)) + payload + FRAME_END
        with self._sending:
            for client, _ in self._pairs:
                client.sendall(frame)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._server.accept()
                if self._refusing:
                    client.close()
                    continue
                broker = socket.create_connection((self._url.hostname, self._url.port or 5672))
                self._pairs.append((client, broker))
                self.accepted += 1
                for target in (self._to_broker, self._to_client):
                    threading.Thread(target=target, args=(client, broker), daemon=True).start()

    def _to_broker(self, client: socket.socket, broker: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                self._reading.wait()
                broker.sendall(data)
        self._end(client, broker)

    def _to_client(self, client: socket.socket, broker: socket.socket) -> None:
        stream = broker.makefile("rb")
        with suppress(OSError):
            while len(head := stream.read(7)) == 7:
                frame = head + stream.read(struct.unpack(">I", head[3:])[0] + 1)
                with self._sending:
                    client.sendall(frame)
        self._end(client, broker)

    def _end(self, *ends: socket.socket) -> None:
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxy_to(url: str) -> Iterator[Proxy]:
    proxy = Proxy(url)
    try:
        yield proxy
    finally:
        proxy.close()
