"""A phone that several people use: what one of them answered is not for the next one to see or to change."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from collector import tables
from collector.__main__ import main
from tests.browser.collector_site import site
from tests.browser.phone import fill_all, go_on, kept_offline, open_form, phone, send, state, until
from tests.collector.house import OPEN, SECRET, House
from tests.collector.pictures import photo
from tests.collector.sounds import sound

pytestmark = pytest.mark.chromium
SECRET_WORDS = "The north furnace leaks"
PICTURE = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(900, 600)}
NOTE = {"name": "note.webm", "mimeType": "audio/webm", "buffer": sound("webm", 2)}
# How many files lie in the phone's database.
WAITING = """() => new Promise(done => {
  const open = indexedDB.open('debrief', 1);
  open.onsuccess = () => {
    const keys = open.result.transaction('things').objectStore('things').getAllKeys();
    keys.onsuccess = () => {
      open.result.close();
      done(keys.result.filter(key => /^(photo|voice):/.test(key)).length);
    };
  };
})"""
CACHED = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) texts.push(await (await cache.match(request)).text());
  }
  return texts;
}"""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[House, str]]:
    with site(tmp_path) as (house, address):
        yield house, address


def link(served: tuple[House, str], invitation: str | None = None) -> str:
    house, address = served
    return f"{address}/f/{house.token(invitation) if invitation else house.token()}?lang=en"


def test_the_pages_kept_for_offline_hold_nobodys_answers(served: tuple[House, str], browser: Browser) -> None:
    """Answers were shown on form and receipt; the copies are blank, and say that the answers arrived."""
    with phone(browser) as context:
        page = open_form(context, link(served))
        page.evaluate("caches.open('debrief-pages')")  # an earlier release kept pages as they were shown
        fill_all(page, SECRET_WORDS)
        send(page)
        expect(state(page, "arrived")).to_be_visible()
        number = page.locator("[data-receipt]").inner_text()
        state(page, "arrived").locator("a").click()
        expect(page.locator("main")).to_contain_text(SECRET_WORDS)
        page = open_form(context, link(served), page)
        expect(page.locator("#q-impressed")).to_have_value(SECRET_WORDS)
        kept_offline(page)
        until(page, f"async () => (await ({CACHED})()).join().includes('{number}')")
        copies = page.evaluate(CACHED)
        context.set_offline(True)
        page.reload()
        expect(state(page, "arrived")).to_contain_text(number)
        expect(state(page, "arrived")).to_contain_text("you need a connection")
        expect(page.locator("#stored")).to_be_hidden()  # it would say "here"
        state(page, "arrived").locator("a").click()
        expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    assert len(copies) > 5
    assert not [text for text in copies if SECRET_WORDS in text or re.search(r'id="q-[^>]* checked', text)]


def test_two_people_share_a_phone_without_reception(
    served: tuple[House, str], browser: Browser, tmp_path: Path
) -> None:
    """One open link, one phone: the second sees nothing of the first, and both are stored, each once."""
    house, _ = served
    with phone(browser) as context:
        page = open_form(context, link(served, OPEN))
        kept_offline(page)
        context.set_offline(True)
        page.reload()
        send_offline(page, SECRET_WORDS)
        page.get_by_role("button", name="Answer for another person").click()
        expect(page.locator("#earlier")).to_contain_text("wait on this phone: 1")
        assert unseen(page)
        with page.expect_download() as download:
            page.locator("[data-do=save-earlier]").click()
        own, all_of_them = tmp_path / "first.json", tmp_path / "both.json"
        download.value.save_as(own)
        page.go_back()
        assert unseen(page)
        page.reload()
        expect(page.locator("html[data-ready]")).to_be_attached()
        assert unseen(page)
        send_offline(page, "The second one speaks")
        page.get_by_role("button", name="Answer for another person").click()
        expect(page.locator("#earlier")).to_contain_text("wait on this phone: 2")
        with page.expect_download() as both:
            page.locator("[data-do=save-earlier]").click()
        both.value.save_as(all_of_them)
        context.set_offline(False)
        expect(page.locator("#earlier")).to_be_hidden()
    said = {row.answers["impressed"] for row in house.rows(tables.submission)}
    assert said == {SECRET_WORDS, "The second one speaks"}
    first = json.loads(own.read_text("utf-8"))
    assert first["body"]["answers"]["impressed"] == SECRET_WORDS
    environ = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite3'}",
        "SECRET_KEY": SECRET,
        "DATA_DIR": str(tmp_path),
    }
    assert main(["responses", "import", "--late", str(all_of_them)], environ) == 0
    assert len(house.rows(tables.submission)) == 2


