"""What loading a programme would change: the difference between a file and what is stored.

In: two Programmes and the state of the invitations.  Out: a Difference, to be shown or to be carried out.
Pure.  What is missing from the file is reported and kept: answers may hang on it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from collector.programme import Company, Expert, Programme, Visit

ACTIVE = "active"
OFF = "off"  # revoked because the expert was taken off the visit; a later load may undo it
BARRED = "barred"  # revoked by an organiser: for good

Member = Company | Expert | Visit
Place = tuple[str, str]  # visit id, expert id


@dataclass(frozen=True)
class Change:
    id: str
    fields: tuple[str, ...]  # names of what is different


@dataclass(frozen=True)
class Changes:
    """Of one kind: ids, in the file's order."""

    added: tuple[str, ...]
    changed: tuple[Change, ...]
    unchanged: int
    removed: tuple[str, ...]  # stored, not in the file: kept

    @property
    def touched(self) -> frozenset[str]:
        return frozenset(self.added) | {change.id for change in self.changed}


@dataclass(frozen=True)
class InvitationChanges:
    added: tuple[Place, ...]
    restored: tuple[Place, ...]
    revoked: tuple[Place, ...]
    unchanged: int


@dataclass(frozen=True)
class Difference:
    fair: Changes
    companies: Changes
    experts: Changes
    visits: Changes
    invitations: InvitationChanges

    @property
    def is_empty(self) -> bool:
        """Nothing to write; what is missing from the file does not count."""
        kinds = (self.fair, self.companies, self.experts, self.visits)
        places = (self.invitations.added, self.invitations.restored, self.invitations.revoked)
        return not any(kind.touched for kind in kinds) and not any(places)


def diff(stored: Programme | None, new: Programme, invitations: Mapping[Place, str]) -> Difference:
    """`invitations` holds the state of every personal invitation: ACTIVE, OFF or BARRED."""
    return Difference(
        fair=_compare([stored.fair] if stored else [], [new.fair]),
        companies=_compare(stored.companies if stored else (), new.companies),
        experts=_compare(stored.experts if stored else (), new.experts),
        visits=_compare(stored.visits if stored else (), new.visits, ignore=("experts",)),
        invitations=_invitations(new, invitations),
    )


def _compare(stored: Sequence[Any], new: Sequence[Any], ignore: Iterable[str] = ()) -> Changes:
    before = {member.id: member for member in stored}
    after = {member.id: member for member in new}
    changed = [
        Change(name, found)
        for name, member in after.items()
        if name in before and (found := _different(before[name], member, ignore))
    ]
    added = tuple(name for name in after if name not in before)
    unchanged = len(after) - len(added) - len(changed)
    return Changes(added, tuple(changed), unchanged, tuple(name for name in before if name not in after))


def _different(before: Member, after: Member, ignore: Iterable[str]) -> tuple[str, ...]:
    names = (field.name for field in fields(after) if field.name not in ignore)
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def _invitations(new: Programme, states: Mapping[Place, str]) -> InvitationChanges:
    """Invitations of a visit that is not in the file stay as they are, like the visit itself."""
    wanted = [(visit.id, expert) for visit in new.visits for expert in visit.experts]
    known, wanted_set = {visit.id for visit in new.visits}, set(wanted)
    return InvitationChanges(
        added=tuple(place for place in wanted if place not in states),
        restored=tuple(place for place in wanted if states.get(place) == OFF),
        revoked=tuple(
            place
            for place, state in states.items()
            if state == ACTIVE and place[0] in known and place not in wanted_set
        ),
        unchanged=sum(states.get(place) in (ACTIVE, BARRED) for place in wanted),
    )
