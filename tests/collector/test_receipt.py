"""Promises about the receipt: a true copy, a true stage line, and a way back for everything."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from collector import tables
from tests.collector.house import DEADLINE, NOW, OPEN, PERSONAL, House, build, good


@dataclass
class FakeAnalyzer:
    """Answers stage questions as the analyzer would."""

    answer: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def listening(analyzer: FakeAnalyzer) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            analyzer.asked.append((self.path, self.headers["Authorization"]))
            body = json.dumps(analyzer.answer).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = build(f"sqlite:///{tmp_path / 'c.sqlite3'}", tmp_path, ANALYZER_URL="http://127.0.0.1:1")
    yield house
    house.database.close()


@pytest.fixture
def any_house(any_database_url: str, tmp_path: Path) -> Iterator[House]:
    house = build(any_database_url, tmp_path, ANALYZER_URL="http://127.0.0.1:1")
    yield house
    house.database.close()


def receipt(house: House, **query: str) -> str:
    return house.client.get(f"/f/{house.token()}/receipt", query_string={"lang": "en", **query}).text


def publish(house: House) -> None:
    with house.database.write() as connection:
        connection.execute(sa.update(tables.outbox).values(published_at=NOW + timedelta(minutes=1)))


def events(house: House) -> list[str]:
    return [row.type for row in house.rows(tables.outbox)]


# The copy


def test_hidden_answers_that_were_left_out_are_listed(house: House) -> None:
    """And questions that were never asked are not called unanswered."""
    house.post(good(cooperate="no", offer="a test bench"))
    page = receipt(house)
    assert "Left out, because your other answers made these questions disappear:" in page
    assert "<li>What could you offer or look for?</li>" in page
    assert "a test bench" not in page
    assert "What kind of cooperation?" not in page


@pytest.mark.parametrize(
    ("chosen", "quote", "said"),
    [
        ("quote", True, "The company may read these words."),
        ("quote", False, "Counted in a summary; the company does not read these words."),
        ("organiser", True, "Only the organisers read this."),
    ],
)
def test_each_text_says_who_reads_it(house: House, chosen: str, quote: bool, said: str) -> None:
    """What holds in the end, not what was ticked on the way."""
    body = {**good(impressed="Clean."), "readership": {"impressed": chosen}}
    house.post({**body, "consent": {"use": True, "quote": quote}})
    assert said in receipt(house)


def test_every_version_is_kept_and_named(house: House) -> None:
    """The digest counts the last; the page says so."""
    for mark in (4, 3, 2):
        house.post(good(overall=mark))
    page = receipt(house)
    assert "Changed 2 times, this is the newest." in page
    assert [f"Version {number}: 24 Nov, 17:00" in page for number in (1, 2, 3)] == [True] * 3
    assert [row.answers["overall"] for row in house.rows(tables.submission)] == [4, 3, 2]


# Stages


def test_without_the_analyzer_the_line_says_so_and_the_page_works(house: House) -> None:
    """Nobody waits for a machine that is away, and it is not asked again at once."""
    house.post(good())
    assert "not yet" in receipt(house)
    publish(house)
    page = receipt(house)
    assert "24 Nov, 17:01" in page
    assert page.count("cannot be seen just now") == 2


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"revision": None, "analysed_at": None, "digest": None}, "not yet"),
        ({"revision": 1, "analysed_at": "2026-11-24T09:02:00Z", "digest": None}, "In the current digest"),
        (
            {
                "revision": 1,
                "analysed_at": "2026-11-24T09:02:00Z",
                "digest": {"number": 3, "issued_at": "2026-11-25T01:00:00Z"},
            },
            "In digest no. 3",
        ),
    ],
)
def test_the_line_follows_the_message(tmp_path: Path, known: dict[str, Any], said: str) -> None:
    """Stored and published from our own tables, the rest as the analyzer tells it."""
    analyzer = FakeAnalyzer(known)
    with listening(analyzer) as url:
        house = build(f"sqlite:///{tmp_path / 'c.sqlite3'}", tmp_path, ANALYZER_URL=url)
        response_id = house.post(good()).json["response_id"]
        publish(house)
        page = receipt(house)
        house.database.close()
    assert said in page
    assert analyzer.asked[0][0] == f"/api/v1/responses/{response_id}/stage"
    assert analyzer.asked[0][1].startswith("Bearer ")


def test_an_older_version_in_the_analyzer_is_not_the_newest(tmp_path: Path) -> None:
    """The line is about what was sent last."""
    old = {"revision": 1, "analysed_at": "2026-11-24T09:02:00Z", "digest": None}
    with listening(FakeAnalyzer(old)) as url:
        house = build(f"sqlite:///{tmp_path / 'c.sqlite3'}", tmp_path, ANALYZER_URL=url)
        house.post(good())
        house.post(good(overall=2))
        publish(house)
        page = receipt(house)
        house.database.close()
    assert "In the current digest" not in page


def test_answers_for_the_organisers_never_claim_a_digest(house: House) -> None:
    """Consent to use was not given."""
    house.post({**good(), "consent": {"use": False}})
    assert "Not for the digest: only the organisers read it" in receipt(house)


# What the company replied

REPLIED = {
    **{"revision": 1, "analysed_at": "2026-11-24T09:02:00Z", "digest": None},
    "replies": [
        {
            "said": "Cover the line.",
            "status": "done",
            "reply": "五月已加装罩子。",
            "at": "2026-11-24T10:00:00Z",
        },
        {"said": None, "status": "shipped?", "reply": "<b>Hello</b>", "at": "2026-11-25T10:00:00Z"},
    ],
}


def replied(tmp_path: Path, language: str, invitation: str = PERSONAL) -> str:
    with listening(FakeAnalyzer(REPLIED)) as url:
        house = build(f"sqlite:///{tmp_path / 'c.sqlite3'}", tmp_path, ANALYZER_URL=url)
        sent = house.post(good(), token=house.token(invitation))
        publish(house)
        query = {"lang": language} | ({} if invitation == PERSONAL else {"r": sent.json["response_id"]})
        address = f"/f/{house.token(invitation)}/receipt"
        page = house.client.get(address, query_string=query).text
        house.database.close()
    return page


@pytest.mark.parametrize(("language", "words"), [("en", "Done"), ("zh", "已完成")])
def test_the_expert_reads_what_the_company_replied(tmp_path: Path, language: str, words: str) -> None:
    """Beside their own words; a text in the other language is marked as such; mark-up stays text."""
    page = replied(tmp_path, language)
    section = page.split('id="replies"')[1].split("</div>")[0]
    assert words in section
    assert ('<blockquote lang="zh-Hans">五月' in section) == (language == "en")
    assert ('<q lang="en">Cover the line.</q>' in section) == (language == "zh")
    assert "&lt;b&gt;Hello&lt;/b&gt;" in section
    assert {"en": "The company replied", "zh": "企业已回复"}[language] in page


def test_by_the_open_link_no_reply_is_read(tmp_path: Path) -> None:
    """That link is in many hands; the receipt itself is there."""
    page = replied(tmp_path, "en", OPEN)
    assert "In the current digest" in page
    assert 'id="replies"' not in page
    assert "Cover the line." not in page


# Withdrawing


def withdraw(house: House, token: str | None = None, **form: str) -> Any:
    return house.client.post(
        f"/f/{token or house.token()}/withdraw", data={"lang": "en", **form}, follow_redirects=True
    )


def test_withdrawing_asks_first_and_changes_nothing_by_being_opened(house: House) -> None:
    """Mail scanners open links too."""
    house.post(good())
    page = house.client.get(f"/f/{house.token()}/withdraw?lang=en").text
    assert "Withdraw your answers?" in page
    assert events(house) == ["response.submitted.v1"]


def test_withdrawing_marks_and_tells_in_one_transaction(any_house: House) -> None:
    """The analyzer hears which revision is gone; a second tap is the first."""
    any_house.post(good())
    any_house.post(good(overall=2))
    assert "You withdrew your answers on 24 Nov, 17:00." in withdraw(any_house).text
    withdraw(any_house)
    assert events(any_house) == ["response.submitted.v1"] * 2 + ["response.withdrawn.v1"]
    told = json.loads(any_house.rows(tables.outbox)[-1].body)["data"]
    assert (told["revision"], told["withdrawn_at"]) == (2, "2026-11-24T09:00:00.000Z")
    assert len(any_house.rows(tables.submission)) == 2


def test_without_room_for_the_message_nothing_is_withdrawn(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both or none."""
    house.post(good())

    def full(*_: object) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr("collector.withdrawing.outbox.add", full)
    assert withdraw(house).status_code == 500
    assert house.rows(tables.response)[0].withdrawn_at is None


