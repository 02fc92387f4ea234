"""What people write into a digest: seen by the others, kept with who and when, and never lost to software."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analyzer import acting, store, tallies
from analyzer.__main__ import main
from analyzer.analysis.findings import Aspect
from analyzer.corrections import item_id
from analyzer.tables import action, correction, response
from tests.analyzer.reading_room import ReadingRoom, open_room
from tests.analyzer.stories import analysed, answer, read_as, said, submitted, withdrawn

ADVICE = "Please cover the grinding line."
LEAD = [
    answer("cooperate", {"choice": "yes"}),
    answer("contact", {"agreed": True, "name": "Li", "email": "li@example.org"}),
]


@pytest.fixture
def room(tmp_path: Path, any_database_url: str) -> Iterator[ReadingRoom]:
    room = open_room(tmp_path, any_database_url)
    room.record(said(f"r-{i}") for i in range(4))
    room.record([said("a-1", "improve", ADVICE, "safety", "negative", suggestion=True, more=LEAD)])
    yield room
    room.database.close()


def digest(room: ReadingRoom) -> dict[str, Any]:
    return dict(room.client.get(f"/d/{room.token()}.json").get_json())


def advice(room: ReadingRoom) -> dict[str, Any]:
    return dict(digest(room)["advice"][0]["items"][0])


def item(room: ReadingRoom, token: str | None = None) -> str:
    return f"/d/{token or room.token()}/items/{advice(room)['id']}"


DONE = {
    "status": "done",
    "owner": "Chen Wei",
    "due_on": "2026-12-31",
    "reply": "Covered since May.",
    "name": "Zhang",
}
SAFE = {"sentiment": "positive", "topic": "production_process", "feeling": "positive", "name": "Zhang"}


def test_an_item_gets_an_owner_a_date_a_status_and_a_reply(room: ReadingRoom) -> None:
    """And everybody who opens the digest sees them."""
    answered = room.client.post(item(room), data=DONE)
    assert answered.status_code == 303
    page = room.client.get(f"/d/{room.token()}?lang=en").text
    assert all(words in page for words in ("Chen Wei", "due 31 Dec 2026", "Done", "Covered since May."))
    [told] = digest(room)["actions"].values()
    assert (told["status"], told["role"], told["name"]) == ("done", "company", "Zhang")


def test_a_lead_can_be_assigned_too(room: ReadingRoom) -> None:
    """The contact itself stays as it was."""
    [lead] = digest(room)["cooperation"]["leads"]
    address = f"/d/{room.token()}/items/{lead['id']}"
    assert "li@example.org" in room.client.get(address).text
    assert room.client.post(address, data=DONE).status_code == 303
    assert list(digest(room)["actions"]) == [lead["id"]]


def test_the_organiser_sees_what_was_done(
    room: ReadingRoom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the page that their overview opens, and on the command line."""
    room.client.post(item(room), data=DONE)
    token = room.token(role="organiser")
    assert "Covered since May." in room.client.get(f"/d/{token}").text
    room.client.post(item(room, token), data={**DONE, "status": "accepted"})
    monkeypatch.setenv("DATABASE_URL", room.config.database_url.replace("+psycopg", ""))
    assert main(["actions", "ruige-1124", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    written = [(word["status"], word["role"]) for word in told]
    assert written == [("done", "company"), ("accepted", "organiser")]


def test_the_organiser_sees_what_was_corrected(
    room: ReadingRoom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Readings and wordings, with who and when, the ones taken back too."""
    name = advice(room)["id"]
    address = item(room) + "/reading"
    room.client.post(address, data={**SAFE, "suggestion": "yes"})
    room.client.post(address, data={"undo": "yes", "name": "Lin"})
    words = {"words_zh": "车间整洁", "name": "Zhao"}
    room.client.post(f"/d/{room.token()}/statements/praised.production_process", data=words)
    monkeypatch.setenv("DATABASE_URL", room.config.database_url.replace("+psycopg", ""))
    assert main(["actions", "ruige-1124", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["item"], one["name"]) for one in told] == [(name, "Zhang"), (name, "Lin"), (None, "Zhao")]
    assert told[2]["wording"] == {"zh": "车间整洁"}
    assert main(["actions", "ruige-1124"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines] == [name, name, "praised.production_process"]
    assert "as the software says  Lin (company), 2026-11-25 09:00Z" in lines[1]


def test_corrections_so_far_stand_on_the_items_page(room: ReadingRoom) -> None:
    """Who said what, and who gave it back."""
    address = item(room)
    room.client.post(address + "/reading", data={**SAFE, "suggestion": "yes"})
    room.client.post(address + "/reading", data={"undo": "yes", "name": "Lin"})
    page = room.client.get(f"{address}?lang=en").text
    assert "Corrections so far" in page
    assert "Zhang (company)" in page
    assert "the software&#39;s reading again" in page


def test_saving_a_reading_as_it_is_keeps_the_words_of_each_topic(room: ReadingRoom) -> None:
    """The form holds them, so that who changes the tone does not lose the spans."""
    text = "The press is new and the dust is bad."
    spans = (("equipment_automation", "press"), ("safety", "dust"))
    found = tuple(
        Aspect(topic, "neutral", 0.0, words, text.index(words), text.index(words) + len(words), "test")
        for topic, words in spans
    )
    whole = read_as(text, "safety", "negative")
    reading = replace(whole, sentences=(replace(whole.sentences[0], aspects=found),))
    room.record([analysed(submitted("b-1", [answer("improve", text)]), {"improve": reading})])
    page = room.client.get(f"/d/{room.token()}/items/{item_id('b-1', text)}").text
    assert re.findall(r'name="words" maxlength="200" value="([^"]+)"', page) == ["press", "dust"]


def test_an_item_stands_among_the_sentences_around_it(room: ReadingRoom) -> None:
    """Of the same answer, and only those that may be read."""
    text = "The line is old. " + ADVICE
    whole = read_as(ADVICE, "safety", "negative", suggestion=True)
    [last] = whole.sentences
    first = replace(last, text="The line is old.", start=0, end=16, suggestion=False, aspects=())
    last = replace(last, start=17, end=len(text), aspects=())
    event = submitted("c-1", [answer("improve", text)])
    room.record([analysed(event, {"improve": replace(whole, sentences=(first, last))})])
    page = room.client.get(f"/d/{room.token()}/items/{item_id('c-1', ADVICE)}?lang=en").text
    assert "What stood around it" in page
    assert f'The line is old.</span> <span lang="en"><strong>{ADVICE}</strong>' in page
    alone = room.client.get(f"/d/{room.token()}/items/{item_id('a-1', ADVICE)}?lang=en").text
    assert "What stood around it" not in alone


def test_an_item_keeps_its_name_when_the_response_is_amended(room: ReadingRoom) -> None:
    """A reply stays with the words it answers."""
    before = advice(room)["id"]
    room.client.post(item(room), data=DONE)
    amended = submitted("a-1", [answer("overall", 2), answer("outlook", ADVICE)], revision=2)
    room.record([analysed(amended, {"outlook": read_as(ADVICE, "safety", "negative", suggestion=True)})])
    assert advice(room)["id"] == before
    assert before in digest(room)["actions"]


def test_looking_changes_nothing(room: ReadingRoom) -> None:
    """Mail scanners and chat previews open every link they find."""
    pages = [item(room), f"/d/{room.token()}/topics/safety", f"/d/{room.token()}"]
    for address in pages:
        assert room.client.get(f"{address}?status=done&name=x").status_code == 200
    with room.database.read() as connection:
        assert acting.newest_actions(connection, "ruige-1124") == {}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
    ],
)
def test_another_site_cannot_write(room: ReadingRoom, headers: dict[str, str]) -> None:
    """Even if it had learnt the address."""
    refused = room.client.post(item(room), data=DONE, headers=headers)
    assert refused.status_code == 403
    assert digest(room)["actions"] == {}


def test_a_link_for_reading_only_reads(room: ReadingRoom) -> None:
    """For the many in a company who need not write."""
    token = room.token(role="reader")
    assert "Assign or reply" not in room.client.get(f"/d/{token}").text
    assert "<form" not in room.client.get(item(room, token)).text
    assert room.client.post(item(room, token), data=DONE).status_code == 403
    assert room.client.post(item(room, token) + "/reading", data=SAFE).status_code == 403


@pytest.mark.parametrize(
    "wrong", [{"status": "sold"}, {"due_on": "soon"}, {"name": " "}, {"reply": "x" * 2001}]
)
def test_what_cannot_be_kept_is_refused(room: ReadingRoom, wrong: dict[str, str]) -> None:
    """In the reader's language, and nothing is written."""
    assert room.client.post(item(room), data={**DONE, **wrong}).status_code == 400
    assert digest(room)["actions"] == {}


def test_an_item_of_another_visit_or_none_is_unknown(room: ReadingRoom) -> None:
    """Also one whose words the expert keeps from the company."""
    room.record([said("k", "improve", "Kept to counts.", "safety", "negative", readership="summary")])
    for name in ("0" * 16, item_id("k", "Kept to counts.")):
        assert room.client.get(f"/d/{room.token()}/items/{name}").status_code == 404
        assert room.client.post(f"/d/{room.token()}/items/{name}", data=DONE).status_code == 404


def test_a_correction_moves_the_counts_and_says_who_made_it(room: ReadingRoom) -> None:
    """The page marks it, so that nobody takes it for the software's reading."""
    address = item(room)
    assert room.client.post(address + "/reading", data=SAFE).status_code == 303
    told = {topic["id"]: topic for topic in digest(room)["topics"]}
    assert told["production_process"]["positive"] == 5
    assert "safety" not in told
    assert digest(room)["advice"] == []
    assert (
        "Corrected by Zhang" in room.client.get(f"/d/{room.token()}/topics/production_process?lang=en").text
    )


def test_the_span_that_names_a_topic_can_be_corrected(room: ReadingRoom) -> None:
    """Copied from the remark, or refused."""
    reading = {**SAFE, "words": "grinding line", "sentiment": "negative"}
    assert room.client.post(item(room) + "/reading", data=reading).status_code == 303
    [found] = [quote for quote in digest(room)["remarks"] if quote["text"] == ADVICE]
    [mark] = found["marks"]
    assert ADVICE[mark["start"] : mark["end"]] == "grinding line"
    wrong = {**reading, "words": "not in it"}
    address = f"/d/{room.token()}/items/{found['id']}/reading"
    assert room.client.post(address, data=wrong).status_code == 400


def sums(room: ReadingRoom) -> tallies.Tally:
    with room.database.read() as connection:
        return tallies.fetch(connection)


def test_tallies_follow_corrections_and_rebuilding_agrees(room: ReadingRoom) -> None:
    """The fair's comparison counts what people said is right."""
    room.client.post(item(room) + "/reading", data=SAFE)
    told = {(key.metric, key.key): n for key, n in sums(room).items()}
    assert ("topic_sentence", "safety:negative") not in told
    assert told["topic_sentence", "production_process:positive"] == 5
    with room.database.write() as connection:
        assert store.rebuild_tallies(connection) == 0


def test_a_correction_outlives_a_later_run_and_an_amendment(room: ReadingRoom) -> None:
    """Software read it as criticism again; the person's word stands, in rows and sums."""
    room.client.post(item(room) + "/reading", data=SAFE)
    amended = submitted("a-1", [answer("overall", 2), answer("improve", ADVICE)], revision=2)
    room.record([analysed(amended, {"improve": read_as(ADVICE, "safety", "negative", suggestion=True)})])
    assert "safety" not in {topic["id"] for topic in digest(room)["topics"]}
    with room.database.write() as connection:
        assert store.rebuild_tallies(connection) == 0


def test_a_correction_can_be_taken_back(room: ReadingRoom) -> None:
    """Then the software's reading holds again; who did what stays written down."""
    address = item(room) + "/reading"
    before = sums(room)
    room.client.post(address, data=SAFE)
    room.client.post(address, data={"undo": "yes", "name": "Zhang"})
    assert "safety" in {topic["id"] for topic in digest(room)["topics"]}
    assert sums(room) == before
    with room.database.read() as connection:
        assert len(connection.execute(correction.select()).all()) == 2


def test_a_withdrawal_takes_replies_and_corrections_along(room: ReadingRoom) -> None:
    """What was written about the words goes with the words."""
    room.client.post(item(room), data=DONE)
    room.client.post(item(room) + "/reading", data={**SAFE, "suggestion": "yes"})
    room.record([analysed(withdrawn("a-1"))])
    with room.database.read() as connection:
        assert connection.execute(action.select()).all() == []
        assert connection.execute(correction.select()).all() == []
        assert connection.execute(response.select().where(response.c.id == "a-1")).all() == []
    with room.database.write() as connection:
        assert store.rebuild_tallies(connection) == 0


def test_every_statement_of_the_page_leads_to_its_words(room: ReadingRoom) -> None:
    """No dead end: each link of the page opens."""
    page = room.client.get(f"/d/{room.token()}?lang=en").text
    links = set(re.findall(r'href="(/d/[^"]+)"', page))
    assert any("/topics/" in link for link in links)
    assert any("/items/" in link for link in links)
    for link in links:
        if "/topics/" in link or "/items/" in link:
            assert room.client.get(link).status_code == 200
