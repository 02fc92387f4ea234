"""A company gets its digest by mail: once, in its language, whatever the mail server does meanwhile."""

import email
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.policy import default
from pathlib import Path

import pytest
import sqlalchemy as sa

from analyzer import editions, mailing
from analyzer.errors import TryLater
from analyzer.links import Grant, photo_token
from analyzer.tables import delivery, edition, visit
from tests.analyzer.post_office import CONTACTS, Branch, Letterbox, mail_server, open_branch
from tests.analyzer.reading_room import SECRET
from tests.analyzer.stories import analysed, photo_stored, said, scheduled, withdrawn

VISITED, DEADLINE = scheduled().visited_at, scheduled().deadline
CLOSED = DEADLINE + editions.GRACE
LI, EXPORT = "li@ruige.example.org", "export@ruige.example.org"


@pytest.fixture
def letterbox() -> Letterbox:
    return Letterbox()


@contextmanager
def open_on(folder: Path, database_url: str | None, letterbox: Letterbox) -> Iterator[Branch]:
    with mail_server(letterbox) as url:
        branch = open_branch(folder, database_url, url)
        branch.room.record(said(f"r-{i}") for i in range(4))
        yield branch.at(CLOSED)
        branch.room.database.close()


@pytest.fixture
def branch(tmp_path: Path, letterbox: Letterbox) -> Iterator[Branch]:
    with open_on(tmp_path, None, letterbox) as branch:
        yield branch


@pytest.fixture
def any_branch(tmp_path: Path, any_database_url: str, letterbox: Letterbox) -> Iterator[Branch]:
    """Where the two databases might differ."""
    with open_on(tmp_path, any_database_url, letterbox) as branch:
        yield branch


def test_a_mail_links_to_the_photos_with_the_digest_s_own_life(branch: Branch, letterbox: Letterbox) -> None:
    """Sent days ago, it still opens them; after a month it opens nothing."""
    branch.room.record([said("r-p", photos={"p-1": "quote"}), analysed(photo_stored("p-1", "r-p"))])
    branch.once()
    text = dict(letterbox.arrived)[EXPORT].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    [token] = re.findall(r"Photo 1 .*https://forms\.example\.org/photos/(\S+)", text)
    grant = Grant("ruige-1124", 1, CLOSED + mailing.LINK_LIFE)
    assert token == photo_token(SECRET, "p-1", grant)


def states(branch: Branch) -> dict[str, str]:
    with branch.room.database.read() as connection:
        return {row.recipient: row.state for row in connection.execute(sa.select(delivery))}


def row(branch: Branch, recipient: str) -> sa.Row:  # type: ignore[type-arg]
    with branch.room.database.read() as connection:
        return connection.execute(sa.select(delivery).where(delivery.c.recipient == recipient)).one()


def test_a_closed_visit_is_mailed_to_every_contact(any_branch: Branch, letterbox: Letterbox) -> None:
    """In the language of each, with a link that opens the page."""
    assert any_branch.once() == mailing.Report(issued=1, sent=2)
    mails = dict(letterbox.arrived)
    assert set(mails) == {LI, EXPORT}
    assert mails[LI]["Content-Language"] == "zh-Hans"
    text = mails[EXPORT].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    link = re.search(r"https://digests\.example\.org(/d/\S+)", text)
    assert link is not None
    page = any_branch.room.client.get(link[1])
    assert page.status_code == 200
    assert "Ruige Magnesium" in page.text


def test_the_subject_is_bilingual_and_names_no_person(branch: Branch, letterbox: Letterbox) -> None:
    """It is seen on locked screens."""
    branch.once()
    for receiver, mail in letterbox.arrived:
        assert "Feedback digest" in mail["Subject"]
        assert "反馈摘要：瑞格镁业" in mail["Subject"]
        assert receiver not in mail["Subject"]


def test_nothing_is_sent_before_the_last_answers_are_in(branch: Branch, letterbox: Letterbox) -> None:
    """A phone's answer of the last minute belongs into the digest."""
    assert branch.at(CLOSED - timedelta(seconds=1)).once() == mailing.Report()
    assert letterbox.arrived == []


