"""Promises about voice notes: the sender and the organiser hear them, the company reads a transcript."""

import io
import json
import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from collector import tables
from collector.housekeeping import Purged, purge
from collector.links import COMPANY, ORGANISER, SENDER, Sight, photo_token
from collector.photostore import open_photo_store
from collector.views import voice as views
from tests.collector.house import DEADLINE, ENGLISH, OPEN, SECRET, House, good
from tests.collector.meanwhile import ask_otherwise, overtaken
from tests.collector.sounds import HOSTILE, sound
from tests.contract.files import schema_of

VOICE = "6f0d2c1e-6f2b-4a38-9a43-6d6a6a1f0b01"
SOUND = sound()
WORDS = "打磨线附近粉尘较大，建议在源头收尘。"


def respond(house: House, token: str | None = None, **more: object) -> str:
    return str(house.post({**good(), **more}, token).json["response_id"])


def begin(house: House, response_id: str, token: str | None = None, **more: object) -> TestResponse:
    headers = {"Authorization": f"Bearer {token or house.token()}"}
    body = {"id": VOICE, "size": len(SOUND), **more}
    return house.client.post(f"/api/v1/responses/{response_id}/voice", json=body, headers=headers)


def patch(
    house: House, response_id: str, piece: bytes = SOUND, offset: int = 0, voice_id: str = VOICE
) -> TestResponse:
    headers = {"Authorization": f"Bearer {house.token()}", "Upload-Offset": str(offset)}
    place = f"/api/v1/responses/{response_id}/voice/{voice_id}"
    return house.client.patch(
        place, data=piece, headers=headers, content_type="application/offset+octet-stream"
    )


def speak(house: House, **more: object) -> str:
    response_id = respond(house, **{k: v for k, v in more.items() if k == "consent"})
    begin(house, response_id, **{k: v for k, v in more.items() if k == "readership"})
    assert patch(house, response_id).status_code == 204
    return response_id


def hear(house: House, audience: str = ORGANISER, **headers: str) -> TestResponse:
    generation = 1 if audience == COMPANY else None
    token = photo_token(SECRET, Sight(VOICE, audience, house.now + timedelta(hours=1), generation))
    return house.client.get(f"/voice/{token}", headers=headers)


def write_down(house: House, text: str = WORDS, name: str = "Ms Chen", voice_id: str = VOICE) -> TestResponse:
    place = f"{house.overview(until=house.now + timedelta(days=1))}/attachments/visit/voice/{voice_id}"
    return house.client.post(place, data={"text": text, "name": name, "lang": "en"}, follow_redirects=True)


def events(house: House) -> list[Any]:
    told = [json.loads(row.body) for row in house.rows(tables.outbox)]
    return [event["data"] for event in told if event["type"] == "response.submitted.v1"]


def spoken(event: Any) -> list[dict[str, Any]]:
    return [answer for answer in event["answers"] if answer["question_id"].startswith("voice-")]


def test_only_what_the_expert_changes_counts_as_a_change(house: House) -> None:
    """Photo, transcript and fewer readers are revisions of the same answers; withdrawing changes none.

    The receipt counts as the message does.
    """
    response_id = speak(house)
    write_down(house)
    house.post({**good(), "readership": {"improve": "organiser"}})
    receipt = f"/f/{house.token()}/receipt?lang=en"
    assert "this is the newest" not in house.client.get(receipt).text
    house.post(good(overall=1))
    assert "Changed once, this is the newest." in house.client.get(receipt).text
    declare = {"id": "6f0d2c1e-6f2b-4a38-9a43-6d6a6a1f0b02", "size": 100}
    place = f"/api/v1/responses/{response_id}/photos"
    house.client.post(place, json=declare, headers={"Authorization": f"Bearer {house.token()}"})
    house.client.post(f"/f/{house.token()}/withdraw")
    house.post(good(overall=1))
    house.post(good(overall=4))
    told = [(event["revision"], event["answers_revision"]) for event in events(house)]
    assert told == [(1, 1), (2, 1), (3, 1), (4, 4), (5, 4), (6, 4), (7, 7)]


