"""Reads the body of an API request: whole, bounded, JSON that can be stored.

Out: any JSON value.  Raises Problem (415, 400) or werkzeug's 413.
"""

import json
from typing import Any, NoReturn
from uuid import UUID

from flask import request
from marshmallow import Schema, ValidationError

from collector import problems
from collector.problems import Problem
from collector.schemas import shape_errors


def read_json() -> Any:
    # Read first: a refused body that stays in the pipe would be taken for the next request.
    body = request.get_data(cache=False)
    if request.mimetype != "application/json":
        raise Problem(problems.UNSUPPORTED)
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
        if b"\\ud" in body.lower():
            json.dumps(value, ensure_ascii=False).encode("utf-8")  # half of a surrogate pair cannot be stored
    except (ValueError, RecursionError) as error:
        raise Problem(problems.MALFORMED) from error
    return value


def load(schema: Schema, value: Any) -> dict[str, Any]:
    """Raises Problem 422 with one error a field."""
    try:
        loaded: dict[str, Any] = schema.load(value)
    except ValidationError as error:
        raise Problem(problems.INVALID, list(shape_errors(error.messages))) from error
    return loaded


def idempotency_key() -> str:
    """The header's UUID in its usual spelling.  Raises Problem 400."""
    try:
        return str(UUID(request.headers.get("Idempotency-Key", "").strip().strip('"')))
    except ValueError as error:
        raise Problem(problems.NO_KEY) from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
