"""The collector's settings: read once from the environment, checked, frozen.

In: a mapping like os.environ.  Out: a Config, or BadConfig with one line that says what to change.
Every secret and every URL may also be given as NAME_FILE, the path of a file that holds the value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from collector.errors import BadConfig

SHORTEST_SECRET = 32  # characters; below that, links could be forged by trying keys
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
POSTGRESQL = "postgresql+psycopg"
SMTP_SCHEMES = ("smtp", "smtps", "smtp+starttls")


@dataclass(frozen=True)
class Config:
    data_dir: Path  # absolute
    database_url: str = field(repr=False)  # sqlite:///… or postgresql+psycopg://…
    amqp_url: str = field(repr=False)  # embedded:///…, amqp://… or amqps://…
    secret_key: str = field(repr=False)  # empty: not set; use require_secret()
    public_url: str  # where the expert's phone reaches the form, without a slash at the end
    digest_url: str  # where the analyzer's pages are, without a slash at the end
    host: str
    port: int
    web_workers: int  # processes
    web_threads: int  # per process
    log_format: str  # text or json
    log_level: str
    analyzer_url: str  # where this service reaches the analyzer, without a slash at the end
    photo_store_url: str = field(repr=False)  # folder:///… or s3://…
    smtp_url: str = field(repr=False)  # smtp://, smtps://, smtp+starttls://; empty: mails become files
    mail_from: str
    trusted_proxies: int  # how many proxies in front of us say where a request came from

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Config":
        """Raises BadConfig."""
        data_dir = Path(environ.get("DATA_DIR") or "var").absolute()
        port = _number(environ, "COLLECTOR_PORT", 8000, highest=65535)
        digest_url = _web_address(environ, "DIGEST_URL", "http://127.0.0.1:8001")
        public_url = _web_address(environ, "PUBLIC_URL", f"http://127.0.0.1:{port}")
        return cls(
            data_dir=data_dir,
            database_url=_database_url(environ, data_dir / "collector.sqlite3"),
            amqp_url=_amqp_url(environ, data_dir / "queue.sqlite3"),
            secret_key=_secret(environ),
            public_url=public_url,
            digest_url=digest_url,
            host=environ.get("HOST") or "127.0.0.1",
            port=port,
            web_workers=_number(environ, "WEB_WORKERS", 2, highest=64),
            web_threads=_number(environ, "WEB_THREADS", 16, highest=512),
            log_format=_one_of(environ, "LOG_FORMAT", "text", ("text", "json")),
            log_level=_one_of(environ, "LOG_LEVEL", "INFO", LOG_LEVELS),
            analyzer_url=_web_address(environ, "ANALYZER_URL", digest_url),
            photo_store_url=_photo_store_url(environ, data_dir / "photos"),
            smtp_url=_smtp_url(environ),
            mail_from=_mail_from(environ, public_url),
            trusted_proxies=_number(environ, "TRUSTED_PROXIES", 0, highest=9, lowest=0),
        )

    def require_secret(self) -> str:
        """The key that signs links, for the roles that cannot work without it.  Raises BadConfig."""
        if not self.secret_key:
            raise BadConfig(f"SECRET_KEY is not set: give at least {SHORTEST_SECRET} random characters")
        return self.secret_key


def _value(environ: Mapping[str, str], name: str) -> str:
    """NAME, or what stands in the file NAME_FILE; empty when neither is set."""
    value, file = environ.get(name, ""), environ.get(f"{name}_FILE", "")
    if value and file:
        raise BadConfig(f"{name} and {name}_FILE are both set: keep one of them")
    return _file_content(name, file) if file else value


def _file_content(name: str, file: str) -> str:
    try:
        content = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise BadConfig(f"{name}_FILE cannot be read: {file}: {reason}") from error
    if not content:
        raise BadConfig(f"{name}_FILE is empty: {file}")
    return content


def _database_url(environ: Mapping[str, str], default_file: Path) -> str:
    url = _value(environ, "DATABASE_URL") or f"sqlite:///{default_file}"
    scheme, separator, rest = url.partition("://")
    if separator and scheme in ("postgres", "postgresql", POSTGRESQL):
        return f"{POSTGRESQL}://{rest}"
    if separator and scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return url
    # The value may hold a password, so it is not repeated.
    raise BadConfig("DATABASE_URL must start with postgresql:// or be sqlite:/// and a file")


def _amqp_url(environ: Mapping[str, str], default_file: Path) -> str:
    url = _value(environ, "AMQP_URL") or f"embedded:///{default_file}"
    if url.startswith("embedded:////") or (url.startswith(("amqp://", "amqps://")) and urlsplit(url).netloc):
        return url
    raise BadConfig("AMQP_URL must start with amqp:// or amqps://, or be embedded:/// and an absolute path")


def _secret(environ: Mapping[str, str]) -> str:
    secret = _value(environ, "SECRET_KEY")
    if secret and len(secret) < SHORTEST_SECRET:
        raise BadConfig(
            f"SECRET_KEY is too short: {len(secret)} characters, at least {SHORTEST_SECRET} needed"
        )
    return secret


def _web_address(environ: Mapping[str, str], name: str, default: str) -> str:
    url = _value(environ, name) or default
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query
    except ValueError:
        fits = False
    if not fits:
        raise BadConfig(f"{name} must be an http or https address: {url}")
    return url.rstrip("/")


def _photo_store_url(environ: Mapping[str, str], default_folder: Path) -> str:
    url = _value(environ, "PHOTO_STORE_URL") or f"folder://{default_folder}"
    parts = _split(url)
    if parts and parts.scheme == "folder" and not parts.netloc and len(parts.path) > 1:
        return url
    if parts and parts.scheme == "s3" and parts.hostname and parts.username and parts.path.strip("/"):
        return url
    # The value holds a key, so it is not repeated.
    raise BadConfig("PHOTO_STORE_URL must be folder:///absolute/path or s3://key:secret@host/bucket")


def _smtp_url(environ: Mapping[str, str]) -> str:
    url = _value(environ, "SMTP_URL")
    parts = _split(url)
    if url and not (parts and parts.scheme in SMTP_SCHEMES and parts.hostname):
        raise BadConfig(f"SMTP_URL must start with {', '.join(f'{one}://' for one in SMTP_SCHEMES)}")
    return url


def _mail_from(environ: Mapping[str, str], public_url: str) -> str:
    address = environ.get("MAIL_FROM") or f"debrief@{urlsplit(public_url).hostname}"
    if "@" not in address or any(not letter.isprintable() for letter in address):
        raise BadConfig(f"MAIL_FROM must be an e-mail address: {address!r}")
    return address


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _number(environ: Mapping[str, str], name: str, default: int, highest: int, lowest: int = 1) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and lowest <= int(text) <= highest):
        raise BadConfig(f"{name} must be a whole number from {lowest} to {highest}: {text}")
    return int(text)


def _one_of(environ: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = environ.get(name) or default
    if value not in allowed:
        raise BadConfig(f"{name} must be one of {', '.join(allowed)}: {value}")
    return value
