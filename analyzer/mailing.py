"""Sends companies their digest: when the visit has closed, and once a week before.

A side thread of each worker turns this, and the chore `mail` does it once.  Several may run at once.
A copy whose sending was written down is never sent again; a worker that dies between the mail server's
yes and that note leaves a copy that is sent once more after LEASE, with the same Message-ID.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256

import sqlalchemy as sa

from analyzer import editions
from analyzer.background import find_companies, find_previous
from analyzer.config import Config
from analyzer.database import Database
from analyzer.digests import as_email, as_json
from analyzer.digests.comparing import Background
from analyzer.digests.model import Bilingual, Digest
from analyzer.editions import Copy, Due
from analyzer.errors import NotAccepted, TryLater
from analyzer.gathering import Announced, find_responses, find_visit, make_digest
from analyzer.links import Grant, digest_token, photo_addresses
from analyzer.naming import topic_labels
from analyzer.posting import Post, open_post

LOOK_EVERY = 30.0  # seconds
PATIENCE = timedelta(days=5)  # as mail servers have (RFC 5321, 4.5.4.1); then somebody must look
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
LINK_LIFE = timedelta(days=as_email.LINK_DAYS)

log = logging.getLogger(__name__)


def open_office(config: Config, database: Database) -> "Office":
    """Raises BadConfig: a link cannot be signed without a key, nor a wrong SMTP_URL be used."""
    return Office(
        database=database,
        post=open_post(config.smtp_url, config.data_dir / "mail"),
        secret=config.require_secret_key(),
        labels=topic_labels(config.taxonomy),
        digest_url=config.digest_url,
        public_url=config.public_url,
        sender=config.mail_from,
        clock=lambda: datetime.now(UTC),
    )


@dataclass(frozen=True)
class Office:
    """What mailing needs; each part may be a fake."""

    database: Database
    post: Post
    secret: str
    labels: Mapping[str, Bilingual]
    digest_url: str  # no slash at the end
    public_url: str  # where photos are shown
    sender: str
    clock: Callable[[], datetime]


@dataclass(frozen=True)
class Report:
    issued: int = 0
    sent: int = 0
    refused: int = 0
    waiting: int = 0  # tried, and to be tried again


def run(office: Office, stop: threading.Event) -> None:
    """Turn until `stop` is set; nothing that goes wrong here may end the worker beside it."""
    while not stop.is_set():
        try:
            once(office)
        except TryLater as error:
            log.warning("cannot look after mails: %s", error)
        except Exception:
            log.exception("a fault in mailing; looking again in %.0f s", LOOK_EVERY)
        stop.wait(LOOK_EVERY)


def once(office: Office) -> Report:
    """Issue what is due and try what waits.  Raises TryLater where the database is away."""
    issued = sum(issue(office, due) for due in due_now(office))
    with office.database.read() as connection:
        rows = editions.find_waiting(connection, office.clock())
    states = [state for row in rows if (state := _try(office, row))]
    refused = states.count(editions.REFUSED) + states.count(editions.GIVEN_UP)
    return Report(issued, states.count(editions.SENT), refused, states.count(editions.WAITING))


def due_now(office: Office) -> list[Due]:
    with office.database.read() as connection:
        return editions.find_due(connection, office.clock())


def issue(office: Office, due: Due) -> bool:
    """Write the edition down.  A week in which nobody answered is left out."""
    now = office.clock()
    with office.database.write() as connection:
        found = _digest(office, connection, due.visit_id)
        if found is None:
            return False
        _, digest = found
        if due.reason == "weekly" and digest.responses.used <= editions.last_responses(
            connection, due.visit_id
        ):
            return False
        number = editions.issue(connection, due, as_json.document(digest), digest.responses.used, now)
    if number is not None:
        log.info("edition %d of visit %s issued (%s)", number, due.visit_id, due.reason)
    return number is not None


def _try(office: Office, row: object) -> str | None:
    """One copy: taken, sent, written down.  Gives its state; None: another worker has it."""
    with office.database.write() as connection:
        copy = editions.claim(connection, row, office.clock())
    if copy is None:
        return None
    state, error = _send(office, copy)
    now = office.clock()
    if state == editions.WAITING and now - copy.issued_at > PATIENCE:
        state = editions.GIVEN_UP
    with office.database.write() as connection:
        editions.settle(
            connection,
            copy,
            state,
            error=error,
            due_at=now + pause(copy.attempts) if state == editions.WAITING else None,
            sent_at=now if state == editions.SENT else None,
        )
    _log(copy, state, error)
    return state


def _send(office: Office, copy: Copy) -> tuple[str, str | None]:
    with office.database.read() as connection:
        found = _digest(office, connection, copy.visit_id)
    if found is None:
        return editions.GIVEN_UP, "the visit is not known any more"
    try:
        office.post.send(compose(office, copy, *found), copy.recipient)
    except NotAccepted as error:
        return editions.REFUSED, str(error)
    except (ValueError, MessageError):
        return editions.REFUSED, "this is no address that a mail can carry"
    except TryLater as error:
        return editions.WAITING, str(error)
    return editions.SENT, None


def compose(office: Office, copy: Copy, announced: Announced, digest: Digest) -> EmailMessage:
    """The mail with its receiver, its link and its names; every try of a copy has the same Message-ID."""
    expires_at = office.clock() + LINK_LIFE
    grant = Grant(copy.visit_id, announced.link_generation, expires_at)
    page = f"{office.digest_url}/d/{digest_token(office.secret, grant)}"
    photo = photo_addresses(office.public_url, office.secret, grant)
    message = as_email.message(digest, copy.language, page, photo)
    message["From"] = Address("Debrief", addr_spec=office.sender)
    message["To"] = Address(addr_spec=copy.recipient)
    message["Date"] = format_datetime(copy.issued_at)
    name = sha256(f"{copy.visit_id}/{copy.number}/{copy.recipient}".encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{name}@{office.sender.rpartition('@')[2]}>"
    return message


def _digest(office: Office, connection: sa.Connection, visit_id: str) -> tuple[Announced, Digest] | None:
    announced = find_visit(connection, visit_id)
    if announced is None:
        return None
    background = Background(find_previous(connection, visit_id), find_companies(connection, visit_id))
    responses = find_responses(connection, visit_id)
    return announced, make_digest(connection, announced, responses, office.labels, office.clock(), background)


def pause(attempts: int) -> timedelta:
    """After so many failed tries: doubles from a minute to an hour."""
    doublings = min(attempts - 1, 16)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def _log(copy: Copy, state: str, error: str | None) -> None:
    """Without the receiver's address, which is personal."""
    what = f"edition {copy.number} of visit {copy.visit_id}, try {copy.attempts}"
    if state == editions.SENT:
        log.info("mail sent: %s", what)
    elif state == editions.WAITING:
        log.warning("mail waits: %s", what)
    else:
        log.error("mail %s: %s", state.replace("_", " "), what)
