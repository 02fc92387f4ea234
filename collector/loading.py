"""Loads a fair's programme: reads the files, compares, writes the difference and tells the analyzer.

In: a YAML file, the database, the time.  Out: a Loaded with the Difference.  One transaction: the
programme, its invitations and the events about it are written together or not at all.  Loading the same
file again changes nothing.  Raises BadFile or TryLater.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa

from collector import register, tables
from collector.database import Database
from collector.differences import Difference, diff
from collector.errors import Mistake
from collector.programme import Programme, parse_programme, starting
from collector.questionnaire import BUILT_IN, Questionnaire, load_questionnaire
from collector.schedule import Chance, announce, scheduled_visits
from collector.yamlfile import YamlFile, read_yaml


@dataclass(frozen=True)
class Plan:
    """A programme file that was read and found good."""

    programme: Programme
    questionnaires: Mapping[str, Questionnaire]  # visit id -> what its form shows
    file: YamlFile


@dataclass(frozen=True)
class Loaded:
    programme: Programme
    difference: Difference
    events: int  # visits that the analyzer is told about


def read_plan(path: Path, first_day: date | None = None) -> Plan:
    """`first_day` moves the whole fair so that it starts then.  Raises BadFile."""
    file = read_yaml(path)
    programme = parse_programme(file)
    questionnaires = _read_questionnaires(programme, file, path.parent)
    moved = starting(programme, first_day) if first_day else programme
    return Plan(moved, questionnaires, file)


def load_programme(
    database: Database, plan: Plan, now: datetime, chance: Chance, *, dry_run: bool = False
) -> Loaded:
    """A dry run only looks."""
    if dry_run:
        with database.read() as connection:
            return Loaded(plan.programme, _difference(connection, plan), 0)
    with database.write() as connection:
        difference = _difference(connection, plan)
        events = _carry_out(connection, plan, difference, now, chance)
    return Loaded(plan.programme, difference, events)


def _read_questionnaires(programme: Programme, file: YamlFile, folder: Path) -> dict[str, Questionnaire]:
    """Each file is read once; its own mistakes are reported with its own lines."""
    read: dict[str, Questionnaire] = {}
    mistakes = []
    for index, visit in enumerate(programme.visits):
        place = _questionnaire_file(visit.questionnaire, folder)
        if place is None:
            problem = f"there is no built-in {visit.questionnaire} and no such file beside this one"
            mistakes.append(Mistake(("visits", index, "questionnaire"), problem))
        elif visit.questionnaire not in read:
            read[visit.questionnaire] = load_questionnaire(place)
    file.refuse(mistakes)
    return {visit.id: read[visit.questionnaire] for visit in programme.visits}


def _questionnaire_file(name: str, folder: Path) -> Path | None:
    """A name ending in .yaml is a file beside the programme, any other one is built in."""
    plain = Path(name).name  # never a file of another folder
    found = folder / plain if plain.endswith((".yaml", ".yml")) else BUILT_IN / f"{plain}.yaml"
    return found if found.is_file() else None


def _difference(connection: sa.Connection, plan: Plan) -> Difference:
    plan.file.refuse(_taken(connection, plan.programme))
    fair_id = plan.programme.fair.id
    stored = register.stored_programme(connection, fair_id)
    return diff(stored, _as_stored(plan), register.invitation_states(connection, fair_id))


def _as_stored(plan: Plan) -> Programme:
    """Visits name their questionnaire by id and version, so that a changed word is a change too."""
    visits = tuple(
        replace(visit, questionnaire=register.edition(questionnaire.id, questionnaire.version))
        for visit in plan.programme.visits
        for questionnaire in [plan.questionnaires[visit.id]]
    )
    return replace(plan.programme, visits=visits)


def _carry_out(
    connection: sa.Connection, plan: Plan, difference: Difference, now: datetime, chance: Chance
) -> int:
    """Gives the number of visits that the analyzer is told about."""
    if difference.is_empty:
        return 0
    fair_id = plan.programme.fair.id
    before = scheduled_visits(connection, fair_id=fair_id)
    register.store_questionnaires(connection, plan.questionnaires.values(), now)
    register.write(connection, plan.programme, plan.questionnaires, difference)
    register.write_invitations(connection, difference, chance.new_id, now)
    after = scheduled_visits(connection, fair_id=fair_id)
    changed = [visit for name, visit in after.items() if visit != before.get(name)]
    announce(connection, changed, now, chance)
    return len(changed)


def _taken(connection: sa.Connection, programme: Programme) -> Iterator[Mistake]:
    """Ids are unique over all fairs: they stand in links and messages."""
    kinds = (("companies", tables.company), ("experts", tables.expert), ("visits", tables.visit))
    for kind, table in kinds:
        ids = [member.id for member in getattr(programme, kind)]
        taken = register.taken_ids(connection, table, ids, programme.fair.id)
        for index, name in enumerate(ids):
            if name in taken:
                yield Mistake((kind, index, "id"), f"{name} already belongs to the fair {taken[name]}")
