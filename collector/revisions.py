"""In which revision its expert last changed an answer of a response.

A photo, a transcript, other readers or another consent make a revision too, and change no answer.
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from collector.tables import submission

Answers = Mapping[str, Any]  # by question id, normalised


def answered_in(connection: sa.Connection, response_ids: Collection[str]) -> dict[tuple[str, int], int]:
    """(response id, revision) -> since which revision its answers are these; of all that are stored."""
    columns = (submission.c.response_id, submission.c.revision, submission.c.answers)
    query = sa.select(*columns).where(submission.c.response_id.in_(response_ids)).order_by(*columns[:2])
    return {
        (response_id, revision): since
        for response_id, rows in groupby(connection.execute(query), attrgetter("response_id"))
        for revision, since in last_changes((row.revision, row.answers) for row in rows)
    }


def last_changes(revisions: Iterable[tuple[int, Answers]]) -> list[tuple[int, int]]:
    """[(1, a), (2, a), (3, b), (4, b)] -> [(1, 1), (2, 1), (3, 3), (4, 3)].  Pure."""
    found: list[tuple[int, int]] = []
    before: Answers | None = None
    for revision, answers in revisions:
        since = found[-1][1] if found and answers == before else revision
        found.append((revision, since))
        before = answers
    return found
