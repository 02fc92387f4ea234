"""The form without reception: kept, sent once, and never lost, whatever happens to the phone."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page, expect

from collector import tables
from collector.__main__ import main
from tests import services
from tests.browser.collector_site import site
from tests.browser.phone import (
    ABORTED,
    NO_DATABASE,
    NO_LOCAL,
    QUOTA,
    fill_all,
    go_on,
    kept_offline,
    open_form,
    phone,
    saved,
    says_saved,
    send,
    state,
)
from tests.collector.house import DEADLINE, NOW, OPEN, SECRET, House
from tests.conftest import CHROMIUM_FLAGS

pytestmark = pytest.mark.chromium
API = "**/api/v1/responses"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[House, str]]:
    with site(tmp_path) as (house, address):
        yield house, address


def link(served: tuple[House, str], invitation: str | None = None) -> str:
    house, address = served
    return f"{address}/f/{house.token(invitation) if invitation else house.token()}?lang=en"


def test_offline_reload_and_killed_browser_give_one_response(
    served: tuple[House, str], browser: Browser, tmp_path: Path
) -> None:
    """In a plant without reception, reloaded, killed in the middle, opened again in the bus: stored once."""
    house, _ = served
    profile = tmp_path / "profile"
    first = start(browser, profile)
    page = open_form(first, link(served))
    kept_offline(page)
    first.set_offline(True)
    page.reload()
    expect(page.locator("#offline")).to_be_visible()
    fill_all(page)
    saved(page)
    send(page)
    expect(state(page, "queued")).to_be_visible()
    expect(page.get_by_role("heading", name="Saved on this phone. Not sent yet.")).to_be_focused()
    kill(profile)
    second = start(browser, profile)
    second.set_offline(True)
    page = open_form(second, link(served))
    expect(state(page, "queued")).to_be_visible()
    assert house.rows(tables.submission) == []
    second.set_offline(False)
    expect(state(page, "arrived")).to_be_visible(timeout=15_000)
    second.close()
    assert len(house.rows(tables.submission)) == len(house.rows(tables.response)) == 1


def start(browser: Browser, profile: Path) -> BrowserContext:
    """A browser of its own with a profile that outlives it."""
    return browser.browser_type.launch_persistent_context(
        str(profile), executable_path=services.chromium(), args=CHROMIUM_FLAGS, locale="en-GB"
    )


def kill(profile: Path) -> None:
    """SIGKILL for every process of this profile, as a phone that runs out of battery."""
    mine = ["pgrep", "-f", f"user-data-dir={profile}"]
    for process in subprocess.run(mine, capture_output=True, text=True, check=True).stdout.split():
        try:
            os.kill(int(process), signal.SIGKILL)
        except ProcessLookupError:
            continue  # a child that went with its parent
    (profile / "SingletonLock").unlink(missing_ok=True)


def test_half_an_answer_survives_a_closed_page(served: tuple[House, str], browser: Browser) -> None:
    """Welcome back, with the time, on the screen where it was left, and without the server's help."""
    with phone(browser) as context:
        page = open_form(context, link(served, OPEN))
        go_on(page)
        page.locator("#q-overall-4").check()
        says_saved(page)
        page.close()
        page = open_form(context, link(served, OPEN))
        expect(page.locator("#restored")).to_contain_text("Welcome back. We kept your answers from")
        expect(page.locator("#s-general")).to_be_visible()
        expect(page.locator("#q-overall-4")).to_be_checked()
        page.get_by_role("button", name="Start again").click()
        expect(page.locator("#q-overall-4")).not_to_be_checked()


