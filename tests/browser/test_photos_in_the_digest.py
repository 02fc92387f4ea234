"""A photo on its whole way: from the phone to the page of the company, on another port."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from analyzer.analysis import load_engine
from analyzer.messages import parse
from analyzer.reading import read
from collector import tables
from tests.analyzer.reading_room import ReadingRoom, open_room
from tests.analyzer.stories import NOW, analysed, scheduled
from tests.browser.looking import overflow, page_of, serving, violations
from tests.collector.house import OPEN, SECRET, House, build, good
from tests.collector.pictures import photo

pytestmark = pytest.mark.chromium
SIZES = ((1200, 900), (900, 1200), (1600, 700))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a digest with three photos; the collector stands on a port of its own."""
    folder = tmp_path_factory.mktemp("photos")
    house = build(f"sqlite:///{folder / 'collector.sqlite3'}", folder)
    with serving(house.app) as origin:
        take_photos(house)
        room = open_room(tmp_path_factory.mktemp("digest"), SECRET_KEY=SECRET, PUBLIC_URL=origin)
        with serving(room.app) as address:
            fill(room, house)
            yield f"{address}/d/{room.token('visit')}"
        room.database.close()
    house.database.close()


def take_photos(house: House) -> None:
    key = {"Authorization": f"Bearer {house.token(OPEN)}"}
    piece = {**key, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    for number in range(5):
        response_id = house.post(good(improve="The dust is bad."), house.token(OPEN)).json["response_id"]
        for width, height in SIZES[number : number + 1]:
            upload = f"/api/v1/responses/{response_id}/photos"
            photo_id, jpeg = f"6f0d2c1e-6f2b-4a38-9a43-6d6a6a1f0a0{number}", photo(width, height)
            begun = {"id": photo_id, "size": len(jpeg), "readership": "quote"}
            assert house.client.post(upload, json=begun, headers=key).status_code == 201
            assert house.client.patch(f"{upload}/{photo_id}", data=jpeg, headers=piece).status_code == 204


def fill(room: ReadingRoom, house: House) -> None:
    room.record([analysed(scheduled("visit", invited=10))])
    engine = load_engine()
    room.record([read(parse(row.body.encode()), engine, NOW) for row in house.rows(tables.outbox)])


@pytest.mark.parametrize(
    ("width", "theme", "language"), [(390, "light", "en"), (390, "dark", "zh"), (1280, "light", "zh")]
)
def test_the_company_sees_the_photos_and_opens_one(
    browser: Browser, place: str, width: int, theme: str, language: str, tmp_path: Path
) -> None:
    """Thumbnails that are really drawn, named for who cannot see them, each a door to the whole picture."""
    with page_of(browser, width, theme, script=True) as page:
        page.goto(f"{place}?lang={language}")
        assert overflow(page) <= 0
        assert violations(page) == []
        page.locator("#photos").scroll_into_view_if_needed()
        page.locator("#photos img").evaluate_all("all => Promise.all(all.map(one => one.decode()))")
        page.locator("#photos").screenshot(path=tmp_path / "photos.png")
    with page_of(browser, width, theme) as page:
        page.goto(f"{place}?lang={language}")
        pictures = page.locator("#photos img")
        assert pictures.count() == len(SIZES)
        assert all(picture.get_attribute("alt") for picture in pictures.all())
        page.locator("#photos a").first.click()
        page.wait_for_url("**/photos/**")
        assert page.locator("img").count() == 1


def test_the_page_s_own_policy_lets_the_other_port_s_pictures_in(browser: Browser, place: str) -> None:
    """Drawn, not only fetched, in a browser that obeys the policy."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(place)
    page.locator("#photos").scroll_into_view_if_needed()
    page.locator("#photos img").evaluate_all("all => Promise.all(all.map(one => one.decode()))")
    widths = page.locator("#photos img").evaluate_all("all => all.map(one => one.naturalWidth)")
    assert sorted(widths) == [360, 480, 480]
    context.close()
