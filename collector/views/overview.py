"""The organiser's overview behind a signed link: read-only, no names of experts, no answers."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import groupby

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from collector import photos, problems, qr, voices
from collector.desk import desk
from collector.entrance import find_fair_of
from collector.links import Grant, digest_token, form_token
from collector.overview import Fair, VisitLine, list_visits, read_pipe
from collector.problems import Problem
from collector.speaking import request_language, voice
from collector.text import say_day, say_days, say_moment, say_seconds, say_time, say_weekday

overview = Blueprint("overview", __name__)
DIGEST_DAYS = 30  # a digest link from here lives as long as one from the command line


@overview.get("/o/<token>")
def show(token: str) -> ResponseReturnValue:
    fair = find_fair_of(token)
    here, now, language = desk(), desk().clock(), request_language()
    with here.database.read() as connection:
        visits, pipe = list_visits(connection, fair.id), read_pipe(connection)
        photographed = Counter(photo.visit_id for photo in photos.of_fair(connection, fair.id))
        spoken = voices.by_visit(connection, fair.id)
    oldest = pipe.oldest_waiting_at
    return render_template(
        "overview.html",
        **voice(language),
        fair=fair,
        token=token,
        days=say_days(fair.starts_on, fair.ends_on, language),
        visits=visits,
        photographed=photographed,
        spoken=spoken,
        groups=_by_day(fair, visits, language, now),
        invited=sum(v.invited for v in visits),
        answered=sum(v.answered for v in visits),
        by_open=sum(v.by_open for v in visits),
        ready=sum(v.has_digest for v in visits),
        closes=_closes(fair, visits, language),
        pipe=pipe,
        pipe_state=pipe.state(now),
        age=say_seconds((now - oldest).total_seconds(), language) if oldest else "",
        last_answer=pipe.last_answer_at and say_moment(pipe.last_answer_at, fair.zone, language),
        now=now,
        time=lambda moment: say_time(moment, fair.zone),
        day=lambda moment: say_day(moment.astimezone(fair.zone).date(), language),
        digest=lambda visit: _digest_address(visit, now),
    )


@overview.get("/o/<token>/qr")
def sheets(token: str) -> ResponseReturnValue:
    """One printable sheet a visit; ?visit= picks one."""
    fair, language = find_fair_of(token), request_language()
    with desk().database.read() as connection:
        visits = [v for v in list_visits(connection, fair.id) if v.open_invitation_id]
    chosen = request.args.get("visit")
    if chosen is not None:
        visits = [v for v in visits if v.id == chosen]
        if not visits:
            raise Problem(problems.NOT_FOUND)
    return render_template(
        "qr_sheets.html",
        **voice(language),
        fair=fair,
        token=token,
        visits=visits,
        address=_form_address,
        date=lambda visit, spoken: say_day(visit.visited_at.astimezone(fair.zone).date(), spoken),
        until=lambda visit, spoken: say_moment(visit.deadline, fair.zone, spoken),
    )


@overview.get("/o/<token>/qr/<visit_id>.svg")
def code(token: str, visit_id: str) -> ResponseReturnValue:
    fair = find_fair_of(token)
    with desk().database.read() as connection:
        visits = {v.id: v for v in list_visits(connection, fair.id) if v.open_invitation_id}
    if visit_id not in visits:
        raise Problem(problems.NOT_FOUND)
    return Response(qr.svg(_form_address(visits[visit_id])), content_type="image/svg+xml")


def _by_day(
    fair: Fair, visits: list[VisitLine], language: str, now: datetime
) -> list[tuple[str, list[VisitLine]]]:
    """Visits under the day they take place, "today" marked."""
    today = now.astimezone(fair.zone).date()
    say = voice(language)["t"]
    groups = []
    for day, lines in groupby(visits, lambda visit: visit.visited_at.astimezone(fair.zone).date()):
        name = say_weekday(day, language)
        groups.append((say("today", day=name) if day == today else name, list(lines)))
    return groups


def _closes(fair: Fair, visits: list[VisitLine], language: str) -> str | None:
    """The common deadline, where there is one."""
    deadlines = {visit.deadline for visit in visits}
    return say_moment(deadlines.pop(), fair.zone, language) if len(deadlines) == 1 else None


def _form_address(visit: VisitLine) -> str:
    here = desk()
    assert visit.open_invitation_id is not None  # callers keep only visits that have one
    token = form_token(here.secret, visit.open_invitation_id)
    return here.config.public_url + url_for("forms.show", token=token)


def _digest_address(visit: VisitLine, now: datetime) -> str:
    here = desk()
    grant = Grant(visit.id, visit.link_generation, now + timedelta(days=DIGEST_DAYS))
    return f"{here.config.digest_url}/d/{digest_token(here.secret, grant, 'organiser')}"
