"""The programme of a fair: companies, visits, experts, and who visits what.

In: a YAML file that an organiser wrote (docs/programme.md).  Out: a frozen Programme, times in UTC.
Pure but for reading the file.  Raises BadFile with every mistake of the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from collector.programme_checks import DEFAULT_MINIMUM_GROUP, check_programme, local_time
from collector.text import Bilingual
from collector.yamlfile import YamlFile


@dataclass(frozen=True)
class Fair:
    id: str
    name: Bilingual
    timezone: str  # IANA name
    starts_on: date  # in that zone
    ends_on: date
    sample: bool


@dataclass(frozen=True)
class Company:
    id: str
    name: Bilingual
    industry: Bilingual
    # what it asks of the experts: {"id", "label", "topic" or None, "phrases"}
    needs: tuple[Mapping[str, Any], ...] = ()
    same_as: str | None = None  # its id at the first fair it came to; ids are unique over all fairs
    contacts: tuple[Mapping[str, str], ...] = ()  # whom its digest is mailed to: {"email", "language"}


@dataclass(frozen=True)
class Expert:
    id: str
    name: Bilingual
    organisation: Bilingual
    organisation_kind: str  # see programme_checks.ORGANISATION_KINDS
    discipline: str | None
    language: str  # of the invitation
    email: str | None


@dataclass(frozen=True)
class Visit:
    id: str
    company: str
    visited_at: datetime
    deadline: datetime  # the first moment at which no answer is taken any more
    questionnaire: str  # id of a built-in one, or a file beside the programme's
    minimum_group: int
    experts: tuple[str, ...]
    attribution: str = "named"  # see programme_checks.ATTRIBUTIONS
    minimum_text: int | None = None  # visitors who may have written a quote; None: minimum_group


@dataclass(frozen=True)
class Programme:
    fair: Fair
    companies: tuple[Company, ...]
    experts: tuple[Expert, ...]
    visits: tuple[Visit, ...]


def parse_programme(file: YamlFile) -> Programme:
    file.refuse(check_programme(file.data))
    data = file.data
    zone = ZoneInfo(data["fair"]["timezone"])
    return Programme(
        _fair(data["fair"]),
        tuple(_company(part) for part in data["companies"]),
        tuple(_expert(part) for part in data["experts"]),
        tuple(_visit(part, zone) for part in data["visits"]),
    )


def starting(programme: Programme, first_day: date) -> Programme:
    """The same fair on other days: every date moves alike, clock times in the fair's zone stay."""
    fair = programme.fair
    days, zone = first_day - fair.starts_on, ZoneInfo(fair.timezone)
    moved = replace(fair, starts_on=first_day, ends_on=fair.ends_on + days)
    visits = tuple(
        replace(
            visit, visited_at=_move(visit.visited_at, days, zone), deadline=_move(visit.deadline, days, zone)
        )
        for visit in programme.visits
    )
    return replace(programme, fair=moved, visits=visits)


def _move(moment: datetime, days: timedelta, zone: ZoneInfo) -> datetime:
    return (moment.astimezone(zone) + days).astimezone(UTC)  # aware arithmetic keeps the wall clock


def _fair(part: Mapping[str, Any]) -> Fair:
    return Fair(
        part["id"],
        part["name"],
        part["timezone"],
        date.fromisoformat(part["starts_on"]),
        date.fromisoformat(part["ends_on"]),
        part.get("sample", False),
    )


def _company(part: Mapping[str, Any]) -> Company:
    needs = tuple(
        {"id": n["id"], "label": n["label"], "topic": n.get("topic"), "phrases": list(n.get("phrases", ()))}
        for n in part.get("needs", ())
    )
    contacts = tuple(
        {"email": c["email"], "language": c.get("language", "zh")} for c in part.get("contacts", ())
    )
    return Company(part["id"], part["name"], part["industry"], needs, part.get("same_as"), contacts)


def _expert(part: Mapping[str, Any]) -> Expert:
    return Expert(
        part["id"],
        part["name"],
        part["organisation"],
        part["organisation_kind"],
        part.get("discipline"),
        part["language"],
        part.get("email"),
    )


def _visit(part: Mapping[str, Any], zone: ZoneInfo) -> Visit:
    return Visit(
        part["id"],
        part["company"],
        local_time(part["visited_at"]).replace(tzinfo=zone).astimezone(UTC),
        local_time(part["deadline"]).replace(tzinfo=zone).astimezone(UTC),
        part["questionnaire"],
        part.get("minimum_group", DEFAULT_MINIMUM_GROUP),
        tuple(part["experts"]),
        part.get("attribution", "named"),
        part.get("minimum_text"),
    )
