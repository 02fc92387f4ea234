"""Who holds the link reads the digest; everybody else gets a page that says what to do."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from jsonschema import Draft202012Validator

from analyzer.tables import metadata
from tests.analyzer.reading_room import ReadingRoom, open_room
from tests.analyzer.stories import NOW, analysed, said, scheduled


@pytest.fixture
def away(tmp_path: Path) -> ReadingRoom:
    """A room whose database does not answer."""
    return open_room(tmp_path, "postgresql+psycopg://postgres@127.0.0.1:1/none", migrated=False)


def test_the_link_opens_the_page(room: ReadingRoom) -> None:
    """The happy path, under a policy that allows neither script nor other hosts."""
    answer = room.client.get(f"/d/{room.token()}")
    assert answer.status_code == 200
    assert "Ruige Magnesium" in answer.text
    assert "The furnace is modern." in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("address", "accepted", "language"),
    [
        ("?lang=zh", "en", "zh-Hans"),
        ("?lang=en", "zh-CN", "en"),
        ("", "zh-CN,en;q=0.5", "zh-Hans"),
        ("", "zh-Hans-CN", "zh-Hans"),
        ("", "de", "en"),
        ("?lang=xx", "zh", "zh-Hans"),
    ],
)
def test_the_reader_chooses_the_language(
    room: ReadingRoom, address: str, accepted: str, language: str
) -> None:
    """By the address, else by the browser."""
    answer = room.client.get(f"/d/{room.token()}{address}", headers={"Accept-Language": accepted})
    assert f'<html lang="{language}">' in answer.text
    assert "Accept-Language" in answer.headers["Vary"]


def test_the_json_twin_holds_the_same_numbers(room: ReadingRoom) -> None:
    """For programs of the company."""
    answer = room.client.get(f"/d/{room.token()}.json")
    assert answer.content_type == "application/json"
    assert answer.json["responses"]["answered"] == 4
    assert answer.json["topics"][0]["positive"] == 4


def test_the_api_takes_the_token_in_the_header(room: ReadingRoom) -> None:
    """No token in the address, so none in logs."""
    headers = {"Authorization": f"Bearer {room.token()}"}
    answer = room.client.get("/api/v1/digests/ruige-1124", headers=headers)
    assert answer.json["visit"]["id"] == "ruige-1124"


def test_the_api_without_a_token_says_how(room: ReadingRoom) -> None:
    """401 with the challenge that RFC 6750 asks for."""
    answer = room.client.get("/api/v1/digests/ruige-1124")
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"].lower().startswith("bearer")


def test_a_token_opens_no_other_visit(room: ReadingRoom) -> None:
    """Knowing a visit's id is not enough."""
    room.record([analysed(scheduled("other-1125"))])
    headers = {"Authorization": f"Bearer {room.token()}"}
    assert room.client.get("/api/v1/digests/other-1125", headers=headers).status_code == 404


@pytest.mark.parametrize("form", ["", ".json"])
def test_an_unknown_link_is_404(room: ReadingRoom, form: str) -> None:
    """Forged, cut or for a visit that we have not heard of yet."""
    for token in ("nonsense", room.token()[:-3], room.token("unheard-of")):
        assert room.client.get(f"/d/{token}{form}").status_code == 404


@pytest.mark.parametrize("form", ["", ".json"])
def test_an_expired_link_is_410(room: ReadingRoom, form: str) -> None:
    """It was good once, so the page says whom to ask."""
    token = room.token(days=1)
    room.now[0] = NOW + timedelta(days=2)
    assert room.client.get(f"/d/{token}{form}").status_code == 410


def test_a_revoked_link_is_410_in_both_languages(room: ReadingRoom) -> None:
    """The next generation of the visit's link ends the one before."""
    token = room.token()
    room.record([analysed(scheduled(time=NOW, link_generation=2))])
    answer = room.client.get(f"/d/{token}")
    assert answer.status_code == 410
    assert "This link no longer works" in answer.text
    assert "链接已失效" in answer.text
    assert room.client.get(f"/d/{room.token(generation=2)}").status_code == 200


def test_a_problem_is_told_in_the_readers_language(room: ReadingRoom) -> None:
    """RFC 9457, without the token in it."""
    answer = room.client.get("/d/nonsense.json", headers={"Accept-Language": "zh-CN"})
    assert answer.content_type == "application/problem+json"
    assert answer.json["title"] == "此处没有摘要"
    assert answer.json["status"] == 404
    assert "nonsense" not in answer.text


def test_an_unchanged_digest_is_not_sent_twice(room: ReadingRoom) -> None:
    """304 until somebody answers, for page and JSON."""
    for form in ("", ".json"):
        address = f"/d/{room.token()}{form}"
        headers = {"If-None-Match": room.client.get(address).headers["ETag"]}
        room.now[0] += timedelta(minutes=5)
        assert room.client.get(address, headers=headers).status_code == 304
        room.record([said(f"new{form}")])
        assert room.client.get(address, headers=headers).status_code == 200


def test_opening_a_link_changes_nothing(room: ReadingRoom) -> None:
    """Mail scanners and chat previews open links."""
    before = snapshot(room)
    for address in (f"/d/{room.token()}", f"/d/{room.token()}.json", "/d/nonsense"):
        room.client.get(address)
        room.client.head(address)
    assert snapshot(room) == before


def snapshot(room: ReadingRoom) -> dict[str, list[object]]:
    with room.database.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table))]
            for table in metadata.sorted_tables
        }


def test_a_digest_cannot_be_written_to(room: ReadingRoom) -> None:
    """405, and the address says what it allows."""
    answer = room.client.post(f"/d/{room.token()}")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_database_that_is_away_is_said_kindly(away: ReadingRoom) -> None:
    """503 with a time to come back, as a page and as a problem."""
    page, twin = (away.client.get(f"/d/{away.token()}{form}") for form in ("", ".json"))
    assert (page.status_code, twin.status_code) == (503, 503)
    assert page.headers["Retry-After"] == "5"
    assert "No answer is lost." in page.text


def test_style_sheets_are_kept_for_ever_under_their_hash(room: ReadingRoom) -> None:
    """And every one that the page names is there."""
    page = room.client.get(f"/d/{room.token()}").text
    addresses = [part.split('"')[0] for part in page.split('rel="stylesheet" href="')[1:]]
    assert len(addresses) == 3
    for address in addresses:
        answer = room.client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
    assert room.client.get("/digest-static/x/none.css").status_code == 404


def test_the_page_is_light(room: ReadingRoom) -> None:
    """A phone on a bus: HTML of 200 responses stays below 80 KB compressed."""
    import gzip

    room.record(said(f"many-{i}", text=f"好的第{i}条意见，炉子很先进。") for i in range(200))
    page = room.client.get(f"/d/{room.token()}").data
    assert len(gzip.compress(page)) < 80_000


def test_a_page_holds_no_inline_style_or_script(room: ReadingRoom) -> None:
    """The policy would refuse them."""
    page = room.client.get(f"/d/{room.token()}").text
    assert "<script" not in page
    assert "style=" not in page
    assert "http://" not in page
    assert "https://" not in page


def test_the_json_names_its_schema_which_is_served(room: ReadingRoom) -> None:
    """A program that gets a digest can check it without reading our docs."""
    answer = room.client.get(f"/d/{room.token()}.json")
    address = answer.get_json()["$schema"]
    assert address in answer.headers["Link"]
    served = room.client.get(urlsplit(address).path)
    assert (served.status_code, served.content_type) == (200, "application/schema+json")
    Draft202012Validator(served.get_json()).validate(answer.get_json())
