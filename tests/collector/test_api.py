"""The JSON API: what it refuses and in which words, hostile bodies, drafts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from collector import tables
from collector.errors import TryLater
from tests.collector.house import DEADLINE, NOW, OPEN, House, build, good

URL = "/api/v1/responses"
FIRST = "0b4f1a52-6f3c-4b7e-9d55-1f3c5a7e9b11"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = build(f"sqlite:///{tmp_path / 'c.sqlite3'}", tmp_path)
    yield house
    house.database.close()


def raw(house: House, body: bytes, **more: Any) -> TestResponse:
    headers = {"Authorization": f"Bearer {house.token()}", "Idempotency-Key": str(uuid4())}
    return house.client.post(URL, data=body, headers=headers, **{"content_type": "application/json", **more})


def refused(answer: TestResponse, status: int, slug: str) -> None:
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.json["type"] == f"urn:debrief:problem:{slug}"
    assert answer.json["status"] == status


def test_a_receipt_can_be_read_out_and_opened(house: House) -> None:
    """A short number for the phone, an address for the browser, our clock in UTC."""
    receipt = house.post(good()).json
    assert receipt["status"] == "stored"
    assert len(receipt["receipt"]) == 9
    assert receipt["received_at"] == "2026-11-24T09:00:00.000Z"
    page = house.client.get(receipt["links"]["receipt"].removeprefix("http://127.0.0.1:8000"))
    assert receipt["receipt"] in page.text


@pytest.mark.parametrize("token", ["", "nonsense", "AY8AAAAAcACAAAAAAAAAAQ.forged", "密令"])
def test_a_forged_token_is_refused(house: House, token: str) -> None:
    """401 with WWW-Authenticate, and nothing that tells whether the invitation exists."""
    headers = {"Authorization": f"Bearer {token}".encode().decode("latin-1"), "Idempotency-Key": str(uuid4())}
    answer = house.client.post(URL, json=good(), headers=headers)
    refused(answer, 401, "unauthorized")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_signed_token_of_no_invitation_is_refused(house: House) -> None:
    """Signed, but its row is gone: as unknown as a forged one."""
    refused(house.post(good(), token=house.token(str(uuid4()))), 401, "unauthorized")


@pytest.mark.parametrize("key", ["", "42", "not-a-uuid"])
def test_a_key_that_is_no_uuid_is_refused(house: House, key: str) -> None:
    """The key must be able to name one response among all."""
    headers = {"Authorization": f"Bearer {house.token()}", "Idempotency-Key": key}
    refused(house.client.post(URL, json=good(), headers=headers), 400, "idempotency-key")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"answers": NaN, "language": "en"}',
        b"\xff\xfe",
        b'{"language": "\\ud800", "answers": {}}',
        b"[" * 100_000,
        b'{"answers": {"overall": ' + b"9" * 5_000 + b"}}",
    ],
    ids=["empty", "cut off", "NaN", "not UTF-8", "half a surrogate", "deep", "huge number"],
)
def test_a_body_that_is_not_json_is_refused(house: House, body: bytes) -> None:
    """400, whatever the parser thinks of it; nothing is stored."""
    refused(raw(house, body), 400, "malformed")
    assert house.rows(tables.submission) == []


def test_another_content_type_is_refused(house: House) -> None:
    """A form posted here by mistake is told what to send."""
    refused(
        raw(house, b"a=b", content_type="application/x-www-form-urlencoded"), 415, "unsupported-media-type"
    )


def test_a_body_over_256_kib_is_refused(house: House) -> None:
    """A response is some 20 KiB at most; a flood is stopped at the door."""
    refused(raw(house, json.dumps(good(impressed="x" * 300_000)).encode()), 413, "too-large")


@pytest.mark.parametrize("body", [[], "text", 1, None])
def test_json_that_is_no_object_is_refused(house: House, body: Any) -> None:
    """The error points at the whole document."""
    answer = raw(house, json.dumps(body).encode())
    refused(answer, 422, "invalid")
    assert answer.json["errors"][0]["pointer"] == ""


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"surprise": 1}, "/surprise"),
        ({"submitted_at": "yesterday"}, "/submitted_at"),
        ({"submitted_at": "2026-11-24T14:30:00"}, "/submitted_at"),
        ({"submitted_at": "0001-01-01T00:00:00+14:00"}, "/submitted_at"),
        ({"submitted_at": 5}, "/submitted_at"),
        ({"response_id": "mine"}, "/response_id"),
        ({"language": "fr"}, "/language"),
        ({"language": ["en"]}, "/language"),
        ({"answers": []}, "/answers"),
        ({"consent": {"use": "yes"}}, "/consent/use"),
        ({"readership": {"impressed": "everybody"}}, "/readership/impressed"),
    ],
)
def test_a_wrong_field_is_named_by_its_pointer(house: House, change: dict[str, Any], pointer: str) -> None:
    """A program can put each error beside its field."""
    answer = house.post({**good(), **change})
    refused(answer, 422, "invalid")
    assert pointer in [error["pointer"] for error in answer.json["errors"]]
    assert house.rows(tables.submission) == []


@pytest.mark.parametrize(
    ("answers", "pointer"),
    [
        ({"overall": 9}, "/answers/overall"),
        ({"overall": True}, "/answers/overall"),
        ({"aspects": {"process": 4}}, "/answers/aspects/safety"),
        ({"impressed": "x" * 601}, "/answers/impressed"),
        ({"seen": ["moon"]}, "/answers/seen"),
        ({"a/b~c": 1}, "/answers/a~1b~0c"),
    ],
)
def test_a_wrong_answer_is_named_by_its_pointer(house: House, answers: dict[str, Any], pointer: str) -> None:
    """The questionnaire's rules hold for programs as for people."""
    answer = house.post(good(**answers))
    refused(answer, 422, "invalid")
    assert pointer in [error["pointer"] for error in answer.json["errors"]]


