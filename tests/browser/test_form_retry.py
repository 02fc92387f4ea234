"""How the phone tries again: when, how often, and with what two tabs, old browsers and a busy server."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from collector import tables
from tests.browser.collector_site import site
from tests.browser.looking import violations
from tests.browser.phone import choose, fill_all, go_on, open_form, phone, says_saved, send, state, until
from tests.collector.house import NOW, OPEN, House
from tests.collector.pictures import photo

pytestmark = pytest.mark.chromium
API = "**/api/v1/responses"
PHOTOS = "**/photos"
FILES = "debrief-photos"  # the lock of whoever sends photos and voice notes
PICTURE = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(900, 600)}
NO_LOCKS = "delete Navigator.prototype.locks"
NO_WORKER = "delete Navigator.prototype.serviceWorker"
LONGEST = 300_000  # ms between two tries
DAY = 86_400_000  # ms


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[House, str]]:
    with site(tmp_path) as (house, address):
        yield house, address


def link(served: tuple[House, str], invitation: str | None = None) -> str:
    house, address = served
    return f"{address}/f/{house.token(invitation) if invitation else house.token()}?lang=en"


def test_pauses_grow_to_five_minutes_and_are_spread(served: tuple[House, str], browser: Browser) -> None:
    """Each pause lies between a half and the whole of its length, whatever the luck; a header is read."""
    with phone(browser) as context:
        page = open_form(context, link(served))
        pauses, asked = page.evaluate(
            """async (address) => {
                 const { pauseAfter, askedUntil, mustWait, nextTry } = await import(address);
                 const tries = [...Array(30).keys()].map((n) => n + 1);
                 const now = Date.UTC(2026, 10, 24);
                 return [tries.map((n) => [pauseAfter(n, 0), pauseAfter(n, 1)]), {
                   seconds: askedUntil("120", now) - now,
                   date: askedUntil("Tue, 24 Nov 2026 00:05:00 GMT", now) - now,
                   past: askedUntil("Mon, 23 Nov 2026 00:00:00 GMT", now),
                   nonsense: askedUntil("soon", now),
                   none: askedUntil(null, now),
                   year: askedUntil("31536000", now) - now,
                   before: mustWait(now + 1, now),
                   after: mustWait(now, now),
                   clock_set_back: mustWait(now + 7200000, now),
                   unlucky: nextTry({ tries: 1, until: now + 120000 }, now, 1),
                   lucky: nextTry({ tries: 1, until: now + 120000 }, now, 0),
                   unasked: nextTry({ tries: 1, until: 0 }, now, 0),
                 }];
               }""",
            f"{served[1]}/static/0/form/pace.js",
        )
    assert pauses[0] == [2000, 4000]
    assert pauses == sorted(pauses)
    assert pauses[-1] == [LONGEST / 2, LONGEST]
    assert all(low == high / 2 for low, high in pauses)
    assert asked == {
        "seconds": 120_000,
        "date": 300_000,
        "past": 0,
        "nonsense": 0,
        "none": 0,
        "year": 3_600_000,
        "before": True,
        "after": False,
        "clock_set_back": False,
        "unlucky": 122_000,
        "lucky": 120_000,
        "unasked": 2000,
    }


def test_it_is_tried_every_five_minutes_and_not_in_a_hurry(
    served: tuple[House, str], browser: Browser
) -> None:
    """An hour, then a year without the server: one try in five minutes, with the same key, and it arrives."""
    house, _ = served
    with phone(browser) as context:
        page, tries = failing(context, link(served, OPEN), lambda route: route.abort())
        before = len(tries)
        for _ in range(12):
            later(page, LONGEST)
        later(page, LONGEST // 2 - 1000)
        assert len(tries) == before + 12
        later(page, 400 * DAY)  # nothing unsent expires
        assert len(tries) == before + 13
        expect(state(page, "queued")).to_contain_text("They have waited since 2026-11-24")
        expect(state(page, "queued")).to_contain_text("The deadline is 1 Dec, 18:00.")
        context.unroute(API)
        later(page, LONGEST)
        expect(state(page, "arrived")).to_be_visible()
    assert len(set(tries)) == 1
    assert len(house.rows(tables.submission)) == 1


def test_a_busy_server_is_left_alone_and_send_now_works(served: tuple[House, str], browser: Browser) -> None:
    """429 or 503 with Retry-After: said with the time, waited for over focus and reload; "Send now" tries."""
    house, _ = served

    def busy(route: Route) -> None:
        route.fulfill(status=503, headers={"Retry-After": "1200"}, body="{}")

    with phone(browser) as context:
        page, tries = failing(context, link(served, OPEN), busy)
        told = state(page, "queued")
        expect(told).to_contain_text("The server has no time just now")
        expect(told).to_contain_text("Next try at about")
        expect(told).not_to_contain_text("There is no connection", use_inner_text=True)
        later(page, 600_000)
        page.evaluate("window.dispatchEvent(new Event('focus')); window.dispatchEvent(new Event('online'))")
        page = open_form(context, link(served, OPEN), page)
        expect(told).to_contain_text("Next try at about")
        assert len(tries) == 1
        with page.expect_response(API):
            page.locator("[data-do=send-now]:visible").click()
        settled(page)
        assert len(tries) == 2
        expect(told).to_contain_text("Next try at about")
        context.unroute(API)
        later(page, 1_300_000)
        expect(state(page, "arrived")).to_be_visible()
    assert len(house.rows(tables.submission)) == 1


def test_files_keep_the_same_pace_as_the_text(served: tuple[House, str], browser: Browser) -> None:
    """Photos that a server asks to wait do so over focus and reload, and it is said; "Send now" tries."""
    house, _ = served
    begun: list[int] = []

    def busy(route: Route) -> None:
        begun.append(1)
        route.fulfill(status=503, headers={"Retry-After": "1200"}, body="{}")

    with phone(browser) as context:
        page = context.new_page()
        page.clock.install(time=NOW)
        context.route(PHOTOS, busy)
        open_form(context, link(served, OPEN), page)
        for _ in range(2):
            page.locator("#photo-file").set_input_files([PICTURE])
        expect(page.locator("#photo-list canvas")).to_have_count(2)
        note = page.locator("#pending")
        fill_all(page)
        expect(note).to_be_hidden()  # they wait for the text, as they should
        send(page)
        expect(state(page, "arrived")).to_be_visible()
        expect(note).to_contain_text("wait on this phone: 2.")
        expect(note).to_contain_text("Next try at about")
        page.clock.pause_at(NOW + timedelta(minutes=2))
        assert len(begun) == 1  # the second file did not ask again
        page.evaluate("window.dispatchEvent(new Event('focus')); window.dispatchEvent(new Event('online'))")
        later(page, 600_000, FILES)
        state(page, "arrived").get_by_role("link").click()
        expect(note).to_contain_text("Next try at about")
        assert len(begun) == 1
        with page.expect_response(PHOTOS):
            note.get_by_role("button", name="Send now").click()
        settled(page, FILES)
        assert len(begun) == 2
        context.unroute(PHOTOS)
        later(page, 1_300_000, FILES)
        expect(note).to_be_hidden()
        expect(page.locator("#photo-state")).to_have_text("")
    assert [row.state for row in house.rows(tables.photo)] == ["stored", "stored"]


def test_a_sign_in_page_is_no_receipt_for_a_file(served: tuple[House, str], browser: Browser) -> None:
    """A hotel's network answers 200 to everything: the photo stays, and is not sent in a circle."""
    house, _ = served
    asked: list[str] = []

    def hotel(route: Route) -> None:
        asked.append(route.request.method)
        route.fulfill(status=200, content_type="text/html", body="<h1>Sign in</h1>")

    with phone(browser) as context:
        context.route(f"{PHOTOS}*", hotel)
        page = open_form(context, link(served, OPEN))
        page.locator("#photo-file").set_input_files([PICTURE])
        fill_all(page)
        send(page)
        expect(page.locator("#pending")).to_contain_text("wait on this phone: 1.")
        settled(page, FILES)
        assert set(asked) == {"POST"}
        context.unroute(f"{PHOTOS}*")
        page.locator("#pending").get_by_role("button", name="Send now").click()
        expect(page.locator("#pending")).to_be_hidden()
    assert [row.state for row in house.rows(tables.photo)] == ["stored"]