def test_a_voice_note_goes_on_where_it_broke_off(house: House) -> None:
    """The same upload as a photo's; it makes no revision, and is heard in the end."""
    response_id = respond(house)
    assert begin(house, response_id).status_code == 201
    patch(house, response_id, SOUND[:1000])
    again = begin(house, response_id)
    assert (again.status_code, again.json["offset"]) == (200, 1000)
    assert patch(house, response_id, SOUND[1000:], 1000).status_code == 204
    [row] = house.rows(tables.voice_note)
    assert (row.state, round(row.seconds)) == ("stored", 1)
    assert house.rows(tables.voice_chunk) == []
    assert len(events(house)) == 1
    answer = hear(house)
    assert (answer.status_code, answer.content_type) == (200, "audio/mp4")


def test_players_may_ask_for_a_part(house: House) -> None:
    """Safari plays nothing that it cannot ask for in ranges."""
    speak(house)
    part = hear(house, Range="bytes=0-99")
    assert (part.status_code, len(part.data)) == (206, 100)


def test_the_company_never_gets_the_sound(house: House) -> None:
    """A voice names its speaker, whatever was chosen for the words."""
    speak(house, readership="quote")
    assert hear(house, COMPANY).status_code == 404
    assert hear(house, SENDER).status_code == 200
    assert VOICE not in json.dumps(events(house))


def test_what_the_organiser_writes_down_travels_like_typed_words(house: House) -> None:
    """One more answer of the next revision, by the contract, also after the deadline."""
    response_id = speak(house)
    house.now = DEADLINE + timedelta(days=2)
    page = write_down(house)
    assert "Saved. It is on its way to the digest." in page.text
    assert "Written down by Ms Chen" in page.text
    first, second = events(house)
    [answer] = spoken(second)
    assert (answer["value"], answer["type"], answer["readership"]) == (WORDS, "text", "quote")
    assert (second["revision"], second["response_id"]) == (2, response_id)
    assert [a for a in second["answers"] if a is not answer] == first["answers"]
    for row in house.rows(tables.outbox):
        schema_of("response.submitted.v1").validate(json.loads(row.body))


@pytest.mark.parametrize(
    ("chosen", "consent", "holds"),
    [
        ("quote", {"use": True, "quote": True}, "quote"),
        ("summary", {"use": True, "quote": True}, "summary"),
        ("organiser", {"use": True, "quote": True}, "organiser"),
        ("quote", {"use": True, "quote": False}, "summary"),
        ("quote", {"use": False}, "organiser"),
    ],
)
def test_the_expert_s_choice_and_consent_bind_the_transcript(
    house: House, chosen: str, consent: dict[str, bool], holds: str
) -> None:
    """As for every text: the narrowest holds."""
    speak(house, readership=chosen, consent=consent)
    write_down(house)
    [answer] = spoken(events(house)[-1])
    assert answer["readership"] == holds


def test_a_later_amendment_keeps_the_transcript(house: House) -> None:
    """The expert changes a rating; what was said is still said."""
    speak(house)
    write_down(house)
    house.post(good(overall=1))
    assert [len(spoken(event)) for event in events(house)] == [0, 1, 1]


