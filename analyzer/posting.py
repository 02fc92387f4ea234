"""The door that mail leaves by: an SMTP server, or without one a folder of .eml files.

In: a finished message and one receiver.  Out: nothing, once the other side has it.  Raises TryLater
(server away, busy or misconfigured) or NotAccepted (this receiver will never get it).
The only place that looks at SMTP_URL: smtp://, smtps:// or smtp+starttls://, then
[user:password@]host[:port].
"""

import os
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from analyzer.errors import BadConfig, NotAccepted, TryLater

TIMEOUT = 20  # seconds of silence until a server counts as away
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


class Post(Protocol):
    def send(self, message: EmailMessage, receiver: str) -> None: ...


@dataclass(frozen=True)
class Server:
    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str | None = None


def open_post(smtp_url: str | None, folder: Path) -> Post:
    """Nothing is connected yet.  Raises BadConfig."""
    return SmtpPost(read_url(smtp_url)) if smtp_url else FolderPost(folder)


def read_url(url: str) -> Server:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadConfig(f"SMTP_URL: {error}") from None
    if parts.scheme not in PORTS or not parts.hostname or parts.query or parts.path.strip("/"):
        raise BadConfig("SMTP_URL must be smtp://, smtps:// or smtp+starttls:// and user:password@host:port")
    user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
    return Server(parts.scheme, parts.hostname, port or PORTS[parts.scheme], user, password)


class FolderPost:
    """Writes each mail to a file that any mail program opens; the same mail twice is one file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage, receiver: str) -> None:
        name = sha256(f"{message['Message-ID']} {receiver}".encode()).hexdigest()[:16]
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            part = self._folder / f".{name}.part"
            part.write_bytes(message.as_bytes())
            os.replace(part, self._folder / f"{name}.eml")
        except OSError as error:
            raise TryLater(f"cannot write the mail: {error}") from error


class SmtpPost:
    """One connection a mail: a company gets one a week."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def send(self, message: EmailMessage, receiver: str) -> None:
        try:
            with self._connect() as connection:
                self._greet(connection)
                connection.send_message(message, to_addrs=[receiver])
        except smtplib.SMTPRecipientsRefused as error:
            raise _fate(*error.recipients[receiver]) from error
        except smtplib.SMTPDataError as error:
            raise _fate(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            # Away, busy, or our own fault, such as a wrong password: no receiver is to blame.
            raise TryLater(f"mail server {self._server.host}: {_words(error)}") from error

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.scheme == "smtps":
            return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=_trust())
        return smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)

    def _greet(self, connection: smtplib.SMTP) -> None:
        if self._server.scheme == "smtp+starttls":
            connection.starttls(context=_trust())
        if self._server.user is not None:
            connection.login(self._server.user, self._server.password or "")


def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _fate(code: int, said: bytes | str) -> Exception:
    """RFC 5321: 4xx is for now, 5xx is for good."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return (NotAccepted if code >= 500 else TryLater)(f"{code} {' '.join(words.split())}")


def _words(error: Exception) -> str:
    said = getattr(error, "smtp_error", None) or error
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join(text.split())[:200]
