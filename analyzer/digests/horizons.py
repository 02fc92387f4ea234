"""When an offer could begin, where its words say so.

In: the text of an offer.  Out: the first Horizon in it, or None; never a guess.  Pure.
"""

import re

from analyzer.digests.model import Bilingual, Horizon

NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "twelve": 12, "a": 1, "an": 1}
DIGITS = dict(zip("一二两三四五六七八九", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)) | {"十": 10, "半": 6}
MONTHS = {"month": 1.0, "year": 12.0, "week": 0.25, "个月": 1.0, "月": 1.0, "年": 12.0, "周": 0.25}

COUNTED = re.compile(
    r"\b(?:with)?in (?:the next |about )?(?P<en>\d{1,2}|one|two|three|four|six|twelve|a|an)"
    r" (?P<en_unit>week|month|year)s?\b"
    r"|(?P<zh>\d{1,2}|[一二两三四五六七八九十])(?P<zh_unit>个月|周|年)(?:之?内|以内)",
    re.IGNORECASE,
)
HALF_YEAR = re.compile(r"半年(?:之?内|以内)|\bwithin half a year\b", re.IGNORECASE)
NAMED: tuple[tuple[re.Pattern[str], Bilingual], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), {"en": en, "zh": zh})
    for pattern, en, zh in (
        (r"尽快|近期|马上|随时|\b(?:at once|immediately|right away|any time|soon)\b", "Soon", "近期"),
        (r"下个?月|\bnext month\b", "Next month", "下个月"),
        (r"下半年|\bsecond half of (?:the|this) year\b", "Second half of the year", "下半年"),
        (r"下学期|\bnext (?:term|semester)\b", "Next term", "下学期"),
        (r"今年|年底前?|\bthis year\b|\bby (?:the )?end of (?:the|this) year\b", "This year", "今年"),
        (r"明年|来年|\bnext (?:year|spring|summer|autumn|fall)\b", "Next year", "明年"),
    )
)


def horizon(text: str) -> Horizon | None:
    """The earliest mention of a time."""
    found = [place for place in (_counted(text), _half(text), *_named(text)) if place]
    return min(found, key=lambda place: (place.start, -place.end), default=None)


def _counted(text: str) -> Horizon | None:
    match = COUNTED.search(text)
    if match is None:
        return None
    amount, unit = match["en"] or match["zh"], (match["en_unit"] or match["zh_unit"]).lower()
    number = int(amount) if amount.isdigit() else {**NUMBERS, **DIGITS}[amount.lower()]
    return _place(match, _within(number * MONTHS[unit]))


def _within(months: float) -> Bilingual:
    if months <= 1:
        return {"en": "Within a month", "zh": "一个月内"}
    if months <= 12:
        return {"en": f"Within {months:g} months", "zh": f"{months:g} 个月内"}
    return {"en": f"Within {months / 12:g} years", "zh": f"{months / 12:g} 年内"}


def _half(text: str) -> Horizon | None:
    match = HALF_YEAR.search(text)
    return _place(match, _within(6)) if match else None


def _named(text: str) -> list[Horizon]:
    matches = ((pattern.search(text), label) for pattern, label in NAMED)
    return [_place(match, label) for match, label in matches if match]


def _place(match: "re.Match[str]", label: Bilingual) -> Horizon:
    return Horizon(match[0], label, match.start(), match.end())
