"""The mail as a mail program shows it: without scripts, without images, on a phone and on a desk."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from analyzer.digests import as_email
from tests.analyzer import forms
from tests.browser.looking import overflow, page_of, violations

pytestmark = pytest.mark.chromium
MOST = 100_000  # bytes; some mail programs cut what is longer


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("language", "width"), [("en", 720), ("zh", 360)])
def test_it_reads_well_where_everything_is_blocked(
    browser: Browser, tmp_path: Path, language: str, width: int, theme: str
) -> None:
    """Bars are table cells, so they stand; nothing is fetched; no line runs out of the window."""
    html = as_email.page(forms.story("sample"), language, forms.LINK)
    asked: list[str] = []
    with page_of(browser, width, theme, script=True) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.set_content(html)
        bars = page.locator("td.bp, td.bn")
        assert bars.count() >= 4
        boxes = [bars.nth(place).bounding_box() for place in range(bars.count())]
        assert all(box and box["height"] >= 10 and box["width"] > 2 for box in boxes)
        assert overflow(page) <= 0
        assert violations(page) == []
        page.screenshot(path=tmp_path / "mail.png", full_page=True)
    assert asked == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_small_and_holds_no_image(language: str) -> None:
    """Both parts together; an image would be blocked."""
    raw = forms.rendered("sample", "email", language)
    text, html = forms.mail_parts(raw)
    assert len(raw) < MOST
    assert len(html.encode()) < MOST
    assert "<img" not in html
    assert "url(" not in html
    assert forms.LINK in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_contact_of_an_expert_travels_by_mail(language: str) -> None:
    """Mail is open and cannot be taken back; the page shows contacts to who holds the link."""
    digest = forms.story("sample")
    assert digest.cooperation is not None
    assert digest.cooperation.leads
    both = " ".join(forms.mail_parts(forms.rendered("sample", "email", language)))
    for lead in digest.cooperation.leads:
        assert not lead.email or lead.email not in both
        assert not lead.phone or lead.phone not in both
