"""Both services read a digest link alike: the vectors in digest-link.json."""

from datetime import UTC, datetime
from typing import Any

import pytest

import analyzer.errors
import analyzer.links
import collector.errors
import collector.links
from tests.contract.files import HERE, load

VECTORS = load(HERE / "digest-link.json")


def names(vector: dict[str, Any]) -> str:
    return str(vector["why"])


def outcome(service: Any, errors: Any, vector: dict[str, Any]) -> tuple[str, Any]:
    now = datetime.fromisoformat(vector["now"])
    try:
        return "ok", service.read_digest_token(vector["secret"], vector["token"], now)
    except errors.BadLink:
        return "forged", None
    except errors.ExpiredLink:
        return "expired", None


@pytest.mark.parametrize("vector", VECTORS, ids=names)
def test_the_analyzer_opens_what_it_should(vector: dict[str, Any]) -> None:
    """And nothing else."""
    result, grant = outcome(analyzer.links, analyzer.errors, vector)
    assert result == vector["expected"]
    if grant:
        role = {} if grant.role == "company" else {"r": grant.role}
        told = {"v": grant.visit_id, "g": grant.generation, "x": int(grant.expires_at.timestamp())}
        assert told | role == vector["payload"]


@pytest.mark.parametrize("vector", VECTORS, ids=names)
def test_the_collector_agrees(vector: dict[str, Any]) -> None:
    """It mints the links; what it thinks of one is what the analyzer thinks."""
    result, grant = outcome(collector.links, collector.errors, vector)
    assert result == vector["expected"]
    if grant:
        assert (grant.subject, grant.generation) == (vector["payload"]["v"], vector["payload"]["g"])


@pytest.mark.parametrize("vector", [v for v in VECTORS if v["expected"] == "ok"], ids=names)
def test_the_collector_mints_exactly_these(vector: dict[str, Any]) -> None:
    """The same facts give the same link, byte for byte."""
    payload = vector["payload"]
    grant = collector.links.Grant(payload["v"], payload["g"], datetime.fromtimestamp(payload["x"], UTC))
    assert collector.links.digest_token(vector["secret"], grant, payload.get("r")) == vector["token"]
