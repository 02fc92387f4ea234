"""One sentence for the summary only, followed from the phone into every form that a digest can take."""

import email
import email.policy
import io
import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from analyzer.analysis import load_engine
from analyzer.digests.renderers import FORMS, Place
from analyzer.messages import parse
from analyzer.reading import read
from analyzer.views.access import open_digest
from collector import tables
from tests.analyzer.forms import links_of, render
from tests.analyzer.reading_room import ReadingRoom, open_room
from tests.analyzer.stories import NOW, analysed, scheduled
from tests.collector.house import OPEN, SECRET, House, build, good
from tests.collector.pictures import photo
from tests.collector.sounds import sound

QUOTED = "Dust near the polishing line should be extracted at the source."
SUMMARY = "The wolfram furnace leaks heat, management should insulate it quickly."
ORGANISER = "The zirconium store was unsafe and dirty."
GIVEN, KEPT, PENDING = (f"6f0d2c1e-6f2b-4a38-9a43-6d6a6a1f0a0{n}" for n in (1, 2, 3))
SPOKEN = "The cobalt mixer should be oiled every week."
SPOKEN_ORGANISER = "The osmium valve was rusty."
SECRET_WORDS = ("wolfram", "leaks", "insulate", "zirconium", "dirty", "osmium", "rusty")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("collector")
    house = build(f"sqlite:///{folder / 'collector.sqlite3'}", folder)
    yield house
    house.database.close()


