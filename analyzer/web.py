"""The role `web`: granian around the app.  SIGTERM lets running requests end.

What can be known to fail is found out before the server starts: one clear line instead of workers
that die again and again.
"""

import gc
import logging
import os
import socket
import tempfile

from flask import Flask
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import MPServer

from analyzer import logs
from analyzer.config import Config
from analyzer.database import is_current, open_database
from analyzer.digests import as_html
from analyzer.errors import Refused, TryLater
from analyzer.naming import topic_labels
from analyzer.stopping import end_while_starting

SEARCH_AFTER = 50_000  # new objects; a digest of 200 responses has as many
LAST_REQUESTS = 10  # seconds that requests under way get before a worker process is killed
SHARED_METRICS = "PROMETHEUS_MULTIPROC_DIR"  # read by prometheus_client when it is first imported

log = logging.getLogger(__name__)


def serve(config: Config) -> int:
    """Until SIGTERM or Ctrl-C.  Raises BadConfig or Refused where it cannot start."""
    config.require_secret_key()
    topic_labels(config.taxonomy)
    check_tables(config)
    check_port(config)
    with tempfile.TemporaryDirectory(prefix="debrief-analyzer-") as folder:
        os.environ[SHARED_METRICS] = folder
        end_while_starting()
        server(config).serve()
    return 0


def server(config: Config) -> MPServer:
    return MPServer(
        "analyzer.web:wsgi",
        address=config.host,
        port=config.port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=config.web_workers,
        blocking_threads=config.web_threads,
        respawn_failed_workers=True,
        workers_kill_timeout=LAST_REQUESTS,
        websockets=False,
        log_level=LogLevels.error,  # its one warning is about our number of threads, chosen by measurement
    )


def wsgi() -> Flask:
    """The app of one worker process, with all that its first reader should not wait for."""
    from analyzer.app import create_app  # not before serve() has named the folder of the metrics

    config = Config.from_env(os.environ)
    logs.configure(config.log_format, config.log_level)
    app = create_app(config)
    as_html.prepare()
    spare_readers_the_search()
    return app


def spare_readers_the_search() -> None:
    """Python's search for garbage in cycles may stop a page for 0.1 s; what a page leaves behind is freed
    without it.  So it comes seldom, and not to what stays until the end anyway.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(SEARCH_AFTER, 20, 20)


def check_tables(config: Config) -> None:
    """A database that is away is no reason to stay down: /readyz says so until it is back."""
    database = open_database(config.database_url)
    try:
        if not is_current(database):
            raise Refused("the database is not up to date: run `python -m analyzer init-db` first")
    except TryLater as error:
        log.warning("starting without the database: %s", error)
    finally:
        database.close()


def check_port(config: Config) -> None:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            where = f"{config.host}:{config.port}"
            raise Refused(f"cannot listen on {where}: {error.strerror} (ANALYZER_PORT moves it)") from error
