"""Promises about photos: they come in pieces, and are seen by whom the expert chose."""

import io
import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from PIL import Image
from werkzeug.test import TestResponse

import collector.uploads
from collector import tables
from collector.links import COMPANY, SENDER, Sight, photo_token
from tests.collector.house import DEADLINE, ENGLISH, OPEN, SECRET, House, good
from tests.collector.meanwhile import ask_otherwise, overtaken
from tests.collector.pictures import HOSTILE, photo
from tests.contract.files import schema_of

PHOTO = "6f0d2c1e-6f2b-4a38-9a43-6d6a6a1f0a01"
JPEG = photo(1200, 900)


def respond(house: House, token: str | None = None, **more: object) -> str:
    return str(house.post({**good(), **more}, token).json["response_id"])


def begin(
    house: House, response_id: str, size: int = len(JPEG), token: str | None = None, **more: str
) -> TestResponse:
    headers = {"Authorization": f"Bearer {token or house.token()}"}
    body = {"id": PHOTO, "size": size, **more}
    return house.client.post(f"/api/v1/responses/{response_id}/photos", json=body, headers=headers)


def patch(house: House, response_id: str, offset: int, piece: bytes, photo_id: str = PHOTO) -> TestResponse:
    headers = {"Authorization": f"Bearer {house.token()}", "Upload-Offset": str(offset)}
    place = f"/api/v1/responses/{response_id}/photos/{photo_id}"
    return house.client.patch(
        place, data=piece, headers=headers, content_type="application/offset+octet-stream"
    )


def upload(house: House, content: bytes = JPEG, **more: str) -> str:
    response_id = respond(house)
    begin(house, response_id, len(content), **more)
    patch(house, response_id, 0, content)
    return response_id


def see(house: House, audience: str = SENDER, photo_id: str = PHOTO, query: str = "") -> TestResponse:
    generation = 1 if audience == COMPANY else None
    token = photo_token(SECRET, Sight(photo_id, audience, house.now + timedelta(hours=1), generation))
    return house.client.get(f"/photos/{token}{query}")


def test_a_photo_goes_on_where_it_broke_off(house: House) -> None:
    """HEAD tells how much is here; nothing is sent twice, and the picture is whole."""
    response_id = respond(house)
    assert begin(house, response_id).status_code == 201
    assert patch(house, response_id, 0, JPEG[:1000]).headers["Upload-Offset"] == "1000"
    headers = {"Authorization": f"Bearer {house.token()}"}
    told = house.client.head(f"/api/v1/responses/{response_id}/photos/{PHOTO}", headers=headers)
    assert (told.headers["Upload-Offset"], told.headers["Upload-Length"]) == ("1000", str(len(JPEG)))
    assert patch(house, response_id, 1000, JPEG[1000:]).status_code == 204
    shown = see(house)
    assert (shown.status_code, shown.content_type) == (200, "image/jpeg")
    with Image.open(io.BytesIO(shown.data)) as image:
        assert image.size == (1200, 900)
    assert house.rows(tables.photo_chunk) == []


def test_beginning_twice_is_beginning_once(house: House) -> None:
    """The phone's own id makes every retry safe, also after the last byte."""
    response_id = respond(house)
    assert [begin(house, response_id).status_code for _ in range(2)] == [201, 200]
    patch(house, response_id, 0, JPEG)
    again = begin(house, response_id)
    assert (again.status_code, again.json["state"], again.json["offset"]) == (200, "stored", len(JPEG))
    assert [row.revision for row in house.rows(tables.response)] == [2]


def test_a_photo_that_was_declared_makes_no_revision(house: House) -> None:
    """The text was sent once, with the photo's id; the pictures follow."""
    response_id = respond(house, photos=[{"id": PHOTO}])
    begin(house, response_id)
    assert [row.revision for row in house.rows(tables.response)] == [1]


def test_a_piece_at_the_wrong_place_is_told_the_right_one(house: House) -> None:
    """A phone that lost count asks and goes on."""
    response_id = respond(house)
    begin(house, response_id)
    patch(house, response_id, 0, JPEG[:10])
    answer = patch(house, response_id, 0, JPEG[:10])
    assert (answer.status_code, answer.json["offset"]) == (409, 10)


