"""/healthz (the process answers), /readyz (digests and workers are as they should), /metrics (Prometheus)."""

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST

from analyzer import metrics
from analyzer.health import examine, measure
from analyzer.reception import reception

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> ResponseReturnValue:
    return jsonify(status="ok")


@health.get("/readyz")
def ready() -> ResponseReturnValue:
    here = reception()
    found = examine(here.database, here.dead_letters, here.clock())
    return jsonify(status=found.status, checks=found.checks), 503 if found.status == "down" else 200


@health.get("/metrics")
def scrape() -> ResponseReturnValue:
    here = reception()
    numbers = measure(here.database, here.dead_letters, here.clock())
    return Response(metrics.expose(numbers), content_type=CONTENT_TYPE_LATEST)
