"""Promises about the stage line: the collector alone may ask, and hears how far a response has come."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from itsdangerous import URLSafeSerializer
from werkzeug.test import TestResponse

from analyzer.corrections import item_id
from collector.links import stage_token
from tests.analyzer.reading_room import SECRET, ReadingRoom, open_room
from tests.analyzer.stories import NOW, analysed, said, withdrawn

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[ReadingRoom]:
    room = open_room(tmp_path)
    yield room
    room.database.close()


def ask(room: ReadingRoom, response_id: str, token: str | None = None) -> TestResponse:
    token = stage_token(SECRET, response_id, LATER) if token is None else token
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return room.client.get(f"/api/v1/responses/{response_id}/stage", headers=headers)


def test_a_response_that_was_analysed_says_when(room: ReadingRoom) -> None:
    """With its revision, so that the collector knows whether it is the newest."""
    room.record([said("r-1")])
    told = ask(room, "r-1").json
    assert (told["revision"], told["analysed_at"], told["digest"]) == (1, "2026-11-25T09:00:00Z", None)


def test_a_response_that_is_not_here_yet_is_no_error(room: ReadingRoom) -> None:
    """It is on its way."""
    answer = ask(room, "r-9")
    assert (answer.status_code, answer.json["revision"]) == (200, None)


def test_a_withdrawn_response_is_gone_and_says_when(room: ReadingRoom) -> None:
    """Nothing else is told of it."""
    room.record([said("r-1"), analysed(withdrawn("r-1"))])
    told = ask(room, "r-1").json
    assert told["revision"] is None
    assert told["withdrawn_at"] is not None


def test_without_the_right_token_nothing_is_told(room: ReadingRoom) -> None:
    """None, a forged one, one of another response, one for another door, an old one."""
    digest = str(URLSafeSerializer(SECRET, salt="digest").dumps({"r": "r-1", "x": int(LATER.timestamp())}))
    statuses = [
        ask(room, "r-1", token).status_code
        for token in ("", "x.y", stage_token(SECRET, "r-2", LATER), digest, stage_token(SECRET, "r-1", NOW))
    ]
    assert statuses == [401, 404, 404, 404, 410]


COVER = "Please cover the line."


def advise(room: ReadingRoom, response_id: str, text: str) -> str:
    room.record([said(response_id, "improve", text, "safety", "negative", suggestion=True)])
    return item_id(response_id, text)


def reply(room: ReadingRoom, item: str, text: str, **fields: str) -> int:
    data = {"status": "accepted", "reply": text, "name": "Zhang", "owner": "Chen Wei", **fields}
    return room.client.post(f"/d/{room.token()}/items/{item}", data=data).status_code


def test_the_expert_hears_what_the_company_lets_them_read(room: ReadingRoom) -> None:
    """The words, the status and the reply; nobody's name, and nothing that was said to another."""
    mine = advise(room, "r-1", COVER)
    others = [advise(room, f"r-{n}", f"Measure dust in hall {n}.") for n in range(2, 5)]
    assert ask(room, "r-1").json["replies"] == []
    assert [reply(room, one, "For another.", to_expert="yes") for one in others] == [303] * 3
    assert reply(room, mine, "Covers come in May.", to_expert="yes") == 303
    answer = ask(room, "r-1")
    [told] = answer.json["replies"]
    assert (told["said"], told["status"], told["reply"]) == (COVER, "accepted", "Covers come in May.")
    assert not any(word in answer.text for word in ("Zhang", "Chen Wei", "another", "hall"))


def test_the_company_decides_each_time_and_may_take_it_back(room: ReadingRoom) -> None:
    """Unticked, the newest word hides all earlier ones."""
    mine = advise(room, "r-1", COVER)
    for n in range(2, 5):
        room.record([said(f"r-{n}")])
    reply(room, mine, "For ourselves.")
    assert ask(room, "r-1").json["replies"] == []
    reply(room, mine, "For you too.", to_expert="yes")
    assert len(ask(room, "r-1").json["replies"]) == 1
    reply(room, mine, "For ourselves again.")
    assert ask(room, "r-1").json["replies"] == []


def test_a_reply_to_words_that_were_taken_out_is_not_told(room: ReadingRoom) -> None:
    """An amendment that drops the sentence drops the reply to it."""
    mine = advise(room, "r-1", COVER)
    for n in range(2, 5):
        room.record([said(f"r-{n}")])
    reply(room, mine, "Covers come in May.", to_expert="yes")
    room.record([said("r-1", text="Fine.", revision=2)])
    assert ask(room, "r-1").json["replies"] == []
