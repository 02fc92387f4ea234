"""How plainly a sentence shows a reader why it is read as it is.

In: a Reading.  Out: its Plainness.  Pure.
"""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from analyzer.digests.readings import Reading

EASY_LENGTH = range(20, 321)  # Latin letters, a Chinese character being two: says something, is soon read
CLEAR = 0.4  # of polarity, -1..1
UNFINISHED = (",", ";", ":", "，", "；", "：", "、")
FEELINGS = {"positive", "negative"}
FIRST_WIDE = 0x2E80  # code point from which on scripts are as dense as Chinese


class Plainness(NamedTuple):
    easy: bool  # to read: neither short nor long
    fragment: bool  # the rest of a sentence, or it ends before the sentence does
    named: bool  # by a word in it, not as a whole, which topic it is about
    felt: bool  # a clear word of feeling stands in it, or it has no feeling to show
    first: str | None  # the topic that it is about first of all
    corrected: bool  # a person's reading needs no such words

    def vagueness(self, topic: str | None) -> int:
        """0: a whole sentence, first of all about `topic`, with a clear word of feeling and one that names
        the topic in it; a reader needs no trust in the software.
        """
        if self.corrected:
            return int(self.fragment)
        return (not self.felt) + (not self.named) + (topic not in (None, self.first)) + self.fragment


def plainness(reading: "Reading") -> Plainness:
    row, text = reading.row, str(reading.row["text"]).strip()
    return Plainness(
        easy=_length(row["text"]) in EASY_LENGTH,
        fragment=text[:1].islower() or text.endswith(UNFINISHED),
        named=any(not str(aspect["rule"]).startswith("model:") for aspect in reading.aspects),
        felt=row["sentiment"] in ("neutral", None) or _clear(reading),
        first=next((aspect["topic"] for aspect in reading.aspects), None),
        corrected=bool(row.get("corrected")),
    )


def _clear(reading: "Reading") -> bool:
    strong = abs(reading.row["polarity"] or 0.0) >= CLEAR
    return strong and any(mark.kind in FEELINGS for mark in reading.marks)


def _length(text: str) -> int:
    return len(text) if text.isascii() else len(text) + sum(ord(letter) >= FIRST_WIDE for letter in text)
