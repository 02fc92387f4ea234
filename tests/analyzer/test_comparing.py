"""A visit is compared fairly: with its own past beyond noise, with the fair without names."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analyzer.background import find_companies, find_previous
from analyzer.digests.anonymity import AVERAGES_FROM
from analyzer.digests.comparing import Previous, change, measures, standings
from analyzer.digests.model import Change, Distribution
from analyzer.digests.ratings import distribution
from tests.analyzer.reading_room import ReadingRoom, open_room
from tests.analyzer.stories import NOW, SCALE, analysed, answer, said, scheduled, submitted
from tests.analyzer.test_build import build, crowd

LABEL = {"en": "Overall", "zh": "总体"}


def rated(*values: int) -> dict[str, Distribution]:
    return measures(distribution("overall", LABEL, None, SCALE, list(values)), None, ())


def before(n: int, average: float) -> Previous:
    return Previous(
        NOW - timedelta(days=190), {"en": "Fair", "zh": "展会"}, {"overall": (n, round(n * average))}
    )


def moved(own: dict[str, Distribution], previous: Previous) -> str:
    found = change(own, previous)
    assert isinstance(found, Change)
    [movement] = found.measures
    return movement.direction


def test_what_one_expert_could_move_is_no_change() -> None:
    """Ten answers from 1 to 5: 0.4 and less is about the same."""
    assert moved(rated(*[4] * 10), before(10, 3.6)) == "same"
    assert moved(rated(*[4] * 10), before(10, 3.5)) == "up"
    assert moved(rated(*[3] * 10), before(10, 3.5)) == "down"


def test_too_few_answers_then_or_now_are_not_compared() -> None:
    """Two points of three answers each are no trend."""
    few, many = rated(*[4] * (AVERAGES_FROM - 1)), rated(*[4] * AVERAGES_FROM)
    for own, previous in ((few, before(20, 3)), (many, before(AVERAGES_FROM - 1, 3))):
        found = change(own, previous)
        assert found is not None
        assert found.measures == ()


def test_a_first_visit_has_no_change() -> None:
    """None is not zero."""
    assert change(rated(*[4] * 10), None) is None
    assert build(*crowd(10)).change is None


def company(n: int, average: int) -> dict[str, tuple[int, int]]:
    return {"overall": (n, n * average)}


def test_the_fair_is_a_median_with_quartiles() -> None:
    """Of the companies' averages, each company counting once."""
    [one] = standings(rated(*[4] * 10), [company(3, 1), company(40, 2), *(company(5, n) for n in (3, 4, 5))])
    assert (one.lower, one.median, one.upper, one.companies, one.own) == (2, 3, 4, 5, 4)


@pytest.mark.parametrize(
    "companies",
    [
        [company(9, n) for n in (1, 2, 3, 4)],
        [*(company(9, n) for n in (1, 2, 3, 4)), company(2, 5)],
    ],
)
def test_too_few_companies_or_experts_are_not_compared(companies: list[Any]) -> None:
    """Five companies of three experts each, or nothing."""
    assert standings(rated(*[4] * 10), companies) == ()


def test_under_ten_answers_the_own_average_is_not_told() -> None:
    """The fair's median may stand without it."""
    [one] = standings(rated(4, 4, 4), [company(9, n) for n in (1, 2, 3, 4, 5)])
    assert one.own is None


@pytest.fixture
def room(tmp_path: Path, any_database_url: str) -> Iterator[ReadingRoom]:
    room = open_room(tmp_path, any_database_url)
    yield room
    room.database.close()


def visits(room: ReadingRoom, n: int) -> None:
    """Visits of n other companies of the fair, five experts each, all different."""
    for i in range(n):
        names = {"en": f"Rival {i}", "zh": f"对手{i}"}
        other = {"id": f"c-{i}", "name": names, "industry": names}
        answers = [answer("overall", 1 + i), answer("recommend", 2 * i)]
        events = [submitted(f"o-{i}-{k}", answers, visit_id=f"v-{i}") for k in range(5)]
        room.record([analysed(scheduled(f"v-{i}", company=other)), *map(analysed, events)])


def test_the_page_compares_with_the_fair_and_names_nobody(room: ReadingRoom) -> None:
    """From the tallies alone."""
    room.record(crowd(10))
    visits(room, 4)
    page = room.client.get(f"/d/{room.token()}?lang=en").text
    assert "Compared with the fair" in page
    assert "fair median" in page
    assert "Rival" not in page
    with room.database.read() as connection:
        assert len(find_companies(connection, "ruige-1124")) == 5


def test_the_previous_visit_is_found_across_fairs(room: ReadingRoom) -> None:
    """By the company, whatever its id at the later fair."""
    ids = {"id": "ruige-12", "name": LABEL, "industry": LABEL, "needs": []}
    may, year = datetime.fromisoformat("2026-05-18T06:00:00Z"), datetime.fromisoformat("2025-05-18T06:00:00Z")
    later = {"id": "ruige-14", "name": LABEL, "industry": LABEL, "same_as": "ruige", "needs": []}
    room.record([analysed(scheduled("other-0518", company=ids, visited_at=may))])
    room.record([analysed(scheduled("ruige-2025", visited_at=year))])
    room.record([analysed(scheduled("ruige-2028", company=later, visited_at=may.replace(year=2028)))])
    room.record([said(f"p-{i}", visit_id="ruige-2025") for i in range(10)])
    with room.database.read() as connection:
        found = find_previous(connection, "ruige-1124")
        after = find_previous(connection, "ruige-2028")
    assert found is not None
    assert (found.visited_at, found.scores["overall"]) == (year, (10, 40))
    assert after is not None
    assert after.visited_at == scheduled().visited_at
