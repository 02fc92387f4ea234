"""The analyzer's settings, read once from the environment.

In: a mapping of environment variables.  Out: a frozen Config, or BadConfig with one clear line.
Every secret or URL may also come as NAME_FILE, the path of a file that holds it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from analyzer.errors import BadConfig
from analyzer.posting import read_url

ADDRESS = re.compile(r"[^@\s<>\",;:]+@[^@\s<>\",;:]+")
SECRET_LENGTH = 32  # characters; shorter keys can be guessed offline from one signed link
SERVICE = "analyzer"


@dataclass(frozen=True)
class Config:
    data_dir: Path
    database_url: str  # SQLAlchemy URL, sqlite:/// or postgresql+psycopg://
    amqp_url: str  # amqp://, amqps:// or embedded:///<absolute path>
    secret_key: str | None  # signs the links; None is fine for roles that open none
    public_url: str  # where browsers reach the collector, no slash at the end
    digest_url: str  # where browsers reach this service, no slash at the end
    host: str
    port: int
    web_workers: int  # processes
    web_threads: int  # per process
    log_format: str  # text or json
    log_level: str
    batch_size: int  # deliveries of one transaction, at most
    taxonomy: Path | None  # None: the built-in one
    dead_letter_limit: int  # so many dead letters in a row stop the workers
    smtp_url: str | None  # see posting.py; None: mails become files in DATA_DIR/mail
    mail_from: str  # sender's address of mails
    max_attempts: int  # tries of a message that kills its worker, before it is parked

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Config":
        data_dir = Path(environ.get("DATA_DIR") or "var").absolute()
        port = _number(environ, "ANALYZER_PORT", 8001, 1, 65535)
        public_url = _web_url(environ, "PUBLIC_URL", "http://127.0.0.1:8000")
        return cls(
            data_dir=data_dir,
            database_url=_database_url(_secret(environ, "DATABASE_URL"), data_dir),
            amqp_url=_amqp_url(_secret(environ, "AMQP_URL"), data_dir),
            secret_key=_secret_key(_secret(environ, "SECRET_KEY")),
            public_url=public_url,
            digest_url=_web_url(environ, "DIGEST_URL", f"http://127.0.0.1:{port}"),
            host=environ.get("HOST") or "127.0.0.1",
            port=port,
            web_workers=_number(environ, "WEB_WORKERS", 2, 1, 64),
            web_threads=_number(environ, "WEB_THREADS", 16, 1, 256),
            log_format=_one_of(environ, "LOG_FORMAT", "text", ("text", "json")),
            log_level=_one_of(environ, "LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
            batch_size=_number(environ, "BATCH_SIZE", 64, 1, 1024),
            taxonomy=_existing_file(environ, "TAXONOMY"),
            dead_letter_limit=_number(environ, "DEAD_LETTER_LIMIT", 20, 1, 100_000),
            smtp_url=_smtp_url(_secret(environ, "SMTP_URL")),
            mail_from=_mail_from(environ.get("MAIL_FROM") or "", public_url),
            max_attempts=_number(environ, "MAX_ATTEMPTS", 3, 1, 15),  # the broker's own limit is 20
        )

    def require_secret_key(self) -> str:
        """The key, for the roles that open signed links."""
        if self.secret_key is None:
            raise BadConfig("SECRET_KEY is missing (or SECRET_KEY_FILE, a file that holds it)")
        return self.secret_key


def _secret(environ: Mapping[str, str], name: str) -> str | None:
    """The value of NAME, or the content of the file that NAME_FILE names; None where neither is set."""
    value, path = environ.get(name), environ.get(f"{name}_FILE")
    if value and path:
        raise BadConfig(f"{name} and {name}_FILE are both set: keep one")
    if not path:
        return value or None
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig(f"{name}_FILE: cannot read {path}: {error}") from error


def _database_url(url: str | None, data_dir: Path) -> str:
    if url is None:
        return f"sqlite:///{data_dir / 'analyzer.sqlite3'}"
    scheme, separator, rest = url.partition("://")
    if separator and scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return url
    raise BadConfig("DATABASE_URL must start with postgresql:// or sqlite:///")


def _amqp_url(url: str | None, data_dir: Path) -> str:
    if url is None:
        return f"embedded:///{data_dir / 'queue.sqlite3'}"
    if url.startswith(("amqp://", "amqps://", "embedded:///")):
        return url
    raise BadConfig("AMQP_URL must start with amqp://, amqps:// or embedded:///")


def _secret_key(key: str | None) -> str | None:
    if key is not None and len(key) < SECRET_LENGTH:
        raise BadConfig(f"SECRET_KEY is too short: {len(key)} characters, {SECRET_LENGTH} are needed")
    return key


def _web_url(environ: Mapping[str, str], name: str, default: str) -> str:
    url = (environ.get(name) or default).rstrip("/")
    if not url.startswith(("http://", "https://")):
        raise BadConfig(f"{name} must start with http:// or https://")
    return url


def _smtp_url(url: str | None) -> str | None:
    if url is not None:
        read_url(url)
    return url


def _mail_from(address: str, public_url: str) -> str:
    address = address or f"debrief@{urlsplit(public_url).hostname}"
    if not ADDRESS.fullmatch(address):
        raise BadConfig("MAIL_FROM must be an e-mail address alone, such as debrief@example.org")
    return address


def _number(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit()) or not low <= int(text) <= high:
        raise BadConfig(f"{name} must be a whole number from {low} to {high}, not {text!r}")
    return int(text)


def _one_of(environ: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    text = environ.get(name) or default
    for word in allowed:
        if text.lower() == word.lower():
            return word
    raise BadConfig(f"{name} must be one of {', '.join(allowed)}, not {text!r}")


def _existing_file(environ: Mapping[str, str], name: str) -> Path | None:
    text = environ.get(name)
    if not text:
        return None
    if not Path(text).is_file():
        raise BadConfig(f"{name}: there is no file {text}")
    return Path(text)
