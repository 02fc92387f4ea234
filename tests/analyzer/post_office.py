"""A real SMTP server on this machine that says what a test wants, and a mailing office that uses it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Session

from analyzer import mailing
from analyzer.naming import topic_labels
from analyzer.posting import open_post
from tests.analyzer.reading_room import SECRET, ReadingRoom, open_room
from tests.analyzer.stories import analysed, scheduled

CONTACTS = (
    {"email": "li@ruige.example.org", "language": "zh"},
    {"email": "export@ruige.example.org", "language": "en"},
)


@dataclass
class Letterbox:
    """What arrived, and how to answer: receiver -> reply to RCPT; None: yes."""

    replies: dict[str, str] = field(default_factory=dict)
    data_reply: str = "250 OK"
    arrived: list[tuple[str, EmailMessage]] = field(default_factory=list)

    async def handle_RCPT(
        self, server: Session, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        reply = self.replies.get(address, "250 OK")
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: Session, session: Any, envelope: Any) -> str:
        if self.data_reply.startswith("250"):
            message = message_from_bytes(envelope.content, policy=default)
            assert isinstance(message, EmailMessage)
            self.arrived.append((envelope.rcpt_tos[0], message))
        return self.data_reply


class AnyPort(Controller):
    """Listens where the system has room, and learns where that is."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(letterbox: Letterbox, **options: Any) -> Iterator[str]:
    """Yields its SMTP_URL."""
    controller = AnyPort(letterbox, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


@dataclass
class Branch:
    room: ReadingRoom
    office: mailing.Office

    def at(self, moment: datetime) -> "Branch":
        self.room.now[0] = moment
        return self

    def by(self, smtp_url: str | None) -> "Branch":
        folder = self.room.config.data_dir / "mail"
        self.office = replace(self.office, post=open_post(smtp_url, folder))
        return self

    def once(self) -> mailing.Report:
        return mailing.once(self.office)


def open_branch(folder: Path, database_url: str | None = None, smtp_url: str | None = None) -> Branch:
    """A visit with two contacts, and an office whose clock the test turns."""
    room = open_room(folder, database_url)
    company = {**scheduled().company, "contacts": list(CONTACTS)}
    room.record([analysed(scheduled(company=company, time=room.now[0] + timedelta(seconds=1)))])
    office = mailing.Office(
        database=room.database,
        post=open_post(smtp_url, folder / "mail"),
        secret=SECRET,
        labels=topic_labels(None),
        digest_url="https://digests.example.org",
        public_url="https://forms.example.org",
        sender="debrief@example.org",
        clock=partial(room.now.__getitem__, 0),
    )
    return Branch(room, office)