@pytest.fixture(scope="module")
def room(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    """Eight responses through the collector's own door, in the messages that it wrote, read for real."""
    sent = [(QUOTED, "quote")] * 6 + [(SUMMARY, "summary"), (ORGANISER, "organiser")]
    for words, reader in sent:
        body = {**good(improve=words), "readership": {"improve": reader}}
        assert house.post(body, house.token(OPEN)).status_code == 201
    photograph(house)
    speak(house, SPOKEN, "quote")
    speak(house, SPOKEN_ORGANISER, "organiser")
    bodies = [row.body.encode() for row in house.rows(tables.outbox)]
    room = open_room(tmp_path_factory.mktemp("analyzer"), SECRET_KEY=SECRET)
    engine = load_engine()
    room.record([analysed(scheduled("visit", invited=10))])
    room.record([read(parse(body), engine, NOW) for body in bodies])
    yield room
    room.database.close()


def photograph(house: House) -> None:
    """A ninth response with three photos: for the company, for the organiser, and one that never arrives."""
    readers = {GIVEN: "quote", KEPT: "organiser", PENDING: "quote"}
    photos = [{"id": photo_id, "readership": reader} for photo_id, reader in readers.items()]
    response_id = house.post({**good(), "photos": photos}, house.token(OPEN)).json["response_id"]
    place, jpeg = f"/api/v1/responses/{response_id}/photos", photo(64, 48)
    key = {"Authorization": f"Bearer {house.token(OPEN)}"}
    for photo_id in (GIVEN, KEPT):
        house.client.post(place, json={"id": photo_id, "size": len(jpeg)}, headers=key)
        piece = {**key, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        assert house.client.patch(f"{place}/{photo_id}", data=jpeg, headers=piece).status_code == 204


def speak(house: House, words: str, reader: str) -> None:
    """A voice note of one more response, written down by the organiser."""
    response_id = house.post(good(), house.token(OPEN)).json["response_id"]
    file = {"voice": (io.BytesIO(sound()), "a.webm"), "r": response_id, "readership": reader}
    assert house.client.post(f"/f/{house.token(OPEN)}/voice", data=file).status_code == 303
    voice_id = house.rows(tables.voice_note)[-1].id
    place = f"{house.overview()}/attachments/visit/voice/{voice_id}"
    assert house.client.post(place, data={"text": words, "name": "Ms Chen"}).status_code == 303


def words_of(form: str, content: bytes) -> str:
    """Everything that a reader of this form can find in it, and everything that lies beneath."""
    if form == "pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    if form == "xlsx":
        sheets = load_workbook(io.BytesIO(content)).worksheets
        return "\n".join(str(cell) for sheet in sheets for row in sheet.values for cell in row)
    if form == "email":
        message = email.message_from_bytes(content, policy=email.policy.default)
        return "\n".join(str(p.get_content()) for p in message.walk() if p.get_content_maintype() == "text")
    return content.decode("utf-8")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("form", FORMS)
def test_words_for_the_summary_reach_no_reader(room: ReadingRoom, form: str, language: str) -> None:
    """Page, JSON, paper, workbook, table, mail, and whatever is registered next."""
    with room.app.test_request_context():
        digest = open_digest(room.token("visit")).digest
    place = Place(page="https://digest.example.org/d/x", static=lambda name: f"/static/{name}")
    said = words_of(form, render(digest, form, language, place))
    assert [word for word in SECRET_WORDS if word in said.lower()] == []
    assert len(said) > 200


def test_words_for_the_summary_reach_no_address(room: ReadingRoom) -> None:
    """The same over HTTP, where a view could still add something."""
    token = room.token("visit")
    for path in (f"/d/{token}", f"/d/{token}.json", f"/d/{token}.csv", "/api/v1/digests/visit"):
        answer = room.client.get(path, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200
        assert [word for word in SECRET_WORDS if word in answer.text.lower()] == []


def test_quoted_words_are_there_so_the_search_can_find_something(room: ReadingRoom) -> None:
    """Or the silence above would prove nothing."""
    page = room.client.get(f"/d/{room.token('visit')}").text
    assert "polishing line" in unmarked(page)


def unmarked(words: str) -> str:
    """As one line, without the marks that the page sets around words."""
    return re.sub(r"\s+", " ", re.sub(r"</?mark[^>]*>", "", words))


def test_the_summary_counts_the_sentence(room: ReadingRoom) -> None:
    """One expert more has advice than is quoted, and the organiser's sentence counts nowhere."""
    digest = json.loads(room.client.get(f"/d/{room.token('visit')}.json").text)
    assert digest["responses"]["answered"] == 11
    assert sum(one["unquoted"] for one in digest["advice"]) == 1
    assert digest["notes"]["sentences"] == 8


@pytest.mark.parametrize("form", FORMS)
def test_what_was_said_and_written_down_is_quoted_like_typed_words(room: ReadingRoom, form: str) -> None:
    """In every form, as spoken; who wrote it down is told in none."""
    with room.app.test_request_context():
        digest = open_digest(room.token("visit")).digest
    place = Place(page="https://digest.example.org/d/x")
    said = unmarked(words_of(form, render(digest, form, "en", place)))
    assert SPOKEN in said
    assert ('"transcribed": true' if form == "json" else "spoken, written down by") in said
    assert "Ms Chen" not in said


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("form", FORMS)
def test_one_photo_reaches_every_form_and_no_other_does(
    room: ReadingRoom, house: House, form: str, language: str
) -> None:
    """The link in each form opens the picture at the collector; the organiser's photo is in none."""
    with room.app.test_request_context():
        opened = open_digest(room.token("visit"))
        place = Place(page="https://digest.example.org/d/x", photo=opened.photo)
        content = render(opened.digest, form, language, place)
        kept = [opened.photo(photo_id) for photo_id in (KEPT, PENDING)]
    links = {link.removesuffix("?size=small") for link in links_of(form, content)}
    [link] = [link for link in links if link.startswith("http://127.0.0.1:8000/photos/")]
    seen = house.client.get(urlsplit(link).path)
    assert (seen.status_code, seen.content_type) == (200, "image/jpeg")
    assert [house.client.get(urlsplit(address).path).status_code for address in kept] == [404, 404]
    assert not [photo_id for photo_id in (KEPT, PENDING) if photo_id in words_of(form, content)]
