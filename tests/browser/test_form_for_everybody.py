"""The form for who sees little, sees other colours, hears it, enlarges it or is disturbed by movement."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.collector_site import site
from tests.browser.looking import overflow, violations_by_day_and_night
from tests.browser.phone import choose, every_screen, open_form, phone, send, state
from tests.collector.house import DEADLINE, NOW, OPEN, House

pytestmark = pytest.mark.chromium
API = "**/api/v1/responses"
NOTICES = """
  document.querySelectorAll('.bars .note').forEach(note => { note.hidden = false });
  document.querySelectorAll('#versions [data-do]').forEach(button => { button.textContent = '14:05' });
"""
# Of what is chosen: nothing but the form of a shadow or a background would tell it from the rest.
CHOSEN_LOOKS_LIKE_THE_REST = """
  [...document.querySelectorAll('#form .opt input:checked')]
    .filter(e => getComputedStyle(e.nextElementSibling).outlineStyle === 'none')
    .map(e => e.outerHTML.slice(0, 90))
"""
FOCUS_IS_UNSEEN = """() => {
  const focused = document.activeElement;
  const shown = focused.closest('.opt') ? focused.nextElementSibling : focused;
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(shown);
  const clear = /^rgba.*, 0\\)$/.test(outlineColor);
  const seen = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && !clear;
  return seen ? [] : [focused.outerHTML.slice(0, 90)];
}"""
MOVES = """
  [...document.querySelectorAll('*')]
    .flatMap(e => ['', '::before', '::after'].map(part => getComputedStyle(e, part)))
    .filter(style => parseFloat(style.transitionDuration) > 0 || style.animationName !== 'none'
      || style.scrollBehavior === 'smooth').length
"""
# Words that a box with hidden overflow cuts off; what is hidden on purpose is one pixel small.
CUT_OFF = """
  [...document.querySelectorAll('body *')]
    .filter(e => e.offsetParent && e.clientWidth > 1 && !e.closest('.vh, svg') && e.tagName !== 'TEXTAREA')
    .filter(e => getComputedStyle(e).overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1
      || e.matches('.btn, .opt label') && e.scrollWidth > e.clientWidth + 1)
    .map(e => `${e.scrollWidth} in ${e.clientWidth}: ${e.outerHTML.slice(0, 90)}`)
"""
CHINESE_UNMARKED = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const part = node.parentElement;
    if (part.closest('script') || !/\\p{Script=Han}/u.test(node.data)) continue;
    if (!part.closest('[lang^=zh]')) found.push(node.data.trim());
  }
  return found;
}"""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[House, str]]:
    with site(tmp_path) as (house, address):
        yield house, address


def link(served: tuple[House, str], lang: str = "en", invitation: str | None = None) -> str:
    house, address = served
    return f"{address}/f/{house.token(invitation) if invitation else house.token()}?lang={lang}"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_axe_finds_nothing(served: tuple[House, str], browser: Browser, lang: str) -> None:
    """Every screen and every state, notices included, light and dark: 0 violations."""
    house, _ = served
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found[name] = violations_by_day_and_night(page)

    with phone(browser) as context:
        page = open_form(context, link(served, lang, OPEN))
        for summary in page.locator("summary").all():
            summary.click()  # who reads it, and the notice that is consented to
        for screen in every_screen(page):
            look(screen)
        page.evaluate(NOTICES)
        look("notices")
        answers = Answers(context)
        send(page)
        expect(state(page, "sending")).to_be_visible()
        look("sending")
        answers.give(503, {"Retry-After": "60"})
        expect(state(page, "queued")).to_be_visible()
        look("busy")
        send_now(page)
        answers.give()
        expect(state(page, "queued").locator("[data-unreached]")).to_be_visible()
        look("waiting on this phone")
        send_now(page)
        answers.give(410)
        expect(state(page, "refused")).to_be_visible()
        look("refused")
        house.now = DEADLINE
        page.goto(link(served, lang, OPEN))
        answers.give(410)
        expect(state(page, "refused")).to_be_visible()
        look("closed")
        house.now = NOW
        context.unroute(API)
        send_now(page)
        expect(state(page, "arrived")).to_be_visible()
        look("safely received")
    assert {screen: broken for screen, broken in found.items() if broken} == {}
    assert len(found) == 14


