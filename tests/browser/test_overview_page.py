"""The organiser's overview in a real browser: readable at every width, in both languages and themes."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.collector_site import page_of, site
from tests.browser.looking import overflow, violations_by_day_and_night
from tests.collector.house import DEADLINE, ENGLISH, OPEN, House, good
from tests.collector.pictures import photo
from tests.collector.test_photos import add_files

pytestmark = pytest.mark.chromium


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[House, str]]:
    with site(tmp_path) as (house, address):
        for invitation in (ENGLISH, OPEN, OPEN):
            house.post(good(), token=house.token(invitation))
        add_files(house, ("a.jpg", photo(1200, 900)), ("b.jpg", photo(600, 900)), token=house.token(ENGLISH))
        yield house, address


def test_an_organiser_finds_sheet_and_digest(served: tuple[House, str], browser: Browser) -> None:
    """From the overview to the printable QR sheet, to the photos and back, and a link to the digest."""
    house, address = served
    with page_of(browser, 1280) as page:
        page.goto(f"{address}{house.overview()}?lang=en")
        expect(page.get_by_role("heading", name="Autumn Fair")).to_be_visible()
        digest = page.get_by_role("link", name="Digest Ruige Magnesium")
        assert str(digest.get_attribute("href")).startswith("http://127.0.0.1:8001/d/")
        page.get_by_role("link", name="QR sheet Ruige Magnesium").click()
        image = page.get_by_role("img", name="QR code of the form")
        expect(image).to_be_visible()
        page.wait_for_load_state("load")  # it has its place on the page before it has its pixels
        assert image.evaluate("i => i.naturalWidth") > 0
        page.get_by_role("link", name="Back to the programme").click()
        page.get_by_role("link", name="Photos (2) Ruige Magnesium").click()
        assert page.get_by_role("img", name="Photo 2").evaluate("i => i.decode().then(() => i.naturalWidth)")
        page.get_by_role("link", name="Back to the programme").click()
        page.get_by_role("link", name="中文").click()
        expect(page.get_by_role("heading", name="秋季交流会")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_scrolls_sideways(served: tuple[House, str], browser: Browser, width: int) -> None:
    """Cards on a phone, a table on a desk."""
    house, address = served
    with page_of(browser, width) as page:
        for path in ("", "/qr", "/attachments/visit"):
            for lang in ("en", "zh"):
                page.goto(f"{address}{house.overview()}{path}?lang={lang}")
                assert overflow(page) <= 0


@pytest.mark.parametrize(("width", "lang"), [(390, "zh"), (1280, "en")])
def test_axe_finds_nothing(served: tuple[House, str], browser: Browser, lang: str, width: int) -> None:
    """Working, delayed, stopped, QR sheets, expired link: 0 violations each, light and dark."""
    house, address = served
    found: dict[str, list[str]] = {}
    with page_of(browser, width, script=True) as page:
        for state, later in (("working", 0), ("delayed", 6), ("stopped", 20)):
            house.now += timedelta(minutes=later)
            page.goto(f"{address}{house.overview()}?lang={lang}")
            expect(page.locator(f".ok.{state}")).to_be_visible()
            found[state] = violations_by_day_and_night(page)
        page.goto(f"{address}{house.overview()}/qr?lang={lang}")
        found["sheets"] = violations_by_day_and_night(page)
        page.goto(f"{address}{house.overview()}/attachments/visit?lang={lang}")
        found["photos"] = violations_by_day_and_night(page)
        house.now = DEADLINE
        page.goto(f"{address}{house.overview()}?lang={lang}")
        found["expired"] = violations_by_day_and_night(page)
    assert {state: broken for state, broken in found.items() if broken} == {}
