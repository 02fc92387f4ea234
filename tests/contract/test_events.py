"""The contract holds on both sides: schemas, examples, the reader's tolerance and its refusals."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from analyzer.errors import BadMessage
from analyzer.messages import READERS, parse
from tests.contract.files import BROKEN, EXAMPLES, HERE, TYPES, broken_body, load, schema_of


def stem(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("type", TYPES)
def test_each_schema_is_itself_valid(type: str) -> None:
    """JSON Schema 2020-12, no typing error in a keyword."""
    Draft202012Validator.check_schema(load(HERE / f"{type}.schema.json"))


def test_there_is_a_schema_and_a_reader_for_each_type() -> None:
    """Nobody adds a type on one side only."""
    assert (
        set(TYPES)
        == set(READERS)
        == {p.name.removesuffix(".schema.json") for p in HERE.glob("*.schema.json")}
    )


@pytest.mark.parametrize("path", EXAMPLES, ids=stem)
def test_an_example_is_what_its_schema_allows(path: Path) -> None:
    """What we show others is right."""
    document = load(path)
    schema_of(document["type"]).validate(document)


@pytest.mark.parametrize("path", EXAMPLES, ids=stem)
def test_the_analyzer_reads_every_example(path: Path) -> None:
    """Id, subject and body come through, whatever else is or is not there."""
    body = path.read_bytes()
    event = parse(body)
    document = json.loads(body)
    assert (event.event_id, event.type, event.body) == (document["id"], document["type"], body.decode())
    assert event.subject == document.get("subject", event.subject)
    assert event.time.utcoffset() is not None


@pytest.mark.parametrize("path", BROKEN, ids=stem)
def test_the_analyzer_refuses_every_broken_message(path: Path) -> None:
    """With the reason that an operator will read in the dead letters."""
    case = load(path)
    with pytest.raises(BadMessage) as refused:
        parse(broken_body(case))
    assert str(refused.value).startswith(case["reason"])


def in_json() -> list[Any]:
    return [path for path in BROKEN if "example" in load(path) and not load(path).get("beyond_schema")]


@pytest.mark.parametrize("path", in_json(), ids=stem)
def test_the_schema_refuses_it_too(path: Path) -> None:
    """So the collector's own tests would have caught it."""
    case = load(path)
    document = json.loads(broken_body(case))
    assert not any(schema_of(type).is_valid(document) for type in TYPES)


def test_broken_examples_do_not_share_one_reason() -> None:
    """Each broken file shows something of its own."""
    reasons = [load(path)["reason"] for path in BROKEN]
    assert len(set(reasons)) > 0.8 * len(reasons)


def test_the_asyncapi_document_names_every_type_and_file() -> None:
    """Its references lead to files that exist, its channels are the routing keys."""
    document = YAML(typ="safe", pure=True).load(HERE / "asyncapi.yaml")
    assert document["asyncapi"].startswith("3.")
    assert {channel["address"] for channel in document["channels"].values()} == set(TYPES)
    for message in document["components"]["messages"].values():
        assert (HERE / message["payload"]["schema"]["$ref"]).is_file()
        for shown in message["examples"]:
            assert (HERE / shown["payload"]["$ref"]).is_file()
    for operation in document["operations"].values():
        assert operation["channel"]["$ref"].removeprefix("#/channels/") in document["channels"]


def contract() -> Any:
    return YAML(typ="safe", pure=True).load(HERE / "asyncapi.yaml")


def message_of(document: Any, address: str) -> Any:
    """The one message of the channel with this routing key, through both references."""
    [channel] = [c for c in document["channels"].values() if c["address"] == address]
    [named] = channel["messages"].values()
    return document["components"]["messages"][named["$ref"].rpartition("/")[2]]


@pytest.mark.parametrize("path", EXAMPLES, ids=stem)
def test_an_example_is_what_the_asyncapi_document_promises(path: Path) -> None:
    """Who reads only that document, by the type as routing key, accepts all that we show."""
    example, document = load(path), contract()
    message = message_of(document, example["type"])
    schema = load(HERE / message["payload"]["schema"]["$ref"])
    assert message["name"] == example["type"] == schema["properties"]["type"]["const"]
    assert document["defaultContentType"].startswith("application/cloudevents+json")
    Draft202012Validator(schema).validate(example)


@pytest.mark.parametrize("type", TYPES)
def test_every_field_of_a_schema_is_shown_in_an_example(type: str) -> None:
    """A field that was added to a schema alone would be in no example, and so in no reader's test."""
    declared = set(properties(used(load(HERE / f"{type}.schema.json"))))
    shown = set().union(*(keys(load(path)) for path in EXAMPLES if load(path)["type"] == type))
    assert declared - shown == set()


@pytest.mark.parametrize("type", TYPES)
def test_the_examples_of_the_asyncapi_document_are_of_its_messages(type: str) -> None:
    """A minimal message is named for each type."""
    for shown in message_of(contract(), type)["examples"]:
        assert load(HERE / shown["payload"]["$ref"])["type"] == type


def used(schema: Any) -> Any:
    """Without definitions that the type itself does not refer to."""
    told = json.dumps(schema)
    known = {name: part for name, part in schema["$defs"].items() if f'"#/$defs/{name}"' in told}
    return {**schema, "$defs": known}


def properties(schema: Any) -> Iterator[str]:
    """Names of all fields, at any depth."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from properties(part)


def keys(document: Any) -> set[str]:
    """Keys at any depth."""
    parts = (
        document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    )
    own = set(document) if isinstance(document, dict) else set()
    return own.union(*map(keys, parts))