def test_an_amendment_that_comes_meanwhile_is_kept(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The expert sends new answers while the organiser saves: both stand in the end."""
    speak(house)
    with overtaken(house, monkeypatch, lambda: house.post(good(overall=1))):
        assert "Saved." in write_down(house).text
    newest = events(house)[-1]
    assert newest["revision"] == 3
    assert {a["question_id"]: a["value"] for a in newest["answers"]}["overall"] == 1
    assert [answer["value"] for answer in spoken(newest)] == [WORDS]


def test_two_transcripts_at_once_are_both_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two helpers save the same note: the later one stands, on the page and in what was told last."""
    speak(house)
    with overtaken(house, monkeypatch, lambda: write_down(house, "The first.", "Ms Chen")):
        write_down(house, "The second.", "Mr Lin")
    assert [[a["value"] for a in spoken(event)] for event in events(house)] == [
        [],
        ["The first."],
        ["The second."],
    ]
    assert [row.transcribed_by for row in house.rows(tables.voice_note)] == ["Mr Lin"]


def test_a_transcript_that_cannot_be_told_is_not_written(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A withdrawal in the very moment: nothing of the words stays."""
    speak(house)

    def withdraw() -> object:
        return house.client.post(f"/f/{house.token()}/withdraw")

    with overtaken(house, monkeypatch, withdraw):
        assert write_down(house).status_code == 410
    assert [row.transcript for row in house.rows(tables.voice_note)] == [None]
    assert len(events(house)) == 1


def test_a_transcript_keeps_what_was_shown_with_the_answers(house: House) -> None:
    """The organiser has a new notice and questionnaire since: consent was given upon the old ones."""
    speak(house)
    ask_otherwise(house)
    write_down(house)
    first, second = events(house)
    assert first["notice"] == second["notice"]
    assert first["questionnaire"] == second["questionnaire"]


def narrow(house: House, reader: str) -> TestResponse:
    place = f"/f/{house.token()}/voice/{VOICE}/narrow"
    return house.client.post(place, data={"lang": "en", "readership": reader}, follow_redirects=True)


def test_readers_of_a_note_become_fewer_never_more(house: House) -> None:
    """On the receipt, without a revision as long as there are no words to read."""
    response_id = speak(house, readership="quote")
    assert "Use voice note 1 for summaries only" in narrow(house, "quote").text
    page = narrow(house, "summary").text
    assert "For summaries only." in page
    assert "Use voice note 1 for summaries only" not in page
    assert "Keep voice note 1 to the organisers" in page
    for wider in ("quote", "summary", "nobody"):
        narrow(house, wider)
    assert begin(house, response_id, readership="quote").status_code == 200
    assert [row.readership for row in house.rows(tables.voice_note)] == ["summary"]
    assert len(events(house)) == 1
    house.now = DEADLINE
    assert narrow(house, "organiser").status_code == 410


def test_a_note_that_is_written_down_is_narrowed_for_the_digest_too(house: House) -> None:
    """One more revision tells it, once; in the other language as well."""
    speak(house, readership="quote")
    write_down(house)
    narrow(house, "organiser")
    narrow(house, "organiser")
    assert [a["readership"] for e in events(house) for a in spoken(e)] == ["quote", "organiser"]
    page = house.client.get(f"/f/{house.token()}/receipt?lang=zh").text
    assert "仅组委会可见。" in page
    assert "改为" not in page


def test_words_written_down_meanwhile_are_narrowed_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The organiser's save comes first by a moment: the digest hears of the choice all the same."""
    speak(house, readership="quote")
    go_on = views._narrow

    def late(*args: Any) -> None:
        write_down(house)
        go_on(*args)

    monkeypatch.setattr(views, "_narrow", late)
    narrow(house, "organiser")
    assert [a["readership"] for e in events(house) for a in spoken(e)] == ["quote", "organiser"]


def test_an_empty_transcript_takes_it_out_again(house: House) -> None:
    """A mistake can be taken back, and a better one written."""
    speak(house)
    for text in (WORDS, "", "Other words."):
        write_down(house, text)
    assert [[a["value"] for a in spoken(event)] for event in events(house)] == [
        [],
        [WORDS],
        [],
        ["Other words."],
    ]


def test_a_transcript_without_a_name_is_refused(house: House) -> None:
    """Who wrote it down is kept; nothing travels."""
    speak(house)
    assert "Please give your name" in write_down(house, name=" ").text
    assert "Please give your name" in write_down(house, text="x" * 4001).text
    assert len(events(house)) == 1


def test_a_withdrawal_silences_the_note(house: House) -> None:
    """At once for every link, on the organiser's page, and for a transcript under way; later in the store."""
    speak(house)
    house.client.post(f"/f/{house.token()}/withdraw")
    assert (hear(house).status_code, hear(house, SENDER).status_code) == (404, 404)
    before = len(house.rows(tables.outbox))
    assert write_down(house).status_code == 404
    assert len(house.rows(tables.outbox)) == before
    assert house.rows(tables.response)[0].withdrawn_at is not None
    store = open_photo_store(house.app.extensions["debrief"].config.photo_store_url)
    assert purge(house.database, store, house.now + timedelta(days=1)) == Purged(0, 1, 0)
    assert house.rows(tables.voice_note) == []
    assert store.get(VOICE, "m4a") is None


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "nothing"])
def test_a_hostile_upload_is_refused_for_good(house: House, name: str) -> None:
    """The refusal is remembered, nothing of the file stays, and the answers are as they were."""
    response_id = respond(house)
    content = HOSTILE[name]
    begin(house, response_id, size=len(content))
    assert patch(house, response_id, content).status_code == 422
    assert patch(house, response_id, content).status_code == 422
    assert house.rows(tables.voice_chunk) == []
    assert hear(house).status_code == 404


