"""`responses import FILE…`: takes answers that a phone could not send and its owner saved as a file.

Each file is what "Save my answers as a file" writes: see answerfiles.py.
Importing a file again adds nothing, also when the phone has sent the same answers meanwhile.
"""

import os
import time
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from collector.chores import Chores, ready_database, utc_now
from collector.chores.answerfiles import Saved, Unusable, answers_in
from collector.config import Config
from collector.database import Database
from collector.errors import BadAnswers, BadLink, Refused
from collector.intake import Arrival, Intake, Sent, content_hash
from collector.links import read_form_token
from collector.problems import Problem
from collector.receipts import reference
from collector.schemas import SubmissionSchema, shape_errors
from collector.sending import Clock, Sender
from collector.store import PERSONAL, Invitation, find_invitation, find_response
from collector.tracing import continue_trace

Take = Callable[[Saved], str]  # -> the receipt and whether it is new, in words; raises Unusable, TryLater


def add_to(chores: Chores) -> None:
    parser = chores.add_parser("responses", help="take answers that were saved as a file on a phone")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    taking = actions.add_parser("import", help="store what the files hold; repeating adds nothing")
    taking.add_argument("files", nargs="+", type=Path, metavar="FILE", help="saved on the phone, JSON")
    taking.add_argument("--url", help="send to this collector instead of storing into the database here")
    taking.add_argument("--late", action="store_true", help="take them after the deadline too")
    taking.set_defaults(run=import_files)


def import_files(arguments: Namespace, config: Config) -> int:
    """Raises Refused when some file was not taken, after all others were."""
    if arguments.url and arguments.late:
        raise Refused("--late stores into the database here; it cannot be asked of --url")
    if arguments.url:
        sender = Sender(arguments.url, Clock(time.monotonic, time.sleep))
        return _report(arguments.files, lambda saved: _send(sender, saved))
    with ready_database(config) as database:
        desk = _Desk(database, config.require_secret(), Intake(database), arguments.late)
        return _report(arguments.files, desk.take)


def _report(files: list[Path], take: Take) -> int:
    told = [_attempt(name, answers, take) for path in files for name, answers in answers_in(path)]
    refused = [line for line in told if line is not None]
    print(f"{len(told) - len(refused)} of {len(told)} responses taken")
    if refused:
        raise Refused("\n".join(refused))
    return 0


def _attempt(name: str, answers: Callable[[], Saved], take: Take) -> str | None:
    """Prints what was taken, gives back why it was not."""
    try:
        print(f"{name}: {take(answers())}")
    except Unusable as error:
        return f"{name}: {error}"
    return None


def _send(sender: Sender, saved: Saved) -> str:
    sent = sender.send(saved.token, saved.key, saved.body)
    if not sent.accepted:
        raise Unusable(sent.problem)
    return _said(str(sent.document.get("receipt")), known=sent.status == 200)


def _said(receipt: str, known: bool) -> str:
    return f"{'stored before' if known else 'stored'}, receipt {receipt}"


@dataclass(frozen=True)
class _Desk:
    """Stores through the same intake as the web role: same checks, same event for the analyzer."""

    database: Database
    secret: str
    intake: Intake
    late: bool

    def take(self, saved: Saved) -> str:
        invitation = self._invitation(saved.token)
        try:
            sent = Sent.from_body(SubmissionSchema().load(saved.body))
            checked = self.intake.check(invitation, sent)
            content = content_hash(checked, sent.response_id)
            known = self._known(invitation, sent.response_id or saved.key, content)
            if known:
                return _said(reference(known), known=True)
            arrival = Arrival(utc_now(), continue_trace(None, os.urandom), late=self.late)
            receipt = self.intake.submit(invitation, saved.key, sent, checked, arrival)
        except ValidationError as error:
            raise Unusable(_in_words(shape_errors(error.messages))) from error
        except BadAnswers as error:
            raise Unusable(_in_words(error.errors)) from error
        except Problem as error:
            raise Unusable(_in_words(error.errors) or error.detail["en"]) from error
        return _said(reference(receipt.response_id), receipt.replayed)

    def _invitation(self, token: str) -> Invitation:
        try:
            invitation_id = read_form_token(self.secret, token)
        except BadLink as error:
            raise Unusable("its link was not made by this collector (or with another SECRET_KEY)") from error
        with self.database.read() as connection:
            invitation = find_invitation(connection, invitation_id)
        if invitation is None:
            raise Unusable("its invitation is not in this database")
        return invitation

    def _known(self, invitation: Invitation, response_id: str, content: str) -> str | None:
        """The phone may have sent the same under another key meanwhile."""
        named = None if invitation.kind == PERSONAL else response_id
        with self.database.read() as connection:
            newest = find_response(connection, invitation.id, named)
        return newest.id if newest and newest.content_hash == content else None


def _in_words(errors: Any) -> str:
    return "; ".join(f"{error.pointer}: {error.detail['en']}" for error in errors)
