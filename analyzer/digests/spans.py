"""Where the words stand that named a topic.

In: the row of an aspect, the text of a sentence.  Out: spans, in code points.  Pure.
"""

from analyzer.rows import Row


def naming_words(aspect: Row) -> tuple[int, int]:
    """Where the phrase stands that named the topic, in code points of the answer.

    A rule `topic:<id>/<part>:<phrase>` tells it; the aspect's own span is the clause around it.
    """
    start, end = aspect["start"], aspect["end"]
    kind, _, phrase = str(aspect["rule"]).rpartition(":")
    place = aspect["evidence"].casefold().find(phrase.rstrip("*").casefold())
    if kind.startswith("topic:") and phrase and place >= 0:
        return start + place, start + place + len(phrase.rstrip("*"))
    return start, end


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """A phrase that matched the beginning of a Latin word marks the whole word."""
    while 0 < start < len(text) and _latin(text[start - 1]) and _latin(text[start]):
        start -= 1
    while 0 < end < len(text) and _latin(text[end - 1]) and _latin(text[end]):
        end += 1
    return start, end


def _latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
