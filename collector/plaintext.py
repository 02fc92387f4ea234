"""Makes text from anywhere safe to keep: one spelling, no invisible control, nothing a database refuses.

Pure.  In: any string that JSON or a form can carry.  Out: the same words.
"""

import re
import unicodedata

# Controls but tab and line break; half a surrogate pair, which UTF-8 cannot hold; and the marks that turn
# the writing direction round, which phones paste around telephone numbers and which would turn a digest.
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")
_LINE_BREAKS = re.compile(r"\r\n?|\u2028|\u2029|\x85")


def clean(text: str) -> str:
    """NFC, line breaks as \\n, trimmed."""
    return unicodedata.normalize("NFC", _UNWANTED.sub("", _LINE_BREAKS.sub("\n", text))).strip()


def clean_line(text: str) -> str:
    """The same on one line, runs of white space as one space."""
    return " ".join(clean(text).split())
