"""SQL for what a digest tells of other visits: sums from the tallies, never their answers.

In: a connection.  Out: Scores by visit, and the Background made of them.  A fair of 100 visits is some
20,000 rows of tally to read, so its companies' sums are kept for a moment (see shelf.py).
"""

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from analyzer.digests.comparing import Previous, Scores
from analyzer.tables import tally, visit

METRICS = ("rating", "nps", "matrix")
NO_SCORES: Scores = {}


def find_previous(connection: sa.Connection, visit_id: str) -> Previous | None:
    """The visit of the same company that came last before this one."""
    this = sa.select(visit.c.company_id, visit.c.visited_at).where(visit.c.id == visit_id).subquery()
    statement = (
        sa.select(visit.c.id, visit.c.visited_at, visit.c.fair_name)
        .join(this, visit.c.company_id == this.c.company_id)
        .where(visit.c.visited_at < this.c.visited_at, visit.c.id != visit_id)
        .order_by(visit.c.visited_at.desc(), visit.c.id)
        .limit(1)
    )
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    return Previous(row.visited_at, row.fair_name, _scores(connection, [row.id]).get(row.id, NO_SCORES))


def find_companies(connection: sa.Connection, visit_id: str) -> Sequence[Scores]:
    """The sums of every company of the visit's fair, in no order that means anything."""
    fair = sa.select(visit.c.fair_id).where(visit.c.id == visit_id).scalar_subquery()
    rows = connection.execute(
        sa.select(visit.c.id, visit.c.company_id).where(visit.c.fair_id == fair).order_by(visit.c.id)
    ).all()
    scores = _scores(connection, [row.id for row in rows])
    companies: dict[str, list[Scores]] = {}
    for row in rows:
        companies.setdefault(row.company_id, []).append(scores.get(row.id, NO_SCORES))
    return [_added(visits) for _, visits in sorted(companies.items())]


def _scores(connection: sa.Connection, visit_ids: Sequence[str]) -> Mapping[str, Scores]:
    """Opt-outs are no answers; a measure is named by what stands before the value."""
    statement = (
        sa.select(tally.c.visit_id, tally.c.key, sa.func.sum(tally.c.count).label("n"))
        .where(tally.c.visit_id.in_(visit_ids), tally.c.metric.in_(METRICS))
        .group_by(tally.c.visit_id, tally.c.key)
    )
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for row in connection.execute(statement):
        name, _, value = row.key.rpartition(":")
        if value.isdigit():
            n, total = found.setdefault(row.visit_id, {}).get(name, (0, 0))
            found[row.visit_id][name] = (n + int(row.n), total + int(row.n) * int(value))
    return found


def _added(visits: Iterable[Scores]) -> Scores:
    added: dict[str, tuple[int, int]] = {}
    for scores in visits:
        for name, (n, total) in scores.items():
            before = added.get(name, (0, 0))
            added[name] = (before[0] + n, before[1] + total)
    return added