def test_more_bytes_than_announced_are_refused(house: House) -> None:
    """And so is a photo that announces more than 8 MB."""
    response_id = respond(house)
    begin(house, response_id, 5)
    assert patch(house, response_id, 0, b"123456").status_code == 413
    assert begin(house, response_id, 9_000_000).status_code == 413


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "nothing"])
def test_a_hostile_upload_is_refused_for_good(house: House, name: str) -> None:
    """The refusal is remembered, nothing of the file stays, and the answers are as they were."""
    response_id = respond(house)
    content = HOSTILE[name]
    begin(house, response_id, len(content))
    offset = 0
    for start in range(0, len(content), 200_000):
        answer = patch(house, response_id, offset, content[start : start + 200_000])
        offset = start + 200_000
    assert answer.status_code in (413, 422)
    assert patch(house, response_id, 0, b"again").status_code == 422
    assert house.rows(tables.photo_chunk) == []
    assert see(house).status_code == 404


@pytest.mark.parametrize(
    ("answered", "chosen", "consent", "status"),
    [
        ("by consent", "quote", {"use": True}, 200),
        ("by default", None, {"use": True}, 404),
        ("to the organiser", "organiser", {"use": True}, 404),
        ("without consent", "quote", {"use": False}, 404),
    ],
)
def test_the_company_sees_what_the_expert_allows(
    house: House, answered: str, chosen: str | None, consent: dict, status: int
) -> None:
    """Asked at every look, whatever the link says; the sender sees the own photo always."""
    declared = {"id": PHOTO, **({"readership": chosen} if chosen else {})}
    response_id = respond(house, photos=[declared], consent=consent)
    begin(house, response_id)
    patch(house, response_id, 0, JPEG)
    assert see(house, COMPANY).status_code == status
    assert see(house, SENDER).status_code == 200


def test_a_narrowed_readership_holds_for_old_links(house: House) -> None:
    """The company's link was good a minute ago."""
    response_id = upload(house, readership="quote")
    assert see(house, COMPANY).status_code == 200
    house.post({**good(overall=2), "photos": [{"id": PHOTO, "readership": "organiser"}]})
    assert see(house, COMPANY).status_code == 404
    assert response_id


def test_revoking_a_digest_s_links_ends_its_photos_links(house: House) -> None:
    """The sender's own is another link."""
    upload(house, readership="quote")
    with house.database.write() as connection:
        connection.execute(sa.update(tables.visit).values(link_generation=2))
    assert (see(house, COMPANY).status_code, see(house, SENDER).status_code) == (410, 200)


def test_a_list_of_photos_asks_for_small_ones(house: House) -> None:
    """The same link, the same rules, a tenth of the bytes."""
    upload(house)
    small, whole = see(house, query="?size=small"), see(house)
    with Image.open(io.BytesIO(small.data)) as image:
        assert image.size == (480, 360)
    assert len(small.data) < len(whole.data)


def test_the_analyzer_is_told_when_a_photo_is_here(house: House) -> None:
    """Once, in the words of the contract, whichever way it came; a refused one is not told."""
    response_id = upload(house)
    bad = str(uuid4())
    headers = {"Authorization": f"Bearer {house.token()}"}
    house.client.post(f"/api/v1/responses/{response_id}/photos", json={"id": bad, "size": 5}, headers=headers)
    assert patch(house, response_id, 0, b"words", bad).status_code == 422
    add_files(house, ("a.jpg", JPEG))
    told = [json.loads(row.body) for row in house.rows(tables.outbox) if row.type == "photo.stored.v1"]
    stored = [row.id for row in house.rows(tables.photo) if row.state == "stored"]
    assert [event["data"]["photo_id"] for event in told] == sorted(stored, key=lambda one: one != PHOTO)
    for event in told:
        schema_of("photo.stored.v1").validate(event)
        assert (event["data"]["width"], event["data"]["response_id"]) == (1200, response_id)


def test_a_forged_or_old_link_shows_nothing(house: House) -> None:
    """404 and 410, like every other link."""
    upload(house)
    token = photo_token(SECRET, Sight(PHOTO, SENDER, house.now + timedelta(hours=1)))
    assert house.client.get(f"/photos/{token}x").status_code == 404
    house.now += timedelta(hours=2)
    assert house.client.get(f"/photos/{token}").status_code == 410


