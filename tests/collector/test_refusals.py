"""Refusals that a retry can help: who is told to come again is told when."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from collector.errors import TryLater
from tests.collector.house import House, build, good


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = build(f"sqlite:///{tmp_path / 'collector.sqlite3'}", tmp_path)
    yield house
    house.database.close()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/readyz"),
        ("GET", "/f/{token}"),
        ("POST", "/f/{token}"),
        ("GET", "/f/{token}/receipt"),
        ("POST", "/f/lost"),
        ("GET", "/api/v1/form/{token}"),
        ("PUT", "/api/v1/form/{token}/draft"),
        ("POST", "/api/v1/responses"),
        ("GET", "{overview}"),
    ],
)
def test_who_is_told_to_come_again_is_told_when(
    house: House, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    """Every 503 has Retry-After in seconds: the phone's script and the proxy wait for it."""

    def away(_: Any) -> Any:
        raise TryLater("database: connection refused")

    address = path.format(token=house.token(), overview=house.overview())
    monkeypatch.setattr(type(house.database), "read", away)
    monkeypatch.setattr(type(house.database), "write", away)
    headers = {"Authorization": f"Bearer {house.token()}", "Idempotency-Key": str(uuid4())}
    form = {"data": {"email": "known@example.org"}} if path == "/f/lost" else {"json": good()}
    answer = house.client.open(address, method=method, headers=headers, **(form if method != "GET" else {}))
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (503, True)
