"""From a token to the invitation behind it: the same door for the form and the API."""

import os

from flask import request

from collector import problems
from collector.desk import desk
from collector.errors import BadLink
from collector.intake import Arrival
from collector.links import read_form_token
from collector.problems import Kind, Problem
from collector.speaking import prefer
from collector.store import Invitation, find_invitation
from collector.tracing import continue_trace


def find(token: str, unknown: Kind) -> Invitation:
    """Raises Problem(unknown) for a token that leads nowhere.  Deadline and revocation are the caller's."""
    here = desk()
    try:
        invitation_id = read_form_token(here.secret, token)
    except BadLink as error:
        raise Problem(unknown) from error
    with here.database.read() as connection:
        invitation = find_invitation(connection, invitation_id)
    if invitation is None:
        raise Problem(unknown)
    if invitation.expert is not None:
        prefer(invitation.expert.language)
    return invitation


def let_in(invitation: Invitation) -> None:
    """Raises Problem where the invitation is withdrawn or its visit is closed."""
    if invitation.revoked:
        raise Problem(problems.REVOKED)
    if invitation.closed(desk().clock()):
        raise Problem(problems.CLOSED)


def arrival() -> Arrival:
    return Arrival(desk().clock(), continue_trace(request.headers.get("traceparent"), os.urandom))
