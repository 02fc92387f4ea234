"""Promises about mails: a lost link finds its way back, nobody learns who was invited, no mail is lost."""

import email
import email.policy
import socket
import ssl
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from collector import tables
from collector.errors import TryLater
from collector.mailing import GIVE_UP_AFTER, deliver_once
from collector.postmen import BadAddress, open_postman
from tests.collector.house import DEADLINE, ENGLISH, PERSONAL, House, build

KNOWN = "Expert.One@Example.org"
FROM = "debrief@example.org"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Inbox:
    """A real SMTP server's handler that keeps what it takes, or refuses."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.refusal = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refusal:
            return self.refusal
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 taken"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def smtp_url(inbox: Inbox) -> Iterator[str]:
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


@pytest.fixture
def house(any_database_url: str, tmp_path: Path) -> Iterator[House]:
    house = build(any_database_url, tmp_path)
    with house.database.write() as connection:
        mine = tables.expert.c.id == "e1"
        connection.execute(sa.update(tables.expert).where(mine).values(email=KNOWN))
    yield house
    house.database.close()


def lose(house: House, address: str, origin: str = "10.0.0.1") -> Any:
    return house.client.post(
        "/f/lost", data={"email": address, "lang": "en"}, environ_base={"REMOTE_ADDR": origin}
    )


def deliver(house: House, url: str, folder: Path) -> int:
    return deliver_once(house.database, open_postman(url, folder / "mail"), FROM, lambda: house.now)


def test_the_links_come_back_in_both_languages(
    house: House, smtp_url: str, inbox: Inbox, tmp_path: Path
) -> None:
    """Over a real SMTP server, to the address as the organiser wrote it or in other letters."""
    lose(house, KNOWN.lower())
    assert deliver(house, smtp_url, tmp_path) == 1
    (mail,) = inbox.mails
    text = mail.get_content()
    assert mail["To"] == KNOWN.lower()
    assert mail["Subject"] == "您的参访反馈链接 · Your links to the feedback forms"
    assert text.count(f"http://127.0.0.1:8000/f/{house.token(PERSONAL)}?lang=") == 2
    assert "瑞格镁业" in text
    assert "Ruige Magnesium, 24 Nov (open until 1 Dec, 18:00)" in text
    assert house.token(ENGLISH) not in text


def test_a_mail_that_was_sent_leaves_no_words_behind(house: House, smtp_url: str, tmp_path: Path) -> None:
    """Links are keys: once they are delivered, our table forgets them."""
    lose(house, KNOWN)
    deliver(house, smtp_url, tmp_path)
    (row,) = house.rows(tables.mail)
    assert (row.recipient, row.body, row.last_error) == ("", "", None)
    assert row.finished_at == house.now


def test_the_answer_and_the_work_are_the_same_for_everybody(house: House) -> None:
    """Known, unknown, or no more to send: one page, one status, one row."""
    pages = [lose(house, address) for address in (KNOWN, "nobody@example.org")]
    assert [page.status_code for page in pages] == [202, 202]
    assert pages[0].text == pages[1].text
    assert [bool(row.recipient) for row in house.rows(tables.mail)] == [True, False]


def test_the_number_of_statements_does_not_tell_who_is_known(house: House) -> None:
    """Constant work, counted in the database."""
    counts = []
    for address in (KNOWN, "nobody@example.org"):
        seen: list[str] = []

        def note(_c: Any, _cur: Any, statement: str, *_: Any, seen: list[str] = seen) -> None:
            seen.append(statement)

        sa.event.listen(house.database.engine, "before_cursor_execute", note)
        lose(house, address)
        sa.event.remove(house.database.engine, "before_cursor_execute", note)
        counts.append(len(seen))
    assert counts[0] == counts[1] > 0


def test_one_address_gets_three_mails_an_hour(house: House) -> None:
    """Whoever asks for somebody else cannot flood the mailbox; an hour later it works again."""
    for _ in range(5):
        assert lose(house, KNOWN).status_code == 202
    assert sum(bool(row.recipient) for row in house.rows(tables.mail)) == 3
    house.now += timedelta(hours=1, minutes=1)
    lose(house, KNOWN)
    assert sum(bool(row.recipient) for row in house.rows(tables.mail)) == 4


def test_a_whole_fair_behind_one_address_is_not_blocked(house: House) -> None:
    """200 experts on the hall's network ask within the hour; only a machine asks 600 times."""
    assert {lose(house, f"e{number}@example.org").status_code for number in range(40)} == {202}
    with house.database.write() as connection:
        (one,) = connection.execute(sa.select(tables.mail).limit(1)).mappings()
        many = [{**one, "id": 1000 + number + 1000 * (number >= 200)} for number in range(560)]
        connection.execute(sa.insert(tables.mail), many[:200])
    assert lose(house, KNOWN).status_code == 202
    with house.database.write() as connection:
        connection.execute(sa.insert(tables.mail), many[200:])
    blocked = lose(house, KNOWN)
    assert (blocked.status_code, blocked.headers["Retry-After"]) == (429, "3600")
    assert lose(house, KNOWN, origin="10.0.0.2").status_code == 202


@pytest.mark.parametrize("address", ["", "nowhere", "a@b.c\r\nBcc: x@y.z", "名@例.cn", "a" * 300 + "@b.c"])
def test_what_is_no_address_is_said_beside_the_field(house: House, address: str) -> None:
    """Nothing is counted and nothing is sent."""
    page = lose(house, address)
    assert page.status_code == 422
    assert "Enter an e-mail address, like name@institute.org" in page.text
    assert house.rows(tables.mail) == []


