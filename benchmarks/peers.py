"""What a plain service would do instead, to measure ours against in the same run.

`target` is a Flask view that inserts each response's body into SQLite and commits durably (synchronous=FULL).
It neither validates, nor knows a copy from a new response, nor writes an event for anybody.
`confirm_each` publishes persistent messages with pika's BlockingConnection, waiting for each confirm.
"""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing

import pika
from flask import Flask, request

FILE = "PEER_DATABASE"


def target() -> Flask:
    """The peer's app, in as many processes and threads as ours."""
    app, path = Flask("peer"), os.environ[FILE]
    with closing(_open(path)) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS response (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")

    @app.post("/responses")
    def take() -> tuple[dict[str, bool], int]:
        with closing(_open(path)) as connection, connection:
            connection.execute("INSERT INTO response (body) VALUES (?)", (request.get_data(as_text=True),))
        return {"stored": True}, 201

    return app


def _open(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=20)
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def confirm_each(url: str, exchange: str, key: str, bodies: Sequence[bytes]) -> None:
    """Every message is on the broker's disk when this returns; raises where one found no queue."""
    with closing(pika.BlockingConnection(pika.URLParameters(url))) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        persistent = pika.BasicProperties(delivery_mode=2)
        for body in bodies:
            channel.basic_publish(exchange, key, body, persistent, mandatory=True)
