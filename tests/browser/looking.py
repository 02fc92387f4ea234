"""A web app on a real port, a page of it in a real browser, and what to look for there."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

AXE = Axe()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Its address, on a free port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def page_of(browser: Browser, width: int = 390, theme: str = "light", script: bool = False) -> Iterator[Page]:
    """A page without script; axe itself is a script and needs it on."""
    context = browser.new_context(
        java_script_enabled=script,
        bypass_csp=script,
        viewport={"width": width, "height": 844},
        color_scheme=theme,
        reduced_motion="reduce",  # a colour half way through its transition has no contrast to measure
        locale="en-GB",
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds on the page, its best-practice rules included; or what it finds by some rules alone."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    found = page.evaluate("rules => axe.run({resultTypes: ['violations'], ...rules})", _only(rules))
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found["violations"]]


def _only(rules: tuple[str, ...]) -> dict[str, object]:
    return {"runOnly": list(rules)} if rules else {}


def violations_by_day_and_night(page: Page) -> list[str]:
    """Every rule in the light theme; in the dark one those that look at colours, the rest being the same."""
    by_day = violations(page)
    page.emulate_media(color_scheme="dark")
    by_night = violations(page, "color-contrast", "link-in-text-block")
    page.emulate_media(color_scheme="light")
    return by_day + [f"dark {line}" for line in by_night]


def overflow(page: Page) -> int:
    """Pixels that the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