def test_after_withdrawing_one_can_answer_again(any_house: House) -> None:
    """The form is empty, says what happened, and what is sent is the next revision."""
    first = any_house.post(good(impressed="taken back")).json
    withdraw(any_house)
    page = any_house.client.get(f"/f/{any_house.token()}?lang=en").text
    assert "You withdrew your answers on 24 Nov, 17:00." in page
    assert "taken back" not in page
    again = any_house.post(good(impressed="second thoughts")).json
    assert (again["response_id"], again["revision"]) == (first["response_id"], 2)
    assert "second thoughts" in receipt(any_house)


def test_a_retry_that_comes_after_the_withdrawal_changes_nothing(house: House) -> None:
    """A phone that wakes up late gets the old receipt; the answers stay withdrawn."""
    key = str(uuid4())
    house.post(good(), key=key)
    withdraw(house)
    assert house.post(good(), key=key).status_code == 200
    assert house.rows(tables.response)[0].withdrawn_at is not None


def test_withdrawing_works_after_the_deadline_and_says_that_it_is_final(house: House) -> None:
    """Consent can be taken back at any time; a new answer cannot be given any more."""
    house.post(good())
    house.now = DEADLINE + timedelta(days=9)
    page = withdraw(house).text
    assert "You withdrew your answers on" in page
    assert "Answer again" not in page


