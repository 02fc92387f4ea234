"""An expert's phone: a browser profile with script, the form on it, and what happens to phones."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.collector.house import ASPECTS

# Thrown on purpose into the page before anything of ours runs.
NO_DATABASE = "Object.defineProperty(window, 'indexedDB', {value: undefined})"
NO_LOCAL = (
    "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError') }})"
)
QUOTA = """
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function () { throw new DOMException('full', 'QuotaExceededError') };
"""
ABORTED = """
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...all) {
    const request = put.apply(this, all);
    this.transaction.abort();
    return request;
  };
"""


@contextmanager
def phone(browser: Browser, width: int = 390, **more: Any) -> Iterator[BrowserContext]:
    """Its own storage; the page's own policy holds; a mistake in our script fails the test."""
    context = browser.new_context(
        viewport={"width": width, "height": 844}, reduced_motion="reduce", locale="en-GB", **more
    )
    context.set_default_timeout(10_000)
    faults: list[str] = []
    context.on("weberror", lambda fault: faults.append(str(fault.error)))
    try:
        yield context
        assert not faults, faults
    finally:
        context.close()


def open_form(context: BrowserContext, address: str, page: Page | None = None) -> Page:
    page = page or context.new_page()
    page.goto(address)
    expect(page.locator("html[data-ready]")).to_be_attached()
    return page


def until(page: Page, promise: str) -> None:
    """Ask an async function of the page again until it says yes; the test's time limit ends it.

    `wait_for_function` would take the promise itself for a yes.
    """
    page.evaluate(
        f"""async () => {{
            const holds = {promise};
            while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
        }}"""
    )


def kept_offline(page: Page) -> None:
    """Until the service worker has the page: from here on the network may go."""
    until(
        page,
        """async () => {
            const pages = await caches.open('debrief-forms');
            return (await pages.keys()).length > 1 && Boolean(await pages.match(location.href));
        }""",
    )


def choose(page: Page, *ids: str) -> None:
    for one in ids:
        page.locator(f"#q-{one}").check()


def go_on(page: Page) -> None:
    page.locator(".step.now [data-do=continue]").click()


def fill_general(page: Page) -> None:
    choose(page, "overall-4", *(f"aspects-{item}-5" for item in ASPECTS), "recommend-9")


def fill_all(page: Page, words: str = "镁合金生产线很整洁。 👍") -> None:
    """From the first screen to "check answers"."""
    go_on(page)
    fill_general(page)
    go_on(page)
    page.locator("#q-impressed").fill(words)
    go_on(page)
    choose(page, "cooperate-no")
    go_on(page)
    choose(page, "use-yes")
    go_on(page)
    expect(page.locator("#check")).to_be_visible()


def every_screen(page: Page) -> Iterator[str]:
    """Walks from the first screen to "check answers", with errors on the way."""
    yield "start"
    go_on(page)
    go_on(page)
    yield "errors"
    fill_general(page)
    yield "general"
    go_on(page)
    page.locator("#q-impressed").fill("Donaudampfschifffahrtsgesellschaftskapitänspatent" * 3)
    choose(page, "seen-other")
    yield "words"
    go_on(page)
    choose(page, "cooperate-yes")
    yield "cooperation"
    go_on(page)
    choose(page, "use-yes", "contact-agreed")
    page.locator("#q-contact-email").fill("name@institute.org")
    yield "consent"
    go_on(page)
    yield "check"


def send(page: Page) -> None:
    page.locator("#check button[type=submit]").click()


def state(page: Page, name: str) -> Any:
    """The outcome, as it is shown."""
    return page.locator(f"#outcome [data-state={name}]")


def saved(page: Page) -> None:
    """Until the last change is on the phone and nothing waits to be written."""
    until(
        page,
        """() => new Promise(done => {
             const open = indexedDB.open('debrief', 1);
             open.onsuccess = () => {
               const all = open.result.transaction('things').objectStore('things').getAll();
               all.onsuccess = () => { open.result.close(); done(all.result.some(one => one.values &&
                 (one.values['q.impressed'] || [''])[0] === document.querySelector('#q-impressed').value)) };
             };
           })""",
    )


def says_saved(page: Page) -> None:
    """What the expert sees once the last change is on the phone."""
    line = page.locator("#saved")
    expect(line).to_be_visible()
    expect(line).to_contain_text("Saved on this phone")
