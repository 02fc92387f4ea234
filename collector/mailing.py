"""Delivers what lies in the mailbox, at least once, whatever breaks; a thread beside the relay's loop.

A mail that was carried and not yet noted when the process died is carried again under the same
Message-ID, by which mail programs recognise a copy.
"""

import logging
import random
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from collector import mailbox
from collector.database import Database
from collector.errors import TryLater
from collector.mailbox import LeasedMail
from collector.postmen import BadAddress, Postman
from collector.sidethread import beside

BATCH = 10
LEASE = 300.0  # seconds; longer than a slow server takes for a batch
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 3600.0  # seconds between two tries of one mail
GIVE_UP_AFTER = timedelta(days=3)
LOOK_EVERY = 2.0  # seconds
PURGE_EVERY = 1800  # looks

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


def deliver_once(database: Database, postman: Postman, sender: str, clock: Clock) -> int:
    """Carry what is due.  Gives the number of mails looked at.  Raises TryLater without a database."""
    with database.read() as connection:
        if not mailbox.has_due(connection, clock()):
            return 0
    with database.write() as connection:
        due = mailbox.lease(connection, BATCH, clock(), LEASE)
    for one in due:
        _deliver(database, postman, sender, one, clock)
    return len(due)


def _deliver(database: Database, postman: Postman, sender: str, one: LeasedMail, clock: Clock) -> None:
    error: str | None = None
    try:
        postman.carry(compose(one, sender))
    except (BadAddress, ValueError) as refusal:  # ValueError: no mail can be made of this
        error = str(refusal) or "cannot be written as a mail"
        log.warning("a mail was given up: %s", _without_address(error, one))
    except TryLater as away:
        _postpone(database, one, str(away), clock())
        return
    with database.write() as connection:
        mailbox.finish(connection, one.id, clock(), error and _without_address(error, one))


def _postpone(database: Database, one: LeasedMail, reason: str, now: datetime) -> None:
    reason = _without_address(reason, one)
    log.warning("a mail waits: %s", reason)
    with database.write() as connection:
        if now - one.created_at > GIVE_UP_AFTER:
            mailbox.finish(connection, one.id, now, f"given up: {reason}")
            return
        pause = min(FIRST_PAUSE * 2.0 ** min(one.attempts, 16), LONGEST_PAUSE) * (1 - random.random() / 4)
        mailbox.postpone(connection, one, reason, now + timedelta(seconds=pause))


def compose(one: LeasedMail, sender: str) -> EmailMessage:
    """Plain text, both languages inside; the same mail has the same Message-ID at every try."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address("Debrief", addr_spec=sender)
    message["To"] = Address(addr_spec=one.recipient)
    message["Subject"] = one.subject
    message["Date"] = format_datetime(one.created_at)
    message["Message-ID"] = f"<{one.id}.{int(one.created_at.timestamp())}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(one.body, cte="quoted-printable" if one.body.isascii() else "base64")
    return message


def mailing(database: Database, postman: Postman, sender: str, clock: Clock) -> AbstractContextManager[None]:
    """Mails are delivered inside this block."""
    return beside("mailing", lambda stop: _run(database, postman, sender, clock, stop))


def _run(database: Database, postman: Postman, sender: str, clock: Clock, stop: threading.Event) -> None:
    looks = 0
    while not stop.is_set():
        try:
            deliver_once(database, postman, sender, clock)
            if looks % PURGE_EVERY == 0:
                with database.write() as connection:
                    mailbox.purge(connection, clock())
        except TryLater as error:
            log.debug("no mails just now: %s", error)
        except Exception:  # one odd mail must not end all the others
            log.exception("fault while delivering mails")
        looks += 1
        stop.wait(LOOK_EVERY)


def _without_address(reason: str, one: LeasedMail) -> str:
    """Servers like to repeat whom they refuse; addresses stay out of logs."""
    return reason.replace(one.recipient, "…") if one.recipient else reason
