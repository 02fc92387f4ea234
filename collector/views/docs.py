"""/openapi.json for programs, /docs for people: both from openapi.yaml, without another host."""

from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from ruamel.yaml import YAML

from collector.desk import desk
from collector.speaking import voice

docs = Blueprint("docs", __name__)
DOCUMENT = Path(__file__).parent.parent / "openapi.yaml"


@docs.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    answer = jsonify({**_document(), "servers": [{"url": desk().config.public_url}]})
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@docs.get("/docs")
def page() -> ResponseReturnValue:
    document = _document()
    # The reference is written in English; only the frame speaks both languages.
    return render_template(
        "docs.html",
        **voice("en"),
        api=document,
        operations=_operations(document),
        server=desk().config.public_url,
    )


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = YAML(typ="safe", pure=True).load(DOCUMENT)
    return document


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Every operation with what it answers, references followed."""
    return [
        {"method": method.upper(), "path": path, **operation, "answers": _answers(document, operation)}
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]


def _answers(document: dict[str, Any], operation: dict[str, Any]) -> list[tuple[str, str]]:
    shared = document["components"]["responses"]
    return [
        (status, (shared[answer["$ref"].rsplit("/", 1)[1]] if "$ref" in answer else answer)["description"])
        for status, answer in operation["responses"].items()
    ]
