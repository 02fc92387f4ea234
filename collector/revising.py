"""The next revision of answers that somebody adds to or takes from: the same words, a change beside them.

Photos are declared so, transcripts written down and readers made fewer.  An amendment that the expert sends
at the same moment is never undone: the change is made again, on top of it.  Runs inside a request.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

import sqlalchemy as sa

from collector import problems
from collector.desk import desk
from collector.entrance import arrival
from collector.errors import BadAnswers, TryLater
from collector.intake import Sent
from collector.problems import Problem
from collector.store import Invitation, StoredResponse, find_response

LOOKS = 3  # tries of a change that amendments overtake


@dataclass(frozen=True)
class Change:
    reason: str  # names the change: the same one of the same revision is made once
    photos: Sequence[Mapping[str, str]] | None = None  # as declared from now on; None: as before
    also: Callable[[sa.Connection], object] | None = None  # written in the same transaction


def revise(
    invitation: Invitation,
    response_id: str,
    change: Callable[[StoredResponse], Change | None],
    *,
    late: bool = False,
) -> None:
    """change(newest revision): what is to become of it; None: nothing.  `late`: after the deadline too.

    Raises Problem: withdrawn, closed, or not what the questionnaire takes; TryLater.
    """
    for _ in range(LOOKS):
        stored = _newest(invitation, response_id)
        wanted = change(stored)
        if wanted is None:
            return
        try:
            return _submit(invitation, stored, wanted, late)
        except Problem as problem:
            if problem.kind is not problems.DIVERGED:
                raise
    raise TryLater(f"response {response_id} keeps changing")


def _newest(invitation: Invitation, response_id: str) -> StoredResponse:
    with desk().database.read() as connection:
        stored = find_response(connection, invitation.id, response_id)
    if stored is None:
        raise Problem(problems.WITHDRAWN)
    return stored


def _submit(invitation: Invitation, stored: StoredResponse, wanted: Change, late: bool) -> None:
    intake, answered, sent = desk().intake, _as_answered(invitation, stored), _sent(stored, wanted)
    try:
        checked = intake.check(answered, sent)
        came = replace(arrival(), late=late, upon=stored.revision)
        key = str(uuid5(UUID(stored.id), f"{stored.revision} {wanted.reason}"))
        intake.submit(answered, key, sent, checked, came, wanted.also)
    except BadAnswers as error:
        raise Problem(problems.INVALID, error.errors) from error


def _as_answered(invitation: Invitation, stored: StoredResponse) -> Invitation:
    """With the questionnaire that these answers belong to."""
    return replace(invitation, visit=replace(invitation.visit, questionnaire=stored.asked_by(invitation)))


def _sent(stored: StoredResponse, wanted: Change) -> Sent:
    return Sent(
        stored.answers,
        stored.consent,
        stored.readership,
        stored.language,
        response_id=stored.id,
        photos=None if wanted.photos is None else list(wanted.photos),
        notice=stored.notice,
        left_out=stored.dropped,
    )
