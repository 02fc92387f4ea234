"""Words for people: choosing a language, and dates as each language writes them.

Pure.  A Bilingual is {"en": ..., "zh": ...}; a language is "en" or "zh".
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

Bilingual = Mapping[str, str]

LANGUAGES = ("en", "zh")
HTML_LANG = {"en": "en", "zh": "zh-Hans"}  # all Chinese texts of Debrief are in simplified characters

HAN = re.compile(r"[\u3400-\u9fff]")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = {"en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), "zh": tuple("一二三四五六日")}


def known_language(value: object) -> str | None:
    """The language that the value names ("zh-CN" counts as zh), or None."""
    primary = value.lower().split("-")[0] if isinstance(value, str) else ""
    return primary if primary in LANGUAGES else None


def say_day(day: date, language: str) -> str:
    """24 Nov · 11月24日"""
    return f"{day.month}月{day.day}日" if language == "zh" else f"{day.day} {_MONTHS[day.month - 1]}"


def say_weekday(day: date, language: str) -> str:
    """Tue 24 Nov · 11月24日 周二"""
    name = _DAYS[language][day.weekday()]
    return f"{say_day(day, language)} 周{name}" if language == "zh" else f"{name} {say_day(day, language)}"


def say_time(moment: datetime, zone: ZoneInfo) -> str:
    """14:30, on the fair's clock."""
    return moment.astimezone(zone).strftime("%H:%M")


def say_moment(moment: datetime, zone: ZoneInfo, language: str) -> str:
    """1 Dec, 18:00 · 12月1日 18:00, on the fair's clock."""
    day = say_day(moment.astimezone(zone).date(), language)
    return f"{day}{' ' if language == 'zh' else ', '}{say_time(moment, zone)}"


def say_days(first: date, last: date, language: str) -> str:
    """24 to 25 Nov · 11月24–25日"""
    if first == last:
        return say_day(first, language)
    same_month = (first.year, first.month) == (last.year, last.month)
    begins, ends = say_day(first, language), say_day(last, language)
    if language == "zh":
        return f"{begins.removesuffix('日')}–{last.day}日" if same_month else f"{begins}–{ends}"
    return f"{first.day if same_month else begins} to {ends}"


def say_seconds(seconds: float, language: str) -> str:
    """How long something waits: 40 seconds, 6 minutes, 3 hours, 2 days."""
    for unit, one, many, chinese in _UNITS:
        if seconds >= unit:
            count = int(seconds // unit)
            return f"{count} {chinese}" if language == "zh" else f"{count} {one if count == 1 else many}"
    return "不到 1 秒" if language == "zh" else "under a second"


_UNITS = (
    (86400, "day", "days", "天"),
    (3600, "hour", "hours", "小时"),
    (60, "minute", "minutes", "分钟"),
    (1, "second", "seconds", "秒"),
)


def say_length(seconds: float) -> str:
    """1:05, as players show it."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"


def script_of(text: str) -> str:
    """zh or en: in which of our languages a text of unknown language is read and drawn."""
    return "zh" if HAN.search(text) else "en"