def test_closed_and_revoked_links_are_not_sent(house: House) -> None:
    """All open links, and only those."""
    house.revoke(PERSONAL)
    lose(house, KNOWN)
    assert [row.recipient for row in house.rows(tables.mail)] == [""]
    house.now = DEADLINE
    lose(house, KNOWN)
    assert [row.recipient for row in house.rows(tables.mail)] == ["", ""]


def test_the_page_is_not_taken_for_a_token(house: House) -> None:
    """/f/lost is an address of its own, in both languages."""
    assert "Lost your link?" in house.client.get("/f/lost?lang=en").text
    assert "链接找不到了？" in house.client.get("/f/lost?lang=zh").text


def test_no_address_and_no_origin_stands_in_the_table_in_the_clear(house: House) -> None:
    """What only serves the counting is hashed with the secret."""
    lose(house, "nobody@example.org")
    (row,) = house.rows(tables.mail)
    assert "nobody" not in repr(row)
    assert "10.0.0.1" not in repr(row)


# Delivery


def test_a_server_that_is_away_costs_only_time(
    house: House, smtp_url: str, inbox: Inbox, tmp_path: Path
) -> None:
    """The mail waits, with growing pauses, and goes out when the server is back."""
    lose(house, KNOWN)
    deliver(house, "smtp://127.0.0.1:1", tmp_path)
    (row,) = house.rows(tables.mail)
    assert (row.attempts, row.finished_at) == (1, None)
    assert row.due_at > house.now
    assert deliver(house, smtp_url, tmp_path) == 0
    house.now += timedelta(minutes=1)
    assert deliver(house, smtp_url, tmp_path) == 1
    assert len(inbox.mails) == 1


def test_a_crash_between_carrying_and_noting_sends_the_same_mail_again(
    house: House, smtp_url: str, inbox: Inbox, tmp_path: Path
) -> None:
    """At least once; the second copy has the same Message-ID, by which mail programs know it."""

    class Crash(BaseException):
        pass

    class DyingPostman:
        def carry(self, message: Any) -> None:
            open_postman(smtp_url, tmp_path).carry(message)
            raise Crash

    lose(house, KNOWN)
    with pytest.raises(Crash):
        deliver_once(house.database, DyingPostman(), FROM, lambda: house.now)
    house.now += timedelta(minutes=10)
    deliver(house, smtp_url, tmp_path)
    assert len(inbox.mails) == 2
    assert inbox.mails[0]["Message-ID"] == inbox.mails[1]["Message-ID"]


@pytest.mark.parametrize(("refusal", "finished"), [("550 no such user", True), ("451 busy", False)])
def test_a_refusal_for_good_is_not_tried_again(
    house: House, smtp_url: str, inbox: Inbox, tmp_path: Path, refusal: str, finished: bool
) -> None:
    """5xx is the last word, 4xx is not."""
    inbox.refusal = refusal
    lose(house, KNOWN)
    deliver(house, smtp_url, tmp_path)
    (row,) = house.rows(tables.mail)
    assert (row.finished_at is not None) is finished
    assert refusal[:3] in row.last_error


def test_a_mail_is_given_up_after_three_days(house: House, tmp_path: Path) -> None:
    """A link that arrives after that helps nobody; the reason stays."""
    lose(house, KNOWN)
    house.now += GIVE_UP_AFTER + timedelta(minutes=1)
    deliver(house, "smtp://127.0.0.1:1", tmp_path)
    (row,) = house.rows(tables.mail)
    assert row.finished_at is not None
    assert row.last_error.startswith("given up")


def test_without_a_server_mails_become_files(house: House, tmp_path: Path) -> None:
    """So a small fair can send them by hand, and a developer can read them."""
    lose(house, KNOWN)
    deliver(house, "", tmp_path)
    (file,) = (tmp_path / "mail").glob("*.eml")
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert house.token(PERSONAL) in mail.get_content()


def test_a_folder_that_cannot_be_written_asks_to_try_later(house: House, tmp_path: Path) -> None:
    """Nothing is marked as sent that lies nowhere."""
    (tmp_path / "mail").write_text("a file")
    lose(house, KNOWN)
    deliver(house, "", tmp_path)
    assert house.rows(tables.mail)[0].finished_at is None


def test_starttls_wants_a_certificate_it_can_trust(inbox: Inbox, tmp_path: Path) -> None:
    """A server that cannot prove its name gets neither password nor mail."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=localhost",
    ]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port(), tls_context=context)
    controller.start()
    port = controller.port
    message = email.message_from_string("From: a@b.c\nTo: d@e.f\n\nx", policy=email.policy.default)
    try:
        with pytest.raises(TryLater):
            open_postman(f"smtp+starttls://127.0.0.1:{port}", tmp_path).carry(message)  # type: ignore[arg-type]
    finally:
        controller.stop()
    assert inbox.mails == []


def test_an_unknown_recipient_is_named_by_the_server(smtp_url: str, inbox: Inbox, tmp_path: Path) -> None:
    """BadAddress: never try again."""
    inbox.refusal = "553 mailbox name not allowed"
    message = email.message_from_string("From: a@b.c\nTo: d@e.f\n\nx", policy=email.policy.default)
    with pytest.raises(BadAddress):
        open_postman(smtp_url, tmp_path).carry(message)  # type: ignore[arg-type]
