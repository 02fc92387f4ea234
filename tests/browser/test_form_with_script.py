"""The expert's form with script: screens, checks, two languages, the keyboard, weight, every state to axe."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from collector import tables
from tests.browser.collector_site import site
from tests.browser.looking import overflow
from tests.browser.phone import (
    choose,
    every_screen,
    fill_all,
    fill_general,
    go_on,
    kept_offline,
    open_form,
    phone,
    send,
    state,
)
from tests.collector.house import ASPECTS, OPEN, House

pytestmark = pytest.mark.chromium
VECTORS = Path(__file__).parents[1] / "collector" / "rules_vectors.json"
FORM_PAGE = Path(__file__).parents[2] / "docs" / "form.md"
BUDGET = 60_000  # bytes over the wire for the first view
REQUESTS = 6
SMALL = """
  [...document.querySelectorAll('button, a[href], summary, .opt, .field')]
    .filter(e => e.offsetParent && !e.matches('.skip, .vh') && !e.closest('.errsum a'))
    .map(e => [e, e.getBoundingClientRect()])
    .filter(([, box]) => box.height < 43.5 || box.width < 40)
    .map(([e, box]) => `${box.width}x${box.height} ${e.outerHTML.slice(0, 90)}`)
"""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[House, str]]:
    with site(tmp_path) as (house, address):
        yield house, address


def link(served: tuple[House, str], lang: str = "en", invitation: str | None = None) -> str:
    house, address = served
    return f"{address}/f/{house.token(invitation) if invitation else house.token()}?lang={lang}"


@pytest.mark.parametrize(
    ("lang", "step", "check", "thanks"),
    [
        ("en", "Step 1 of 5", "Check and send", "Thank you. Your answers have arrived."),
        ("zh", "第 1 步，共 5 步", "核对并提交", "谢谢！您的答案已送达。"),
    ],
)
def test_the_whole_way(
    served: tuple[House, str], browser: Browser, lang: str, step: str, check: str, thanks: str
) -> None:
    """Five steps, a look at all answers, one change, sent, receipt, and the draft is gone."""
    house, _ = served
    with phone(browser) as context:
        page = open_form(context, link(served, lang))
        go_on(page)
        expect(page.locator("#prog-text")).to_have_text(step)
        expect(page.locator("#h-general")).to_be_focused()
        page.locator(".step.now [data-do=back]").click()
        fill_all(page)
        expect(page.get_by_role("heading", name=check)).to_be_focused()
        rows = page.locator("#review > div")
        expect(rows.nth(0)).to_contain_text("4 / 5")
        expect(page.locator("#review")).to_contain_text("镁合金生产线很整洁。 👍")
        rows.nth(0).get_by_role("link").click()
        expect(page.locator("#q-overall-4")).to_be_focused()
        choose(page, "overall-3")
        go_on(page)  # back to "check answers", not through all steps again
        expect(rows.nth(0)).to_contain_text("3 / 5")
        send(page)
        expect(page.get_by_role("heading", name=thanks)).to_be_focused()
        expect(page.locator("[data-receipt]")).to_have_text(page.locator("[data-receipt]").inner_text())
        number = page.locator("[data-receipt]").inner_text()
        state(page, "arrived").locator("a").click()
        expect(page.locator("main")).to_contain_text(number)
        assert page.evaluate("localStorage.length") == 0
        page = open_form(context, link(served, lang), page)
        expect(page.locator("#restored")).to_be_hidden()
        expect(page.locator("#q-overall-3")).to_be_checked()
    (stored,) = house.rows(tables.submission)
    assert (stored.answers["overall"], stored.language) == (3, lang)


def test_errors_stop_at_the_screen_and_lead_to_the_field(served: tuple[House, str], browser: Browser) -> None:
    """Summary with the focus, the server's words, the title; a link to the field; gone when put right."""
    with phone(browser) as context:
        page = open_form(context, link(served))
        go_on(page)
        choose(page, "overall-4", *(f"aspects-{item}-5" for item in ASPECTS))
        go_on(page)
        expect(page.locator("#errsum")).to_be_focused()
        expect(page).to_have_title("Error: Ruige Magnesium, site visit 24 Nov – Debrief")
        expect(page.locator("#errsum li")).to_have_count(1)
        row = page.get_by_role("radiogroup", name="How likely are you")
        expect(row).to_have_accessible_description("Choose a number from 0 to 10")
        expect(row).to_have_attribute("aria-invalid", "true")
        page.locator("#errsum a").click()
        expect(page.locator("#q-recommend-0")).to_be_focused()
        choose(page, "recommend-7")
        go_on(page)
        expect(page.locator("#h-words")).to_be_focused()
        expect(page).to_have_title("Ruige Magnesium, site visit 24 Nov – Debrief")
        page.locator("#q-impressed").fill("字" * 601)
        go_on(page)
        expect(page.locator("#e-q-impressed")).to_have_text("Shorten your text to 600 characters; it has 601")


