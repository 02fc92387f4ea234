"""The organiser sees all photos of a visit, and who else does; nobody else gets there."""

import re
from html import unescape

from collector.links import Grant, organiser_token
from tests.collector.house import DEADLINE, OPEN, SECRET, House, good
from tests.collector.test_photos import JPEG, add_files, begin, patch, respond


def page(house: House, lang: str = "en", visit: str = "visit") -> str:
    return unescape(house.client.get(f"{house.overview()}/attachments/{visit}?lang={lang}").text)


def test_the_organiser_sees_every_photo_and_who_else_does(house: House) -> None:
    """Also those that the company never gets; each opens."""
    respond(house)
    add_files(house, ("a.jpg", JPEG), readership="quote")
    add_files(house, ("b.jpg", JPEG), readership="organiser")
    for lang, words in (
        ("en", ("The company may see it.", "Only the organisers see it.")),
        ("zh", ("企业可见。", "仅组委会可见。")),
    ):
        shown = page(house, lang)
        assert all(one in shown for one in words)
        addresses = re.findall(r'<a href="(/photos/[^"]+)"', shown)
        assert [house.client.get(address).status_code for address in addresses] == [200, 200]


def test_consent_that_was_refused_is_told_as_it_holds(house: House) -> None:
    """The photo was given to the company, the answers were not."""
    respond(house, consent={"use": False})
    add_files(house, ("a.jpg", JPEG), readership="quote")
    assert "Only the organisers see it." in page(house)
    assert "The company may see it." not in page(house)


def test_the_overview_leads_there_once_there_is_something(house: House) -> None:
    """With the number; a photo under way or withdrawn is none."""
    response_id = respond(house)
    begin(house, response_id)
    place = f"{house.overview()}/attachments/visit"
    assert place not in house.client.get(house.overview()).text
    assert "No photo or voice note has arrived yet." in page(house)
    patch(house, response_id, 0, JPEG)
    overview = unescape(house.client.get(house.overview() + "?lang=en").text)
    assert place in overview
    assert "Photos (1)" in overview
    house.client.post(f"/f/{house.token()}/withdraw")
    assert place not in house.client.get(house.overview()).text
    assert "No photo or voice note has arrived yet." in page(house)


def test_no_other_link_leads_there(house: House) -> None:
    """Not of another generation, not expired, not for a visit of another fair, not an expert's."""
    assert house.client.get(house.overview(generation=0) + "/attachments/visit").status_code == 410
    assert house.client.get(f"{house.overview()}/attachments/other").status_code == 404
    assert house.client.get(f"/o/{house.token()}/attachments/visit").status_code == 404
    old = organiser_token(SECRET, Grant("fair", 1, house.now))
    assert house.client.get(f"/o/{old}/attachments/visit").status_code == 410
    assert house.now < DEADLINE


def test_the_page_names_nobody(house: House) -> None:
    """As the overview promises: never who sent what."""
    house.post(good(), house.token(OPEN))
    respond(house)
    add_files(house, ("a.jpg", JPEG))
    assert "Expert e1" not in page(house)
    assert "专家e1" not in page(house, "zh")