def test_files_that_wait_stay_with_the_one_who_made_them(served: tuple[House, str], browser: Browser) -> None:
    """The first leaves a photo and a voice note waiting: the second sees neither, each keeps their own."""
    house, _ = served
    with phone(browser) as context:
        page = open_form(context, link(served, OPEN))
        kept_offline(page)
        context.set_offline(True)
        add_files(page, photos=1, notes=1)
        send_offline(page, SECRET_WORDS)
        page.get_by_role("button", name="Answer for another person").click()
        expect(page.locator("#earlier")).to_be_visible()
        shows_no_files(page)
        page.reload()
        expect(page.locator("#photo-box[data-ready]")).to_be_attached()
        expect(page.locator("#voice-box[data-ready]")).to_be_attached()
        shows_no_files(page)
        add_files(page, photos=2, notes=0)
        send_offline(page, "The second one speaks")
        context.set_offline(False)
        expect(state(page, "arrived")).to_be_visible()
        expect(page.locator("#photo-list canvas")).to_have_count(0)
        until(page, f"async () => (await ({WAITING})()) === 0")
        state(page, "arrived").get_by_role("link").click()
        expect(page.locator(".photos li")).to_have_count(2)
        expect(page.locator(".voices li")).to_have_count(0)
    said = {row.response_id: row.answers["impressed"] for row in house.rows(tables.submission)}
    photos = [said[row.response_id] for row in house.rows(tables.photo) if row.state == "stored"]
    notes = [said[row.response_id] for row in house.rows(tables.voice_note) if row.state == "stored"]
    assert sorted(photos) == [SECRET_WORDS, *["The second one speaks"] * 2]
    assert notes == [SECRET_WORDS]


def test_a_receipt_shows_nothing_of_what_others_have_waiting(
    served: tuple[House, str], browser: Browser
) -> None:
    """The first one's photo cannot be sent: the first one's receipt says so, the second one's does not."""
    house, _ = served
    with phone(browser) as context:
        context.route("**/photos", lambda route: route.abort())
        page = open_form(context, link(served, OPEN))
        add_files(page, photos=1, notes=0)
        fill_all(page, SECRET_WORDS)
        send(page)
        expect(page.locator("#pending")).to_contain_text("wait on this phone: 1.")
        own = str(state(page, "arrived").get_by_role("link").get_attribute("href"))
        page.get_by_role("button", name="Answer for another person").click()
        expect(page.locator("#pending")).to_be_hidden()
        fill_all(page)
        send(page)
        state(page, "arrived").get_by_role("link").click()
        page.wait_for_load_state("networkidle")
        expect(page.locator("#photo-state")).to_have_text("")
        expect(page.locator("#pending")).to_be_hidden()
        page.goto(served[1] + own)
        expect(page.locator("#photo-state")).to_contain_text("1 photo pending")
        expect(page.locator("#pending")).to_contain_text("wait on this phone: 1.")
    assert len(house.rows(tables.submission)) == 2


def add_files(page: Page, photos: int, notes: int) -> None:
    page.locator("[data-do=one-page]").click()
    for number in range(photos):
        page.locator("#photo-file").set_input_files([PICTURE])
        expect(page.locator("#photo-list canvas")).to_have_count(number + 1)
    if notes:
        page.locator("#voice-file").set_input_files([NOTE])
        expect(page.locator("#voice-list audio")).to_have_count(notes)
    page.locator("[data-do=steps]").click()


def shows_no_files(page: Page) -> None:
    """No picture, no recording, no words that count what waits."""
    expect(page.locator("#photo-list li, #voice-list li")).to_have_count(0)
    for kind in ("photo", "voice"):
        expect(page.locator(f"#{kind}-state")).to_have_text("")
    expect(page.locator("#pending")).to_be_hidden()


def send_offline(page: Page, words: str) -> None:
    fill_all(page, words)
    send(page)
    expect(state(page, "queued")).to_be_visible()


def unseen(page: Page) -> bool:
    """Neither in a field nor in the words of the page."""
    return bool(
        page.evaluate(
            "words => !document.querySelector('#q-impressed').value.includes(words)"
            " && !document.body.textContent.includes(words)"
            " && !document.querySelector('#form input[name^=\"q.\"]:checked')",
            SECRET_WORDS,
        )
    )


def test_back_from_the_next_persons_form_shows_no_receipt(
    served: tuple[House, str], browser: Browser
) -> None:
    """On an open link the receipt holds the answers: "another person" puts the form in its place."""
    house, _ = served
    with phone(browser) as context:
        page = open_form(context, link(served, OPEN))
        fill_all(page, SECRET_WORDS)
        send(page)
        state(page, "arrived").get_by_role("link").click()
        expect(page.locator("main")).to_contain_text(SECRET_WORDS)
        page.get_by_role("link", name="Edit my answers").click()
        expect(page.locator("#q-impressed")).to_have_value(SECRET_WORDS)
        page.go_back()
        page.get_by_role("link", name="Answer for another person").click()
        expect(page.locator("html[data-ready]")).to_be_attached()
        assert unseen(page)
        page.go_back()
        expect(page.locator("html[data-ready]")).to_be_attached()
        assert unseen(page)
        go_on(page)
    assert len(house.rows(tables.submission)) == 1