def test_phone_and_server_find_the_same_errors(served: tuple[House, str], browser: Browser) -> None:
    """The same pointers, in the same words, in both languages: nothing is refused only after the wait."""
    house, _ = served
    for lang in ("en", "zh"):
        with phone(browser) as context:
            page = open_form(context, link(served, lang, OPEN))
            page.locator("[data-do=one-page]").click()
            choose(page, "cooperate-yes", "contact-agreed", "seen-other")
            page.locator("#q-contact-email").fill("nonsense")
            page.locator("#q-seen-text").fill("x" * 201)
            page.locator("#q-outlook").fill("y" * 700)
            send(page)
            here = page.locator("#errsum li").all_inner_texts()
            body = {
                "language": lang,
                "answers": {
                    "cooperate": "yes",
                    "contact": {"agreed": True, "email": "nonsense"},
                    "seen": {"choices": ["other"], "text": "x" * 201},
                    "outlook": "y" * 700,
                },
            }
            there = house.post(body, token=house.token(OPEN)).json["errors"]
        assert len(here) == len(there) == 7
        assert all(error["detail"] in line for error, line in zip(there, here, strict=True))


def test_questions_appear_when_they_apply_and_hidden_answers_stay_home(
    served: tuple[House, str], browser: Browser
) -> None:
    """Skip logic on the phone; what was typed before the change of mind is not sent."""
    house, _ = served
    with phone(browser) as context:
        page = open_form(context, link(served))
        go_on(page)
        fill_general(page)
        go_on(page)
        go_on(page)
        expect(page.locator("#q-offer")).to_be_hidden()
        choose(page, "cooperate-yes")
        page.locator("#q-offer").fill("a laboratory")
        choose(page, "cooperate-no")
        expect(page.locator("#q-offer")).to_be_hidden()
        go_on(page)
        expect(page.locator("#f-q-contact")).to_be_hidden()
        choose(page, "use-yes")
        go_on(page)
        expect(page.locator("#review")).not_to_contain_text("a laboratory")
        with page.expect_request("**/api/v1/responses") as sent:
            send(page)
        expect(state(page, "arrived")).to_be_visible()
        state(page, "arrived").get_by_role("link").click()
        expect(page.locator("main")).to_contain_text("Left out")
        expect(page.locator("main")).not_to_contain_text("a laboratory")
    assert "offer" not in sent.value.post_data_json["answers"]
    assert "a laboratory" not in sent.value.post_data
    (stored,) = house.rows(tables.submission)
    assert ("offer" in stored.answers, stored.dropped) == (False, ["offer"])


def test_the_browser_means_the_same_by_show_if(served: tuple[House, str], browser: Browser) -> None:
    """Every line of the shared vectors, in the module that the form runs."""
    _, address = served
    vectors = json.loads(VECTORS.read_text("utf-8"))
    with phone(browser) as context:
        page = open_form(context, link(served))
        wrong = page.evaluate(
            """async ([address, vectors]) => {
                 const {evaluate, visible} = await import(address);
                 const told = [];
                 for (const one of vectors.rules) {
                   if (evaluate(one.rule, one.answers) !== one.expect) told.push(one.name);
                 }
                 for (const one of vectors.visible) {
                   const ids = visible(one.questions, one.answers);
                   if (JSON.stringify(ids) !== JSON.stringify(one.expect)) told.push(one.name);
                 }
                 return told;
               }""",
            [f"{address}/static/0/form/rules.js", vectors],
        )
    assert wrong == []
    assert len(vectors["rules"]) > 20


def test_the_language_turns_in_place(served: tuple[House, str], browser: Browser) -> None:
    """Half way, with errors shown, also offline: same screen, same answers, same field, other words."""
    with phone(browser) as context:
        page = open_form(context, link(served))
        go_on(page)
        choose(page, "overall-4")
        go_on(page)
        kept_offline(page)
        context.set_offline(True)
        key = page.locator("[name=form_key]").input_value()
        page.get_by_role("button", name="中文").click()
        expect(page).to_have_title("错误：瑞格镁业参访反馈 – Debrief")
        expect(page.locator("#errsum")).to_contain_text("请选择 0 到 10 之间的一个数字")
        expect(page.locator("#s-general")).to_be_visible()
        expect(page.locator("#q-overall-4")).to_be_checked()
        expect(page.get_by_role("button", name="中文")).to_be_focused()
        assert page.locator("[name=form_key]").input_value() == key
        assert page.evaluate("document.documentElement.lang") == "zh-Hans"
        choose(page, "recommend-7")
        page.evaluate("window.scrollTo(0, 300)")
        page.get_by_role("button", name="EN").dispatch_event("click")  # click() itself would scroll
        expect(page.locator("#q-recommend-7")).to_be_checked()
        assert page.evaluate("window.scrollY") == 300
        expect(page.locator("#offline")).to_contain_text("No connection.")


