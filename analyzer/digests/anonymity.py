"""Who may be told from whom: the rules that keep a digest from pointing at a person.

In: a Visit with the counts of its visitors, and the rows of its responses.  Out: a Room, which knows
how many people may stand behind a sentence.  Pure.  The host met everybody who came, so groups are
counted among visitors, not among answers; experts who are told by name hide nobody.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from analyzer.digests.model import Attribution, Visit
from analyzer.rows import Row, Rows
from analyzer.tallies import HIDDEN

QUOTES_FROM = 3  # responses; below it nobody's words are shown, whatever they consented to
AVERAGES_FROM = 10  # answers; below it the answers themselves say more than a mean
GROUPING = {"named": "organisation_kind", "discipline": "discipline", "pooled": None}  # by visit.attribution
WRITES = {"en": "en", "zh": "zh", "mixed": "zh"}  # Latin words in Chinese are written by Chinese readers

Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Room:
    """The people who were there, as far as somebody with the list of visitors could tell them apart."""

    visited: int  # all of them
    people: int  # of them, those who are not told by name
    told: Counts  # of `people`: {"language": {"zh": 17, "en": 5}, "organisation_kind/language": ...}
    grouping: str | None  # the attribute that a quote may carry
    names: bool  # whether a quote may carry the name of one who agreed
    group: int  # people behind a named group
    text: int  # people behind a quote

    @property
    def small(self) -> bool:
        """So few visitors that every number would tell about persons."""
        return self.visited < self.group

    def hides(self, lang: str) -> bool:
        """Whether enough people may have written a sentence of this language, without a name to it."""
        if self.small or self.people < self.text:
            return False
        if "language" not in self.told:
            return True
        return self.told["language"].get(WRITES.get(lang, lang), 0) >= self.text

    def groups(self, lang: str) -> frozenset[str]:
        """The groups that a quote of this language may carry."""
        return self._groups.get(WRITES.get(lang, lang), frozenset())

    @cached_property
    def _groups(self) -> Mapping[str, frozenset[str]]:
        if self.grouping is None or self.small:
            return {}
        return {lang: groups_to_name(self._counts(lang), self.group) for lang in ("en", "zh")}

    def _counts(self, lang: str) -> Mapping[str, int]:
        """Without the joint counts, a group may hold a single writer of the language: none is named."""
        joint = self.told.get(f"{self.grouping}/language")
        if joint is not None:
            found = {key.rpartition("/")[0]: n for key, n in joint.items() if key.rpartition("/")[2] == lang}
            found.pop("", None)
            rest = self.told.get("language", {}).get(lang, 0) - sum(found.values())
            return {**found, "": max(rest, 0)}
        return {} if "language" in self.told else self.told.get(self.grouping or "", {})


def room_of(visit: Visit, everyone: Sequence[Rows]) -> Room:
    names = visit.attribution == "named"
    named = [rows for rows in everyone if names and agreed_to_be_named(rows.response)]
    visited = max(visit.invited, len(everyone))
    return Room(
        visited=visited,
        people=visited - len(named),
        told=_told(visit, everyone, named),
        grouping=GROUPING.get(visit.attribution),
        names=names,
        group=visit.minimum_group,
        text=visit.text_group,
    )


def _told(visit: Visit, everyone: Sequence[Rows], named: Sequence[Rows]) -> Counts:
    """Where all who answered are known, by name or by contact, only these may have said something."""
    known = {id(rows) for rows in named}
    nameless = [rows for rows in everyone if id(rows) not in known]
    if nameless and all(has_contact(rows) for rows in nameless):
        return _count(nameless)
    away = _count(named)
    present = visit.visitors or _count(everyone)
    return {
        attribute: {group: max(n - away.get(attribute, {}).get(group, 0), 0) for group, n in counts.items()}
        for attribute, counts in present.items()
    }


def _count(everyone: Iterable[Rows]) -> Counts:
    """The same counts that the collector makes of visitors, here of respondents."""
    found: dict[str, Counter[str]] = {"language": Counter()}
    for response in (rows.response for rows in everyone):
        language = response["language"]
        found["language"][language] += 1
        for attribute in ("organisation_kind", "discipline"):
            value = response["respondent"].get(attribute) or ""
            found.setdefault(attribute, Counter())[value] += 1
            found.setdefault(f"{attribute}/language", Counter())[f"{value}/{language}"] += 1
    return found


def groups_to_name(counts: Mapping[str, int], minimum: int) -> frozenset[str]:
    """Groups of at least `minimum` people, such that those left unnamed are not few either.

    Naming all groups but one would name that one too, so the smallest named group joins the unnamed
    until these are none, or at least `minimum`.  The group "" has no name and is never named.
    """
    sized = [group for group, n in counts.items() if n >= minimum and group]
    named = sorted(sized, key=lambda g: (counts[g], g))
    unnamed = sum(n for group, n in counts.items() if group not in named)
    while named and 0 < unnamed < minimum:
        unnamed += counts[named.pop(0)]
    return frozenset(named)


def agreed_to_be_named(response: Row) -> bool:
    respondent = response["respondent"]
    return bool(response["consent"]["named"] and respondent.get("named") and respondent.get("name"))


def has_contact(rows: Rows) -> bool:
    """Whether the expert agreed to be contacted, so that the company learns who it is."""
    if not rows.response["consent"]["use"]:
        return False
    shown = (a["value"] for a in rows.answers if a["type"] == "contact" and a["readership"] != HIDDEN)
    return any(value.get("agreed") is True for value in shown)


def attribution(response: Row, room: Room, langs: Iterable[str]) -> Attribution:
    """A name only with consent to be named; else the group, if that may be told; else nothing."""
    respondent = response["respondent"]
    if room.names and agreed_to_be_named(response):
        return Attribution(respondent["name"], respondent.get("organisation"))
    group = respondent.get(room.grouping) if room.grouping else None
    if all(group in room.groups(lang) for lang in langs) and langs and group:
        return Attribution(**{str(room.grouping): group})
    return Attribution()


def languages_to_tell(counts: Mapping[str, int], room: Room) -> Mapping[str, int] | None:
    """How many wrote in which language, unless that would single somebody out."""
    visitors = room.told.get("language", {})
    told = all(n >= room.group and visitors.get(lang, n) >= room.group for lang, n in counts.items())
    return dict(sorted(counts.items())) if told and counts and not room.small else None