def test_pictures_run_nothing_in_a_browser(house: House) -> None:
    """A type that is not guessed, and a policy that allows nothing."""
    upload(house)
    shown = see(house)
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_photo_needs_its_response_and_its_own_link(house: House) -> None:
    """No response, another expert's link, no link at all."""
    assert begin(house, str(uuid4())).status_code == 404
    response_id = respond(house)
    assert begin(house, response_id, token=house.token(ENGLISH)).status_code == 404
    assert begin(house, response_id, token="nonsense").status_code == 401


def test_an_id_of_another_response_is_refused(house: House) -> None:
    """Two experts' phones would have to make the same UUID, or one of them cheats."""
    upload(house)
    other = respond(house, house.token(OPEN))
    assert begin(house, other, token=house.token(OPEN)).status_code == 422


def test_an_amendment_that_comes_meanwhile_is_kept(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The expert sends new answers while the photo's declaration is under way: both stand in the end."""
    response_id = house.post(good(impressed="First words.")).json["response_id"]
    with overtaken(house, monkeypatch, lambda: house.post(good(overall=1, impressed="Later words."))):
        assert begin(house, response_id, readership="quote").status_code == 201
    newest = max(house.rows(tables.submission), key=lambda row: row.revision)
    assert (newest.revision, newest.answers["overall"]) == (3, 1)
    assert newest.answers["impressed"] == "Later words."
    assert newest.photos == [{"id": PHOTO, "readership": "quote"}]


def test_a_photo_never_undoes_a_withdrawal(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a receipt that was left open, or in the very moment: what was taken back stays so."""
    response_id = respond(house)

    def withdraw() -> object:
        return house.client.post(f"/f/{house.token()}/withdraw")

    with overtaken(house, monkeypatch, withdraw):
        assert begin(house, response_id).status_code == 410
    assert add_files(house, ("a.jpg", JPEG)).status_code == 410
    [row] = house.rows(tables.response)
    assert (row.revision, row.withdrawn_at is None, row.photos) == (1, False, [])


def test_a_photo_that_follows_keeps_what_was_shown_with_the_answers(house: House) -> None:
    """The organiser has a new notice and questionnaire since: consent was given upon the old ones."""
    shown = "a" * 64
    response_id = respond(house, notice=shown, left_out=["cooperation_forms"])
    ask_otherwise(house)
    begin(house, response_id)
    first, second = sorted(house.rows(tables.submission), key=lambda row: row.revision)
    for name in ("notice", "questionnaire_version", "dropped", "answers", "consent"):
        assert getattr(second, name) == getattr(first, name)
    assert (first.notice, first.dropped) == (shown, ["cooperation_forms"])
    told = [json.loads(row.body)["data"] for row in house.rows(tables.outbox)]
    assert [event["notice"] for event in told] == [{"sha256": shown}] * 2
    assert told[0]["questionnaire"] == told[1]["questionnaire"]


def patch_open(house: House, response_id: str, photo_id: str, piece: bytes) -> TestResponse:
    headers = {"Authorization": f"Bearer {house.token(OPEN)}", "Upload-Offset": "0"}
    place = f"/api/v1/responses/{response_id}/photos/{photo_id}"
    return house.client.patch(
        place, data=piece, headers=headers, content_type="application/offset+octet-stream"
    )


def test_an_open_link_takes_photos_of_the_response_that_the_device_named(house: House) -> None:
    """Two people behind one QR code: each id opens its own response, and nobody knows the other's."""
    mine, other = str(uuid4()), str(uuid4())
    for key in (mine, other):
        house.post(good(), house.token(OPEN), key)
    assert begin(house, mine, token=house.token(OPEN)).status_code == 201
    assert patch_open(house, mine, PHOTO, JPEG).status_code == 204
    assert patch_open(house, other, PHOTO, JPEG).status_code == 404
    assert begin(house, str(uuid4()), token=house.token(OPEN)).status_code == 404
    photos = {row.id: row.photos for row in house.rows(tables.response)}
    assert ([photo["id"] for photo in photos[mine]], photos[other]) == ([PHOTO], [])


@pytest.mark.parametrize("bound", ["OPEN_AN_HOUR", "OPEN_UNFINISHED", "OPEN_IN_ALL"])
def test_an_open_link_that_has_had_enough_says_when_to_come_back(
    house: House, bound: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has begun goes on, and personal links notice nothing."""
    monkeypatch.setattr(collector.uploads, bound, 1)
    response_id = respond(house, house.token(OPEN))
    assert begin(house, response_id, token=house.token(OPEN)).status_code == 201
    refused = begin(house, response_id, token=house.token(OPEN), id=str(uuid4()))
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 600
    assert begin(house, response_id, token=house.token(OPEN)).status_code == 200
    page = add_files(house, ("a.jpg", JPEG), token=house.token(OPEN), r=response_id)
    assert page.status_code == 429
    assert begin(house, respond(house), id=str(uuid4())).status_code == 201


def test_a_sixth_photo_is_refused(house: House) -> None:
    """Five are enough, and the reader has three minutes."""
    response_id = respond(house, photos=[{"id": str(uuid4())} for _ in range(5)])
    answer = begin(house, response_id)
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, "too_many")


def test_a_photo_may_arrive_after_the_deadline_if_it_was_declared_before(house: House) -> None:
    """A week of grace for the bad network; a new photo is an amendment and too late."""
    response_id = respond(house, photos=[{"id": PHOTO}])
    house.now = DEADLINE + timedelta(days=3)
    begin(house, response_id)
    assert patch(house, response_id, 0, JPEG).status_code == 204
    headers = {"Authorization": f"Bearer {house.token()}"}
    late = {"id": str(uuid4()), "size": 10}
    place = f"/api/v1/responses/{response_id}/photos"
    assert house.client.post(place, json=late, headers=headers).status_code == 410
    house.now = DEADLINE + timedelta(days=8)
    assert begin(house, response_id).status_code == 410


def test_the_pictures_lie_outside_of_what_is_served(house: House, tmp_path: Path) -> None:
    """Under their id, in the data folder."""
    upload(house)
    assert [p.name for p in (tmp_path / "photos").rglob("*.jpg")] == [f"{PHOTO}.jpg"]


def add_files(house: House, *files: tuple[str, bytes], token: str | None = None, **more: str) -> TestResponse:
    data = {"photo": [(io.BytesIO(content), name) for name, content in files], "lang": "en", **more}
    return house.client.post(f"/f/{token or house.token()}/photos", data=data, follow_redirects=True)


def test_without_script_files_are_added_on_the_receipt(house: House) -> None:
    """A plain file field; the answers are safe before the first byte."""
    respond(house)
    page = add_files(house, ("a.jpg", JPEG), ("b.png", photo(kind="PNG")), readership="quote").text
    assert "2 of 2 have arrived." in page
    assert page.count("The company may see it.") == 2
    assert page.count("<img") == 2
    assert len(house.rows(tables.photo)) == 2


def test_a_bad_file_among_good_ones_is_told_and_costs_nothing(house: House) -> None:
    """The others have arrived; the answers were never in danger."""
    respond(house)
    page = add_files(house, ("a.jpg", JPEG), ("evil.png", HOSTILE["an SVG that calls itself PNG"])).text
    assert "1 of the files could not be taken." in page
    assert "1 of 1 have arrived." in page
    page = add_files(house, ("evil.png", HOSTILE["words"])).text
    assert "None of these files could be read as a photo. Your answers are safe." in page


def test_no_file_and_too_many_files_say_so(house: House) -> None:
    """In words, on the same page."""
    respond(house)
    assert "Choose at least one photo." in add_files(house).text
    assert "5 photos at most." in add_files(house, *[("a.jpg", JPEG)] * 6).text


def test_a_photo_can_be_taken_away(house: House) -> None:
    """It leaves the response, the links and the store."""
    upload(house, readership="quote")
    page = house.client.post(
        f"/f/{house.token()}/photos/{PHOTO}/remove", data={"lang": "en"}, follow_redirects=True
    )
    assert "<img" not in page.text
    assert (see(house, COMPANY).status_code, see(house).status_code) == (404, 404)
    assert house.rows(tables.response)[0].photos == []


def test_a_photo_under_way_is_told_on_the_receipt(house: House) -> None:
    """The receipt never says that all is here when it is not."""
    respond(house, photos=[{"id": PHOTO}, {"id": str(uuid4())}])
    page = house.client.get(f"/f/{house.token()}/receipt?lang=en").text
    assert "0 of 2 have arrived." in page
    assert "Photo 2 is still on its way." in page