def test_too_much_is_refused(house: House) -> None:
    """More bytes, more notes, more time than this form takes."""
    response_id = respond(house)
    assert begin(house, response_id, size=9_000_000).status_code == 413
    for _ in range(3):
        assert begin(house, response_id, id=str(uuid4())).status_code == 201
    fourth = begin(house, response_id)
    assert (fourth.status_code, fourth.json["type"]) == (422, "urn:debrief:problem:no-more-voice-notes")


def test_a_note_needs_its_own_response_and_link(house: House) -> None:
    """No response, another expert's link, no link; an open link's own response is fine."""
    assert begin(house, str(uuid4())).status_code == 404
    response_id = respond(house)
    assert begin(house, response_id, house.token(ENGLISH)).status_code == 404
    assert begin(house, response_id, "nonsense").status_code == 401
    named = str(uuid4())
    house.post(good(), house.token(OPEN), named)
    assert begin(house, named, house.token(OPEN)).status_code == 201


def test_without_script_a_file_is_added_and_removed_on_the_receipt(house: House) -> None:
    """The sender hears it there; once it is written down it goes only by withdrawing."""
    respond(house)
    for name, content, words in (
        ("a.webm", SOUND, "Voice note 1, 0:01."),
        ("b.mp3", HOSTILE["words"], "This file could not be read as a recording."),
        ("", b"", "Choose a recording."),
    ):
        data = {"voice": (io.BytesIO(content), name), "lang": "en", "readership": "summary"}
        page = house.client.post(f"/f/{house.token()}/voice", data=data, follow_redirects=True)
        assert words in unescape(page.text)
    [note] = house.rows(tables.voice_note)
    assert note.readership == "summary"
    [address] = re.findall(r'src="(/voice/[^"]+)"', page.text)
    assert house.client.get(address).status_code == 200
    place = f"/f/{house.token()}/voice/{note.id}/remove"
    write_down(house, voice_id=note.id)
    house.client.post(place, data={"lang": "en"})
    assert len(house.rows(tables.voice_note)) == 1
    write_down(house, "", voice_id=note.id)
    page = house.client.post(place, data={"lang": "zh"}, follow_redirects=True)
    assert "语音留言" in page.text
    assert house.rows(tables.voice_note) == []
    assert house.client.get(address).status_code == 404


def test_the_overview_leads_the_organiser_to_the_notes(house: House) -> None:
    """With their number, in both languages, and an empty field to write in."""
    speak(house)
    assert "Voice notes (1)" in unescape(house.client.get(house.overview() + "?lang=en").text)
    page = unescape(house.client.get(f"{house.overview()}/attachments/visit?lang=zh").text)
    assert "逐字记录" in page
    assert page.count("<audio") == 1
