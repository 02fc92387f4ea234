"""Who may read an answer can be narrowed after it was sent, never widened."""

import threading
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from collector import tables
from collector.narrowing import open_choices
from tests.collector.house import DEADLINE, OPEN, House, good

WORDS = "The north furnace leaks"


def said(reader: str | None, **more: Any) -> dict[str, Any]:
    chosen = {"readership": {"impressed": reader}} if reader else {}
    return {**good(impressed=WORDS), **chosen, **more}


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [
        ("quote", "quote", 201),
        ("quote", "summary", 201),
        ("quote", "organiser", 201),
        ("summary", "organiser", 201),
        ("summary", "quote", 422),
        ("organiser", "summary", 422),
        ("organiser", None, 422),
        (None, "quote", 201),
    ],
    ids=str,
)
def test_readers_become_fewer_never_more(
    house: House, before: str | None, after: str | None, status: int
) -> None:
    """No choice means the default, which is the widest one of this questionnaire."""
    assert house.post(said(before)).status_code == 201
    answer = house.post(said(after, submitted_at="2026-11-24T17:00:00+08:00") | {"language": "zh"})
    assert answer.status_code == status
    if status == 422:
        (error,) = answer.json["errors"]
        assert (error["pointer"], error["code"]) == ("/readership/impressed", "widened")
        assert "撤回后重新提交" in error["detail"]
        assert len(house.rows(tables.submission)) == len(house.rows(tables.outbox)) == 1


def test_a_text_that_is_new_has_made_no_promise(house: House) -> None:
    """It was not answered before, so nobody was told who would read it."""
    house.post({**good(), "readership": {"impressed": "organiser"}})
    assert house.post(said("quote")).status_code == 201


def test_after_withdrawing_the_choice_is_free_again(house: House) -> None:
    """The way for whoever wants more readers."""
    house.post(said("organiser"))
    house.client.post(f"/f/{house.token()}/withdraw")
    assert house.post(said("quote")).status_code == 201


def test_a_retry_of_the_first_revision_gets_its_receipt(house: House) -> None:
    """It widens nothing: it was stored before the narrower one."""
    key = str(uuid4())
    first = house.post(said("quote"), key=key)
    house.post(said("organiser"))
    again = house.post(said("quote"), key=key)
    assert (again.status_code, again.json) == (200, first.json)