class Answers:
    """The server's answers to what the form sends, given when the test wants them."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._held: list[Route] = []
        context.route(API, self._hold)

    def _hold(self, route: Route) -> None:
        self._held.append(route)

    def give(self, status: int | None = None, headers: dict[str, str] | None = None) -> None:
        """To the request that waits, or to the next one; without a status the connection breaks."""
        while not self._held:
            self._context.pages[0].evaluate("new Promise(requestAnimationFrame)")
        route = self._held.pop()
        if status is None:
            route.abort()
        else:
            route.fulfill(status=status, headers=headers, body=json.dumps({"detail": "In words."}))


def send_now(page: Page) -> None:
    page.locator("[data-do=send-now]:visible").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_leave_choice_and_focus_to_be_seen(
    served: tuple[House, str], browser: Browser, scheme: Any
) -> None:
    """Where the system takes backgrounds and shadows away, a line or a system colour says the same."""
    with phone(browser, forced_colors="active", color_scheme=scheme) as context:
        page = open_form(context, link(served, "en", OPEN))
        look_at = page.locator(".lang [aria-current]").evaluate
        assert look_at("e => getComputedStyle(e).outlineStyle") == "solid"
        page.locator("[data-do=one-page]").click()
        choose(page, "overall-4", "seen-lines", "cooperate-yes", "use-yes")
        assert page.evaluate(CHOSEN_LOOKS_LIKE_THE_REST) == []
        page.locator("#q-overall-4").focus()
        unseen = []
        for _ in range(120):
            page.keyboard.press("Tab")
            unseen += page.evaluate(FOCUS_IS_UNSEEN)
            if page.evaluate("document.activeElement.matches('#check button[type=submit]')"):
                break
        else:
            raise AssertionError("the keyboard does not reach the end")
        assert unseen == []


@pytest.mark.parametrize(("motion", "moving"), [("no-preference", True), ("reduce", False)])
def test_nothing_moves_for_who_does_not_want_it(
    served: tuple[House, str], browser: Browser, motion: Any, moving: bool
) -> None:
    """No transition, no animation, no gliding scroll, in the parts that styles add before and after too."""
    with phone(browser) as context:
        page = open_form(context, link(served))
        page.emulate_media(reduced_motion=motion)
        page.locator("[data-do=one-page]").click()
        assert bool(page.evaluate(MOVES)) is moving


def test_large_letters_and_zoom_cut_nothing_off(served: tuple[House, str], browser: Browser) -> None:
    """Letters twice as large; half the width (200 % zoom), a quarter (400 %): all of it is there."""
    found: list[str] = []
    with phone(browser) as context:
        page = open_form(context, link(served, "en", OPEN))
        page.locator("[data-do=one-page]").click()
        choose(page, "cooperate-yes", "contact-agreed", "seen-other")
        send(page)  # with its errors
        for width, letters in ((390, "200%"), (640, "100%"), (320, "100%"), (320, "150%")):
            page.set_viewport_size({"width": width, "height": 640})
            page.evaluate("size => document.documentElement.style.setProperty('font-size', size)", letters)
            found += [f"{width} {letters}: {overflow(page)} px"] if overflow(page) > 0 else []
            found += [f"{width} {letters}: {cut}" for cut in page.evaluate(CUT_OFF)]
    assert found == []


def test_words_of_another_language_are_marked(served: tuple[House, str], browser: Browser) -> None:
    """A screen reader changes its voice: no Chinese in an English part, in both versions of every page."""
    house, address = served
    with phone(browser) as context:
        page = open_form(context, link(served))
        page.evaluate(NOTICES)
        assert page.evaluate(CHINESE_UNMARKED) == []
        house.now = DEADLINE
        for path in (f"/f/{house.token(OPEN)}", "/f/nonsense", "/f/no-connection", "/f/lost"):
            page.goto(f"{address}{path}?lang=en")
            assert page.evaluate(CHINESE_UNMARKED) == [], path
        page.evaluate("document.querySelectorAll('[lang]').forEach(part => part.removeAttribute('lang'))")
        assert page.evaluate(CHINESE_UNMARKED) != []
