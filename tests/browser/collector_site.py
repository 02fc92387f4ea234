"""The collector on a real port, and its pages as a phone may have them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser import looking
from tests.browser.looking import serving
from tests.collector.house import House, build


@contextmanager
def site(folder: Path) -> Iterator[tuple[House, str]]:
    """A filled house and its address."""
    house = build(f"sqlite:///{folder / 'site.sqlite3'}", folder)
    try:
        with serving(house.app) as address:
            yield house, address
    finally:
        house.database.close()


@contextmanager
def page_of(browser: Browser, width: int = 390, theme: str = "light", script: bool = False) -> Iterator[Page]:
    """Never with the form's own script, also where axe needs scripts on."""
    with looking.page_of(browser, width, theme, script) as page:
        page.context.route("**/expert.js", lambda route: route.abort())
        yield page
