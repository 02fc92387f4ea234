"""Photos in the digest: shown when they are here, their expert gave them, and enough may have sent them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzer.analysis import load_engine
from analyzer.digests.build import build_digest
from analyzer.digests.model import Digest
from analyzer.messages import parse
from analyzer.reading import read
from tests.analyzer.reading_room import ReadingRoom, open_room
from tests.analyzer.stories import NOW, analysed, photo_stored, said, withdrawn
from tests.analyzer.test_build import LABELS, build, crowd, rows, visit
from tests.contract.files import HERE

NAME = {"en": "Li Wei", "zh": "李伟"}


def ids(digest: Digest) -> list[str]:
    return [photo.id for photo in digest.photos]


def test_only_what_was_given_to_the_company_is_shown() -> None:
    """Three readerships, one of which is the company's."""
    given = {"p-quote": "quote", "p-summary": "summary", "p-organiser": "organiser"}
    assert ids(build(*crowd(4), said("r-1", photos=given))) == ["p-quote"]


def test_a_photo_that_has_not_arrived_is_not_shown() -> None:
    """It was declared with the text; the picture still waits on a phone."""
    found = rows([*crowd(4), said("r-1", photos={"p-1": "quote", "p-2": "quote"})])
    digest = build_digest(visit(), found, LABELS, NOW, arrived={"p-2": (640, 480)})
    assert [(photo.id, photo.width, photo.height) for photo in digest.photos] == [("p-2", 640, 480)]


def test_without_consent_to_use_no_photo_is_shown() -> None:
    """Whatever was chosen for the photo itself."""
    assert ids(build(*crowd(4), said("r-1", photos={"p-1": "quote"}, use=False))) == []


def test_photos_wait_for_as_many_answers_as_words_do() -> None:
    """The only two who answered would be known by what they looked at."""
    assert ids(build(*crowd(1), said("r-1", photos={"p-1": "quote"}))) == []


def test_a_small_room_shows_signed_photos_alone() -> None:
    """Three visitors: the host met them all."""
    signed = said("r-1", photos={"p-signed": "quote"}, name=NAME)
    others = [said(f"o-{i}", photos={f"p-{i}": "quote"}) for i in range(2)]
    [photo] = build(signed, *others, invited=3).photos
    assert (photo.id, photo.attribution.name) == ("p-signed", NAME)


def test_a_quote_group_that_is_too_small_hides_photos_too() -> None:
    """As many visitors must stand behind a photo as behind a quote."""
    photos = {"p-1": "quote"}
    assert ids(build(*crowd(5), said("r-1", photos=photos), invited=9, minimum_text=10)) == []
    assert ids(build(*crowd(5), said("r-1", photos=photos), invited=10, minimum_text=10)) == ["p-1"]


@pytest.mark.parametrize(("mode", "name"), [("named", NAME), ("discipline", None), ("pooled", None)])
def test_a_photo_carries_a_name_only_where_quotes_do(mode: str, name: dict[str, str] | None) -> None:
    """The expert agreed to be named; the organiser's mode may still forbid it."""
    digest = build(*crowd(6), said("r-1", photos={"p-1": "quote"}, name=NAME), attribution=mode)
    [photo] = digest.photos
    assert photo.attribution.name == name
    if mode == "pooled":
        assert photo.attribution.organisation_kind is photo.attribution.discipline is None


def test_the_order_tells_nothing_of_who_sent_them() -> None:
    """Photos of one hand do not stand together."""
    events = [said(f"r-{i}", photos={f"p-{i}{j}": "quote" for j in range(4)}) for i in range(5)]
    shown = ids(build(*events))
    assert shown == ids(build(*reversed(events)))
    assert shown != sorted(shown)


@pytest.fixture
def room(any_database_url: str, tmp_path: Path) -> Iterator[ReadingRoom]:
    room = open_room(tmp_path, any_database_url)
    room.record(crowd(4))
    yield room
    room.database.close()


def shown(room: ReadingRoom) -> list[str]:
    return [photo["id"] for photo in room.client.get(f"/d/{room.token()}.json").json["photos"]]


@pytest.mark.parametrize("turn", [1, -1])
def test_a_photo_may_arrive_before_its_response_is_told_or_after(room: ReadingRoom, turn: int) -> None:
    """Retries reorder messages; the digest follows each of them at once."""
    assert shown(room) == []
    events = [said("r-1", photos={"p-1": "quote"}), analysed(photo_stored("p-1"))]
    for event in events[::turn]:
        room.record([event])
    assert shown(room) == ["p-1"]


def test_an_amendment_replaces_the_photos(room: ReadingRoom) -> None:
    """One is kept for the organiser now, one is taken away, one is new."""
    room.record([said("r-1", photos={"p-1": "quote", "p-2": "quote"})])
    room.record([analysed(photo_stored(f"p-{i}")) for i in (1, 2, 3)])
    assert sorted(shown(room)) == ["p-1", "p-2"]
    room.record([said("r-1", photos={"p-1": "organiser", "p-3": "quote"}, revision=2)])
    assert shown(room) == ["p-3"]


def test_a_withdrawal_takes_the_photos_along(room: ReadingRoom) -> None:
    """From the digest, and from the tables."""
    room.record([said("r-1", photos={"p-1": "quote"}), analysed(photo_stored("p-1"))])
    assert shown(room) == ["p-1"]
    room.record([analysed(withdrawn("r-1"))])
    assert shown(room) == []


def test_the_same_photo_told_twice_is_one_photo(room: ReadingRoom) -> None:
    """At-least-once delivery, and a second event about the same file."""
    room.record([said("r-1", photos={"p-1": "quote"})])
    again = photo_stored("p-1")
    room.record([analysed(again), analysed(again)])
    room.record([analysed(photo_stored("p-1"))])
    assert shown(room) == ["p-1"]


def test_a_message_from_before_photos_has_none(room: ReadingRoom) -> None:
    """Old messages stay readable, and those with photos are read with them."""
    before = parse((HERE / "examples" / "response-minimal.json").read_bytes())
    assert before.photos == ()  # type: ignore[union-attr]
    told = parse((HERE / "examples" / "response-photos.json").read_bytes())
    [first, second] = told.photos  # type: ignore[union-attr]
    assert (first.readership, second.readership) == ("quote", "organiser")
    assert read(told, load_engine(), NOW).event is told


def test_links_live_and_die_with_the_digest_s_own(room: ReadingRoom) -> None:
    """Two links to one digest: each opens the photos for as long as it lives itself."""
    room.record([said("r-1", photos={"p-1": "quote"}), analysed(photo_stored("p-1"))])
    places = [f"/d/{room.token(days=days)}.json" for days in (7, 30)]
    week, month = (room.client.get(place).json["photos"][0]["address"] for place in places)
    assert week.startswith("http://127.0.0.1:8000/photos/")
    assert week != month


def test_the_page_may_show_pictures_of_the_collector_and_of_no_other_host(room: ReadingRoom) -> None:
    """In the embedded run it stands on another port."""
    policy = room.client.get(f"/d/{room.token()}").headers["Content-Security-Policy"]
    assert "img-src 'self' data: http://127.0.0.1:8000;" in policy
