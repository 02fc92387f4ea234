"""Who may be told from whom: the rules that keep a quote from pointing at a person.

In: how many visitors each group has.  Out: which groups may be named.  Pure.
"""

from collections.abc import Mapping

from analyzer.digests.model import Attribution, Visit
from analyzer.rows import Row, Rows

QUOTES_FROM = 3  # responses; below it nobody's words are shown, whatever they consented to
AVERAGES_FROM = 10  # answers; below it the answers themselves say more than a mean


def groups_to_name(counts: Mapping[str, int], minimum: int) -> frozenset[str]:
    """Groups of at least `minimum` people, such that those left unnamed are not few either.

    Naming all groups but one would name that one too, so the smallest named group joins the unnamed
    until these are none, or at least `minimum`.
    """
    named = sorted((group for group, n in counts.items() if n >= minimum), key=lambda g: (counts[g], g))
    unnamed = sum(n for group, n in counts.items() if group not in named)
    while named and 0 < unnamed < minimum:
        unnamed += counts[named.pop(0)]
    return frozenset(named)


def kinds_to_name(visit: Visit, responses: list[Rows]) -> frozenset[str]:
    """Kinds of organisation that a quote may carry, judged by who was in the room, not by who answered."""
    told = visit.visitors.get("organisation_kind")
    if told:
        return groups_to_name(told, visit.minimum_group)
    counts: dict[str, int] = {}
    for rows in responses:
        kind = rows.response["respondent"].get("organisation_kind") or ""
        counts[kind] = counts.get(kind, 0) + 1
    return groups_to_name(counts, visit.minimum_group) - {""}


def attribution(response: Row, kinds: frozenset[str]) -> Attribution:
    """A name only with consent to be named; else the kind of organisation, if that may be told."""
    respondent = response["respondent"]
    if response["consent"]["named"] and respondent.get("named") and respondent.get("name"):
        return Attribution(respondent["name"], respondent.get("organisation"), None)
    kind = respondent.get("organisation_kind")
    return Attribution(organisation_kind=kind if kind in kinds else None)


def languages_to_tell(counts: Mapping[str, int], minimum: int) -> Mapping[str, int] | None:
    """How many wrote in which language, unless that would single somebody out."""
    told = all(n >= minimum for n in counts.values())
    return dict(sorted(counts.items())) if told and counts else None
