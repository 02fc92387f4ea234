"""What a press of "send" means, decided in the transaction that stores it: SQLite and PostgreSQL."""

import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from collector import tables
from collector.committer import Committer
from collector.errors import TryLater
from tests.collector.house import DEADLINE, ENGLISH, OPEN, House, build, good

KEY = "0b4f1a52-6f3c-4b7e-9d55-1f3c5a7e9b11"


def together(count: int, act: Callable[[int], Any]) -> list[Any]:
    """`count` threads that start at the same moment."""
    barrier = threading.Barrier(count)

    def run(number: int) -> Any:
        barrier.wait()
        return act(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_a_response_is_stored_with_its_event(house: House) -> None:
    """201 means: response, submission and outbox row are on disk."""
    answer = house.post(good(), key=KEY)
    assert answer.status_code == 201
    assert [row.revision for row in house.rows(tables.response)] == [1]
    assert [row.idempotency_key for row in house.rows(tables.submission)] == [KEY]
    event = json.loads(house.rows(tables.outbox)[0].body)
    assert (event["type"], event["subject"]) == ("response.submitted.v1", answer.json["response_id"])
    assert event["data"]["revision"] == 1


def test_the_same_again_gives_the_original_receipt(house: House) -> None:
    """A phone that lost the answer on the way asks again and adds nothing."""
    first = house.post(good(), key=KEY)
    house.now += timedelta(hours=1)
    again = house.post({**good(), "submitted_at": "2026-11-24T18:00:00+08:00"}, key=KEY)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    assert len(house.rows(tables.outbox)) == 1


def test_the_same_again_is_known_after_the_deadline(house: House) -> None:
    """A retry that was stuck in a tunnel until the visit closed is still told that it arrived."""
    first = house.post(good(), key=KEY)
    house.now = DEADLINE + timedelta(days=1)
    assert house.post(good(), key=KEY).json == first.json


def test_a_key_with_other_content_is_refused(house: House) -> None:
    """A key names one content, or a receipt would prove nothing."""
    house.post(good(), key=KEY)
    answer = house.post(good(overall=1), key=KEY)
    assert answer.status_code == 422
    assert answer.json["type"] == "urn:debrief:problem:key-reused"
    assert len(house.rows(tables.submission)) == 1


def test_a_key_of_another_link_is_refused(house: House) -> None:
    """Nobody gets the receipt of somebody else by knowing a key."""
    house.post(good(), key=KEY)
    answer = house.post(good(), token=house.token(ENGLISH), key=KEY)
    assert answer.status_code == 422


def test_a_personal_link_amends_its_one_response(house: House) -> None:
    """One expert, one response: sending again makes a new revision and keeps the old one."""
    first = house.post(good())
    second = house.post(good(overall=2))
    assert second.status_code == 201
    assert second.json["response_id"] == first.json["response_id"]
    assert second.json["receipt"] == first.json["receipt"]
    assert second.json["revision"] == 2
    assert sorted(row.revision for row in house.rows(tables.submission)) == [1, 2]
    assert [row.revision for row in house.rows(tables.response)] == [2]


def test_an_amendment_after_the_deadline_is_refused(house: House) -> None:
    """The deadline holds for changes too; nothing of the stored response moves."""
    house.post(good())
    house.now = DEADLINE
    answer = house.post(good(overall=2))
    assert answer.status_code == 410
    assert answer.json["type"] == "urn:debrief:problem:closed"
    assert len(house.rows(tables.outbox)) == 1


def test_a_withdrawn_link_says_so(house: House) -> None:
    """Revoked is not closed: the expert should ask the organisers, not regret being late."""
    house.revoke()
    answer = house.post(good())
    assert answer.status_code == 410
    assert answer.json["type"] == "urn:debrief:problem:revoked"
    assert house.rows(tables.response) == []


def test_an_open_link_takes_any_number_of_unverified_responses(house: House) -> None:
    """The QR on the spot is shared: each key is another person."""
    answers = [house.post(good(), token=house.token(OPEN)) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    rows = house.rows(tables.response)
    assert (len(rows), {row.verified for row in rows}) == (3, {False})


def test_an_open_response_is_amended_by_its_id(house: House) -> None:
    """Whoever made a response knows its id, and only they can change it."""
    token, named = house.token(OPEN), str(uuid4())
    first = house.post({**good(), "response_id": named}, token=token)
    second = house.post({**good(overall=1), "response_id": named}, token=token)
    assert first.json["response_id"] == second.json["response_id"] == named
    assert [row.revision for row in house.rows(tables.response)] == [2]


def test_a_response_of_another_link_cannot_be_amended(house: House) -> None:
    """response_id opens nothing that the link does not own."""
    owned = house.post(good()).json["response_id"]
    answer = house.post({**good(overall=1), "response_id": owned}, token=house.token(OPEN))
    assert answer.status_code == 422
    assert answer.json["type"] == "urn:debrief:problem:foreign-response"


def test_32_at_once_are_32_rows_and_32_events(house: House) -> None:
    """Group commit loses nothing and mixes nothing up."""
    token = house.token(OPEN)
    keys = [str(uuid4()) for _ in range(32)]
    answers = together(32, lambda n: house.post(good(impressed=f"number {n}"), token=token, key=keys[n]))
    assert [answer.status_code for answer in answers] == [201] * 32
    assert [answer.json["response_id"] for answer in answers] == keys
    stored = {row.idempotency_key: row.answers["impressed"] for row in house.rows(tables.submission)}
    assert stored == {key: f"number {n}" for n, key in enumerate(keys)}
    assert {row.subject for row in house.rows(tables.outbox)} == set(keys)


def test_one_key_raced_from_eight_threads_is_stored_once(house: House) -> None:
    """Whoever loses the race gets the winner's receipt."""
    answers = together(8, lambda _: house.post(good(), key=KEY))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({json.dumps(answer.json) for answer in answers}) == 1
    assert len(house.rows(tables.outbox)) == 1


def test_one_key_raced_from_two_processes_is_stored_once(
    house: House, any_database_url: str, tmp_path: Path
) -> None:
    """Two web processes have two committers; the database decides between them."""
    other = build(any_database_url, tmp_path, fill=False)
    try:
        answers = together(8, lambda n: (house if n % 2 else other).post(good(), key=KEY))
    finally:
        other.database.close()
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len(house.rows(tables.submission)) == len(house.rows(tables.outbox)) == 1


def test_amendments_raced_from_two_processes_get_a_revision_each(
    house: House, any_database_url: str, tmp_path: Path
) -> None:
    """No revision is overwritten, none is skipped."""
    other = build(any_database_url, tmp_path, fill=False)
    try:
        together(4, lambda n: (house if n % 2 else other).post(good(overall=n + 1)))
    finally:
        other.database.close()
    assert sorted(row.revision for row in house.rows(tables.submission)) == [1, 2, 3, 4]
    assert [row.revision for row in house.rows(tables.response)] == [4]


def test_hidden_answers_are_dropped(house: House) -> None:
    """Who does not want to cooperate leaves no contact behind, whatever the phone sends."""
    house.post(good(cooperate="no", offer="a lab", contact={"agreed": True, "email": "a@b.org"}))
    stored = house.rows(tables.submission)[0].answers
    assert {"offer", "contact"}.isdisjoint(stored)
    assert "a@b.org" not in house.rows(tables.outbox)[0].body


def test_the_trace_of_the_request_goes_on_in_the_outbox(house: House) -> None:
    """One trace from the form to the digest (W3C trace context)."""
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    house.post(good(), traceparent=f"00-{trace}-00f067aa0ba902b7-01")
    assert house.rows(tables.outbox)[0].traceparent.split("-")[1] == trace


def test_one_bad_member_does_not_fail_its_batch() -> None:
    """A batch that breaks is written singly, so one bug costs one response."""
    written: list[int] = []

    def write(items: Sequence[int]) -> list[str]:
        if 13 in items:
            raise ValueError("a bug")
        written.extend(items)
        return [f"stored {item}" for item in items]

    gate = threading.Event()
    committer: Committer[int, str] = Committer(lambda items: (gate.wait(10), write(items))[1])
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(committer.commit, 1)  # holds the thread, so that the rest form a batch
        rest = [pool.submit(committer.commit, item) for item in (2, 13, 3)]
        gate.set()
        answers = [first.result(), rest[0].result(), rest[2].result()]
        assert isinstance(rest[1].exception(), ValueError)
    assert answers == ["stored 1", "stored 2", "stored 3"]
    assert sorted(written) == [1, 2, 3]


def test_a_commit_that_takes_too_long_asks_to_come_again() -> None:
    """The request ends with 503 and not with a guess; the key makes the retry safe."""
    stuck = threading.Event()
    committer: Committer[int, str] = Committer(lambda _: ["late"] if stuck.wait(10) else [], patience=0.05)
    with pytest.raises(TryLater, match="no commit within"):
        committer.commit(1)
    stuck.set()
