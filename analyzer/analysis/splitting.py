"""Where one sentence ends and the next begins, in English, Chinese and both at once.

In: text. Out: spans (start, end) in code points, without the white space around them.
Rules: a stop, question or exclamation mark, a line break, a semicolon outside brackets, or an
in-line enumerator ends a sentence; abbreviations, initials and numbers do not.
"""

import re
from itertools import pairwise

CLOSERS = "\"'”’»)）]】」』》"
EMOJI = "\U0001f300-\U0001faff\u2600-\u27bf\u2b50\ufe0f\u200d"
EMOTICON = r"(?::-?[)(DP/|]|;-?\)|\^_?\^|T_T|=\))"
TAIL = rf"[{re.escape(CLOSERS)}]*(?:\s*(?:[{EMOJI}]+|{EMOTICON}(?![A-Za-z0-9])))*"
# Where none of these signs occurs, only line breaks, stops and semicolons can end a sentence.
RARE = re.compile(
    rf"[)）、①-⑩{EMOJI}:^T](?:(?<![:^T])|(?<=:)-?[D/|]|(?<=\^)_?\^|(?<=T)_T)",
)
# One sentence, and no sign that needs a thought.
PLAIN_SIGNS = r"[A-Za-z0-9 ,'\"%/+&°-]*"
PLAIN = re.compile(
    rf"(?:- )?[A-Za-z0-9]{PLAIN_SIGNS}"
    rf"(?:(?:\.\d|: (?=\w)|\((?![a-hA-H1-9]\))|(?<![ ,:][1-9])\)){PLAIN_SIGNS})*(?:[.!?]+|;)?"
)
ONE = re.compile(r"[^.!?。！？．｡…;；\n]*[.!?。！？．｡…]?")
PLAIN_BREAK = re.compile(r"(?P<line>\s*\n\s*)|(?P<stop>[.!?。！？．｡…]+[\"'”’»\]】」』》]*)|(?P<semi>[;；])")
BREAK = re.compile(
    rf"(?P<line>\s*\n\s*)"
    rf"|(?P<stop>[.!?。！？．｡…]+{TAIL})"
    rf"|(?P<semi>[;；](?!-?\)))"
    rf"|(?P<face>\s?[{EMOJI}]+(?=\s*[A-Z\u4e00-\u9fff])|\s{EMOTICON}(?=\s+[A-Z0-9\u4e00-\u9fff]))"
    r"|(?P<item>(?<=[\s，,、。；：:])"
    r"(?=(?:[(（][a-hA-H1-9一二三四五六七八九十][)）]|[1-9][、）)]|[①-⑩])\s*\S))"
)
# Never the end of a sentence, whatever follows.
ALWAYS = frozenset(
    re.findall(
        r"\S+",
        """dr mr mrs prof st fig figs approx e.g i.e vs cf nos pp ca
        resp incl excl dept tel eng dipl ing nr rev eds""",
    )
)
# The end of a sentence only before a capital letter.
SOMETIMES = frozenset(
    re.findall(
        r"\S+",
        """etc ltd co inc corp a.m p.m u.s u.k e.u gmbh hrs sec sq cu dia wt
        min max art sect vol temp avg std al""",
    )
)
WORD_BEFORE = re.compile(r"([A-Za-z](?:[A-Za-z.]*[A-Za-z])?)\.$")
INITIAL = re.compile(r"(?:^|[^\W\d][,.]?\s)[A-Z]\.$")
LIST_NUMBER = re.compile(r"^\s*(?:[(（]?\d{1,2}|[a-hA-H])\.$")
OPEN, CLOSE = "([（【「『“《", ")]）】」』”》"


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of a text, in order; nothing but white space lies between them."""
    if PLAIN.fullmatch(text):
        return [(0, len(text.rstrip()))]
    rare = RARE.search(text)
    if not rare and ONE.fullmatch(text):
        span = trimmed(text, 0, len(text))
        return [span] if span[0] < span[1] else []
    pattern = BREAK if rare else PLAIN_BREAK
    cuts = [m.end() for m in pattern.finditer(text) if _is_end(text, m)]
    edges = [0, *cuts, len(text)]
    spans = [trimmed(text, a, b) for a, b in pairwise(edges) if a < b]
    return _joined(text, [s for s in spans if s[0] < s[1]])


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the white space at its ends."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def _is_end(text: str, match: re.Match[str]) -> bool:
    if match.lastgroup == "line":
        return True
    if match.lastgroup == "stop":
        # A stop at the very end needs no thought.
        return match.end() == len(text) or _stop_ends(text, match)
    return _depth(text, match.start()) == 0


def _depth(text: str, position: int) -> int:
    """How many brackets or quotes stand open before a position of the same line."""
    line = text[text.rfind("\n", 0, position) + 1 : position]
    depth = 0
    for char in line:
        if char in OPEN:
            depth += 1
        elif char in CLOSE and depth:
            depth -= 1
    # A straight quote opens and closes with the same sign.
    return depth + line.count('"') % 2


def _stop_ends(text: str, match: re.Match[str]) -> bool:
    mark, after = match["stop"], text[match.end() :]
    if set(mark) <= {"…"} or mark.startswith(("…", "..")):
        return _ellipsis_ends(after)
    if mark[0] == ".":
        return _full_stop_ends(text, match.start(), after)
    quoted = mark[-1] in CLOSERS and after.lstrip(" ")[:1].islower()
    return not quoted and after[:1] not in {",", "，", ")", "）"}


def _ellipsis_ends(after: str) -> bool:
    """An ellipsis only pauses when the remark goes on in the same breath."""
    following = after.lstrip(" ")
    return not following or following[0] == "\n" or (after[:1] == " " and following[0].isupper())


def _full_stop_ends(text: str, start: int, after: str) -> bool:
    following = after.lstrip(" ")[:1]
    if after[:1] and not after[0].isspace() and not "\u4e00" <= after[0] <= "\u9fff":
        return False
    line_start = text.rfind("\n", 0, start) + 1
    if LIST_NUMBER.match(text[line_start : start + 1]):
        return False
    word = WORD_BEFORE.search(text, max(0, start - 12), start + 1)
    if word is None:
        return True
    if INITIAL.search(text, max(0, start - 4), start + 1) and following.isupper():
        return False
    # "Ms." is a title, "20 ms." a unit.
    return word[1] != "Ms" and (not following or _after_word(word[1].lower(), following))


def _after_word(word: str, following: str) -> bool:
    if word == "no":
        return not following.isdigit()
    if word in ALWAYS:
        return False
    return word not in SOMETIMES or following.isupper()


def _joined(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A span of signs alone (a bullet, a stray bracket, an emoji) belongs to its neighbour."""
    joined: list[tuple[int, int]] = []
    pending: int | None = None
    for start, end in spans:
        if not text[start].isalnum() and not any(char.isalnum() for char in text[start:end]):
            if joined and "\n" not in text[joined[-1][1] : start]:
                joined[-1] = (joined[-1][0], end)
            else:
                pending = start if pending is None else pending
            continue
        joined.append((start if pending is None else pending, end))
        pending = None
    if pending is not None:
        joined.append((pending, len(text.rstrip())))
    return joined
