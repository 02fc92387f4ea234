"""What a programme file must be, and everything that is wrong with one.

In: the document as yamlfile.py reads it.  Out: Mistakes with their paths; none means it can be loaded.
Pure.  Shapes are marshmallow's; references between parts are checked here.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marshmallow import ValidationError

from collector import shapes
from collector.errors import Mistake, Path
from collector.shapes import Shape, mistakes_of
from collector.text import LANGUAGES

ORGANISATION_KINDS = ("university", "institute", "company", "government", "association", "other")
DEFAULT_MINIMUM_GROUP = 5  # experts; a smaller group could be recognised in a digest
SMALLEST_GROUP, LARGEST_GROUP = 3, 100
# What a quote may tell: the name of who agreed, else the kind of organisation; the discipline; nothing.
ATTRIBUTIONS = ("named", "discipline", "pooled")

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(:\d\d)?)")


def local_time(text: str) -> datetime:
    """A clock time of the fair's zone, still without it.  Raises ValueError."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError("must be a date and a local time, such as 2026-11-24 14:30")
    return datetime.fromisoformat(f"{found[1]} {found[2]}")


def _parses(parse: Callable[[str], object], problem: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        try:
            parse(value)
        except (ValueError, OSError, ZoneInfoNotFoundError) as error:
            raise ValidationError(problem) from error

    return check


def _day(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _text_that(parse: Callable[[str], object], problem: str) -> shapes.Text:
    field = shapes.text()
    field.validators.append(_parses(parse, problem))
    return field


def day() -> shapes.Text:
    return _text_that(_day, "must be a date, such as 2026-11-24")


def moment() -> shapes.Text:
    return _text_that(local_time, "must be a date and a local time, such as 2026-11-24 14:30")


class FairShape(Shape):
    id = shapes.identifier()
    name = shapes.label()
    timezone = _text_that(ZoneInfo, "is not a time zone; write it like Asia/Shanghai")
    starts_on = day()
    ends_on = day()
    sample = shapes.yes_no()


class NeedShape(Shape):
    id = shapes.identifier()
    label = shapes.label()
    topic = shapes.identifier(required=False)
    phrases = shapes.list_of(shapes.text(longest=100), required=False)


class ContactShape(Shape):
    email = shapes.email(required=True)
    language = shapes.one_of(LANGUAGES, required=False)


class CompanyShape(Shape):
    id = shapes.identifier()
    name = shapes.label()
    industry = shapes.label()
    needs = shapes.list_of(shapes.group(NeedShape), required=False)
    same_as = shapes.identifier(required=False)
    contacts = shapes.list_of(shapes.group(ContactShape), required=False)


class ExpertShape(Shape):
    id = shapes.identifier()
    name = shapes.label()
    organisation = shapes.label()
    organisation_kind = shapes.one_of(ORGANISATION_KINDS)
    discipline = shapes.text(required=False, longest=100)
    language = shapes.one_of(LANGUAGES)
    email = shapes.email()


class VisitShape(Shape):
    id = shapes.identifier()
    company = shapes.text()
    visited_at = moment()
    deadline = moment()
    questionnaire = shapes.text()
    minimum_group = shapes.whole_number(SMALLEST_GROUP, LARGEST_GROUP)
    minimum_text = shapes.whole_number(SMALLEST_GROUP, LARGEST_GROUP)
    attribution = shapes.one_of(ATTRIBUTIONS, required=False)
    experts = shapes.list_of(shapes.text(), fewest=0)


class ProgrammeShape(Shape):
    fair = shapes.group(FairShape)
    companies = shapes.list_of(shapes.group(CompanyShape))
    experts = shapes.list_of(shapes.group(ExpertShape), fewest=0)
    visits = shapes.list_of(shapes.group(VisitShape))


def check_programme(document: Mapping[str, Any]) -> list[Mistake]:
    """Every mistake at once, so that a file is put right in one go."""
    companies, experts, visits = (_members(document, kind) for kind in ("companies", "experts", "visits"))
    return [
        *mistakes_of(ProgrammeShape(), document),
        *_check_unique(companies, "company"),
        *_check_unique(experts, "expert"),
        *_check_unique(visits, "visit"),
        *_check_days(document.get("fair")),
        *_check_references(visits, _ids(companies), _ids(experts)),
        *(mistake for path, visit in visits for mistake in _check_times(visit, path, document.get("fair"))),
    ]


Placed = tuple[Path, Mapping[str, Any]]


def _members(document: Mapping[str, Any], kind: str) -> list[Placed]:
    """The groups in a list; whatever else stands there, the shape has already complained about."""
    members = document.get(kind)
    found = enumerate(members if isinstance(members, list) else [])
    return [((kind, index), member) for index, member in found if isinstance(member, Mapping)]


def _ids(placed: list[Placed]) -> set[str]:
    return {member["id"] for _, member in placed if isinstance(member.get("id"), str)}


def _check_unique(placed: list[Placed], what: str) -> Iterator[Mistake]:
    seen: set[str] = set()
    for path, member in placed:
        name = member.get("id")
        if isinstance(name, str) and name in seen:
            yield Mistake((*path, "id"), f"{name} is already the id of another {what}")
        seen.add(str(name))


def _check_days(fair: Any) -> Iterator[Mistake]:
    first, last = (_try(_day, fair, name) for name in ("starts_on", "ends_on"))
    if first and last and last < first:
        yield Mistake(("fair", "ends_on"), f"{last} is before starts_on ({first})")


def _check_references(visits: list[Placed], companies: set[str], experts: set[str]) -> Iterator[Mistake]:
    for path, visit in visits:
        company, invited = visit.get("company"), visit.get("experts")
        if isinstance(company, str) and company not in companies:
            yield Mistake((*path, "company"), f"{company} is not the id of a company in this file")
        seen: set[str] = set()
        for index, expert in enumerate(invited if isinstance(invited, list) else []):
            if not isinstance(expert, str):
                continue
            if expert not in experts:
                yield Mistake((*path, "experts", index), f"{expert} is not the id of an expert in this file")
            elif expert in seen:
                yield Mistake((*path, "experts", index), f"{expert} is named twice")
            seen.add(expert)


def _check_times(visit: Mapping[str, Any], path: Path, fair: Any) -> Iterator[Mistake]:
    visited_at, deadline = (_try(local_time, visit, name) for name in ("visited_at", "deadline"))
    if visited_at and deadline and deadline <= visited_at:
        yield Mistake((*path, "deadline"), f"{deadline:%Y-%m-%d %H:%M} is not after the visit")
    zone = _try(ZoneInfo, fair, "timezone")
    for name, moment in (("visited_at", visited_at), ("deadline", deadline)):
        if zone and moment and _is_skipped(moment, zone):
            yield Mistake((*path, name), "does not exist: the clocks are put forward then")


def _is_skipped(moment: datetime, zone: ZoneInfo) -> bool:
    """True in the hour that summer time leaves out: a round trip through UTC does not come back."""
    utc = moment.replace(tzinfo=zone).timestamp()
    return abs(datetime.fromtimestamp(utc, zone).replace(tzinfo=None) - moment) > timedelta(0)


def _try(parse: Callable[[str], Any], group: Any, name: str) -> Any:
    """None where the field is missing or wrong, which its shape reports."""
    value = group.get(name) if isinstance(group, Mapping) else None
    try:
        return parse(value) if isinstance(value, str) else None
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None
