"""Dates and durations as each language writes them, and the trace that goes on."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from collector.text import known_language, say_days, say_moment, say_seconds, say_weekday
from collector.tracing import continue_trace

YUNCHENG = ZoneInfo("Asia/Shanghai")
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize(
    ("value", "language"),
    [("zh-CN", "zh"), ("EN", "en"), ("zh", "zh"), ("fr", None), ("", None), (None, None), (["en"], None)],
)
def test_a_language_is_known_by_its_first_part(value: object, language: str | None) -> None:
    """Browsers say zh-CN or zh-Hans; anything else is not ours."""
    assert known_language(value) == language


def test_moments_are_said_on_the_fairs_clock() -> None:
    """UTC inside, the fair's time zone at the glass."""
    moment = datetime(2026, 11, 30, 17, 5, tzinfo=UTC)
    assert say_moment(moment, YUNCHENG, "en") == "1 Dec, 01:05"
    assert say_moment(moment, YUNCHENG, "zh") == "12月1日 01:05"


@pytest.mark.parametrize(
    ("last", "english", "chinese"),
    [
        (date(2026, 11, 24), "24 Nov", "11月24日"),
        (date(2026, 11, 25), "24 to 25 Nov", "11月24–25日"),
        (date(2026, 12, 1), "24 Nov to 1 Dec", "11月24日–12月1日"),
    ],
)
def test_spans_of_days(last: date, english: str, chinese: str) -> None:
    """The month is said once where one is enough."""
    first = date(2026, 11, 24)
    assert (say_days(first, last, "en"), say_days(first, last, "zh")) == (english, chinese)


def test_weekdays() -> None:
    """Short names, as on a programme."""
    day = date(2026, 11, 24)
    assert (say_weekday(day, "en"), say_weekday(day, "zh")) == ("Tue 24 Nov", "11月24日 周二")


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0.4, "under a second", "不到 1 秒"),
        (1, "1 second", "1 秒"),
        (119, "1 minute", "1 分钟"),
        (7200, "2 hours", "2 小时"),
        (200_000, "2 days", "2 天"),
    ],
)
def test_durations(seconds: float, english: str, chinese: str) -> None:
    """One unit, rounded down: enough to know whether to worry."""
    assert (say_seconds(seconds, "en"), say_seconds(seconds, "zh")) == (english, chinese)


def test_a_trace_goes_on_with_a_span_of_our_own() -> None:
    """Same trace id and flags, another parent id."""
    ours = continue_trace(f"00-{TRACE}-00f067aa0ba902b7-00", lambda count: b"\x01" * count)
    assert ours == f"00-{TRACE}-0101010101010101-00"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "nonsense",
        f"ff-{TRACE}-00f067aa0ba902b7-01",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        "00-xyz-1-01",
    ],
)
def test_without_a_good_header_a_trace_begins(header: str | None) -> None:
    """Malformed, forbidden or missing: a new, sampled trace."""
    assert continue_trace(header, lambda count: b"\x02" * count) == f"00-{'02' * 16}-{'02' * 8}-01"