@pytest.mark.parametrize("faults", [QUOTA, ABORTED, NO_DATABASE], ids=["quota", "aborted", "private"])
def test_a_broken_database_is_replaced_and_nothing_is_lost(
    served: tuple[House, str], browser: Browser, faults: str
) -> None:
    """IndexedDB refuses: localStorage keeps the answers over a reload, and they are sent."""
    house, _ = served
    with phone(browser) as context:
        context.add_init_script(faults)
        page = open_form(context, link(served, OPEN))
        go_on(page)
        page.locator("#q-overall-4").check()
        says_saved(page)
        expect(page.locator("#unsafe")).to_be_hidden()
        page = open_form(context, link(served, OPEN), page)
        expect(page.locator("#q-overall-4")).to_be_checked()
        page.locator(".step.now [data-do=back]").click()
        fill_all(page)
        send(page)
        expect(state(page, "arrived")).to_be_visible()
    assert len(house.rows(tables.submission)) == 1


def test_where_nothing_can_be_kept_the_expert_is_told_and_can_send(
    served: tuple[House, str], browser: Browser
) -> None:
    """Neither database nor localStorage: an honest warning, never "saved", and sending works."""
    house, _ = served
    with phone(browser) as context:
        context.add_init_script(NO_DATABASE + ";" + NO_LOCAL)
        page = open_form(context, link(served))
        fill_all(page)
        expect(page.locator("#unsafe")).to_contain_text("This browser cannot keep your answers")
        expect(page.locator("#saved")).to_have_text("Not saved")
        context.set_offline(True)
        send(page)
        expect(page.get_by_role("heading", name="Not sent yet.", exact=True)).to_be_visible()
        context.set_offline(False)
        expect(state(page, "arrived")).to_be_visible()
    assert len(house.rows(tables.submission)) == 1


def test_a_database_that_the_phone_closes_is_opened_again(
    served: tuple[House, str], browser: Browser
) -> None:
    """iOS closes it under memory pressure; the next save must not fail for ever."""
    with phone(browser) as context:
        context.add_init_script(
            """const open = IDBFactory.prototype.open;
               window.bases = [];
               IDBFactory.prototype.open = function (...all) {
                 const request = open.apply(this, all);
                 request.addEventListener('success', () => window.bases.push(request.result));
                 return request;
               };"""
        )
        page = open_form(context, link(served, OPEN))
        page.evaluate("window.bases.forEach(base => base.close())")
        go_on(page)
        page.locator("#q-overall-2").check()
        says_saved(page)
        assert page.evaluate("[window.bases.length > 1, localStorage.length]") == [True, 0]


def test_two_tabs_and_two_taps_are_one_response(served: tuple[House, str], browser: Browser) -> None:
    """Both tabs show the same answers, both are sent from: one response, one revision."""
    house, _ = served
    with phone(browser) as context:
        one = open_form(context, link(served, OPEN))
        two = open_form(context, link(served, OPEN))
        one.bring_to_front()
        fill_all(one)
        expect(two.locator("#q-impressed")).to_have_value("镁合金生产线很整洁。 👍")
        one.locator("#check button[type=submit]").dblclick()
        expect(state(one, "arrived")).to_be_visible()
        expect(state(two, "arrived")).to_be_visible()
        one.go_back()
        expect(state(one, "arrived")).to_be_visible()
    assert len(house.rows(tables.submission)) == 1


def test_an_answer_without_receipt_is_sent_again_and_stored_once(
    served: tuple[House, str], browser: Browser
) -> None:
    """The server stored it, the tunnel swallowed the receipt: the same key brings the same receipt."""
    house, _ = served
    with phone(browser) as context:
        lost: list[APIResponse] = []
        context.route(API, lambda route: lost.append(route.fetch()) or route.abort(), times=1)
        page = open_form(context, link(served))
        fill_all(page)
        send(page)
        expect(state(page, "queued")).to_be_visible()
        page.locator("[data-do=send-now]:visible").click()
        expect(state(page, "arrived")).to_be_visible()
    assert (len(lost), len(house.rows(tables.submission))) == (1, 1)


