"""One line a log record on stderr, as text or as JSON.  Ids and counts only: no answers, no names."""

import json
import logging
import sys
from datetime import UTC, datetime

# What every LogRecord carries; anything else was given as extra={...} and belongs in the line.
ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def set_up(log_format: str, log_level: str, service: str) -> None:
    """log_format: text or json.  Replaces whatever handlers the root logger had."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(service) if log_format == "json" else TextLines(service))
    logging.basicConfig(level=log_level, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # each look at the schema is two lines
    logging.getLogger("alembic").setLevel(logging.WARNING)  # lists its plugins
    logging.getLogger("pika").setLevel(logging.CRITICAL)  # we say once what it says thrice


def facts(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in ORDINARY}


class TextLines(logging.Formatter):
    def __init__(self, service: str) -> None:
        super().__init__(f"%(asctime)s {service} %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:
        extra = "".join(f" {name}={value}" for name, value in facts(record).items())
        return super().formatMessage(record) + extra


class JsonLines(logging.Formatter):
    def __init__(self, service: str) -> None:
        super().__init__()
        self.service = service

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "service": self.service,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **facts(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