def test_one_of_many_answers_of_an_open_link_is_withdrawn_by_name(house: House) -> None:
    """The others stay."""
    ids = [house.post(good(overall=mark), house.token(OPEN)).json["response_id"] for mark in (1, 2)]
    withdraw(house, house.token(OPEN), r=ids[0])
    gone = {row.id: row.withdrawn_at is not None for row in house.rows(tables.response)}
    assert gone == {ids[0]: True, ids[1]: False}


def test_nothing_is_withdrawn_where_nothing_was_sent(house: House) -> None:
    """404, in words."""
    assert withdraw(house).status_code == 404
    assert withdraw(house, "nonsense").status_code == 404


# A copy by mail


def copy_to(house: House, address: str) -> str:
    place = f"/f/{house.token()}/copy"
    return house.client.post(place, data={"lang": "en", "email": address}, follow_redirects=True).text


def test_a_copy_goes_by_mail_in_the_language_of_the_page(house: House) -> None:
    """The whole copy, with the number."""
    number = house.post(good(impressed="干净")).json["receipt"]
    assert "The copy is on its way." in copy_to(house, "name@institute.org")
    (mail,) = house.rows(tables.mail)
    assert (mail.recipient, mail.subject) == ("name@institute.org", "Your answers: Ruige Magnesium")
    assert number in mail.body
    assert "干净" in mail.body


@pytest.mark.parametrize("address", ["", "nowhere", "a@b.c\r\nBcc: all@example.org", "名@例.cn"])
def test_what_is_no_address_gets_no_mail(house: House, address: str) -> None:
    """And no header can be smuggled in."""
    house.post(good())
    assert "Enter an e-mail address" in copy_to(house, address)
    assert house.rows(tables.mail) == []


def test_copies_are_rationed(house: House) -> None:
    """A link must not become a way to send mail to strangers."""
    house.post(good())
    pages = [copy_to(house, f"name{number}@institute.org") for number in range(4)]
    assert ["on its way" in page for page in pages] == [True, True, True, False]
    assert "No more copies can be sent today." in pages[3]
