"""The organiser's overview: counts, states, QR codes, links; read-only and without names."""

import json
import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
import sqlalchemy as sa

from collector import outbox, tables
from collector.links import read_digest_token, read_form_token
from collector.overview import Pipe, list_visits
from tests.collector.house import DEADLINE, ENGLISH, NOW, OPEN, SECRET, VISITED_AT, House, build, good


def page(house: House, query: str = "?lang=en") -> str:
    return unescape(house.client.get(house.overview() + query).text)


def answer_three(house: House) -> None:
    """Two experts and one passer-by: as many as the minimum group."""
    house.post(good(impressed="a secret remark"))
    house.post(good(), token=house.token(ENGLISH))
    house.post(good(), token=house.token(OPEN))


def test_answers_are_counted_by_visit(house: House) -> None:
    """Personal answers against invitations; the QR's answers stand apart."""
    answer_three(house)
    house.post(good(overall=1))  # an amendment is not another answer
    with house.database.read() as connection:
        (line,) = list_visits(connection, "fair")
    assert (line.invited, line.answered, line.by_open) == (2, 2, 1)


def test_a_withdrawn_link_is_not_counted_as_invited(house: House) -> None:
    """An expert who was taken off the visit does not lower the rate."""
    house.revoke()
    with house.database.read() as connection:
        assert list_visits(connection, "fair")[0].invited == 1


def test_the_page_shows_counts_and_links(house: House) -> None:
    """Company, date, answered of invited, deadline, QR."""
    house.post(good())
    shown = page(house)
    for words in (
        "Autumn Fair",
        "Tue 24 Nov, today",
        "Ruige Magnesium",
        "14:30",
        "1 of 2 invitations",
        "QR sheet",
    ):
        assert words in shown
    assert "1 Dec, 18:00" in shown


def test_the_page_speaks_chinese(house: House) -> None:
    """The same facts, written for Chinese readers."""
    shown = page(house, "?lang=zh")
    for words in ("秋季交流会", "瑞格镁业", "11月24日 周二，今天", "已发邀请 2 份", "不足 3 份"):
        assert words in shown


def test_the_page_names_nobody_and_quotes_nothing(house: House) -> None:
    """Organisers see how many have answered, never who wrote what."""
    answer_three(house)
    shown = page(house)
    for secret in ("Expert e1", "a secret remark", house.token()):
        assert secret not in shown


def test_the_digest_opens_with_enough_answers(house: House) -> None:
    """Below the minimum group there is no link; then one that the analyzer can check."""
    house.post(good())
    assert "/d/" not in page(house)
    answer_three(house)
    token = re.search(r'href="http://127\.0\.0\.1:8001/d/([^"]+)"', page(house))[1]
    grant = read_digest_token(SECRET, token, NOW)
    assert (grant.subject, grant.generation, grant.expires_at) == ("visit", 1, NOW + timedelta(days=30))


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (VISITED_AT - timedelta(days=1), "Planned"),
        (NOW, "Under 3 answers"),
        (DEADLINE, "Closed"),
    ],
)
def test_a_visit_has_a_state(house: House, now: object, words: str) -> None:
    """Planned, then open, then closed; too few answers are said while they can still come."""
    house.now = now
    shown = unescape(house.client.get(house.overview(until=DEADLINE + timedelta(days=9)) + "?lang=en").text)
    assert words in shown


def test_an_open_visit_with_enough_answers_says_until_when(house: House) -> None:
    """The state that organisers hope for."""
    answer_three(house)
    assert "Open until 1 Dec" in page(house)


def publish(house: House, count: int, now: object) -> None:
    with house.database.write() as connection:
        ids = connection.scalars(sa.select(tables.outbox.c.id).limit(count)).all()
        outbox.mark_published(connection, ids, now)


def test_the_pipe_says_what_waits(house: House) -> None:
    """Accepted, published, and how long the oldest has been waiting."""
    answer_three(house)
    publish(house, 2, NOW)
    house.now += timedelta(seconds=40)
    shown = page(house)
    assert "1 waiting, the oldest for 40 seconds." in shown
    assert "Working" in shown


def test_only_answers_are_counted_in_the_pipe(house: House) -> None:
    """Visits are announced through the same outbox; they are nobody's answer."""
    house.post(good())
    with house.database.write() as connection:
        row = connection.execute(sa.select(tables.outbox)).mappings().one()
        other = {**row, "id": None, "event_id": "another", "type": "visit.scheduled.v1"}
        del other["id"]
        connection.execute(sa.insert(tables.outbox), other)
    assert "1 waiting" in page(house)


