"""The form without script: what it shows, what it keeps, where it leads."""

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from collector import tables
from collector.answering import check_answers
from collector.errors import TryLater
from collector.fields import FieldValues, field_name, read_answers, show_answers
from tests.collector.builders import site_visit
from tests.collector.house import ASPECTS, DEADLINE, ENGLISH, OPEN, PERSONAL, House, build, good

FORM_KEY = "5d2c6c1e-9f0b-4b62-8f0a-2f6d3c1e7a10"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = build(f"sqlite:///{tmp_path / 'c.sqlite3'}", tmp_path)
    yield house
    house.database.close()


def fields(**more: Any) -> dict[str, Any]:
    rows = {f"q.aspects.{item}": "4" for item in ASPECTS}
    filled = {"q.overall": "5", "q.recommend": "9", "q.cooperate": "no", "q.use": "yes", **rows}
    return {"form_key": FORM_KEY, "lang": "en", **filled, **more}


def send(house: House, posted: dict[str, Any], invitation: str = PERSONAL) -> TestResponse:
    return house.client.post(f"/f/{house.token(invitation)}", data=posted)


def look(house: House, query: str = "", invitation: str = PERSONAL) -> TestResponse:
    return house.client.get(f"/f/{house.token(invitation)}{query}")


def test_every_question_is_on_the_page(house: House) -> None:
    """One page, every question, in the order of the questionnaire."""
    page = unescape(look(house, "?lang=en").text)
    places = [page.index(question.label["en"]) for question in house.questionnaire.questions]
    assert places == sorted(places)


@pytest.mark.parametrize(("invitation", "lang"), [(PERSONAL, "zh-Hans"), (ENGLISH, "en")])
def test_the_invitations_language_is_the_default(house: House, invitation: str, lang: str) -> None:
    """An expert invited in Chinese reads Chinese, on whatever phone."""
    page = house.client.get(f"/f/{house.token(invitation)}", headers={"Accept-Language": "fr"}).text
    assert f'<html lang="{lang}">' in page


def test_an_open_link_speaks_the_phones_language(house: House) -> None:
    """Nobody knows who scans the QR code; the phone does."""
    page = house.client.get(f"/f/{house.token(OPEN)}", headers={"Accept-Language": "zh-CN,zh;q=0.9"}).text
    assert '<html lang="zh-Hans">' in page


def test_opening_a_link_changes_nothing(house: House) -> None:
    """Mail scanners and chat previews open links."""
    for _ in range(2):
        look(house)
        house.client.head(f"/f/{house.token()}")
        house.client.get(f"/f/{house.token()}/receipt")
    assert house.rows(tables.response) == house.rows(tables.draft) == house.rows(tables.outbox) == []


def test_a_page_to_keep_holds_nobodys_answers(house: House) -> None:
    """Neither what was stored, nor a newer draft; an open link's copy names no response either."""
    words = "The north furnace leaks"
    house.post(good(impressed=words))
    body = {"answers": {"impressed": words}, "language": "en", "base_revision": 0}
    house.client.put(f"/api/v1/form/{house.token()}/draft", json=body)
    receipt = house.post(good(impressed=words), token=house.token(OPEN)).json
    assert words in look(house).text
    own = house.client.get(f"/f/{house.token()}?blank=1").text
    shared = house.client.get(f"/f/{house.token(OPEN)}?blank=1&r={receipt['response_id']}").text
    assert words not in own + shared
    assert re.search(r'"arrived": ?\{', own)
    assert receipt["receipt"] not in shared
    assert receipt["response_id"] not in shared


def test_sending_leads_to_the_receipt(house: House) -> None:
    """303, so that a reload of the receipt sends nothing again."""
    answer = send(house, fields(**{"q.impressed": "Clean lines.\r\nGood people."}))
    assert answer.status_code == 303
    receipt = house.client.get(answer.headers["Location"])
    assert "Clean lines.\nGood people." in receipt.text
    assert "24 Nov, 17:00" in receipt.text
    assert "1 Dec, 18:00" in receipt.text


