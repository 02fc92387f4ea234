"""A lost link: whoever was invited gets all open links by mail, and nobody learns who was invited.

The answer and the work are the same for every address: one look-up, one row.
"""

from datetime import datetime

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from collector import mailbox, problems
from collector.desk import desk
from collector.links import form_token
from collector.mailbox import Letter
from collector.mailwords import links_letter
from collector.problems import Problem
from collector.shapes import EMAIL
from collector.speaking import prefer, request_language, voice
from collector.store import Invitation, find_open_invitations

lost = Blueprint("lost", __name__)
# An hour's mails to one address; an hour's wishes from one network, where a whole fair may stand behind one.
LIMITS = mailbox.Limits(address=3, origin=600, hours=1)
KIND = "links"


@lost.get("/f/lost")
def ask() -> ResponseReturnValue:
    return _page()


@lost.post("/f/lost")
def send() -> ResponseReturnValue:
    prefer(request.form.get("lang"))
    address = request.form.get("email", "").strip()
    if len(address) > 254 or not address.isascii() or not EMAIL.fullmatch(address):
        return make_response(_page(wrong=True, typed=address[:254]), 422)
    _post(address, desk().clock())
    return make_response(_page(sent=True), 202)


def _post(address: str, now: datetime) -> None:
    here = desk()
    asker = mailbox.Asker(
        mailbox.blur(here.secret, address), mailbox.blur(here.secret, request.remote_addr or "")
    )
    with here.database.write() as connection:
        address_may, origin_may = mailbox.within_limits(connection, KIND, asker, LIMITS, now)
        if not origin_may:
            raise Problem(problems.TOO_MANY_REQUESTS, retry_after=3600)
        found = find_open_invitations(connection, address, now)
        letter = _letter(found)
        recipient = address if found and address_may else ""
        mailbox.put(connection, KIND, recipient, letter, asker, now)


def _letter(found: list[Invitation]) -> Letter:
    here = desk()
    links = [(one, f"{here.config.public_url}/f/{form_token(here.secret, one.id)}") for one in found]
    expert = found[0].expert if found else None
    return links_letter(links, expert.language if expert else request_language())


def _page(*, sent: bool = False, wrong: bool = False, typed: str = "") -> str:
    return render_template("lost.html", **voice(request_language()), sent=sent, wrong=wrong, typed=typed)
