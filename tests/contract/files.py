"""Reading the contract folder: examples, broken messages, schemas."""

import copy
import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

HERE = Path(__file__).parent
TYPES = ("response.submitted.v1", "response.withdrawn.v1", "photo.stored.v1", "visit.scheduled.v1")
EXAMPLES = sorted((HERE / "examples").glob("*.json"))
BROKEN = sorted((HERE / "broken").glob("*.json"))


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def example(name: str) -> Any:
    return load(HERE / "examples" / f"{name}.json")


def schema_of(type: str) -> Draft202012Validator:
    return Draft202012Validator(load(HERE / f"{type}.schema.json"), format_checker=FormatChecker())


def broken_body(case: dict[str, Any]) -> bytes:
    """The bytes of a file in broken/."""
    if "body" in case:
        return str(case["body"]).encode()
    if "body_hex" in case:
        return bytes.fromhex(case["body_hex"])
    if "body_repeated" in case:
        return str(_repeated(case["body_repeated"])).encode()
    return json.dumps(broken_document(case), ensure_ascii=False).encode()


def broken_document(case: dict[str, Any]) -> Any:
    document = copy.deepcopy(example(case["example"]))
    for pointer, value in case.get("change", {}).items():
        parent, key = _place(document, pointer)
        parent[key] = value
    for pointer, repeated in case.get("change_repeated", {}).items():
        parent, key = _place(document, pointer)
        parent[key] = _repeated(repeated)
    for pointer in case.get("remove", []):
        parent, key = _place(document, pointer)
        del parent[key]
    return document


def _repeated(part: dict[str, Any]) -> str:
    return str(part["text"]) * int(part["times"])


def _place(document: Any, pointer: str) -> tuple[Any, Any]:
    """The container that a JSON pointer ends in, and the last step into it."""
    *steps, last = pointer.removeprefix("/").split("/")
    for step in steps:
        document = document[int(step) if isinstance(document, list) else step]
    return document, int(last) if isinstance(document, list) else last
