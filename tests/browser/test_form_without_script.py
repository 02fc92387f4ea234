"""The expert's form in a real browser, with script turned off: filled, refused, kept, sent, read again."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from collector import tables
from tests.browser.collector_site import page_of, site
from tests.browser.looking import overflow, violations, violations_by_day_and_night
from tests.collector.house import ASPECTS, DEADLINE, OPEN, House, good

pytestmark = pytest.mark.chromium
WIDTHS = (320, 390, 1280)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[House, str]]:
    with site(tmp_path) as both:
        yield both


def choose(page: Page, *ids: str) -> None:
    """The input covers its card, so a tap anywhere on the card is a tap on the input."""
    for one in ids:
        page.locator(f"#q-{one}").check()


def fill_all(page: Page) -> None:
    choose(page, "overall-4", "recommend-9", "seen-lines", "seen-other", "cooperate-yes")
    choose(page, *(f"aspects-{item}-5" for item in ASPECTS[:-1]), f"aspects-{ASPECTS[-1]}-opt_out")
    page.locator("#q-seen-text").fill("食堂 canteen")
    page.locator("#q-impressed").fill("镁合金生产线很整洁。\nA clean line. 👍")
    page.locator("#q-improve").fill("More <data> & fewer slides")
    choose(page, "cooperation_forms-testing", "visit_organisation-5")
    choose(page, "contact-agreed")
    page.locator("#q-contact-email").fill("name@institute.org")
    choose(page, "use-yes", "quote-yes", "named-yes")


@pytest.mark.parametrize(
    ("lang", "send", "thanks", "edit"),
    [
        ("en", "Send my answers", "Thank you. Your answers have arrived.", "Edit my answers"),
        ("zh", "提交", "谢谢！您的答案已送达。", "修改答案"),
    ],
)
def test_the_whole_way(
    served: tuple[House, str], browser: Browser, lang: str, send: str, thanks: str, edit: str
) -> None:
    """Fill everything, send, read the receipt, change one answer, read the receipt again."""
    house, address = served
    with page_of(browser) as page:
        page.goto(f"{address}/f/{house.token()}?lang={lang}")
        fill_all(page)
        page.get_by_role("button", name=send, exact=True).last.click()
        expect(page.get_by_role("heading", name=thanks)).to_be_visible()
        expect(page.get_by_text("镁合金生产线很整洁。")).to_be_visible()
        expect(page.get_by_text("More <data> & fewer slides")).to_be_visible()
        page.get_by_role("link", name=edit).click()
        expect(page.locator("#q-overall-4")).to_be_checked()
        expect(page.locator("#q-improve")).to_have_value("More <data> & fewer slides")
        choose(page, "overall-2")
        page.locator("main button[type=submit]").click()
        expect(page.get_by_role("heading", name=thanks)).to_be_visible()
    assert [row.revision for row in house.rows(tables.response)] == [2]
    newest = max(house.rows(tables.submission), key=lambda row: row.revision)
    assert newest.language == lang
    assert newest.answers["overall"] == 2
    assert newest.answers["impressed"] == "镁合金生产线很整洁。\nA clean line. 👍"
    assert newest.answers["aspects"]["management"] == "opt_out"
    assert newest.consent == {"use": True, "quote": True, "named": True}


def test_errors_are_linked_and_nothing_typed_is_lost(served: tuple[House, str], browser: Browser) -> None:
    """The summary leads to the control, the control says what is wrong, the rest stays as it was."""
    house, address = served
    with page_of(browser) as page:
        page.goto(f"{address}/f/{house.token()}?lang=en")
        page.locator("#q-impressed").fill("a long thought")
        choose(page, "seen-lines", "contact-agreed", "cooperate-maybe")
        page.locator("#q-contact-email").fill("nowhere")
        page.locator("main button[type=submit]").click()
        expect(page).to_have_title("Error: Ruige Magnesium, site visit 24 Nov – Debrief")
        expect(page.locator("#q-impressed")).to_have_value("a long thought")
        expect(page.locator("#q-seen-lines")).to_be_checked()
        expect(page.locator("#q-contact-email")).to_have_attribute("aria-invalid", "true")
        page.get_by_role("alert").get_by_role("link", name="How good is the company overall?").click()
        assert page.url.endswith("#q-overall-1")
        expect(page.locator("#q-overall-1")).to_be_focused()
        expect(page.locator("#f-q-overall")).to_have_accessible_description("Choose a number from 1 to 5")
    assert house.rows(tables.submission) == []


def test_the_language_switch_keeps_answers_and_errors(served: tuple[House, str], browser: Browser) -> None:
    """Half way, with errors shown: the other language, the same answers."""
    house, address = served
    with page_of(browser) as page:
        page.goto(f"{address}/f/{house.token()}?lang=en")
        page.locator("#q-impressed").fill("half way")
        choose(page, "overall-4")
        page.locator("main button[type=submit]").click()
        page.get_by_role("button", name="中文").click()
        expect(page).to_have_title("错误：瑞格镁业参访反馈 – Debrief")
        expect(page.locator("#q-impressed")).to_have_value("half way")
        expect(page.locator("#q-overall-4")).to_be_checked()
        expect(page.get_by_role("alert")).to_contain_text("请选择 0 到 10 之间的一个数字")


def test_enter_in_a_text_field_sends_and_does_not_switch(served: tuple[House, str], browser: Browser) -> None:
    """The first button of a form is what Enter presses; it must not be the language."""
    house, address = served
    with page_of(browser) as page:
        page.goto(f"{address}/f/{house.token()}?lang=en")
        page.locator("#q-contact-name").press("Enter")
        expect(page).to_have_title("Error: Ruige Magnesium, site visit 24 Nov – Debrief")


def test_the_keyboard_alone_completes_the_form(served: tuple[House, str], browser: Browser) -> None:
    """Tab, arrows, space and Enter are enough."""
    house, address = served
    with page_of(browser) as page:
        page.goto(f"{address}/f/{house.token(OPEN)}?lang=en")
        for row in ("overall", *(f"aspects-{item}" for item in ASPECTS)):
            page.locator(f"#q-{row}-1").focus()
            page.keyboard.press("ArrowRight")
        page.locator("#q-recommend-0").focus()
        page.keyboard.press("Space")
        page.locator("#q-cooperate-no").focus()
        page.keyboard.press("Space")
        page.locator("#q-use-yes").focus()
        page.keyboard.press("Space")
        page.locator("main button[type=submit]").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Thank you. Your answers have arrived.")).to_be_visible()
    assert house.rows(tables.submission)[0].answers["overall"] == 2


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_scrolls_sideways(served: tuple[House, str], browser: Browser, width: int) -> None:
    """Form, errors and receipt, in both languages, from the smallest phone to a desk."""
    house, address = served
    long_word = "Donaudampfschifffahrtsgesellschaftskapitänspatent" * 3
    house.post(good(impressed=long_word))
    with page_of(browser, width) as page:
        for lang in ("en", "zh"):
            for path in (
                f"/f/{house.token()}",
                f"/f/{house.token(OPEN)}",
                f"/f/{house.token()}/receipt",
                "/docs",
            ):
                page.goto(f"{address}{path}?lang={lang}")
                assert overflow(page) <= 0, path
            page.goto(f"{address}/f/{house.token(OPEN)}?lang={lang}")
            page.locator("main button[type=submit]").click()
            expect(page).to_have_title(re.compile("^(Error: |错误：)"))
            assert overflow(page) <= 0


def test_answers_are_large_enough_for_a_thumb(served: tuple[House, str], browser: Browser) -> None:
    """44 px at least, on the narrowest phone (WCAG 2.2 asks for 24)."""
    house, address = served
    with page_of(browser, 320) as page:
        page.goto(f"{address}/f/{house.token()}?lang=en")
        small = page.evaluate(
            """[...document.querySelectorAll('main .opt, main .field, .btn, .lang button')]
               .filter(e => e.offsetParent)
               .filter(e => e.getBoundingClientRect().height < 44 || e.getBoundingClientRect().width < 40)
               .map(e => e.outerHTML.slice(0, 80))"""
        )
    assert small == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_axe_finds_nothing(served: tuple[House, str], browser: Browser, lang: str) -> None:
    """Form, errors, stored answers, receipt, withdrawn, closed, not found: 0 violations, light and dark."""
    house, address = served
    form = f"{address}/f/{house.token()}"
    found: dict[str, list[str]] = {}
    with page_of(browser, script=True) as page:
        page.goto(f"{form}?lang={lang}")
        for summary in page.locator("summary").all():
            summary.click()
        found["form"] = violations_by_day_and_night(page)
        page.locator("#q-impressed").fill("x" * 700)
        choose(page, "overall-4", "seen-lines", "use-yes", "contact-agreed", "cooperate-yes")
        found["filled"] = violations_by_day_and_night(page)
        page.locator("main button[type=submit]").click()
        expect(page.locator("#errsum")).to_be_visible()
        found["errors"] = violations_by_day_and_night(page)
        page.goto(f"{form}/receipt?lang={lang}")
        found["no receipt"] = violations_by_day_and_night(page)
        house.post(good(cooperate="yes", contact={"agreed": True, "phone": "123"}))
        page.goto(f"{form}/receipt?lang={lang}")
        found["receipt"] = violations_by_day_and_night(page)
        page.goto(f"{form}?lang={lang}")
        found["again"] = violations_by_day_and_night(page)
        house.now = DEADLINE
        page.goto(f"{address}/f/{house.token(OPEN)}?lang={lang}")
        found["closed"] = violations_by_day_and_night(page)
        page.goto(f"{address}/f/nonsense?lang={lang}")
        found["not found"] = violations_by_day_and_night(page)
        house.revoke()
        page.goto(f"{form}?lang={lang}")
        found["withdrawn"] = violations_by_day_and_night(page)
        page.goto(f"{address}/docs")
        found["docs"] = violations_by_day_and_night(page)
    assert {state: broken for state, broken in found.items() if broken} == {}


def test_axe_would_find_something(served: tuple[House, str], browser: Browser) -> None:
    """The check itself works: a picture without words is a violation."""
    _, address = served
    with page_of(browser, script=True) as page:
        page.goto(f"{address}/f/nonsense")
        page.evaluate("document.querySelector('main').append(document.createElement('img'))")
        assert any(line.startswith("image-alt") for line in violations(page))
