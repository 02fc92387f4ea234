"""The page shows what the digest holds, escaped, marked and in the right language."""

import re

import pytest

from analyzer.digests import as_html, wording
from analyzer.digests.charts import bars, cell_lines, columns, strip
from analyzer.digests.model import Distribution, Topic
from tests.analyzer.stories import answer, said
from tests.analyzer.test_build import build, crowd


def render(*events: object, language: str = "en") -> str:
    return as_html.render(build(*events), language, lambda name: f"/{name}", {"json": "/x.json"})  # type: ignore[arg-type]


def test_what_experts_typed_is_escaped_everywhere() -> None:
    """A quote, a name and an offer are text, never markup."""
    evil = "<script>alert(1)</script> furnace"
    contact = answer("contact", {"agreed": True, "name": evil, "email": "a@b.c"})
    willing = answer("cooperate", {"choice": "yes"})
    advice = [said(f"a-{i}", "improve", evil, "safety", "negative", suggestion=True) for i in range(3)]
    page = render(*advice, said("x", "offer", evil, more=[willing, contact]))
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 3


def test_a_quote_keeps_its_language() -> None:
    """A screen reader changes its voice, and a Chinese glyph its shape."""
    page = render(*crowd(3, text="炉子很先进，自动化程度高。"))
    assert '<blockquote lang="zh-Hans">炉子很先进' in page


def test_marks_stand_on_the_words_and_the_reason_is_one_tap_away() -> None:
    """Evidence, not decoration."""
    page = render(*crowd(3, evidence="furnace"))
    assert 'The <mark class="top-w">furnace</mark> is modern.' in page
    assert "“furnace” names the topic Production process" in page


def test_few_answers_show_neither_average_nor_percentage() -> None:
    """Under ten the answers themselves."""
    page = render(*crowd(9))
    assert "Averages are shown from 10 answers" in page
    assert "% response rate" not in page
    assert "Average</th>" not in page


def test_ten_answers_show_average_and_rate() -> None:
    """The other side."""
    page = render(*crowd(10))
    assert "42% response rate" in page
    assert ">4.0<" in page


def test_every_chart_is_also_a_table_of_numbers() -> None:
    """Who cannot see the bars reads them."""
    page = render(*crowd(4))
    assert page.count("<table") >= 3
    assert "rating 4: 4;" in page


@pytest.mark.parametrize("language", as_html.LANGUAGES)
def test_no_word_of_ours_is_missing_in_a_language(language: str) -> None:
    """Every key has both, and the page has no English label in Chinese."""
    assert all(all(pair) for pair in wording.TEXTS.values())
    page = render(*crowd(12), language=language)
    if language == "zh":
        own = re.sub(r'lang="en"[^>]*>[^<]*(<mark[^>]*>[^<]*</mark>[^<]*)*', "", page)
        assert "experts" not in own


def test_english_and_chinese_texts_take_the_same_facts() -> None:
    """A fact that one language tells and the other forgets is a mistake."""
    for key, texts in wording.TEXTS.items():
        names = [set(re.findall(r"\{(\w+)", text)) for text in texts]
        assert names[0] == names[1], key


def test_one_is_not_plural() -> None:
    """1 of 1 expert, 1 of 2 experts."""
    assert wording.say("of_n", "en", k=1, n=1) == "1 of 1 expert"
    assert wording.say("of_n", "en", k=1, n=2) == "1 of 2 experts"


def test_dates_are_the_fairs() -> None:
    """Evening in Yuncheng is still the morning elsewhere."""
    moment = build(*crowd(1)).visit.deadline
    assert wording.date_and_time(moment, "Asia/Shanghai", "en") == "1 Dec 2026, 18:00"
    assert wording.date_and_time(moment, "Asia/Shanghai", "zh") == "2026年12月1日 18:00"
    assert wording.date_and_time(moment, "No/Where", "en") == "1 Dec 2026, 10:00"


def scale(*counts: int) -> Distribution:
    ends = {"en": "", "zh": ""}
    pairs = tuple(enumerate(counts, 1))
    return Distribution("x", ends, None, ends, ends, pairs, 0, sum(counts), None)


def test_a_strip_is_whole() -> None:
    """Segments follow each other up to 100 percent; values nobody chose take no room."""
    segments = strip(scale(1, 0, 2, 0, 1))
    assert [(s.value, s.x, s.width) for s in segments] == [(1, 0.0, 25.0), (3, 25.0, 50.0), (5, 75.0, 25.0)]
    assert cell_lines(scale(1, 0, 2, 0, 1)) == (25.0, 50.0, 75.0)


def test_from_thirty_answers_single_cells_are_not_drawn() -> None:
    """Nobody counts thirty squares."""
    assert cell_lines(scale(15, 15)) == ()
    assert [len(column.squares) for column in columns(scale(15, 14))] == [15, 14]
    assert [len(column.squares) for column in columns(scale(15, 15))] == [0, 0]


def topic(positive: int, negative: int) -> Topic:
    return Topic("t", {"en": "", "zh": ""}, positive, 0, negative, 1, 1, 1, ())


def test_both_sides_of_the_bars_are_on_one_scale() -> None:
    """Four criticisms are as long as four praises."""
    topics = (topic(8, 4), topic(4, 0))
    assert bars(topics[0], topics).negative == bars(topics[1], topics).positive
    assert bars(topic(0, 0), (topic(0, 0),)).positive == 0
