"""Sentences end where a reader would say they end."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.analysis.splitting import split_sentences

CASES = [
    ("The plant of Co., Ltd. is new. It runs.", ["The plant of Co., Ltd. is new.", "It runs."]),
    ("Furnace No. 2 uses 3.8 tce/t. Good!", ["Furnace No. 2 uses 3.8 tce/t.", "Good!"]),
    ("We came at 3 p.m. It was late.", ["We came at 3 p.m.", "It was late."]),
    ("J. Lindqvist spoke. Thanks.", ["J. Lindqvist spoke.", "Thanks."]),
    ("Heated to 450 °C. Then cooled.", ["Heated to 450 °C.", "Then cooled."]),
    ("设备先进；能耗偏高。谢谢！", ["设备先进；", "能耗偏高。", "谢谢！"]),
    ("环保嘛……沥青烟呛人。", ["环保嘛……沥青烟呛人。"]),
    ("1. Clean line\n2. Dusty hall", ["1. Clean line", "2. Dusty hall"]),
    ("意见：1、加强培训 2、更新设备", ["意见：", "1、加强培训", "2、更新设备"]),
    ("Good (see hall; roof). Fine", ["Good (see hall; roof).", "Fine"]),
    ("Great 👍 but dusty. ok 😀", ["Great 👍 but dusty.", "ok 😀"]),
    ("“Why?” he asked.", ["“Why?” he asked."]),
    ("", []),
    ("  \n ", []),
    ("无", ["无"]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_sentences_end_where_a_reader_says(text: str, expected: list[str]) -> None:
    """Abbreviations, units, lists, semicolons, ellipses and emoji, in both languages."""
    assert [text[a:b] for a, b in split_sentences(text)] == expected


@given(st.text(alphabet='aB1 .!?;…。！？；\n(）"”😀:-)、是', max_size=60))
def test_nothing_but_white_space_is_lost(text: str) -> None:
    """The spans are in order, do not overlap, and cover every visible sign."""
    spans = split_sentences(text)
    assert all(a < b for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))
    covered = set().union(*(range(a, b) for a, b in spans)) if spans else set()
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)