def test_two_revisions_at_once_cannot_widen(house: House) -> None:
    """Whichever is stored first: after "organiser only" nothing wider is stored."""
    house.post(said("quote"))
    bodies = [said("organiser"), said("summary"), said("quote", language="zh")]
    threads = [threading.Thread(target=house.post, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    order = ("quote", "summary", "organiser")
    rows = sorted(house.rows(tables.submission), key=lambda row: row.revision)
    widths = [order.index(row.readership["impressed"]) for row in rows]
    assert widths == sorted(widths)
    assert widths[-1] == 2


PHOTO = "6f0d2c1e-6f2b-4a38-9a43-6d6a6a1f0a01"


def showing(reader: str | None) -> dict[str, Any]:
    """Photos may be seen by the organiser alone where nothing is chosen."""
    return {**good(), "photos": [{"id": PHOTO, **({"readership": reader} if reader else {})}]}


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [
        ("quote", "quote", 201),
        ("quote", "organiser", 201),
        ("quote", None, 201),
        ("organiser", "quote", 422),
        (None, "quote", 422),
    ],
    ids=str,
)
def test_photos_are_seen_by_fewer_never_more(
    house: House, before: str | None, after: str | None, status: int
) -> None:
    """As for texts; another photo beside it is as free as the first one was."""
    house.post(showing(before))
    new = {"id": str(uuid4()), "readership": "quote"}
    changed = showing(after)
    answer = house.post({**changed, "photos": [new, *changed["photos"]]})
    assert answer.status_code == status
    if status == 422:
        (error,) = answer.json["errors"]
        assert (error["pointer"], error["code"]) == ("/photos/1/readership", "widened")
        assert len(house.rows(tables.submission)) == 1


def test_a_late_retry_of_an_upload_widens_nothing(house: House) -> None:
    """The phone still says what was chosen first; it was narrowed on the receipt meanwhile."""
    response_id = house.post(showing("quote")).json["response_id"]
    page = narrow(house, "photos", PHOTO, "organiser")
    assert "Only the organisers see it." in page.text or "still on its way" in page.text
    headers = {"Authorization": f"Bearer {house.token()}"}
    body = {"id": PHOTO, "size": 9, "readership": "quote"}
    place = f"/api/v1/responses/{response_id}/photos"
    assert house.client.post(place, json=body, headers=headers).status_code == 201
    [row] = house.rows(tables.response)
    assert (row.revision, row.photos) == (2, [{"id": PHOTO, "readership": "organiser"}])


def narrow(house: House, kind: str, name: str, reader: str) -> TestResponse:
    data = {"lang": "en", "readership": reader}
    return house.client.post(f"/f/{house.token()}/{kind}/{name}/narrow", data=data, follow_redirects=True)


def test_the_receipt_offers_fewer_viewers_and_no_more(house: House) -> None:
    """Without script, as a revision of its own, until the deadline; what nobody offered changes nothing."""
    house.post(showing("quote"))
    page = house.client.get(f"/f/{house.token()}/receipt?lang=zh").text
    assert "照片 1 改为仅组委会可见" in page
    assert "之后只能缩小可见范围" in page
    for reader in ("quote", "summary", "nobody"):
        narrow(house, "photos", PHOTO, reader)
    narrow(house, "photos", str(uuid4()), "organiser")
    assert house.rows(tables.response)[0].revision == 1
    assert "only to the organisers" not in narrow(house, "photos", PHOTO, "organiser").text
    assert house.rows(tables.response)[0].photos == [{"id": PHOTO, "readership": "organiser"}]
    narrow(house, "photos", PHOTO, "quote")
    assert house.rows(tables.response)[0].photos == [{"id": PHOTO, "readership": "organiser"}]
    house.now = DEADLINE
    assert narrow(house, "photos", PHOTO, "organiser").status_code == 410


@pytest.mark.parametrize("invitation", [None, OPEN])
def test_the_form_offers_no_wider_choice(house: House, invitation: str | None) -> None:
    """Without script too, in the form that is opened again and in one that was left open."""
    token = house.token(invitation) if invitation else house.token()
    stored = house.post(said("summary"), token=token).json["response_id"]
    page = house.client.get(f"/f/{token}?lang=en&r={stored}").text
    assert 'id="r-impressed-summary" value="summary" checked' in page
    assert 'id="r-impressed-quote"' not in page
    assert 'id="r-improve-quote"' in page
    assert "you can choose fewer readers, not more" in page
    left_open = {
        "form_key": stored,
        "lang": "en",
        "q.overall": "4",
        **{f"q.aspects.{item}": "4" for item in good()["answers"]["aspects"]},
        "q.recommend": "8",
        "q.cooperate": "no",
        "q.use": "yes",
        "q.impressed": WORDS,
        "r.impressed": "quote",
    }
    refused = house.client.post(f"/f/{token}", data=left_open)
    assert refused.status_code == 422
    assert "For more readers, withdraw your answers" in refused.text
    assert 'id="r-impressed-quote"' not in refused.text


def test_the_default_may_stand_anywhere_in_the_list(house: House) -> None:
    """Width is a fact of the readers, not of the order in which a questionnaire names them."""
    asked = house.questionnaire
    for reader, still in (("quote", 3), ("summary", 2), ("organiser", 1)):
        choices = open_choices(asked, {"impressed": WORDS}, {"impressed": reader})
        assert (list(choices), len(choices["impressed"])) == (["impressed"], still)
