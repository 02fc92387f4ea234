"""The analyzer mints links to photos that the collector opens: the vectors in photo-link.json."""

from datetime import UTC, datetime
from typing import Any

import pytest

import analyzer.links
from collector.errors import BadLink, ExpiredLink
from collector.links import Sight, photo_token, read_photo_token
from tests.contract.files import HERE, load

VECTORS = load(HERE / "photo-link.json")
GOOD = [vector for vector in VECTORS if vector["expected"] == "ok"]


def names(vector: dict[str, Any]) -> str:
    return str(vector["why"])


def until(payload: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(payload["x"], UTC)


def read(vector: dict[str, Any]) -> Sight:
    return read_photo_token(vector["secret"], vector["token"], datetime.fromisoformat(vector["now"]))


@pytest.mark.parametrize("vector", GOOD, ids=names)
def test_the_collector_opens_what_it_should(vector: dict[str, Any]) -> None:
    """With all that it says."""
    payload = vector["payload"]
    assert read(vector) == Sight(payload["p"], payload["a"], until(payload), payload.get("g"))


@pytest.mark.parametrize("vector", [v for v in VECTORS if v not in GOOD], ids=names)
def test_the_collector_opens_nothing_else(vector: dict[str, Any]) -> None:
    """404 for a forged one, 410 for one that is over."""
    with pytest.raises({"forged": BadLink, "expired": ExpiredLink}[vector["expected"]]):
        read(vector)


@pytest.mark.parametrize("vector", GOOD, ids=names)
def test_the_collector_mints_exactly_these(vector: dict[str, Any]) -> None:
    """The same facts give the same link, byte for byte."""
    payload = vector["payload"]
    sight = Sight(payload["p"], payload["a"], until(payload), payload.get("g"))
    assert photo_token(vector["secret"], sight) == vector["token"]


@pytest.mark.parametrize("vector", [v for v in GOOD if v["payload"]["a"] == "company"], ids=names)
def test_the_analyzer_mints_the_company_s(vector: dict[str, Any]) -> None:
    """From the grant of the digest's link, so that they live and die together."""
    payload = vector["payload"]
    grant = analyzer.links.Grant("ruige-1124", payload["g"], until(payload))
    assert analyzer.links.photo_token(vector["secret"], payload["p"], grant) == vector["token"]