@pytest.mark.parametrize(
    ("lang", "head", "here", "deadline", "welcome"),
    [
        ("en", "have not been sent", "only on this phone", "deadline is 1 Dec, 18:00", "Welcome back"),
        ("zh", "尚未提交", "只存在本机", "截止时间为12月1日 18:00", "欢迎回来"),
    ],
)
def test_a_draft_that_lay_for_three_days_says_that_it_was_not_sent(
    served: tuple[House, str], browser: Browser, lang: str, head: str, here: str, deadline: str, welcome: str
) -> None:
    """After two days a welcome, after three a warning, near the deadline with it; "Send now" checks first."""
    house, _ = served
    address = link(served, OPEN).replace("lang=en", f"lang={lang}")
    with phone(browser) as context:
        page = context.new_page()
        page.clock.install(time=NOW)
        open_form(context, address, page)
        note = page.locator("#restored")
        go_on(page)
        choose(page, "overall-4")
        written(page, "q.overall")
        age(page, 2 * DAY)
        expect(note).to_contain_text(welcome, use_inner_text=True)
        expect(note).not_to_contain_text(head, use_inner_text=True)
        age(page, DAY)
        for words in (head, here, "2026-11-24"):
            expect(note).to_contain_text(words, use_inner_text=True)
        for words in (welcome, deadline):
            expect(note).not_to_contain_text(words, use_inner_text=True)
        assert violations(page) == []
        note.locator("[data-do=send-draft]").click()
        expect(page.locator("#errsum a")).not_to_have_count(0)
        page.locator(".step.now [data-do=back]").click()
        fill_all(page)
        written(page, "q.use")
        age(page, 3 * DAY)
        for words in (head, here, deadline):
            expect(note).to_contain_text(words, use_inner_text=True)
        note.locator("[data-do=send-draft]").click()
        expect(state(page, "arrived")).to_be_visible()
        expect(note).to_be_hidden()
    assert len(house.rows(tables.submission)) == 1


