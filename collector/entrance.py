"""From a token to what is behind it: an invitation, for the form and the API, or an organiser's fair."""

import os
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from flask import request

from collector import problems
from collector.desk import desk
from collector.errors import BadLink, ExpiredLink
from collector.intake import Arrival
from collector.links import read_form_token, read_organiser_token
from collector.overview import Fair, find_fair
from collector.problems import Kind, Problem
from collector.questionnaire import Questionnaire
from collector.speaking import prefer
from collector.store import PERSONAL, Invitation, StoredResponse, find_invitation, find_response
from collector.tracing import continue_trace

Grant = TypeVar("Grant")


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


def granted(read: Callable[[str, str, datetime], Grant], token: str, unknown: Kind) -> Grant:
    """What a link that ends says.  Raises Problem: `unknown` never signed here, EXPIRED over."""
    here = desk()
    try:
        return read(here.secret, token, here.clock())
    except BadLink as error:
        raise Problem(unknown) from error
    except ExpiredLink as error:
        raise Problem(problems.EXPIRED) from error


def find_fair_of(token: str) -> Fair:
    """What an organiser's link opens.  Raises Problem: 404 never signed here, 410 over."""
    grant = granted(read_organiser_token, token, problems.NOT_FOUND)
    with desk().database.read() as connection:
        fair = find_fair(connection, grant.subject)
    if fair is None:
        raise Problem(problems.NOT_FOUND)
    if grant.generation != fair.link_generation:
        raise Problem(problems.EXPIRED)
    return fair


def questionnaire_of(invitation: Invitation, stored: StoredResponse) -> Questionnaire:
    """The one that a response answers."""
    return desk().intake.questionnaire(stored.asked_by(invitation))


def named_response(invitation: Invitation) -> StoredResponse | None:
    """The one response of a personal link, or the one that r= names, also when it was withdrawn."""
    named: str | None = None
    if invitation.kind != PERSONAL:
        try:
            named = str(UUID(request.values.get("r", "")))
        except ValueError:
            return None
    with desk().database.read() as connection:
        return find_response(connection, invitation.id, named, withdrawn=True)


def let_in(invitation: Invitation) -> None:
    """Raises Problem where the invitation is withdrawn or its visit is closed."""
    if invitation.revoked:
        raise Problem(problems.REVOKED)
    if invitation.closed(desk().clock()):
        raise Problem(problems.CLOSED)


def bearer() -> str:
    """The token of `Authorization: Bearer <token>`; empty where there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def arrival() -> Arrival:
    return Arrival(desk().clock(), continue_trace(request.headers.get("traceparent"), os.urandom))