def test_errors_speak_the_language_of_the_body(house: House) -> None:
    """A Chinese form gets Chinese errors, whatever the browser prefers."""
    answer = house.post({**good(overall=9), "language": "zh"}, **{"Accept-Language": "en"})
    assert answer.headers["Content-Language"] == "zh"
    assert answer.json["errors"][0]["detail"] == "请选择 1 到 5 之间的一个数字"


def test_without_a_body_errors_speak_the_browsers_language(house: House) -> None:
    """Before anything is known of the sender, Accept-Language decides."""
    answer = house.client.post(
        URL, data=b"{", content_type="application/json", headers={"Accept-Language": "zh-CN"}
    )
    assert answer.json["title"] == "无法读取请求"


def test_chinese_and_emoji_are_kept_as_they_are(house: House) -> None:
    """What was written is what is read, by people and in the message."""
    words = "镁合金 👍🏽 “很好”"
    house.post(good(impressed=words))
    assert house.rows(tables.submission)[0].answers["impressed"] == words
    assert words in json.loads(house.rows(tables.outbox)[0].body)["data"]["answers"][3]["value"]


def test_a_null_character_cannot_break_the_store(house: House) -> None:
    """PostgreSQL knows no NUL in text; control characters are taken out before."""
    assert house.post(good(impressed="a\u0000b")).status_code == 201
    assert house.rows(tables.submission)[0].answers["impressed"] == "ab"


@contextmanager
def away(house: House, monkeypatch: pytest.MonkeyPatch, reason: str) -> Iterator[None]:
    """The database refuses to write."""

    def write(_: Any) -> Any:
        raise TryLater(reason)

    with monkeypatch.context() as patch:
        patch.setattr(type(house.database), "write", write)
        yield