def test_after_the_deadline_the_answers_stay_and_go_by_file(
    served: tuple[House, str], browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It closed while the phone was offline: kept, explained, saved as a file, added by the organiser."""
    house, _ = served
    with phone(browser) as context:
        page = open_form(context, link(served))
        kept_offline(page)
        context.set_offline(True)
        fill_all(page)
        send(page)
        expect(state(page, "queued")).to_be_visible()
        house.now = DEADLINE + timedelta(hours=1)
        context.set_offline(False)
        expect(state(page, "refused")).to_contain_text("The time for answers has passed")
        page.goto(link(served))  # opened again: the page says closed, the answers are still there
        expect(page.get_by_role("heading", name="This survey is closed")).to_be_visible()
        expect(state(page, "refused")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("button", name="Save my answers as a file").click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
    assert json.loads(path.read_text("utf-8"))["body"]["answers"]["overall"] == 4
    database = f"sqlite:///{tmp_path / 'site.sqlite3'}"
    environ = {"DATABASE_URL": database, "SECRET_KEY": SECRET, "DATA_DIR": str(tmp_path)}
    monkeypatch.setattr("collector.chores.responses.utc_now", lambda: house.now)
    assert main(["responses", "import", "--late", str(path)], environ) == 0
    assert len(house.rows(tables.submission)) == 1


def test_what_the_server_finds_wrong_leads_back_to_the_field(
    served: tuple[House, str], browser: Browser
) -> None:
    """A stricter server than the phone: its words, at the field, with everything kept."""
    with phone(browser) as context:
        page = open_form(context, link(served))
        fill_all(page)
        error = {"pointer": "/answers/aspects/safety", "code": "required", "detail": "Look again"}
        problem = json.dumps({"detail": "Some answers need attention", "errors": [error]})
        context.route(API, lambda route: route.fulfill(status=422, body=problem), times=1)
        send(page)
        expect(page.locator("#errsum")).to_be_focused()
        expect(page.locator("#f-q-aspects-safety .err")).to_have_text("Look again")
        expect(page.locator("#q-overall-4")).to_be_checked()


def test_two_devices_that_went_apart_let_the_expert_choose(
    served: tuple[House, str], browser: Browser
) -> None:
    """Phone and laptop, one without reception: nothing is mixed, nothing is dropped unasked."""
    house, _ = served
    with phone(browser) as one, phone(browser, 1280) as two:
        on_phone, on_laptop = open_form(one, link(served)), open_form(two, link(served))
        one.set_offline(True)
        type_overall(on_phone, 2)
        with on_laptop.expect_response("**/draft"):
            type_overall(on_laptop, 5)
        one.set_offline(False)
        box = on_phone.locator("#versions")
        expect(box).to_contain_text("How good is the company overall?")
        expect(on_phone.locator("#q-overall-2")).to_be_checked()
        with on_phone.expect_response("**/draft"):
            box.get_by_role("button", name="other device").click()
        expect(on_phone.locator("#q-overall-5")).to_be_checked()
        expect(box).to_be_hidden()
    row = house.rows(tables.draft)[0]
    assert (row.answers["answers"], row.diverged) == ({"overall": 5}, None)


def type_overall(page: Page, number: int) -> None:
    go_on(page)
    page.locator(f"#q-overall-{number}").check()
    says_saved(page)


def test_another_device_goes_on_from_the_draft(served: tuple[House, str], browser: Browser) -> None:
    """Begun on the phone, finished on the laptop, with the same personal link."""
    house, _ = served
    with phone(browser) as one, phone(browser, 1280) as two:
        on_phone = open_form(one, link(served))
        with on_phone.expect_response("**/draft"):
            type_overall(on_phone, 3)
        on_laptop = open_form(two, link(served))
        expect(on_laptop.locator("#restored")).to_be_visible()
        expect(on_laptop.locator("#q-overall-3")).to_be_checked()
        expect(on_laptop.locator("#versions")).to_be_hidden()
    assert house.now == NOW
