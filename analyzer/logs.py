"""Log lines: plain text for a terminal, one JSON object a line for a log collector.  Ids and counts only."""

import logging

from pythonjsonlogger.json import JsonFormatter

TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# What every LogRecord carries; anything else was given as extra={...} and belongs in the line.
ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def configure(log_format: str, log_level: str) -> None:
    """For the whole process; replaces what was set up before."""
    handler = logging.StreamHandler()
    handler.setFormatter(json_lines() if log_format == "json" else TextLines(TEXT))
    logging.basicConfig(level=log_level, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # each look at the schema is two lines
    logging.getLogger("pika").setLevel(logging.CRITICAL)  # we say once what it says thrice


class TextLines(logging.Formatter):
    """The extra facts of a line behind its message, as name=value."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        facts = {name: value for name, value in vars(record).items() if name not in ORDINARY}
        return super().formatMessage(record) + "".join(f" {name}={value}" for name, value in facts.items())


def json_lines() -> JsonFormatter:
    """time (UTC), level, name, message, what was given as extra, and exc_info where there is one."""
    return JsonFormatter(
        "{levelname}{name}{message}",
        style="{",
        rename_fields={"levelname": "level", "timestamp": "time"},
        timestamp=True,
        json_ensure_ascii=False,
    )
