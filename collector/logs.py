"""Log lines: plain text for a terminal, one JSON object a line for a log collector.

Answers, names and tokens never get here: views log a route's pattern, never its address.
"""

import logging

from pythonjsonlogger.json import JsonFormatter

TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def configure(log_format: str, log_level: str) -> None:
    """For the whole process; replaces what was set up before."""
    handler = logging.StreamHandler()
    handler.setFormatter(json_lines() if log_format == "json" else logging.Formatter(TEXT))
    logging.basicConfig(level=log_level, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # each look at the schema is two lines
    logging.getLogger("pika").setLevel(logging.CRITICAL)  # the relay says once what pika says nine times


def json_lines() -> JsonFormatter:
    """time (UTC), level, name, message, what was given as extra, and exc_info where there is one."""
    return JsonFormatter(
        "{levelname}{name}{message}",
        style="{",
        rename_fields={"levelname": "level", "timestamp": "time"},
        timestamp=True,
        json_ensure_ascii=False,
    )