def test_the_back_button_goes_one_screen_back(served: tuple[House, str], browser: Browser) -> None:
    """And forward again, with all answers and the focus on the heading."""
    with phone(browser) as context:
        page = open_form(context, link(served))
        go_on(page)
        fill_general(page)
        go_on(page)
        expect(page.locator("#s-words")).to_be_visible()
        page.go_back()
        expect(page.locator("#h-general")).to_be_focused()
        expect(page.locator("#q-overall-4")).to_be_checked()
        page.go_forward()
        expect(page.locator("#h-words")).to_be_focused()


def test_the_keyboard_alone_completes_the_form(served: tuple[House, str], browser: Browser) -> None:
    """Tab, arrows, space and Enter, from the first screen to the receipt, with no help of the mouse."""
    house, _ = served
    with phone(browser, 1280) as context:
        page = open_form(context, link(served, "en", OPEN))
        tab_to(page, "[data-do=continue]")
        page.keyboard.press("Enter")
        for row in ("overall", *(f"aspects-{item}" for item in ASPECTS), "recommend"):
            tab_to(page, f"[name='q.{row.replace('-', '.')}']")
            page.keyboard.press("ArrowRight")
        for _ in range(2):
            tab_to(page, ".step.now [data-do=continue]")
            page.keyboard.press("Enter")
        tab_to(page, "[name='q.cooperate']")
        page.keyboard.press("ArrowLeft")  # the last of three
        tab_to(page, ".step.now [data-do=continue]")
        page.keyboard.press("Enter")
        tab_to(page, "[name='q.use']")
        page.keyboard.press("Space")
        tab_to(page, ".step.now [data-do=continue]")
        page.keyboard.press("Enter")
        tab_to(page, "#check button[type=submit]")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Thank you. Your answers have arrived.")).to_be_focused()
    assert house.rows(tables.submission)[0].answers["overall"] == 2


def tab_to(page: Page, selector: str) -> None:
    for _ in range(40):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_a_link_in_wechat_offers_the_browser(served: tuple[House, str], browser: Browser) -> None:
    """Where pages may be forgotten and there is no service worker, the form says so, and works."""
    house, _ = served
    agent = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/107.0 Mobile MicroMessenger/8.0.40"
    with phone(browser, user_agent=agent, service_workers="block") as context:
        context.add_init_script("delete Navigator.prototype.serviceWorker; delete Navigator.prototype.locks")
        page = open_form(context, link(served, "zh"))
        expect(page.locator("#wechat")).to_be_visible()
        page.get_by_role("button", name="EN").click()
        expect(page.locator("#wechat")).to_contain_text("open this page in your browser")
        fill_all(page)
        send(page)
        expect(state(page, "arrived")).to_be_visible()
    assert len(house.rows(tables.submission)) == 1


def test_the_first_view_is_light(served: tuple[House, str], browser: Browser) -> None:
    """At most 60 KB over the wire in at most 6 requests, icon and worker included, all from our own host."""
    with phone(browser) as context:
        page = context.new_page()
        seen: dict[str, int] = {}
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        urls: dict[str, str] = {}
        wire.on("Network.requestWillBeSent", lambda e: urls.update({e["requestId"]: e["request"]["url"]}))
        wire.on(
            "Network.loadingFinished",
            lambda e: seen.update({urls[e["requestId"]]: int(e["encodedDataLength"])}),
        )
        open_form(context, link(served, "zh"), page)
        page.wait_for_load_state("networkidle")
    print(json.dumps(seen, indent=1), sum(seen.values()))
    assert all(url.startswith((served[1], "data:")) for url in seen)
    assert 3 <= len(seen) <= REQUESTS
    assert sum(seen.values()) <= BUDGET
    documented = re.search(r"\*\*together.*\| \*\*([\d ]+)\*\* \|", FORM_PAGE.read_text("utf-8"))
    assert documented
    assert int(documented[1].replace(" ", "")) == pytest.approx(sum(seen.values()), rel=0.05)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_scrolls_sideways_and_every_target_is_large(
    served: tuple[House, str], browser: Browser, lang: str
) -> None:
    """Each screen from the smallest phone to the desk, with errors, with 200 % text; 44 px for thumbs."""
    found: list[str] = []
    with phone(browser) as context:
        page = open_form(context, link(served, lang, OPEN))
        for screen in every_screen(page):
            for width in (320, 390, 768, 1280):
                page.set_viewport_size({"width": width, "height": 844})
                found += [f"{screen} {width}: {overflow(page)} px"] if overflow(page) > 0 else []
                found += [f"{screen} {width}: {small}" for small in page.evaluate(SMALL)]
        page.set_viewport_size({"width": 390, "height": 844})
        page.evaluate("document.documentElement.classList.add('one-page')")
        page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        found += [f"200 %: {overflow(page)} px"] if overflow(page) > 0 else []
    assert found == []
