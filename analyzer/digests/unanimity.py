"""When everybody in the room agrees, a count tells what each of them said.

In: a Room, remarks or distributions.  Out: the same with the leak closed: one expert's words are left
out, so that each may be the one who did not say it; a rating that all chose alike is withheld.  Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

from analyzer.digests.anonymity import Room, has_contact
from analyzer.digests.model import Distribution
from analyzer.digests.remarks import Remark
from analyzer.rows import Rows


def spare_one(remarks: Sequence[Remark], room: Room) -> tuple[list[Remark], bool]:
    """The remarks to count, and whether one expert's are missing."""
    experts = {remark.expert for remark in remarks}
    if len(experts) < room.visited or not any(len(h) >= room.visited for h in _agreements(remarks)):
        return list(remarks), False
    spared = max(experts, key=_shuffle)
    return [remark for remark in remarks if remark.expert != spared], True


def _agreements(remarks: Iterable[Remark]) -> Iterable[set[str]]:
    """The experts behind each thing that can be said of many: a feeling about a topic, a piece of advice."""
    found: dict[tuple[str, str], set[str]] = {}
    for remark in remarks:
        said = {*remark.feelings, ("", remark.row["sentiment"] or "unscorable")}
        if remark.row["suggestion"]:
            said |= {(topic, "advice") for topic, _ in remark.feelings}
        for thing in said:
            found.setdefault(thing, set()).add(remark.expert)
    return found.values()


def withhold(distribution: Distribution, room: Room) -> Distribution:
    """One value chosen by everybody who was there would be everybody's own answer."""
    chosen = [n for _, n in distribution.counts if n]
    if len(chosen) != 1 or chosen[0] < room.visited:
        return distribution
    empty = tuple((value, 0) for value, _ in distribution.counts)
    return replace(distribution, counts=empty, n=0, average=None, withheld="unanimous")


def spare_one_of(responses: Sequence[Rows], answers: Iterable[str]) -> list[Rows]:
    """Responses without one, where `answers` are all alike; those who left a contact spoke openly."""
    closed = [rows for rows in responses if not has_contact(rows)]
    if not closed or len(set(answers)) != 1:
        return list(responses)
    spared = max(closed, key=lambda rows: _shuffle(rows.response["id"]))
    return [rows for rows in responses if rows is not spared]


def _shuffle(identity: str) -> str:
    return sha256(identity.encode()).hexdigest()
