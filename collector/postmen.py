"""Who carries a mail: an SMTP server, or a folder where nobody has named one.

In: a URL and a message.  Out: it was accepted.  Raises BadAddress (never try again) or TryLater.
"""

import os
import smtplib
import ssl
import tempfile
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from collector.errors import CollectorError, TryLater

PATIENCE = 20  # seconds for each step of the conversation
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


class BadAddress(CollectorError):
    """The server will never take this mail."""


class Postman(Protocol):
    def carry(self, message: EmailMessage) -> None: ...


def open_postman(smtp_url: str, folder: Path) -> Postman:
    """`folder` takes the mails where smtp_url is empty."""
    return Smtp(urlsplit(smtp_url)) if smtp_url else Files(folder)


class Files:
    """One .eml file a mail, under its Message-ID: a second copy replaces the first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def carry(self, message: EmailMessage) -> None:
        name = message["Message-ID"].strip("<>").replace("/", "_")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
                file.write(bytes(message))
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(self._folder / f"{name}.eml")
        except OSError as error:
            raise TryLater(f"mail folder {self._folder}: {error.strerror}") from error


class Smtp:
    def __init__(self, url: SplitResult) -> None:
        self._url = url
        self._port = url.port or PORTS[url.scheme]

    def carry(self, message: EmailMessage) -> None:
        try:
            with self._connect() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, reason = next(iter(error.recipients.values()))
            raise _fate(code, reason) from error
        except smtplib.SMTPResponseException as error:
            raise _fate(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise TryLater(f"mail server {self._url.hostname}: {type(error).__name__}") from error

    def _connect(self) -> smtplib.SMTP:
        host, context = self._url.hostname or "", ssl.create_default_context()
        server: smtplib.SMTP
        if self._url.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, self._port, timeout=PATIENCE, context=context)
        else:
            server = smtplib.SMTP(host, self._port, timeout=PATIENCE)
        if self._url.scheme == "smtp+starttls":
            server.starttls(context=context)
        if self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))
        return server


def _fate(code: int, reason: bytes | str) -> CollectorError:
    words = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    said = f"mail server: {code} {' '.join(words.split())}"
    # Our own login (53x) is the operator's to mend, the mail is fine.
    return BadAddress(said) if 500 <= code < 600 and code not in (530, 534, 535, 538) else TryLater(said)