@pytest.mark.parametrize(
    ("waiting", "moved", "state"),
    [
        (None, None, "working"),
        (timedelta(minutes=5), None, "working"),
        (timedelta(minutes=6), None, "delayed"),
        (timedelta(minutes=16), None, "stopped"),
        (timedelta(hours=9), timedelta(minutes=1), "delayed"),
        (timedelta(hours=9), timedelta(minutes=16), "stopped"),
    ],
)
def test_the_pipe_has_three_states(waiting: timedelta | None, moved: timedelta | None, state: str) -> None:
    """Stopped means that nothing moves; a relay that catches up after a long outage is delayed."""
    pipe = Pipe(5, 3, 2, NOW - waiting if waiting else None, NOW, NOW - moved if moved else None)
    assert pipe.state(NOW) == state


def test_a_stopped_pipe_says_what_to_do(house: House) -> None:
    """Answers are safe; somebody has to look at the broker."""
    house.post(good())
    house.now += timedelta(hours=2)
    shown = page(house)
    assert "Stopped" in shown
    assert "the oldest for 2 hours" in shown
    assert "ask the operator" in shown


def test_a_fair_without_visits_has_an_empty_state(any_database_url: str, tmp_path: Path) -> None:
    """SAMPLE=0 starts with nothing: the page says how to go on."""
    house = build(any_database_url, tmp_path, fill=False)
    with house.database.write() as connection:
        connection.execute(
            sa.insert(tables.fair).values(
                id="fair",
                name={"en": "Empty", "zh": "空"},
                timezone="Asia/Shanghai",
                starts_on="2026-11-24",
                ends_on="2026-11-24",
                sample=False,
                link_generation=1,
            )
        )
    try:
        assert "No visits yet." in page(house)
        assert "Nothing is waiting." in page(house)
    finally:
        house.database.close()


@pytest.mark.parametrize("path", ["", "/qr", "/qr/visit.svg"])
def test_an_expired_link_says_so(house: House, path: str) -> None:
    """410 with words, on every page behind the link."""
    address = house.overview(until=NOW) + path
    answer = house.client.get(address)
    assert answer.status_code == 410
    assert "This link has expired" in answer.text
    assert "链接已过期" in answer.text


def test_a_revoked_link_is_over(house: House) -> None:
    """A newer generation of links ends the older ones."""
    with house.database.write() as connection:
        connection.execute(sa.update(tables.fair).values(link_generation=2))
    assert house.client.get(house.overview(generation=1)).status_code == 410
    assert house.client.get(house.overview(generation=2)).status_code == 200


def test_other_tokens_do_not_open_the_overview(house: House) -> None:
    """An expert's token is not an organiser's."""
    assert house.client.get(f"/o/{house.token()}").status_code == 404


def test_the_qr_leads_to_the_open_form(house: House) -> None:
    """The sheet prints the same address in letters; it is the visit's open link."""
    sheet = house.client.get(house.overview() + "/qr?visit=visit&lang=en").text
    token = re.search(r"http://127\.0\.0\.1:8000/f/([^<\s]+)", sheet)[1]
    assert read_form_token(SECRET, token) == OPEN
    assert "/qr/visit.svg" in sheet
    for words in ("瑞格镁业", "Ruige Magnesium", "约 3 分钟", "About 3 minutes"):
        assert words in sheet


def test_the_qr_is_an_svg(house: House) -> None:
    """Black on white in every theme, and not kept: it holds a token."""
    answer = house.client.get(house.overview() + "/qr/visit.svg")
    assert answer.content_type == "image/svg+xml"
    assert answer.data.startswith(b"<?xml")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/qr?visit=other", "/qr/other.svg"])
def test_a_visit_of_another_fair_has_no_sheet(house: House, path: str) -> None:
    """The link opens its own fair only."""
    assert house.client.get(house.overview() + path).status_code == 404


def test_opening_the_overview_changes_nothing(house: House) -> None:
    """Read-only: every table is as before."""
    before = json.dumps([len(house.rows(table)) for table in tables.metadata.sorted_tables])
    page(house)
    house.client.get(house.overview() + "/qr")
    assert json.dumps([len(house.rows(table)) for table in tables.metadata.sorted_tables]) == before
    assert house.client.post(house.overview()).status_code == 405