def test_a_draft_that_the_server_has_is_not_only_on_this_phone(
    served: tuple[House, str], browser: Browser
) -> None:
    """It was not sent either, and says so, in the other language too; nothing is said of losing it."""
    with phone(browser) as context:
        page = context.new_page()
        page.clock.install(time=NOW)
        open_form(context, link(served), page)
        go_on(page)
        with page.expect_response("**/draft"):
            choose(page, "overall-4")
        age(page, 3 * DAY)
        note = page.locator("#restored")
        expect(note).to_contain_text("Your answers have not been sent", use_inner_text=True)
        expect(note).not_to_contain_text("only on this phone", use_inner_text=True)
        page.get_by_role("button", name="中文").click()
        expect(note).to_contain_text("您的答案尚未提交", use_inner_text=True)
        expect(note).not_to_contain_text("只存在本机", use_inner_text=True)


def written(page: Page, field: str) -> None:
    """Until the draft on the phone holds an answer to this question."""
    until(
        page,
        f"""() => new Promise(done => {{
            const open = indexedDB.open('debrief', 1);
            open.onsuccess = () => {{
                const all = open.result.transaction('things').objectStore('things').getAll();
                all.onsuccess = () => {{
                    open.result.close();
                    done(all.result.some(one => one.values && one.values['{field}']));
                }};
            }};
        }})""",
    )


def age(page: Page, milliseconds: int) -> None:
    """Days later the form is opened again."""
    page.clock.fast_forward(milliseconds)
    page.reload()
    expect(page.locator("html[data-ready]")).to_be_attached()


