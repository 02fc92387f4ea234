"""The digest in a real browser: every state, phone and desktop, both languages, light, dark, paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.analyzer.reading_room import ReadingRoom
from tests.browser.digest_site import STATES, WIDTHS, site
from tests.browser.looking import overflow, page_of, violations, violations_by_day_and_night

pytestmark = pytest.mark.chromium


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ReadingRoom, str]]:
    with site(tmp_path_factory.mktemp("digests")) as found:
        yield found


def address(place: tuple[ReadingRoom, str], state: str, language: str = "en") -> str:
    room, origin = place
    token = {"unknown": "nonsense", "expired": room.token(days=-1)}.get(state)
    token = token or room.token("ruige-1124" if state == "many" else state)
    return f"{origin}/d/{token}?lang={language}"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("state", ["many", "empty", "one", "all-negative", "expired"])
def test_axe_finds_nothing(
    browser: Browser, place: tuple[ReadingRoom, str], state: str, language: str
) -> None:
    """Readable by everybody, with all explanations opened, light and dark."""
    with page_of(browser, script=True) as page:
        page.goto(address(place, state, language))
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        assert violations_by_day_and_night(page) == []


@pytest.mark.parametrize("state", ["two-hundred", "all-chinese", "unscorable", "five"])
def test_axe_finds_nothing_in_rarer_states(
    browser: Browser, place: tuple[ReadingRoom, str], state: str
) -> None:
    """On a desk, with everything folded as it comes."""
    with page_of(browser, 1280, script=True) as page:
        page.goto(address(place, state, "zh"))
        assert violations(page) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_axe_finds_nothing_behind_the_digest(
    browser: Browser, place: tuple[ReadingRoom, str], language: str
) -> None:
    """Nor on the page of a topic, a suggestion with its two forms, a statement, nor on the access log."""
    with page_of(browser, script=True) as page:
        page.goto(address(place, "many", language))
        kinds = ("topics", "items", "statements", "openings")
        found = [page.locator(f"main a[href*='/{kind}']").first.get_attribute("href") for kind in kinds]
        for link in found:
            page.goto(f"{place[1]}{link}")
            assert violations_by_day_and_night(page) == []
            assert overflow(page) <= 0


def test_a_suggestion_is_answered_by_keyboard_and_thumb_without_script(
    browser: Browser, place: tuple[ReadingRoom, str]
) -> None:
    """A manager on the train: assign, reply, back to the digest, where it stands."""
    with page_of(browser) as page:
        page.goto(address(place, "two-hundred"))
        page.get_by_role("link", name="Assign or reply").first.click()
        page.get_by_label("Status").select_option("started")
        page.get_by_label("Owner").fill("Chen Wei")
        page.get_by_label("Your reply").fill("Ordered in March.")
        form = page.locator("form").first
        form.get_by_label("Your name").fill("Zhang")
        form.get_by_role("button", name="Save").click()
        assert page.get_by_role("status").inner_text() == "Saved."
        page.get_by_role("link", name="Back to the digest").click()
        assert page.get_by_text("Ordered in March.").is_visible()


def test_a_correction_is_marked_on_the_page(browser: Browser, place: tuple[ReadingRoom, str]) -> None:
    """Who set it right, and when."""
    with page_of(browser) as page:
        page.goto(address(place, "all-negative"))
        page.locator("details.why summary").first.click()
        page.get_by_role("link", name="Open this remark").first.click()
        form = page.locator("form").last
        form.get_by_label("Tone").first.select_option("neutral")
        form.get_by_label("Your name").fill("Zhang")
        form.get_by_role("button", name="Save").click()
        assert "Corrected by Zhang" in page.content()


def test_a_headline_is_put_in_other_words_without_script(
    browser: Browser, place: tuple[ReadingRoom, str]
) -> None:
    """In one language: the English page shows the Chinese words as such, and the way back works."""
    with page_of(browser) as page:
        page.goto(address(place, "all-chinese", "zh"))
        page.get_by_role("link", name="更正表述").first.click()
        page.get_by_label("中文").fill("炉子先进，自动化高")
        page.get_by_label("您的姓名").fill("赵敏")
        page.get_by_role("button", name="保存").click()
        page.goto(address(place, "all-chinese", "en"))
        assert page.locator("h1 [lang=zh-Hans]").inner_text() == "炉子先进，自动化高"
        assert page.get_by_text("Corrected by 赵敏 (company)").is_visible()
        page.get_by_role("link", name="Correct the wording").first.click()
        page.get_by_label("Your name").fill("Zhang")
        page.get_by_role("button", name="Back to the software's words").click()
        page.get_by_role("link", name="Back to the digest").click()
        assert page.locator("h1").inner_text() == "Production process impressed the experts most."


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("state", [*STATES, "unknown", "expired"])
def test_no_page_scrolls_sideways(
    browser: Browser, place: tuple[ReadingRoom, str], state: str, width: int
) -> None:
    """From the smallest phone to the desk, in both languages."""
    for language in ("en", "zh"):
        with page_of(browser, width) as page:
            page.goto(address(place, state, language))
            assert overflow(page) <= 0


def test_nothing_is_asked_of_another_host_and_nothing_is_refused(
    browser: Browser, place: tuple[ReadingRoom, str]
) -> None:
    """The page lives within its own policy."""
    asked, said = [], []
    with page_of(browser) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto(address(place, "many"))
    assert all(url.startswith((place[1], "data:")) for url in asked)
    assert said == []


def test_the_reason_of_a_reading_is_one_tap_away_without_script(
    browser: Browser, place: tuple[ReadingRoom, str]
) -> None:
    """details and summary, as the browser brings them."""
    with page_of(browser) as page:
        page.goto(address(place, "all-negative"))
        why = page.locator("details.why").first
        reason = why.get_by_text("“镁粉” names the topic")
        assert not reason.is_visible()
        why.locator("summary").click()
        assert reason.is_visible()


def test_the_language_is_changed_by_one_tap(browser: Browser, place: tuple[ReadingRoom, str]) -> None:
    """On the same digest."""
    with page_of(browser) as page:
        page.goto(address(place, "many"))
        page.get_by_role("link", name="中文").click()
        assert page.locator("html").get_attribute("lang") == "zh-Hans"
        assert page.get_by_role("heading", name="专家建议").is_visible()


def test_everything_can_be_reached_by_keyboard(browser: Browser, place: tuple[ReadingRoom, str]) -> None:
    """The first stop skips to the digest, and the focus is seen."""
    with page_of(browser) as page:
        page.goto(address(place, "many"))
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the digest")).to_be_in_viewport(ratio=1)
        page.keyboard.press("Enter")
        page.wait_for_url("**#main")


def test_targets_are_large_enough_for_a_thumb(browser: Browser, place: tuple[ReadingRoom, str]) -> None:
    """44 px, as the design says, for everything that is not a link inside a text."""
    with page_of(browser) as page:
        page.goto(address(place, "many"))
        for target in page.locator("main a, .lang a, summary").all():
            box = target.bounding_box()
            assert box is None or not target.is_visible() or box["height"] >= 43.5, target.inner_text()


def test_the_page_prints_on_a_few_sheets_in_light_colours(
    browser: Browser, place: tuple[ReadingRoom, str], tmp_path: Path
) -> None:
    """A manager takes it to a meeting, from a dark screen too."""
    with page_of(browser, 1280, "dark") as page:
        page.goto(address(place, "five"))
        pdf = page.pdf(path=str(tmp_path / "digest.pdf"), format="A4", print_background=True)
        page.emulate_media(media="print")
        assert page.locator(".dl").is_hidden()
    assert pdf.startswith(b"%PDF")
    assert 1 <= pdf.count(b"/Type /Page\n") <= 4


def test_two_hundred_percent_text_stays_inside(browser: Browser, place: tuple[ReadingRoom, str]) -> None:
    """Experts and managers over sixty enlarge the text."""
    with page_of(browser, script=True) as page:
        page.goto(address(place, "many", "zh"))
        page.add_style_tag(content="html { font-size: 160% !important }")
        assert overflow(page) <= 0
