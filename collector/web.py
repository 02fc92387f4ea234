"""The role `web`: granian around the app, several processes with several threads each.

SIGTERM stops taking connections, finishes what is running, and ends.
"""

import os
import shutil
import socket
import sys
import tempfile
from typing import TYPE_CHECKING

from collector import logs
from collector.config import Config
from collector.database import open_database
from collector.errors import TryLater
from collector.migrations import is_current
from collector.stopping import end_while_starting

if TYPE_CHECKING:
    from flask import Flask

DRAIN = 20  # seconds for running requests after SIGTERM; a commit takes at most 15
METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client reads it when it is first imported


def serve(config: Config) -> int:
    """Until SIGTERM or Ctrl-C.  Gives the exit code: 1 where it cannot start, with one clear line."""
    config.require_secret()
    obstacle = _obstacle(config)
    if obstacle:
        print(f"collector: WEB: {obstacle}", file=sys.stderr)
        return 1
    folder = tempfile.mkdtemp(prefix="debrief-metrics-")
    os.environ[METRICS_FOLDER] = folder
    try:
        _run(config)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def target() -> "Flask":
    """The app of one worker process.  Imported here: the metrics folder must be named before."""
    from collector.app import create_app

    config = Config.from_env(os.environ)
    logs.configure(config.log_format, config.log_level)
    return create_app(config)


def _run(config: Config) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    end_while_starting()
    Granian(
        "collector.web:target",
        factory=True,
        address=config.host,
        port=config.port,
        interface=Interfaces.WSGI,
        workers=config.web_workers,
        blocking_threads=config.web_threads,
        workers_kill_timeout=DRAIN,
        respawn_failed_workers=True,
        websockets=False,
        log_level=LogLevels.error,
        log_access=False,  # the app writes its own lines, without tokens
    ).serve()


def _obstacle(config: Config) -> str | None:
    """Why it cannot start, found out before any process is started."""
    database = open_database(config.database_url)
    try:
        if not is_current(database):
            return "the database is not up to date: run python -m collector init-db"
    except TryLater as error:
        return str(error)
    finally:
        database.close()
    return _port_obstacle(config.host, config.port)


def _port_obstacle(host: str, port: int) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            return f"cannot listen on {host}:{port}: {getattr(error, 'strerror', None) or error}"
    return None
