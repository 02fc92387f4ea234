"""Which language a text is in."""

import pytest

from analyzer.analysis.language import language_of
from analyzer.training import gold


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, la visite était très intéressante.",
        "Der Besuch hat mir sehr gut gefallen, und wir kommen wieder.",
        "La visita fue muy interesante",
        "Tack för besöket, det var intressant",
        "Завод очень хороший",
        "工場見学はとても良かった",
        "공장이 좋아요",
        "12 / 7",
        "👍",
    ],
)
def test_what_is_neither_english_nor_chinese_is_not_read_as_such(text: str) -> None:
    """Unread is honest; a neutral remark about cooperation would be invented."""
    assert language_of(text) == "other"


def test_no_labelled_sentence_is_taken_for_foreign() -> None:
    """Names of places and people with accents stay English."""
    assert [row.text for row in gold.labelled() if language_of(row.text) == "other"] == []
