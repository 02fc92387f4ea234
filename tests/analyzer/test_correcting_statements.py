"""A person's words in the place of a statement: kept with who and when, in both languages, undone at will."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analyzer.tables import statement
from tests.analyzer.reading_room import ReadingRoom, open_room
from tests.analyzer.stories import analysed, answer, read_as, said, submitted, withdrawn

WORDS = {"words_en": "The melt shop is a model", "words_zh": "熔炼车间堪称样板", "name": "Ms Zhao"}


@pytest.fixture
def room(tmp_path: Path, any_database_url: str) -> Iterator[ReadingRoom]:
    """Five experts praise the furnace; one of them also asks for a cover."""
    room = open_room(tmp_path, any_database_url)
    room.record(said(f"r-{i}") for i in range(5))
    room.record([said("a-1", "improve", "Please cover the line.", "safety", "negative", suggestion=True)])
    yield room
    room.database.close()


def page(room: ReadingRoom, language: str = "en", path: str = "") -> str:
    return room.client.get(f"/d/{room.token()}{path}?lang={language}").text


def told(room: ReadingRoom) -> dict[str, Any]:
    return dict(room.client.get(f"/d/{room.token()}.json").get_json()["statements"])


def reword(room: ReadingRoom, statement_id: str, token: str | None = None, **fields: str) -> int:
    address = f"/d/{token or room.token()}/statements/{statement_id}"
    return room.client.post(address, data={**WORDS, **fields}).status_code


def test_a_person_puts_words_in_the_place_of_a_statement(room: ReadingRoom) -> None:
    """In both languages, with name and role beside them; counts and remarks stay where they were."""
    assert reword(room, "praised.production_process") == 303
    english, chinese = page(room), page(room, "zh")
    assert "<h4>The melt shop is a model</h4>" in english
    assert "<h4>熔炼车间堪称样板</h4>" in chinese
    assert "Corrected by Ms Zhao (company), 25 Nov 2026" in english
    assert "已更正：Ms Zhao（企业），2026年11月25日" in chinese
    assert "5 of 6 experts praise this, in 5 remarks" in english
    assert f"/d/{room.token()}/topics/production_process" in english


def test_words_of_one_language_stand_in_both(room: ReadingRoom) -> None:
    """One evidence set: no statement is missing in the other language, and none is translated by itself."""
    assert reword(room, "advice.safety", words_en="") == 303
    assert '<span lang="zh-Hans">熔炼车间堪称样板</span>' in page(room)
    assert "<h3>熔炼车间堪称样板</h3>" in page(room, "zh")


def test_the_headline_too_can_be_corrected(room: ReadingRoom) -> None:
    """By the organiser, who is told from the company."""
    token = room.token(role="organiser")
    assert reword(room, "headline", token) == 303
    assert "<h1>The melt shop is a model</h1>" in page(room)
    assert told(room)["headline"]["role"] == "organiser"
    assert (
        room.client.get(f"/d/{room.token()}.json").get_json()["headline"]["text"]["zh"] == "熔炼车间堪称样板"
    )


def test_the_words_outlive_every_later_run(room: ReadingRoom) -> None:
    """Another answer moves the counts; the words stay, and say that they were written about other remarks."""
    reword(room, "praised.production_process")
    assert told(room)["praised.production_process"]["outdated"] is False
    room.record([said("r-9")])
    assert "<h4>The melt shop is a model</h4>" in page(room)
    assert told(room)["praised.production_process"]["outdated"] is True
    assert "Other remarks stand behind it now" in page(room)


def test_words_wait_while_their_statement_is_gone(room: ReadingRoom) -> None:
    """What nobody says any more is not shown, whoever wrote it, and comes back with its remarks."""
    reword(room, "criticised.safety")
    kept, gone = "Please cover the line.", "Nothing."
    for revision, text, side in ((2, gone, "neutral"), (3, kept, "negative")):
        amended = submitted("a-1", [answer("improve", text)], revision=revision)
        room.record([analysed(amended, {"improve": read_as(text, "safety", side)})])
        assert ("criticised.safety" in told(room)) == (text == kept)


def test_the_software_gets_its_words_back(room: ReadingRoom) -> None:
    """And who said what stays to be read."""
    reword(room, "praised.production_process")
    assert reword(room, "praised.production_process", undo="yes", name="Mr Lin") == 303
    assert told(room) == {}
    history = page(room, path="/statements/praised.production_process")
    assert all(words in history for words in ("The melt shop is a model", "Ms Zhao", "Mr Lin", "back to the"))
    with room.database.read() as connection:
        assert len(connection.execute(statement.select()).all()) == 2


def test_a_withdrawal_takes_words_about_it_along(room: ReadingRoom) -> None:
    """They may repeat what the expert took back; words about others stay."""
    reword(room, "advice.safety")
    reword(room, "praised.production_process")
    room.record([analysed(withdrawn("a-1"))])
    with room.database.read() as connection:
        [left] = connection.execute(statement.select()).all()
    assert left.statement_id == "praised.production_process"


@pytest.mark.parametrize(
    "wrong", [{"words_en": " ", "words_zh": ""}, {"words_en": "x" * 301}, {"name": "  "}]
)
def test_what_says_nothing_is_refused(room: ReadingRoom, wrong: dict[str, str]) -> None:
    """No empty statement, none without a name."""
    assert reword(room, "praised.production_process", **wrong) == 400
    assert told(room) == {}


def test_only_who_may_write_corrects(room: ReadingRoom) -> None:
    """A reader sees no form; another site is refused; a statement that nobody made is unknown."""
    reader = room.token(role="reader")
    shown = room.client.get(f"/d/{reader}/statements/praised.production_process")
    assert shown.status_code == 200
    assert "<form" not in shown.text
    assert "Correct the wording" not in room.client.get(f"/d/{reader}").text
    assert reword(room, "praised.production_process", reader) == 403
    foreign = {"Sec-Fetch-Site": "cross-site"}
    address = f"/d/{room.token()}/statements/praised.production_process"
    assert room.client.post(address, data=WORDS, headers=foreign).status_code == 403
    assert reword(room, "praised.visit_organisation") == 404


def test_a_typed_statement_is_text_and_nothing_else(room: ReadingRoom) -> None:
    """No mark-up of a typist gets into the page."""
    reword(room, "praised.production_process", words_en="<script>alert(1)</script>")
    assert "<script" not in page(room)


def test_a_topic_page_leads_to_the_statements_about_it(room: ReadingRoom) -> None:
    """From where their remarks are read."""
    assert "/statements/praised.production_process" in page(room, path="/topics/production_process")
