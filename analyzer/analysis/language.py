"""Which language a piece of text is in, and one spelling for what means the same.

In: text. Out: en, zh, mixed or other; a folded copy of exactly the same length, so that
every span in the copy is a span in the original.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
LATIN_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"[^\W\d_]+")
ACCENTED = re.compile(r"[À-ÖØ-öø-ſ]")
# Small words of other Latin-script languages that are no English words.
FOREIGN = frozenset(
    WORD.findall(
        """der das und ist nicht sehr eine einen einer eines einem mit für auf ich wir aber sind auch noch vom
        zum bei habe haben wurde les des un une est était très pas avec pour dans sur nous vous merci bonjour
        mais plus aux cette sont el los las muy una con para que pero más del fue como gracias il della molto
        sono grazie gli nel è não uma mais foi obrigado muito são och är det inte för het een niet zijn maar
        voor ook jest nie się bardzo"""
    )
)
ENGLISH = frozenset(
    WORD.findall(
        """the and of to is are was were it this that with for at not be has have we you very but from by
        no as"""
    )
)


def language_of(text: str) -> str:
    """en, zh, mixed or other, by the share of scripts (1.5 characters weigh as much as one word)."""
    if text.isascii():
        # Most English sentences have one of these; a search for all small words takes ten times as long.
        if " the " in text or " is " in text or " and " in text or " to " in text or " of " in text:
            return "en"
        return "en" if not ENGLISH.isdisjoint(text.lower().split()) else _of_latin(text)
    characters = len(CJK.findall(text))
    words = len(LATIN_WORD.findall(text))
    if characters and not KANA_OR_HANGUL.search(text):
        if characters >= 1.5 * words:
            return "zh"
        return "en" if words >= 3 * characters else "mixed"
    if not words or 2 * words < len(LETTER.findall(text)) / 12 or KANA_OR_HANGUL.search(text):
        return "other"
    return _of_latin(text)


WHOLE: dict[str, Mapping[str, float]] = {"en": {"en": 1.0}, "zh": {"zh": 1.0}, "other": {}}


def shares_of(text: str, lang: str) -> Mapping[str, float]:
    """How much each language has of a sentence; a character counts as two thirds of a word.

    None of `other`.
    """
    if lang != "mixed":
        return WHOLE[lang]
    chinese, english = len(CJK.findall(text)) / 1.5, len(LATIN_WORD.findall(text))
    total = chinese + english
    return {"zh": round(chinese / total, 2), "en": round(english / total, 2)}


def _of_latin(text: str) -> str:
    return "en" if LATIN_WORD.search(text) and not is_foreign(text) else "other"


def is_foreign(text: str) -> bool:
    """Latin letters, but another language than English: two small words of one, or one and an accent."""
    words = WORD.findall(text.lower())
    if not ENGLISH.isdisjoint(words):
        return False
    return sum([word in FOREIGN for word in words]) + (ACCENTED.search(text) is not None) >= 2


@cache
def folding() -> dict[int, int]:
    """Code point -> code point: Traditional to simplified, full width to ASCII, curly to straight."""
    table = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B)}
    # Half of a character alone cannot be sought.
    table |= dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
    table |= {ord("’"): ord("'"), ord("‘"): ord("'"), ord("“"): ord('"'), ord("”"): ord('"'), 0x3000: 32}
    rows = (Path(__file__).parent / "traditional.txt").read_text(encoding="utf-8").splitlines()
    for row in rows:
        if row and not row.startswith("#"):
            many, one = row.split(" ")
            table |= dict(zip(map(ord, many), map(ord, one), strict=True))
    return table


def fold(text: str) -> str:
    """Lower case, simplified characters, straight quotes; same length as `text`."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered  # nothing to fold
    if len(lowered) != len(text):
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lowered.translate(folding())


# Marks that part words become spaces, so that " waste heat " is found in "(waste-heat)".
_PARTING = {code: 32 for code in range(33, 127) if not chr(code).isalnum() and chr(code) not in "'%&+"}
_PARTING |= {ord(c): 32 for c in "\n\t–—…·"}
_PARTING_BYTES = bytes(_PARTING.get(code, code) for code in range(256))


LEAD = 3  # what `spaced` puts before the text


def spaced(folded: str) -> str:
    """The folded text with marks as spaces and its ends marked: what phrases and runs are looked up in."""
    return f" < {parted(folded)} > "


def parted(folded: str) -> str:
    """The folded text with marks as spaces."""
    if folded.isascii():
        return folded.encode().translate(_PARTING_BYTES).decode()  # a fifth of the time
    return folded.translate(_PARTING)
