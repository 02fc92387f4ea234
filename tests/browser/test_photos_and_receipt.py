"""Photos and the receipt in a real browser: sent apart from the text, shown, taken back, readable by all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from collector import tables
from tests.browser.collector_site import page_of, site
from tests.browser.looking import overflow, violations
from tests.browser.phone import open_form, phone
from tests.collector.house import House, good
from tests.collector.pictures import PLACE, photo

pytestmark = pytest.mark.chromium
LARGE = {"name": "plant.jpg", "mimeType": "image/jpeg", "buffer": photo(3000, 2000)}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[House, str]]:
    with site(tmp_path) as both:
        yield both


def test_photos_wait_apart_and_follow_the_text(
    served: tuple[House, str], browser: Browser, tmp_path: Path
) -> None:
    """Kept on the phone over a reload, pending while the text is not there, shrunk, sent, and gone."""
    house, address = served
    with phone(browser) as context:
        page = open_form(context, f"{address}/f/{house.token()}?lang=en")
        page.locator("#photo-file").set_input_files([LARGE, {**LARGE, "name": "second.jpg"}])
        state = page.locator("#photo-state")
        expect(state).to_have_text("2 photos pending: they are sent after your answers, by themselves.")
        page.locator("[data-do=one-page]").click()
        expect(page.locator("#photo-list canvas").first).to_be_visible()
        assert violations(page) == []
        page.reload()
        expect(state).to_have_text("2 photos pending: they are sent after your answers, by themselves.")
        house.post(good())
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(state).to_have_text("")
    stored = house.rows(tables.photo)
    assert [(row.state, row.width, row.height) for row in stored] == [("stored", 1600, 1067)] * 2
    assert all(row.size <= 500 * 1024 for row in stored)
    assert all(PLACE not in file.read_bytes() for file in (tmp_path / "photos").rglob("*.jpg"))


def test_the_text_never_waits_for_a_photo(served: tuple[House, str], browser: Browser) -> None:
    """Photos that cannot be sent stay pending; the answers have arrived, and the receipt says both."""
    house, address = served
    with phone(browser, service_workers="block") as context:
        page = context.new_page()
        page.route("**/photos", lambda route: route.abort())
        open_form(context, f"{address}/f/{house.token()}?lang=en", page)
        page.locator("#photo-file").set_input_files([LARGE])
        expect(page.locator("#photo-state")).to_contain_text("1 photo pending")
        assert house.post(good()).status_code == 201
        page.goto(f"{address}/f/{house.token()}/receipt?lang=en")
        expect(
            page.get_by_role("heading", name="Thank you. Your answers have arrived.").first
        ).to_be_visible()
        expect(page.locator("#photo-state")).to_contain_text("1 photo pending")
        page.unroute("**/photos")
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(page.locator("#photo-state")).to_have_text("")
    assert [row.state for row in house.rows(tables.photo)] == ["stored"]


@pytest.mark.parametrize(
    ("lang", "add", "again", "confirm", "gone"),
    [
        ("en", "Add photos", "Withdraw my answers", "Yes, withdraw them", "Your answers are withdrawn"),
        ("zh", "添加照片", "撤回我的答案", "确认撤回", "您的答案已撤回"),
    ],
)
def test_without_script_from_the_file_to_the_withdrawal(
    served: tuple[House, str], browser: Browser, lang: str, add: str, again: str, confirm: str, gone: str
) -> None:
    """A plain file field, a picture on the receipt, a question, and nothing left."""
    house, address = served
    house.post(good(impressed="干净 clean"))
    with page_of(browser) as page:
        page.goto(f"{address}/f/{house.token()}/receipt?lang={lang}")
        page.locator("#photo").set_input_files([LARGE])
        page.get_by_role("button", name=add, exact=True).click()
        expect(page.locator(".photos img")).to_be_visible()
        page.locator(".photos img").scroll_into_view_if_needed()  # pictures load when they are seen
        page.wait_for_function("() => document.querySelector('.photos img').naturalWidth === 1600")
        page.get_by_role("link", name=again).click()
        page.get_by_role("button", name=confirm).click()
        expect(page.get_by_role("heading", name=gone)).to_be_visible()
    assert house.rows(tables.response)[0].withdrawn_at is not None


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_page_is_readable_by_everybody_and_never_scrolls_sideways(
    served: tuple[House, str], browser: Browser, lang: str
) -> None:
    """Form, receipt with a photo, withdrawal, withdrawn, lost link: axe finds nothing, 320 px are enough."""
    house, address = served
    start = f"{address}/f/{house.token()}"
    house.post(good(impressed="干净 clean", offer="dropped"))
    house.post(good(overall=2))
    with page_of(browser, 320) as page:
        page.goto(f"{start}/receipt?lang={lang}")
        page.locator("#photo").set_input_files([LARGE])
        page.locator("#photos form[enctype] button").click()
        expect(page.locator(".photos img")).to_be_visible()
    with page_of(browser, 320, script=True) as page:
        for path in ("", "/receipt", "/withdraw", "/lost"):
            page.goto(f"{address}/f/lost?lang={lang}" if path == "/lost" else f"{start}{path}?lang={lang}")
            page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
            assert violations(page) == [], path
            assert overflow(page) <= 0, path
        page.goto(f"{start}/withdraw?lang={lang}")
        page.locator("main button[type=submit]").click()
        assert violations(page) == []
        page.goto(f"{start}?lang={lang}")
        assert violations(page) == []
