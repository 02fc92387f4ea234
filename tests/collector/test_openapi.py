"""The OpenAPI document: valid, complete, and true to what the API answers."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.collector.house import House, build, good


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = build(f"sqlite:///{tmp_path / 'c.sqlite3'}", tmp_path)
    yield house
    house.database.close()


@pytest.fixture
def document(house: House) -> dict[str, Any]:
    answer = house.client.get("/openapi.json")
    assert answer.content_type == "application/json"
    return dict(answer.json)


def fits(document: dict[str, Any], name: str, value: Any) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    Draft202012Validator(schema).validate(value)


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    """OpenAPI 3.1, as its own validator sees it."""
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "http://127.0.0.1:8000"}]


def test_every_route_of_the_api_is_described(house: House, document: dict[str, Any]) -> None:
    """A new route without a description fails here."""
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in house.app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert routes <= described


def test_receipts_forms_and_problems_are_as_described(house: House, document: dict[str, Any]) -> None:
    """What is promised is what is sent."""
    fits(document, "Submission", good())
    fits(document, "Receipt", house.post(good()).json)
    fits(document, "Form", house.client.get(f"/api/v1/form/{house.token()}").json)
    fits(document, "Problem", house.post(good(overall=9)).json)
    fits(document, "Health", house.client.get("/readyz").json)


def test_the_example_is_a_good_response(house: House, document: dict[str, Any]) -> None:
    """Whoever copies it gets a receipt."""
    content = document["paths"]["/api/v1/responses"]["post"]["requestBody"]["content"]
    assert house.post(content["application/json"]["example"]).status_code == 201


def test_the_docs_page_asks_no_other_host(house: House) -> None:
    """Every operation, from our own server alone."""
    page = house.client.get("/docs").text
    for words in ("POST /api/v1/responses", "Idempotency-Key", "410"):
        assert words in page
    assert "<script" not in page
    assert 'src="http' not in page
