"""The rules that find direction in technical prose: quantity x object first, words last.

In: a folded sentence with the phrases found in it. Out: clauses and RuleHits, each with the rule
that gave it. The order of the rules is fixed: a phrase that one rule has used is gone for the next.

  mask     harmless terms ("waste heat", 爆炸成形) hide the words inside them
  idiom    whole phrases with a direction of their own ("no complaints", 形同虚设)
  qty      quantity x object: low emissions, rising costs, 良品率高, 库存高
  fail     nobody / not + shown, answered, measured, 未提供
  polar    words with a direction; neg: turned by a negation before them
  object   a good or bad thing merely named (weak)
  fix      a request that presupposes a fault ("repair", 整改)
  courtesy, offer: thanks, wishes, willingness
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from .lexicon import Entry
from .phrases import Hit

# How far a quantity may stand from its object, and a negation from its word, in characters.
REACH = {"en": (38, 22), "zh": (9, 4)}
MARKS = frozenset(",;:，；：、-—–")
# A dash between spaces, a stop before one, or another mark; sought by its sign, which is three times as fast.
CLAUSE_MARK = re.compile(r"[,;:，；：、()（）—–.-](?:(?<![.-])|(?<= -) |(?<=\.)\s)")
QUANTITY = 0.6
FAILURE = -0.6
NEGATED_PRAISE, NEGATED_BLAME = -0.8, -0.6  # a negation turns and weakens
TURNING = ("but", "although")
AMOUNTS, OBJECTS = ("few", "many"), ("bad_object", "good_object")
WEAK_SIDE = 0.4  # weight of the clause that the writer does not land on


class RuleHit(NamedTuple):
    """Words with a direction: where, by which rule, and how much (-1..1)."""

    start: int
    end: int
    rule: str
    value: float


@dataclass(slots=True)
class Reading:
    """What the rules see in one sentence."""

    hits: list[RuleHit]
    clauses: list[tuple[int, int, float]]  # start, end, weight
    # Roles seen (fix, extend, offer, but, although, minor …), each with its first place.
    marks: dict[str, tuple[int, int]]
    turns: bool = False  # whether one clause outweighs another
    score: float = 0.0  # sum of hit values times clause weights

    def weights(self) -> list[float]:
        """The weight of every hit."""
        if not self.turns:
            return [1.0] * len(self.hits)
        return [self.weight_at(hit.start) for hit in self.hits]

    def weight_at(self, position: int) -> float:
        """The weight of the clause a position stands in."""
        if not self.turns:
            return 1.0
        return next((w for s, e, w in self.clauses if s <= position < e), 1.0)


def read(folded: str, lang: str, found: list[Hit[Entry]], words: list[RuleHit]) -> Reading:
    """Apply the rules. `found`: phrases, longest first; `words`: polar words already assessed (English)."""
    by_role: dict[str, list[Hit[Entry]]] = {}
    for hit in _unmasked(found):
        by_role.setdefault(hit[2].role, []).append(hit)
    clauses = _clauses(folded, by_role)
    if not by_role:
        return Reading(words, clauses, {}, score=sum([h[3] for h in words]))
    hits = _hits(by_role, clauses, *REACH[lang], words)
    if len(hits) > 1:
        hits.sort()
    marks = {role: said[0][:2] for role, said in by_role.items()}
    if by_role.keys().isdisjoint(TURNING) or all(c[2] == 1 for c in clauses):
        return Reading(hits, clauses, marks, score=sum([h[3] for h in hits]))
    reading = Reading(hits, clauses, marks, turns=True)
    reading.score = sum([h.value * reading.weight_at(h.start) for h in hits])
    return reading


def _hits(
    by_role: dict[str, list[Hit[Entry]]],
    clauses: list[tuple[int, int, float]],
    reach: int,
    negation_reach: int,
    words: list[RuleHit],
) -> list[RuleHit]:
    """Rule after rule, each on what those before it have not used."""
    hits = [_as_it_stands(h) for h in by_role["idiom"]] if "idiom" in by_role else []
    used = [h[:2] for h in hits]
    if not by_role.keys().isdisjoint(AMOUNTS):
        hits += _quantities(by_role, clauses, reach, negation_reach, used)
    if "shown" in by_role:
        hits += _failures(by_role, clauses, negation_reach, used)
    polar = [_as_it_stands(h) for h in by_role["polar"]] + words if "polar" in by_role else words
    if len(polar) == 1 and not used and "negator" not in by_role:
        hits += polar
        used.append(polar[0][:2])
    elif polar:
        hits += _polar(polar, by_role.get("negator", []), negation_reach, used)
    for role in OBJECTS:
        if role in by_role:
            hits += [RuleHit(h[0], h[1], f"named:{role}", h[2].value) for h in by_role[role] if free(h, used)]
    for role in ("courtesy", "offer"):
        if role in by_role:
            hits += [RuleHit(h[0], h[1], role, h[2].value) for h in by_role[role] if free(h, used)]
    return hits


def _as_it_stands(hit: Hit[Entry]) -> RuleHit:
    start, end, entry = hit
    return RuleHit(start, end, entry.group, entry.value)


def _unmasked(found: list[Hit[Entry]]) -> list[Hit[Entry]]:
    """Drop what lies inside or across a longer phrase; masks go last, having done their work."""
    if len(found) < 2 or all(a[1] <= b[0] for a, b in pairwise(found)):
        return [h for h in found if h[2].role != "mask"]
    kept: list[Hit[Entry]] = []
    for hit in sorted(found, key=lambda h: (h.start - h.end, h.start)):
        if not any(hit.start < k.end and k.start < hit.end for k in kept):
            kept.append(hit)
    return sorted((h for h in kept if h.value.role != "mask"), key=lambda h: h.start)


def _clauses(folded: str, by_role: dict[str, list[Hit[Entry]]]) -> list[tuple[int, int, float]]:
    """Clauses with weights: what follows the last "but" decides; a concession is the weaker side."""
    if by_role.keys().isdisjoint(TURNING):
        # Nothing turns: every clause weighs the same.
        size = len(folded)
        ends = [m.end() for m in CLAUSE_MARK.finditer(folded, 0, size - 1)]
        return [(a, b, 1.0) for a, b in pairwise([0, *ends, size])] if ends else [(0, size, 1.0)]
    buts = [h.start for h in by_role.get("but", []) if _opens_contrast(folded, h)]
    although = {h.start for h in by_role.get("although", [])}
    cuts = {m.end() for m in CLAUSE_MARK.finditer(folded)} | set(buts) | although
    edges = [0, *sorted(c for c in cuts if 0 < c < len(folded)), len(folded)]
    landing = max(buts, default=0)
    minor = bool(by_role.get("minor"))  # "but that is a detail": the first half wins
    weak = [a in although or (a < landing) != (minor and landing > 0) for a in edges[:-1]]
    return [(a, b, WEAK_SIDE if w else 1.0) for (a, b), w in zip(pairwise(edges), weak, strict=True)]


def _opens_contrast(folded: str, hit: Hit[Entry]) -> bool:
    """ "Only", "still", 就是 turn a sentence only right after a mark."""
    before = folded[: hit.start].rstrip()
    return bool(before) and (hit.value.group == "but" or before[-1] in MARKS)


def _clause_of(clauses: list[tuple[int, int, float]], position: int) -> int:
    return bisect_right([c[0] for c in clauses], position)


def free(span: Hit[Entry] | RuleHit, used: list[tuple[int, int]]) -> bool:
    """Whether none of the words that a rule has used stands in it."""
    start, end = span[0], span[1]
    return not used or all(start >= e or s >= end for s, e in used)


def _gap(a: Hit[Entry], b: Hit[Entry]) -> int:
    return max(a.start, b.start) - min(a.end, b.end)


def _quantities(
    by_role: dict[str, list[Hit[Entry]]],
    clauses: list[tuple[int, int, float]],
    reach: int,
    negation_reach: int,
    used: list[tuple[int, int]],
) -> list[RuleHit]:
    amounts = [h for role in AMOUNTS for h in by_role.get(role, []) if free(h, used)]
    things = [h for role in OBJECTS for h in by_role.get(role, []) if free(h, used)]
    pairs = sorted(
        (_gap(thing, amount), thing, amount)
        for thing in things
        for amount in amounts
        if _gap(thing, amount) <= reach
        and _clause_of(clauses, thing.start) == _clause_of(clauses, amount.start)
    )
    hits = []
    for _, thing, amount in pairs:
        if not (free(thing, used) and free(amount, used)):
            continue
        sign = (1 if thing.value.role == "good_object" else -1) * (1 if amount.value.role == "many" else -1)
        if _negation_before(amount, by_role.get("negator", []), negation_reach):
            sign = -sign
        used += [(thing.start, thing.end), (amount.start, amount.end)]
        rule = f"qty:{amount.value.role}-{thing.value.role.removesuffix('_object')}"
        start, end = min(thing.start, amount.start), max(thing.end, amount.end)
        hits.append(RuleHit(start, end, rule + ("" if sign > 0 else "-"), sign * QUANTITY))
    return hits


def _negation_before(hit: Hit[Entry] | RuleHit, negators: list[Hit[Entry]], reach: int) -> Hit[Entry] | None:
    return next((n for n in negators if n.end <= hit.start and hit.start - n.end <= reach), None)


def _failures(
    by_role: dict[str, list[Hit[Entry]]],
    clauses: list[tuple[int, int, float]],
    reach: int,
    used: list[tuple[int, int]],
) -> list[RuleHit]:
    hits = []
    for shown in by_role.get("shown", []):
        negator = _negation_before(shown, by_role.get("negator", []), reach)
        if negator is None or not free(shown, used) or not free(negator, used):
            continue
        if _clause_of(clauses, negator.start) != _clause_of(clauses, shown.start):
            continue
        used += [(shown.start, shown.end), (negator.start, negator.end)]
        hits.append(RuleHit(negator.start, shown.end, "fail", FAILURE))
    return hits


def _polar(
    polar: list[RuleHit],
    negators: list[Hit[Entry]],
    reach: int,
    used: list[tuple[int, int]],
) -> list[RuleHit]:
    hits = []
    for hit in sorted(polar):
        if not free(hit, used):
            continue
        negator = _negation_before(hit, negators, reach) if not hit.rule.endswith("!neg") else None
        if negator is not None and free(negator, used):
            factor = NEGATED_PRAISE if hit.value > 0 else NEGATED_BLAME
            side = "praise" if hit.value > 0 else "blame"
            hits.append(RuleHit(negator.start, hit.end, f"neg:{side}", round(hit.value * factor, 4)))
        else:
            hits.append(hit)
        used.append((hit.start, hit.end))
    return hits
