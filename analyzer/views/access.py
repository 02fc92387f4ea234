"""Who may see a digest: the one who holds its link.

In: a token from the address or from the header.  Out: the digest, as the database is right now.  Raises
BadLink (404) or ExpiredLink (410).  Reading changes nothing: mail scanners and chat previews open links too.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import abort, request
from werkzeug.datastructures import WWWAuthenticate

from analyzer.background import find_companies, find_previous
from analyzer.digests.comparing import Background
from analyzer.digests.content import Address
from analyzer.digests.model import Digest
from analyzer.errors import BadLink, ExpiredLink
from analyzer.gathering import Announced, find_keys, find_some, find_state, find_visit, make_digest
from analyzer.kept_rows import Keys
from analyzer.links import Grant, photo_addresses, read_digest_token
from analyzer.reception import Reception, reception


@dataclass(frozen=True)
class Opened:
    digest: Digest
    grant: Grant
    state: str  # changes whenever the digest does

    @property
    def told(self) -> tuple[object, ...]:
        """Names what every language of its files says: links to photos live as long as this one."""
        return (self.state, self.grant.expires_at if self.digest.photos else None)

    @property
    def photo(self) -> Address:
        """Where the holder of this link sees a photo."""
        here = reception()
        return photo_addresses(here.config.public_url, here.secret, self.grant)


def open_digest(token: str) -> Opened:
    here = reception()
    now = here.clock()
    grant = read_digest_token(here.secret, token, now)
    with here.database.read() as connection:
        announced = admitted(connection, grant)
        visit = announced.visit
        companies = here.companies.get(announced.fair_id, lambda: find_companies(connection, visit.id))
        previous = here.previous.get(visit.id, lambda: find_previous(connection, visit.id))
        background = Background(previous, companies)
        keys = find_keys(connection, visit.id)
        state = find_state(connection, announced, keys, now < visit.deadline, background)
        digest = here.digests.get(state, lambda: _build(here, connection, announced, keys, background))
    return Opened(digest, grant, state)


def admitted(connection: sa.Connection, grant: Grant) -> Announced:
    """The visit that the link is for, if it still opens it."""
    announced = find_visit(connection, grant.visit_id)
    if announced is None:
        raise BadLink(f"visit {grant.visit_id} is not known here yet")
    if announced.link_generation != grant.generation:
        raise ExpiredLink(f"digest link of visit {grant.visit_id} was revoked")
    return announced


def _build(
    here: Reception, connection: sa.Connection, announced: Announced, keys: Keys, background: Background
) -> Digest:
    visit_id = announced.visit.id
    responses = here.rows.get(visit_id, keys, lambda ids: find_some(connection, visit_id, ids))
    return make_digest(connection, announced, responses, here.labels, here.clock(), background)


def bearer_token() -> str:
    """From `Authorization: Bearer <token>`; without it, 401 that says how."""
    authorization = request.authorization
    if authorization is None or authorization.type != "bearer" or not authorization.token:
        abort(401, www_authenticate=WWWAuthenticate("bearer", {"realm": "debrief"}))
    return authorization.token