def failing(context: BrowserContext, address: str, answer: Any) -> tuple[Page, list[str]]:
    """A filled form whose first try has failed, on a clock that the test moves; the keys of all tries."""
    tries: list[str] = []

    def fail(route: Route) -> None:
        tries.append(route.request.headers["idempotency-key"])
        answer(route)

    page = context.new_page()
    page.clock.install(time=NOW)
    context.route(API, fail)
    open_form(context, address, page)
    fill_all(page)
    send(page)
    expect(state(page, "queued")).to_be_visible()
    settled(page)
    page.clock.pause_at(NOW + timedelta(minutes=2))  # may be time for the second try
    settled(page)
    return page, tries


def later(page: Page, milliseconds: int, sender: str = "debrief-sender") -> None:
    """Moves the clock, and waits until the round of tries that it starts is over."""
    page.clock.fast_forward(milliseconds)
    settled(page, sender)


def settled(page: Page, sender: str = "debrief-sender") -> None:
    """The sender has its lock until the next try has its timer."""
    page.evaluate("sender => navigator.locks.request(sender, () => true)", sender)


def test_a_change_is_on_the_phone_within_a_second(served: tuple[House, str], browser: Browser) -> None:
    """On a clock that stands: nothing yet, and one second later it is kept, with the time beside it."""
    with phone(browser) as context:
        page = context.new_page()
        page.clock.install(time=NOW)
        open_form(context, link(served, OPEN), page)
        go_on(page)
        page.clock.pause_at(NOW + timedelta(minutes=2))
        page.locator("#q-overall-4").check()
        expect(page.locator("#saved")).to_be_hidden()
        page.clock.fast_forward(1000)
        says_saved(page)
        expect(page.locator("#saved")).to_contain_text(":02")


def test_without_locks_two_tabs_still_send_once(served: tuple[House, str], browser: Browser) -> None:
    """An old browser: both tabs try at the same time, with the same key, and there is one response."""
    house, _ = served
    with phone(browser) as context:
        context.add_init_script(NO_LOCKS)
        one = open_form(context, link(served, OPEN))
        two = open_form(context, link(served, OPEN))
        context.set_offline(True)
        one.bring_to_front()
        fill_all(one)
        send(one)
        expect(state(one, "queued")).to_be_visible()
        keys: list[str | None] = []
        context.on("request", lambda request: keys.append(request.headers.get("idempotency-key")))
        context.set_offline(False)
        for tab in (one, two):
            tab.evaluate("window.dispatchEvent(new Event('online'))")
        expect(state(one, "arrived")).to_be_visible()
        expect(state(two, "arrived")).to_be_visible()
    assert len({key for key in keys if key}) == 1
    assert len(house.rows(tables.submission)) == 1


def test_without_a_service_worker_the_form_says_what_it_cannot(
    served: tuple[House, str], browser: Browser
) -> None:
    """It cannot be opened again without reception: said so, in both languages; all else works offline."""
    house, _ = served
    with phone(browser) as context:
        context.add_init_script(NO_WORKER)
        page = open_form(context, link(served, OPEN))
        expect(page.locator("#no-copy")).to_contain_text("cannot open this page again without reception")
        expect(page.locator("#wechat")).to_be_hidden()
        page.wait_for_load_state("networkidle")  # the other language, fetched ahead
        context.set_offline(True)
        page.get_by_role("button", name="中文").click()
        expect(page.locator("#no-copy")).to_contain_text("请保持本页打开")
        page.get_by_role("button", name="EN").click()
        go_on(page)
        page.locator("#q-overall-4").check()
        says_saved(page)
        page.locator(".step.now [data-do=back]").click()
        fill_all(page)
        send(page)
        expect(state(page, "queued")).to_be_visible()
        context.set_offline(False)
        expect(state(page, "arrived")).to_be_visible()
    assert len(house.rows(tables.submission)) == 1


def test_where_a_service_worker_works_nothing_is_said(served: tuple[House, str], browser: Browser) -> None:
    """No warning that is not needed."""
    with phone(browser) as context:
        page = open_form(context, link(served))
        page.evaluate("navigator.serviceWorker.ready")
        expect(page.locator("#no-copy")).to_be_hidden()
