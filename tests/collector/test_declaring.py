"""Promises about what goes with the answers: photos, the consent notice, answers that nobody asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collector import tables
from collector.answering import check_answers
from collector.errors import BadAnswers, BadFile
from collector.questionnaire import BUILT_IN, load_questionnaire
from tests.collector.builders import ANSWERS, site_visit
from tests.collector.house import House, build, good

FIRST = "6f0d2c1e-6f2b-4a38-9a43-6d6a6a1f0a01"
SECOND = "6f0d2c1e-6f2b-4a38-9a43-6d6a6a1f0a02"
AGREED = {"use": True, "quote": True}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = build(f"sqlite:///{tmp_path / 'c.sqlite3'}", tmp_path)
    yield house
    house.database.close()


def event(house: House, place: int = -1) -> dict:
    import json

    return dict(json.loads(house.rows(tables.outbox)[place].body)["data"])


def test_photos_are_the_organisers_alone_unless_the_expert_says_more() -> None:
    """What was photographed inside a plant is nobody's by default."""
    checked = check_answers(site_visit(), ANSWERS, AGREED, None, "en", [{"id": FIRST}])
    assert checked.photos == ({"id": FIRST, "readership": "organiser"},)


@pytest.mark.parametrize(
    ("photos", "pointer"),
    [
        ("no list", "/photos"),
        ([{"id": f"6f0d2c1e-6f2b-4a38-9a43-6d6a6a1f0a{i:02}"} for i in range(6)], "/photos"),
        ([{"id": "../../etc/passwd"}], "/photos/0/id"),
        ([{"id": FIRST}, 7], "/photos/1/id"),
        ([{"id": FIRST, "readership": "everybody"}], "/photos/0/readership"),
    ],
)
def test_a_wrong_photo_is_named(photos: object, pointer: str) -> None:
    """At its place, like every other mistake."""
    with pytest.raises(BadAnswers) as bad:
        check_answers(site_visit(), ANSWERS, AGREED, None, "en", photos)
    assert [error.pointer for error in bad.value.errors] == [pointer]


def test_the_message_names_the_photos_and_who_may_see_them(house: House) -> None:
    """Before a single picture has arrived: the text never waits."""
    photos = [{"id": FIRST, "readership": "quote"}, {"id": SECOND}]
    assert house.post({**good(), "photos": photos}).status_code == 201
    assert event(house)["photos"] == [
        {"id": FIRST, "readership": "quote"},
        {"id": SECOND, "readership": "organiser"},
    ]


def test_without_consent_no_photo_reaches_the_company(house: House) -> None:
    """The narrowest wins, as for words."""
    house.post({**good(), "photos": [{"id": FIRST, "readership": "quote"}], "consent": {"use": False}})
    assert event(house)["photos"] == [{"id": FIRST, "readership": "organiser"}]


def test_an_amendment_that_says_nothing_of_photos_keeps_them(house: House) -> None:
    """And one that sends an empty list takes them away."""
    house.post({**good(), "photos": [{"id": FIRST}]})
    house.post(good(overall=2))
    assert [photo["id"] for photo in event(house)["photos"]] == [FIRST]
    house.post({**good(overall=3), "photos": []})
    assert "photos" not in event(house)
    assert [row.photos for row in house.rows(tables.submission)] == [
        [{"id": FIRST, "readership": "organiser"}],
        [{"id": FIRST, "readership": "organiser"}],
        [],
    ]


def test_the_notice_that_was_shown_is_kept_by_its_hash(house: House) -> None:
    """Stored with the response and told to the reader; an old page tells which words it had shown."""
    notice = house.questionnaire.notice
    assert notice is not None
    house.post(good())
    house.post({**good(overall=2), "notice": "a" * 64})
    assert [row.notice for row in house.rows(tables.submission)] == [notice.sha256, "a" * 64]
    assert event(house)["notice"] == {"sha256": "a" * 64}


def test_a_hash_that_is_none_is_refused(house: House) -> None:
    """With the place of the mistake."""
    answer = house.post({**good(), "notice": "yes"})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/notice")


def test_another_word_in_the_notice_is_another_questionnaire(tmp_path: Path) -> None:
    """So the version of a response always says what its sender was told."""
    for name in ("site-visit.yaml", "consent-notice.yaml"):
        (tmp_path / name).write_text((BUILT_IN / name).read_text("utf-8"), "utf-8")
    before = load_questionnaire(tmp_path / "site-visit.yaml")
    file = tmp_path / "consent-notice.yaml"
    file.write_text(file.read_text("utf-8").replace("version: 2026-11", "version: 2026-12"), "utf-8")
    after = load_questionnaire(tmp_path / "site-visit.yaml")
    assert before.version != after.version
    assert before.notice is not None
    assert after.notice is not None
    assert before.notice.sha256 != after.notice.sha256


def test_a_notice_in_one_language_is_refused(tmp_path: Path) -> None:
    """Nobody agrees to what they cannot read."""
    questionnaire = (BUILT_IN / "site-visit.yaml").read_text("utf-8").replace("consent-notice", "half")
    (tmp_path / "site-visit.yaml").write_text(questionnaire, "utf-8")
    (tmp_path / "half.yaml").write_text("version: 1\ntitle: {en: T, zh: 题}\ntext: {en: Words.}\n", "utf-8")
    with pytest.raises(BadFile, match=r"text\.zh: is missing"):
        load_questionnaire(tmp_path / "site-visit.yaml")


def test_a_notice_that_is_not_there_is_named(tmp_path: Path) -> None:
    """With the line of the questionnaire that asks for it."""
    questionnaire = (BUILT_IN / "site-visit.yaml").read_text("utf-8").replace("consent-notice", "gone")
    (tmp_path / "site-visit.yaml").write_text(questionnaire, "utf-8")
    with pytest.raises(BadFile, match=r"there is no gone\.yaml"):
        load_questionnaire(tmp_path / "site-visit.yaml")


def test_answers_to_hidden_questions_are_dropped_and_told(house: House) -> None:
    """The receipt lists them, so nobody believes that they went out."""
    answer = house.post(good(cooperate="no", offer="A test bench"))
    assert answer.json["dropped"] == ["offer"]
    assert [row.dropped for row in house.rows(tables.submission)] == [["offer"]]