def test_what_was_sent_is_never_sent_again(branch: Branch, letterbox: Letterbox) -> None:
    """However often a worker looks."""
    branch.once()
    for hours in (1, 30, 300):
        branch.at(CLOSED + timedelta(hours=hours)).once()
    assert len(letterbox.arrived) == 2


def test_workers_that_look_at_once_send_one_copy(any_branch: Branch, letterbox: Letterbox) -> None:
    """Compare-and-set decides who sends."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: any_branch.once(), range(4)))
    any_branch.once()
    assert sorted(receiver for receiver, _ in letterbox.arrived) == sorted([LI, EXPORT])
    with any_branch.room.database.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(edition)).scalar() == 1


def test_a_week_with_answers_is_summed_up(branch: Branch, letterbox: Letterbox) -> None:
    """While the visit is open; a week in which nobody answered is left out."""
    later = {**scheduled().company, "contacts": [{"email": LI, "language": "zh"}]}
    long_open = scheduled(company=later, time=CLOSED, deadline=VISITED + timedelta(days=40))
    branch.room.record([analysed(long_open)])
    assert branch.at(VISITED + timedelta(days=6)).once().issued == 0
    assert branch.at(VISITED + timedelta(days=8)).once().issued == 1
    assert branch.at(VISITED + timedelta(days=15)).once().issued == 0
    branch.room.record([said("new")])
    assert branch.at(VISITED + timedelta(days=16)).once().issued == 1
    assert branch.at(VISITED + timedelta(days=17)).once().issued == 0
    assert len(letterbox.arrived) == 2


def test_a_refused_receiver_is_not_asked_again(branch: Branch, letterbox: Letterbox) -> None:
    """5xx is for good; the other contact still gets the mail; a person may let it wait again."""
    letterbox.replies[LI] = "550 no such user"
    assert branch.once() == mailing.Report(issued=1, sent=1, refused=1)
    assert row(branch, LI).error == "550 no such user"
    letterbox.replies.clear()
    assert branch.at(CLOSED + timedelta(days=1)).once() == mailing.Report()
    with branch.room.database.write() as connection:
        assert editions.retry(connection, branch.room.now[0]) == 1
    assert branch.once().sent == 1


def test_an_address_that_no_mail_can_carry_stops_no_other(branch: Branch, letterbox: Letterbox) -> None:
    """The organiser sees it in the list of mails."""
    with branch.room.database.write() as connection:
        contacts = [{"email": "a..b@example.org", "language": "en"}, {"email": LI, "language": "zh"}]
        connection.execute(sa.update(visit).values(contacts=contacts))
    assert branch.once() == mailing.Report(issued=1, sent=1, refused=1)


@pytest.mark.parametrize("where", ["receiver", "data"])
def test_a_busy_server_is_asked_again(any_branch: Branch, letterbox: Letterbox, where: str) -> None:
    """4xx: the mail waits, a little longer each time, and keeps its name."""
    if where == "receiver":
        letterbox.replies = {LI: "451 try later", EXPORT: "451 try later"}
    else:
        letterbox.data_reply = "452 no space"
    assert any_branch.once() == mailing.Report(issued=1, waiting=2)
    assert any_branch.once() == mailing.Report()  # not before the pause is over
    letterbox.replies, letterbox.data_reply = {}, "250 OK"
    assert any_branch.at(CLOSED + timedelta(minutes=2)).once().sent == 2
    assert row(any_branch, LI).attempts == 2


def test_a_server_that_is_away_loses_nothing(branch: Branch, letterbox: Letterbox) -> None:
    """Days of outage, then the mail; after five days somebody has to look."""
    home = branch.office
    branch.by("smtp://127.0.0.1:1")
    assert branch.once() == mailing.Report(issued=1, waiting=2)
    assert branch.at(CLOSED + timedelta(days=3)).once().waiting == 2
    branch.office = home
    assert branch.at(CLOSED + timedelta(days=3, hours=2)).once().sent == 2
    assert len(letterbox.arrived) == 2


def test_after_five_days_it_is_given_up_in_the_open(branch: Branch) -> None:
    """The state says so and the log too."""
    branch.by("smtp://127.0.0.1:1").once()
    branch.at(CLOSED + timedelta(days=6)).once()
    assert states(branch) == {LI: editions.GIVEN_UP, EXPORT: editions.GIVEN_UP}


def test_a_worker_that_dies_while_sending_leaves_the_copy_to_another(
    branch: Branch, letterbox: Letterbox
) -> None:
    """Not lost; and the same Message-ID lets mail programs drop a second one."""

    class Died(BaseException):
        pass

    class DyingPost:
        def send(self, message: object, receiver: str) -> None:
            raise Died

    alive = branch.office
    branch.office = mailing.Office(**{**vars(alive), "post": DyingPost()})
    with pytest.raises(Died):
        branch.once()
    branch.office = alive
    assert branch.once().sent == 1  # the copy that was not in hand
    assert branch.at(CLOSED + editions.LEASE).once().sent == 1
    assert len({mail["Message-ID"] for _, mail in letterbox.arrived}) == 2


def test_every_try_has_the_same_message_id(branch: Branch, letterbox: Letterbox) -> None:
    """What arrives twice after a crash is known as one mail."""
    branch.once()
    with branch.room.database.write() as connection:
        connection.execute(sa.update(delivery).values(state=editions.WAITING))
    branch.at(CLOSED + editions.LEASE).once()
    names = [mail["Message-ID"] for receiver, mail in letterbox.arrived if receiver == LI]
    assert len(names) == 2
    assert len(set(names)) == 1


def test_a_withdrawn_answer_leaves_what_we_kept(any_branch: Branch) -> None:
    """The mail cannot be called back; our copy of it can be emptied."""
    any_branch.once()
    with any_branch.room.database.read() as connection:
        kept = connection.execute(sa.select(edition)).one()
    assert "The furnace is modern." in str(kept.digest)
    any_branch.room.record([analysed(withdrawn("r-1"))])
    with any_branch.room.database.read() as connection:
        after = connection.execute(sa.select(edition)).one()
    assert (after.digest, after.digest_hash) == (None, kept.digest_hash)


def test_without_a_server_mails_become_files(tmp_path: Path) -> None:
    """Any mail program opens them; nothing waits."""
    branch = open_branch(tmp_path).at(CLOSED)
    assert branch.once() == mailing.Report(issued=1, sent=2)
    files = sorted((tmp_path / "mail").iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    mails = [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]
    assert {mail["To"] for mail in mails} == {LI, EXPORT}
    branch.room.database.close()


def test_a_visit_without_contacts_is_left_alone(tmp_path: Path) -> None:
    """Nobody asked for mail."""
    branch = open_branch(tmp_path)
    branch.room.record([analysed(scheduled(time=CLOSED))])
    assert branch.at(CLOSED).once() == mailing.Report()
    branch.room.database.close()


def test_the_thread_beside_the_worker_outlives_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug in mailing or a database that is away must not stop the analysis."""
    branch, stop, turns = open_branch(tmp_path), threading.Event(), []

    def broken(office: mailing.Office) -> None:
        turns.append(1)
        if len(turns) == 1:
            raise TryLater("database away")
        if len(turns) == 2:
            raise ZeroDivisionError
        stop.set()

    monkeypatch.setattr(mailing, "once", broken)
    monkeypatch.setattr(mailing, "LOOK_EVERY", 0.0)
    mailing.run(branch.office, stop)
    assert len(turns) == 3
    branch.room.database.close()


def test_a_worker_mails_by_itself(tmp_path: Path) -> None:
    """The real role, its real clock: two files in the folder, and a clean end."""
    branch, now = open_branch(tmp_path), datetime.now(UTC)
    times = {"visited_at": now - timedelta(days=5), "deadline": now - timedelta(hours=1)}
    company = {**scheduled().company, "contacts": list(CONTACTS)}
    newest = branch.room.now[0] + timedelta(days=1, seconds=2)
    branch.room.record([analysed(scheduled(company=company, time=newest, **times))])
    settings = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "k" * 40}
    command = [sys.executable, "-m", "analyzer", "work"]
    with subprocess.Popen(command, env={**os.environ, **settings}, stderr=subprocess.PIPE) as worker:
        try:
            assert worker.stderr is not None
            told = [next(line for line in worker.stderr if b"mail sent" in line) for _ in CONTACTS]
        finally:
            worker.terminate()
    assert worker.returncode == 0
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 2
    assert not [line for line in told if b"@" in line]  # addresses are personal, logs are not
    branch.room.database.close()
