"""Voice notes in a real browser, with a microphone that only the browser believes in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from collector import tables
from tests.browser.collector_site import page_of, site
from tests.browser.looking import overflow, violations
from tests.browser.phone import fill_all, open_form, phone, send
from tests.collector.house import OPEN, House, good
from tests.collector.pictures import photo
from tests.collector.sounds import sound

pytestmark = pytest.mark.chromium
FILE = {"name": "note.webm", "mimeType": "audio/webm", "buffer": sound("webm", 2)}
PICTURE = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(900, 600)}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[House, str]]:
    with site(tmp_path) as both:
        yield both


def to_voice(context: BrowserContext, address: str) -> Page:
    page = open_form(context, address)
    page.locator("[data-do=one-page]").click()
    return page


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_from_the_microphone_to_the_organiser_s_transcript(
    served: tuple[House, str], browser: Browser, lang: str
) -> None:
    """Recorded, timed, kept over a reload, sent after the text, heard and written down on a desk."""
    house, address = served
    with phone(browser) as context:
        page = to_voice(context, f"{address}/f/{house.token()}?lang={lang}")
        page.locator("#voice-record").click()
        expect(page.locator("#voice-timer")).to_contain_text("0:01")
        assert violations(page) == []
        page.locator("#voice-stop").click()
        expect(page.locator("#voice-list audio")).to_have_count(1)
        length = page.locator("#voice-list audio").evaluate(
            "a => new Promise(done => { a.onplaying = () => done(a.readyState); a.play(); })"
        )
        assert length >= 2
        page.reload()
        expect(page.locator("#voice-list audio")).to_have_count(1)
        house.post(good())
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(page.locator("#voice-list audio")).to_have_count(0)
    [note] = house.rows(tables.voice_note)
    assert note.state == "stored"
    assert note.seconds > 0.5
    with page_of(browser, 1280) as page:
        page.goto(f"{address}{house.overview()}/attachments/visit?lang={lang}")
        page.locator("textarea").fill("打磨线粉尘较大。 Dust at the polishing line.")
        page.locator("input[name=name]").fill("Ms Chen")
        page.get_by_role("button").last.click()
        expect(page.get_by_role("status")).to_be_visible()
        assert overflow(page) <= 0
    with page_of(browser, 390, script=True) as page:
        page.goto(f"{address}{house.overview()}/attachments/visit?lang={lang}")
        assert violations(page) == []
        assert overflow(page) <= 0


def test_a_note_is_deleted_before_it_is_sent(served: tuple[House, str], browser: Browser) -> None:
    """Nothing of it reaches the server."""
    house, address = served
    with phone(browser) as context:
        page = to_voice(context, f"{address}/f/{house.token()}?lang=en")
        page.locator("#voice-file").set_input_files([FILE])
        expect(page.locator("#voice-state")).to_contain_text("1 voice note pending")
        page.get_by_role("button", name="Remove voice note 1").click()
        expect(page.locator("#voice-state")).to_have_text("")
        house.post(good())
        page.evaluate("window.dispatchEvent(new Event('online'))")
        page.wait_for_load_state("networkidle")
    assert house.rows(tables.voice_note) == []


def test_without_a_microphone_the_file_remains(served: tuple[House, str], browser: Browser) -> None:
    """A browser that cannot record hides the button; one that may not says so."""
    house, address = served
    with phone(browser) as context:
        context.add_init_script("Object.defineProperty(window, 'MediaRecorder', {value: undefined})")
        page = to_voice(context, f"{address}/f/{house.token()}?lang=en")
        expect(page.locator("#voice-file")).to_be_visible()
        expect(page.locator("#voice-record")).to_be_hidden()
    with phone(browser) as context:
        context.add_init_script(
            "if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia ="
            " () => Promise.reject(new DOMException('no', 'NotAllowedError'))"
        )
        page = to_voice(context, f"{address}/f/{house.token()}?lang=en")
        page.locator("#voice-record").click()
        expect(page.locator("#voice-state")).to_contain_text("The microphone could not be used.")
        expect(page.locator("#voice-record")).to_be_visible()


def test_an_open_link_sends_photo_and_voice_of_its_own_response(
    served: tuple[House, str], browser: Browser
) -> None:
    """Two people on one phone: each file goes to the answers it was made with, shown to nobody else."""
    house, address = served
    with phone(browser) as context:
        page = to_voice(context, f"{address}/f/{house.token(OPEN)}?lang=en")
        page.locator("#voice-file").set_input_files([FILE])
        page.locator("#photo-file").set_input_files([PICTURE])
        expect(page.locator("#photo-list canvas")).to_have_count(1)
        page.locator("[data-do=steps]").click()
        fill_all(page)
        send(page)
        expect(page.locator("#outcome [data-state=arrived]")).to_be_visible()
        expect(page.locator("#photo-list canvas")).to_have_count(0)
        expect(page.locator("#voice-list audio")).to_have_count(0)
        page.locator("#outcome [data-state=arrived] [data-do=another]").click()
        page.locator("[data-do=one-page]").click()
        page.locator("#voice-file").set_input_files([FILE])
        expect(page.locator("#voice-list audio")).to_have_count(1)
        page.reload()
        expect(page.locator("#photo-list canvas")).to_have_count(0)
    [response] = house.rows(tables.response)
    assert [row.response_id for row in house.rows(tables.voice_note)] == [response.id]
    assert [row.response_id for row in house.rows(tables.photo)] == [response.id]
    assert {row.state for table in (tables.photo, tables.voice_note) for row in house.rows(table)} == {
        "stored"
    }
