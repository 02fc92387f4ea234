"""/healthz (the process answers), /readyz (it may take answers), /metrics (Prometheus)."""

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST

from collector import metrics, outbox
from collector.desk import desk
from collector.errors import TryLater
from collector.health import examine

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> ResponseReturnValue:
    return jsonify(status="ok")


@health.get("/readyz")
def ready() -> ResponseReturnValue:
    here = desk()
    found = examine(here.database, here.config.data_dir, here.clock())
    checks = {
        "database": found.database,
        "migrations": found.migrations,
        "disk": found.disk,
        "relay": found.relay,
    }
    return jsonify(status=found.status, checks=checks), 503 if found.status == "down" else 200


@health.get("/metrics")
def scrape() -> ResponseReturnValue:
    here = desk()
    try:
        with here.database.read() as connection:
            stats = outbox.stats(connection)
    except TryLater:
        stats = None  # the counters of this process still tell something
    return Response(metrics.expose(stats, here.clock()), content_type=CONTENT_TYPE_LATEST)