def test_a_second_tap_stores_nothing_twice(house: House) -> None:
    """Same form, same words: the same response."""
    first, second = send(house, fields()), send(house, fields())
    assert first.headers["Location"] == second.headers["Location"]
    assert len(house.rows(tables.submission)) == 1


@pytest.mark.parametrize("invitation", [PERSONAL, OPEN])
def test_two_taps_at_once_are_one_response(house: House, invitation: str) -> None:
    """Without script nothing disables the button: both requests are under way together."""
    posted = fields()
    together, led = threading.Barrier(4), []

    def tap() -> None:
        together.wait()
        led.append(house.client.post(f"/f/{house.token(invitation)}", data=posted).headers["Location"])

    threads = [threading.Thread(target=tap) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(led) == 4
    assert len(set(led)) == 1
    rows = [house.rows(table) for table in (tables.response, tables.submission, tables.outbox)]
    assert [len(found) for found in rows] == [1, 1, 1]


def test_an_edited_form_amends(house: House) -> None:
    """Back, change, send: the second revision of the same response."""
    send(house, fields())
    send(house, fields(**{"q.overall": "1"}))
    assert [row.revision for row in house.rows(tables.response)] == [2]


def test_going_back_to_what_was_said_first_is_a_change_too(house: House) -> None:
    """4, then 1, then 4 again must end at 4."""
    for overall in ("4", "1", "4"):
        send(house, fields(**{"q.overall": overall}))
    newest = max(house.rows(tables.submission), key=lambda row: row.revision)
    assert (newest.revision, newest.answers["overall"]) == (3, 4)


def test_an_open_form_amends_its_own_response(house: House) -> None:
    """The hidden key names the response; another phone's key makes another."""
    send(house, fields(), OPEN)
    answer = send(house, fields(**{"q.overall": "1"}), OPEN)
    send(house, fields(form_key=str(uuid4())), OPEN)
    assert sorted(row.revision for row in house.rows(tables.response)) == [1, 2]
    assert f"r={FORM_KEY}" in answer.headers["Location"]


def test_the_receipt_of_an_open_link_leads_back_to_its_answers(house: House) -> None:
    """Edit works without a personal link, on the phone that sent."""
    receipt = house.client.get(send(house, fields(), OPEN).headers["Location"]).text
    address = unescape(re.search(r'class="btn" href="([^"]+)"', receipt)[1])
    page = house.client.get(address).text
    assert f'value="{FORM_KEY}"' in page
    assert re.search(r'id="q-overall-5" value="5" checked', page)


def test_an_open_link_shows_nobody_elses_answers(house: House) -> None:
    """Opened afresh, the form is empty and has a key of its own."""
    send(house, fields(**{"q.impressed": "mine"}), OPEN)
    page = look(house, invitation=OPEN).text
    assert "mine" not in page
    assert FORM_KEY not in page


def test_a_reopened_personal_link_shows_the_stored_answers(house: House) -> None:
    """Everything said, in its field, ready to change."""
    send(
        house,
        fields(
            **{
                "q.cooperate": "yes",
                "q.seen": ["lines", "other"],
                "q.seen.text": "canteen",
                "q.improve": "Dust <b>&",
                "q.contact.agreed": "yes",
                "q.contact.email": "a@b.org",
                "q.quote": "yes",
            }
        ),
    )
    page = look(house, "?lang=en").text
    for shown in (
        'id="q-seen-lines" value="lines" checked',
        'name="q.seen.text" value="canteen"',
        "Dust &lt;b&gt;&amp;",
        'id="q-contact-agreed" value="yes" checked',
        'value="a@b.org"',
        'id="q-quote-yes" value="yes" checked',
        'id="q-aspects-safety-4" value="4" checked',
    ):
        assert shown in page
    assert 'id="q-named-yes" value="yes" checked' not in page


def test_a_newer_draft_is_shown_instead(house: House) -> None:
    """What was begun on the phone goes on at the desk."""
    send(house, fields())
    house.now += timedelta(minutes=1)
    draft = {"language": "en", "answers": {"overall": 2, "improve": "half a sent"}}
    house.client.put(f"/api/v1/form/{house.token()}/draft", json=draft)
    page = look(house).text
    assert "half a sent" in page
    assert 'id="q-overall-2" value="2" checked' in page


def test_a_form_with_errors_keeps_every_answer(house: House) -> None:
    """The page comes back filled, with a summary that leads to the fields."""
    posted = fields(
        **{"q.overall": "", "q.impressed": "long thought", "q.seen": ["lines"], "q.cooperate": "yes"}
    )
    answer = send(house, posted)
    assert answer.status_code == 422
    page = answer.text
    assert "<title>Error: " in page
    assert '<a href="#q-overall-1">' in page
    assert 'aria-describedby="e-q-overall"' in page
    assert "Choose a number from 1 to 5" in page
    assert "long thought" in page
    assert 'id="q-seen-lines" value="lines" checked' in page
    assert f'value="{FORM_KEY}"' in page
    assert house.rows(tables.submission) == []


def test_errors_speak_the_forms_language(house: House) -> None:
    """Chinese form, Chinese title, summary and field."""
    page = send(house, fields(**{"q.recommend": "", "lang": "zh"})).text
    assert "<title>错误：" in page
    assert page.split('id="facts"')[0].count("请选择 0 到 10 之间的一个数字") == 2


def test_every_link_of_the_summary_leads_to_a_control(house: House) -> None:
    """No error points into nowhere, whatever its type."""
    broken = {
        **dict.fromkeys([f"q.aspects.{item}" for item in ASPECTS[:3]], ""),
        "q.overall": "17",
        "q.recommend": "",
        "q.impressed": "x" * 700,
        "q.cooperate": "yes",
        "q.contact.agreed": "yes",
        "q.contact.email": "nowhere",
        "q.seen": "moon",
        "q.use": "",
    }
    page = send(house, fields(**broken)).text
    targets = re.findall(r'<li><a href="#([^"]+)"', page)
    assert len(targets) == 9
    for target in targets:
        assert re.search(rf'<(input|textarea)[^>]* id="{target}"', page), target


def test_the_language_switch_keeps_what_was_typed(house: House) -> None:
    """Without script the switch is a button of the form: nothing is lost, nothing is sent."""
    answer = send(house, fields(**{"q.impressed": "half written", "switch": "zh"}))
    assert answer.status_code == 200
    assert '<html lang="zh-Hans">' in answer.text
    assert "half written" in answer.text
    assert 'id="q-overall-5" value="5" checked' in answer.text
    assert house.rows(tables.submission) == []


def test_the_language_switch_keeps_the_errors(house: House) -> None:
    """Who switches because they did not understand the error finds it in their language."""
    answer = send(house, fields(**{"q.overall": "", "checked": "1", "switch": "zh"}))
    assert "请选择 1 到 5 之间的一个数字" in answer.text


def test_a_database_that_is_away_keeps_the_answers_on_the_page(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with the whole form: the expert waits a moment and taps again."""

    def write(_: Any) -> Any:
        raise TryLater("database: disk full")

    with monkeypatch.context() as patch:
        patch.setattr(type(house.database), "write", write)
        answer = send(house, fields(**{"q.impressed": "not lost"}))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "not lost" in answer.text
    assert "could not be stored just now" in answer.text
    assert send(house, fields(**{"q.impressed": "not lost"})).status_code == 303


def test_after_the_deadline_the_form_says_so_in_both_languages(house: House) -> None:
    """410, kind, and the other language below."""
    house.now = DEADLINE
    answer = look(house)
    assert answer.status_code == 410
    assert "问卷已截止" in answer.text
    assert "This survey is closed" in answer.text
    assert send(house, fields()).status_code == 410
    assert house.rows(tables.submission) == []


def test_after_the_deadline_what_was_sent_can_be_read(house: House) -> None:
    """The receipt stays; the button to change is gone."""
    send(house, fields(**{"q.impressed": "still here"}))
    house.now = DEADLINE
    answer = house.client.get(f"/f/{house.token()}?lang=en", follow_redirects=True)
    assert "still here" in answer.text
    assert "The time for changes ended on 1 Dec, 18:00." in answer.text
    assert "Edit my answers" not in answer.text


def test_a_withdrawn_link_has_its_own_page(house: House) -> None:
    """Not "closed", not "not found": the organisers took it back."""
    house.revoke()
    for answer in (look(house), send(house, fields()), look(house, "/receipt")):
        assert answer.status_code == 410
        assert "This link has been withdrawn" in answer.text
        assert "链接已撤回" in answer.text


@pytest.mark.parametrize("path", ["/f/nonsense", "/f/nonsense/receipt", "/nowhere", "/o/nonsense"])
def test_an_unknown_link_is_not_found_in_both_languages(house: House, path: str) -> None:
    """404 that says what to do."""
    answer = house.client.get(path, headers={"Accept-Language": "zh"})
    assert answer.status_code == 404
    assert answer.text.index("链接无效") < answer.text.index("This link does not lead anywhere")


def test_a_receipt_before_any_answer_leads_to_the_form(house: House) -> None:
    """An empty state with a way on."""
    answer = look(house, "/receipt?lang=en")
    assert answer.status_code == 200
    assert "Nothing has been stored for this link so far." in answer.text


def test_a_form_too_large_is_refused(house: House) -> None:
    """413 as a page."""
    answer = send(house, fields(**{"q.impressed": "x" * 300_000}))
    assert answer.status_code == 413
    assert "The answers are too large" in answer.text


@pytest.mark.parametrize("posted", [{}, {"form_key": "'; drop", "q.overall": ["1", "2"]}, {"switch": "fr"}])
def test_a_form_of_nonsense_is_answered_with_the_form(house: House, posted: dict[str, Any]) -> None:
    """Errors, never a fault."""
    assert send(house, posted).status_code == 422


def test_what_was_typed_cannot_become_markup(house: House) -> None:
    """Answers are text, on the form and on the receipt."""
    attack = '"><script>alert(1)</script>'
    posted = fields(**{"q.impressed": attack, "q.seen": "other", "q.seen.text": attack})
    receipt = house.client.get(send(house, posted).headers["Location"]).text
    for page in (receipt, look(house).text, send(house, {**posted, "q.overall": attack}).text):
        assert "<script>" not in page


def test_pages_carry_a_strict_policy_and_are_not_kept(house: House) -> None:
    """Nothing inline, no other host, no copy in a shared cache."""
    answer = look(house)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not re.search(
        r"<style|<script(?! type=\"(module\" src=\"/static/|application/json\"))|style=|onclick|https?://(?!www\.w3\.org)",
        answer.text,
    )


def test_styles_are_cached_by_their_content(house: House) -> None:
    """The hash is in the address, so the phone asks once and never keeps an old style."""
    address = re.search(r'href="(/static/[0-9a-f]{12}/expert\.css)"', look(house).text)[1]
    assert "immutable" in house.client.get(address).headers["Cache-Control"]
    old = house.client.get("/static/000000000000/form.css")
    assert (old.status_code, old.headers["Cache-Control"]) == (200, "no-cache")
    assert house.client.get("/static/000000000000/../app.py").status_code == 404


def test_nobody_is_asked_for_a_name_on_an_open_link(house: House) -> None:
    """Without an expert there is no name to show."""
    assert "q.named" in look(house).text
    assert "q.named" not in look(house, invitation=OPEN).text


def test_the_readership_chosen_elsewhere_survives_the_form(house: House) -> None:
    """A choice made by a program is not widened by editing a rating here."""
    house.post({**good(impressed="for the organisers"), "readership": {"impressed": "organiser"}})
    page = look(house).text
    kept = re.search(r'name="r\.impressed" id="[\w-]+" value="(\w+)" checked', page)[1]
    send(house, fields(**{"q.impressed": "for the organisers", "r.impressed": kept}))
    newest = max(house.rows(tables.submission), key=lambda row: row.revision)
    assert newest.readership == {"impressed": "organiser"}


def test_beside_each_text_stands_who_may_read_it(house: House) -> None:
    """What the questionnaire allows, its default chosen; the other types have nobody to choose."""
    page = look(house).text
    offered = re.findall(r'name="r\.(\w+)" id="[\w-]+" value="(\w+)"( checked)?', page)
    texts = [question for question in SITE_VISIT.questions if question.type == "text"]
    assert [name for name, reader, _ in offered] == [q.id for q in texts for _ in q.readership]
    assert {reader for _, reader, checked in offered if checked} == {"quote"}


def test_the_notice_that_was_read_goes_with_the_answers(house: House) -> None:
    """The page shows its words and sends their hash, also if it was opened under an older notice."""
    page = look(house).text
    assert "您的答案如何使用" in page
    assert f'name="notice" value="{SITE_VISIT.notice.sha256}"' in page
    send(house, fields(notice="b" * 64))
    send(house, fields(notice="nonsense", **{"q.overall": "1"}))
    told = sorted((row.revision, row.notice) for row in house.rows(tables.submission))
    assert told == [(1, "b" * 64), (2, SITE_VISIT.notice.sha256)]


# The way between fields and answers, without a browser

SITE_VISIT = site_visit()
FULL = {
    "overall": 4,
    "aspects": {**dict.fromkeys(ASPECTS, 3), "safety": "opt_out"},
    "recommend": 0,
    "impressed": "线",
    "seen": {"choices": ["lines", "other"], "text": "canteen"},
    "cooperate": "maybe",
    "cooperation_forms": ["testing"],
    "contact": {"agreed": True, "phone": "123"},
}


def test_fields_and_answers_are_two_spellings_of_one_thing() -> None:
    """Shown in the form and read back, answers mean the same."""
    consent, readership = {"use": True, "quote": False}, {"impressed": "summary"}
    shown = show_answers(SITE_VISIT, FULL, consent, readership)
    read = read_answers(SITE_VISIT, shown)
    before = check_answers(SITE_VISIT, FULL, consent, readership, "zh")
    assert check_answers(SITE_VISIT, **_raw(read), language="zh") == before
    again = show_answers(SITE_VISIT, before.answers, before.consent, before.chosen_readership)
    assert _raw(read_answers(SITE_VISIT, again)) == _raw(read)


def _raw(read: dict[str, Any]) -> dict[str, Any]:
    return {"raw_answers": read["answers"], "consent": read["consent"], "readership": read["readership"]}


@pytest.mark.parametrize(
    "draft", [{"overall": []}, {"seen": {"choices": {"a": 1}}}, {"aspects": [None]}, {"contact": 5}]
)
def test_a_draft_of_nonsense_shows_what_fits(draft: dict[str, Any]) -> None:
    """Drafts are not checked when they are saved, so showing them must bear anything."""
    assert isinstance(show_answers(SITE_VISIT, draft, {"use": "x"}, {"impressed": 3}), FieldValues)


def test_words_beside_other_tick_it() -> None:
    """Who writes there means it."""
    read = read_answers(SITE_VISIT, FieldValues({"q.seen": ["lines"], "q.seen.text": ["canteen"]}))
    assert read["answers"]["seen"] == {"choices": ["lines", "other"], "text": "canteen"}


@pytest.mark.parametrize(
    ("pointer", "name"),
    [
        ("/answers/overall", "q.overall"),
        ("/answers/aspects/process", "q.aspects.process"),
        ("/answers/seen/text", "q.seen.text"),
        ("/answers/contact/email", "q.contact.email"),
        ("/consent/use", "q.use"),
        ("/readership/improve", "r.improve"),
    ],
)
def test_an_error_finds_its_field(pointer: str, name: str) -> None:
    """From JSON pointer to field name."""
    assert field_name(pointer) == name
