"""Files that people edit are refused with the place and the reason."""

import re
from pathlib import Path

import pytest

from analyzer.analysis import BadFile, load_engine
from analyzer.analysis.lexicon import load_lexicon
from analyzer.analysis.suggestions import Advice
from analyzer.analysis.taxonomy import BUILT_IN, load_taxonomy

GOOD = """version: "1"
topics:
  - id: noise
    label: {en: Noise, zh: 噪声}
    parts:
      - id: all
        label: {en: All, zh: 全部}
        en: |
          noise!, loud*
        zh: |
          噪声, 吵
  - id: other
    label: {en: General, zh: 其他}
    parts:
      - id: all
        label: {en: All, zh: 全部}
        en: nothing?
        zh: 无?
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "topics.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_built_in_taxonomy_has_thirteen_topics_and_thousands_of_phrases() -> None:
    """Breadth is the point: people name things by the words of forty trades."""
    taxonomy = load_taxonomy(BUILT_IN)
    assert len(taxonomy.labels) == 13
    assert all(sum(p.lang == lang for p in taxonomy.phrases) > 10_000 for lang in ("en", "zh"))


def test_a_phrase_with_marks_in_it_is_found(tmp_path: Path) -> None:
    """Marks part words in texts, so they do in phrases."""
    engine = load_engine(write(tmp_path, GOOD.replace("loud*", "d/b!, hum-like*")), engine="rules")
    for text in ("They measured it as d/b at the door.", "A hum-likeness stays in the ear."):
        assert engine.analyse(text).sentences[0].aspects[0].topic == "noise"


def test_a_fair_can_leave_a_topic_out(tmp_path: Path) -> None:
    """What the model knows and the fair does not is named in no digest."""
    before, _, rest = BUILT_IN.read_text(encoding="utf-8").partition("  - id: visit_organisation\n")
    after = rest[rest.index("\n  - id: ") + 1 :]
    engine = load_engine(write(tmp_path, before + after))
    for text in (
        "The bus was late and lunch was cold.",
        "大巴迟到了，行程太赶。",
        "大巴迟到了 and the lunch was cold.",
    ):
        named = {a.topic for s in engine.analyse(text, question="improve").sentences for a in s.aspects}
        assert named <= engine.topics.keys() - {"visit_organisation"}


def test_a_fair_can_bring_its_own_topics(tmp_path: Path) -> None:
    """Topics the model never saw are found by their phrases."""
    engine = load_engine(write(tmp_path, GOOD))
    aspect = engine.analyse("The hall is loud.").sentences[0].aspects[0]
    assert (aspect.topic, aspect.rule) == ("noise", "topic:noise/all:loud*")
    assert engine.topics["noise"] == {"en": "Noise", "zh": "噪声"}


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("id: noise", "id: Noise Level", 3, "is no id"),
        ("id: other", "id: noise", 12, "a second time"),
        ("zh: 噪声}", "zh: }", 4, "no label in `zh`"),
        ("en: Noise,", "en: Noise, dust,", 4, "`dust` is no language"),
        ("loud*", "loud, noise", 9, "already stands on line 9"),
        ("loud*", "l*ud", 9, "a star may only stand at the end"),
        ("噪声, 吵", "噪声*", 11, "need no star"),
        ("id: other", "id: rest", 1, "`other` is missing"),
        ("        zh: 无?\n", "", 12, "no phrases in `zh`"),
        ("topics:", "topics: [", 3, "not YAML"),
        ('version: "1"\n', "", 1, "`version` is missing"),
        ("en: nothing?", "en: [nothing]", 17, "must be a block"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, old: str, new: str, line: int, reason: str) -> None:
    """The editor learns which line to look at, and why."""
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(BadFile, match=reason) as caught:
        load_taxonomy(path)
    assert caught.value.line == line


def test_the_short_way_reads_what_the_long_way_reads(tmp_path: Path) -> None:
    """`Off` is a word to YAML 1.2 and none to 1.1, so that a file with it is read with care."""
    text = BUILT_IN.read_text(encoding="utf-8").replace("{en: General", "{en: Off", 1)
    short, long = load_taxonomy(BUILT_IN), load_taxonomy(write(tmp_path, text))
    assert long.labels["other"]["en"] == "Off"
    assert (short.phrases, short.parts) == (long.phrases, long.parts)


@pytest.mark.parametrize(
    ("topics", "reason"),
    [
        ("[1]", "`1` stands where names with values are wanted"),
        ("[{id: safety, label: {en: Safety, zh: 安全}, parts: 5}]", "`parts` is not a list"),
        ("[{id: safety, label: {en: Safety, zh: 安全}, parts: [x]}]", "`x` stands where"),
    ],
)
def test_a_taxonomy_of_another_shape_is_refused(tmp_path: Path, topics: str, reason: str) -> None:
    """Whatever somebody typed, the answer is a line and a reason."""
    path = tmp_path / "topics.yaml"
    path.write_text(f'version: "1"\ntopics: {topics}\n', encoding="utf-8")
    with pytest.raises(BadFile, match=re.escape(reason)):
        load_taxonomy(path)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    """A folder, a spreadsheet."""
    (tmp_path / "topics.yaml").write_bytes(b"PK\x03\x04\xff\xfe")
    for path in (tmp_path, tmp_path / "topics.yaml"):
        with pytest.raises(BadFile, match=r"cannot be read|no text in UTF-8"):
            load_taxonomy(path)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    """No traceback for a wrong path."""
    with pytest.raises(BadFile, match="no such file"):
        load_taxonomy(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("groups:\n  - id: a\n    role: cheer\n    value: 1\n    words: yes\n", "is no role"),
        ("groups:\n  - id: a\n    role: polar\n    value: 3\n    words: fine\n", "value from -1 to 1"),
        ("groups:\n  - id: a\n    role: polar\n    value: 1\n    words: fine, fine\n", "already stands"),
        ("groups: []\n", "no groups"),
    ],
)
def test_a_wrong_lexicon_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    """The same care for the words as for the topics."""
    with pytest.raises(BadFile, match=reason):
        load_lexicon(write(tmp_path, text))


def test_a_wrong_pattern_of_advice_is_refused(tmp_path: Path) -> None:
    """A slip in a regular expression is told at load, not met at run time."""
    path = write(tmp_path, "verbs: add\nen:\n  - id: x\n    weight: 1\n    pattern: |-\n      (add\nzh: []\n")
    with pytest.raises(BadFile, match="no regular expression"):
        Advice(path)