@pytest.mark.parametrize("reason", ["database: connection refused", "database: database or disk is full"])
def test_a_database_that_is_away_asks_to_come_again(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, reason: str
) -> None:
    """503 with Retry-After and clear words; the log says why; the same key works afterwards."""
    key = str(uuid4())
    with away(house, monkeypatch, reason):
        answer = house.post(good(), key=key)
    refused(answer, 503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert reason in caplog.text
    assert house.post(good(), key=key).status_code == 201


def test_logs_hold_no_token_no_answer_no_name(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever reads the logs learns what happened, not who said what."""
    caplog.set_level("DEBUG")
    house.post(good(impressed="a secret remark"))
    house.client.get(f"/f/{house.token()}")
    assert "/f/<token>" in caplog.text
    for secret in (house.token(), "a secret remark", "专家e1"):
        assert secret not in caplog.text


def test_an_error_of_the_database_holds_no_answer(house: House) -> None:
    """Statements are logged with their errors; what was answered is not."""
    house.post(good(impressed="a secret remark"), key=FIRST)
    row = house.rows(tables.submission)[0]._asdict()
    with pytest.raises(IntegrityError) as caught, house.database.write() as connection:
        connection.execute(sa.insert(tables.submission), row)
    assert "INSERT" in str(caught.value)
    assert "a secret remark" not in str(caught.value)


def test_the_form_is_there_for_programs(house: House) -> None:
    """What a script needs to show the form without network later on."""
    form = house.client.get(f"/api/v1/form/{house.token()}").json
    assert form["visit"]["company"] == {"en": "Ruige Magnesium", "zh": "瑞格镁业"}
    assert form["visit"]["deadline"] == "2026-12-01T10:00:00.000Z"
    assert form["questionnaire"]["version"] == house.questionnaire.version
    assert (form["expert"]["language"], form["response"], form["draft"]) == ("zh", None, None)


def test_an_unknown_form_is_not_found(house: House) -> None:
    """A link that was cut off leads nowhere, politely."""
    refused(house.client.get("/api/v1/form/nonsense"), 404, "not-found")


def test_a_draft_goes_on_at_another_device(house: House) -> None:
    """Kept as typed, also where it is not valid yet; never an answer, never an event."""
    body = {"language": "zh", "answers": {"overall": 9}, "consent": {"use": True}}
    saved = house.client.put(f"/api/v1/form/{house.token()}/draft", json=body)
    assert saved.json == {"saved_at": "2026-11-24T09:00:00.000Z", "revision": 1}
    draft = house.client.get(f"/api/v1/form/{house.token()}").json["draft"]
    assert (draft["answers"], draft["language"]) == ({"overall": 9}, "zh")
    assert house.rows(tables.outbox) == house.rows(tables.submission) == []


def put_draft(house: House, device: str, base: int | None, overall: int, **more: Any) -> TestResponse:
    body = {
        "language": "en",
        "answers": {"overall": overall},
        "device": device,
        "base_revision": base,
        **more,
    }
    return house.client.put(f"/api/v1/form/{house.token()}/draft", json=body)


def test_two_devices_that_went_apart_are_both_kept(house: House) -> None:
    """Never the newest alone, never a mixture: the expert chooses, and the choice holds."""
    phone, laptop = str(uuid4()), str(uuid4())
    assert put_draft(house, phone, 0, 1).json["revision"] == 1
    apart = put_draft(house, laptop, 0, 5)
    refused(apart, 409, "diverged")
    assert apart.json["draft"]["answers"] == {"overall": 1}
    draft = house.client.get(f"/api/v1/form/{house.token()}").json["draft"]
    assert (draft["answers"], draft["diverged"]["answers"]) == ({"overall": 1}, {"overall": 5})
    assert put_draft(house, laptop, 1, 5, chosen=True).json["revision"] == 2
    draft = house.client.get(f"/api/v1/form/{house.token()}").json["draft"]
    assert (draft["answers"], draft["diverged"]) == ({"overall": 5}, None)


def test_a_device_goes_on_from_its_own_draft_when_an_answer_was_lost(house: House) -> None:
    """The save arrived, its answer did not: that is no second device."""
    phone = str(uuid4())
    put_draft(house, phone, 0, 1)
    assert put_draft(house, phone, 0, 2).json["revision"] == 2


def test_two_devices_that_agree_are_not_apart(house: House) -> None:
    """Nobody is asked to choose between equal answers."""
    put_draft(house, str(uuid4()), 0, 3)
    assert put_draft(house, str(uuid4()), 0, 3).status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"base_revision": "1"}, {"base_revision": 1.5}, {"device": "x"}, {"chosen": "yes"}]
)
def test_a_draft_of_another_shape_is_refused(house: House, wrong: dict[str, Any]) -> None:
    """A program that misspells the base must not overwrite anything."""
    body = {"language": "en", "answers": {}, **wrong}
    refused(house.client.put(f"/api/v1/form/{house.token()}/draft", json=body), 422, "invalid")


def test_an_open_link_keeps_no_draft(house: House) -> None:
    """Strangers share it: one must not read what another has typed."""
    answer = house.client.put(
        f"/api/v1/form/{house.token(OPEN)}/draft", json={"language": "en", "answers": {}}
    )
    refused(answer, 403, "no-draft")


def test_a_closed_form_takes_no_draft(house: House) -> None:
    """After the deadline there is nothing to go on with."""
    house.now = DEADLINE
    answer = house.client.put(f"/api/v1/form/{house.token()}/draft", json={"language": "en", "answers": {}})
    refused(answer, 410, "closed")


def test_a_wrong_method_is_refused_with_what_is_allowed(house: House) -> None:
    """405 as a problem document, with Allow."""
    answer = house.client.delete(URL)
    refused(answer, 405, "method-not-allowed")
    assert "POST" in answer.headers["Allow"]


def test_a_bug_is_answered_without_its_details(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The sender learns that it is our fault, the log learns which."""

    def broken(*_: Any) -> Any:
        raise RuntimeError("inner workings")

    monkeypatch.setattr("collector.views.api.find", broken)
    answer = house.post(good())
    refused(answer, 500, "fault")
    assert "inner workings" not in answer.text
    assert "inner workings" in caplog.text


def test_times_come_from_our_clock_and_from_the_phones(house: House) -> None:
    """Two clocks, two columns."""
    house.post(good())
    stored = house.rows(tables.submission)[0]
    assert stored.received_at == NOW
    assert stored.submitted_at.isoformat() == "2026-11-24T08:55:00+00:00"
