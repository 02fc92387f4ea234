"""Reading what was stored: invitations with their visit, responses, drafts; SQLite and PostgreSQL."""

from datetime import timedelta

from collector.drafts import Kept, Typed, keep
from collector.store import find_draft, find_invitation, find_response
from tests.collector.house import DEADLINE, NOW, OPEN, PERSONAL, House, good


def test_an_invitation_comes_with_its_visit_and_expert(house: House) -> None:
    """One look gives all that the form shows."""
    with house.database.read() as connection:
        found = find_invitation(connection, PERSONAL)
    assert found is not None
    assert found.expert is not None
    assert (found.visit.company["zh"], found.expert.language) == ("瑞格镁业", "zh")
    assert (found.visit.deadline, found.visit.zone.key) == (DEADLINE, "Asia/Shanghai")


def test_an_open_invitation_has_no_expert(house: House) -> None:
    """Nobody's name may stand on the page behind a QR code."""
    with house.database.read() as connection:
        found = find_invitation(connection, OPEN)
    assert found is not None
    assert found.expert is None


def test_a_visit_is_closed_from_its_deadline_on(house: House) -> None:
    """18:00 means 18:00."""
    with house.database.read() as connection:
        found = find_invitation(connection, PERSONAL)
    assert found is not None
    assert not found.closed(DEADLINE - timedelta(seconds=1))
    assert found.closed(DEADLINE)


def test_the_newest_revision_is_read(house: House) -> None:
    """Who reopens the form sees what they said last."""
    house.post(good(overall=2))
    house.post(good(overall=5))
    with house.database.read() as connection:
        found = find_response(connection, PERSONAL)
    assert found is not None
    assert (found.revision, found.answers["overall"]) == (2, 5)


def test_an_open_response_is_found_only_by_its_id(house: House) -> None:
    """An open link alone shows nobody's answers."""
    made = house.post(good(), token=house.token(OPEN)).json["response_id"]
    with house.database.read() as connection:
        assert find_response(connection, OPEN) is None
        assert find_response(connection, OPEN, made) is not None
        assert find_response(connection, PERSONAL, made) is None


def test_the_newest_draft_wins(house: House) -> None:
    """One row per invitation, overwritten by the device that goes on from it."""
    for revision, overall in ((1, 1), (2, 5)):
        at = NOW + timedelta(minutes=overall)
        typed = Typed({"answers": {"overall": overall}}, "zh", at, revision - 1, "phone", False)
        with house.database.write() as connection:
            assert keep(connection, PERSONAL, typed) == Kept(revision, at)
    with house.database.read() as connection:
        found = find_draft(connection, PERSONAL)
    assert found is not None
    assert (found.answers, found.revision) == ({"answers": {"overall": 5}}, 2)
