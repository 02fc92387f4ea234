"""Who may see a digest: the one who holds its link.

In: a token from the address or from the header.  Out: the digest, built from what is in the database
right now.  Raises BadLink (404) or ExpiredLink (410).  Reading changes nothing: mail scanners and chat
previews open links too.
"""

from flask import abort, request
from werkzeug.datastructures import WWWAuthenticate

from analyzer.digests.build import build_digest
from analyzer.digests.model import Digest
from analyzer.errors import BadLink, ExpiredLink
from analyzer.gathering import find_responses, find_visit
from analyzer.links import read_digest_token
from analyzer.reception import reception


def open_digest(token: str) -> Digest:
    here = reception()
    now = here.clock()
    grant = read_digest_token(here.secret, token, now)
    with here.database.read() as connection:
        announced = find_visit(connection, grant.visit_id)
        if announced is None:
            raise BadLink(f"visit {grant.visit_id} is not known here yet")
        if announced.link_generation != grant.generation:
            raise ExpiredLink(f"digest link of visit {grant.visit_id} was revoked")
        responses = find_responses(connection, grant.visit_id)
    return build_digest(announced.visit, responses, here.labels, now)


def bearer_token() -> str:
    """From `Authorization: Bearer <token>`; without it, 401 that says how."""
    authorization = request.authorization
    if authorization is None or authorization.type != "bearer" or not authorization.token:
        abort(401, www_authenticate=WWWAuthenticate("bearer", {"realm": "debrief"}))
    return authorization.token
