"""TextBlob's own figures, faster."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st
from textblob import TextBlob

from analyzer.analysis.features import words_of
from analyzer.analysis.language import fold, spaced
from analyzer.analysis.sentiment import English, Reading
from analyzer.evaluate import GOLD

HARD = [
    "The service wasn't good!",
    ":) great fun",
    "It isn't bad; not at all (really).",
    "won't, can't, don't",
    "",
    "not very good",
    "A 'great' idea...",
    "Good.Bad",
    "so-so and/or fine",
    "The firm's best @ 5 %",
    "not 3.5 good, really 1,000.5 good",
    "really 1.5-2.0x bad (not v1.5 good), no 10.5%.",
    "very .5 good",
    "not -31 good, very -5 good",
    "-20 is good",
    "the line: a good one; I am not: a bad one",
    "good(3.5), very(never)",
    "not - really - good",
    "the hall (very) good 8) and: (bad)",
    "x-D good",
    "The service wasn’t good",
    "It isn’t “very good”, is it?",
    "ｇｏｏｄ and ｎｏｔ bad",
]


def shipped(english: English, text: str) -> Reading:
    """What is stored as TextBlob's own value; whether it is looked for alone or beside ours."""
    folded = fold(text)
    beside = english.read(text, folded, words_of(spaced(folded)))[1]
    assert beside == english.shipped_reading(text)
    return beside


def test_the_fast_road_gives_what_textblob_gives() -> None:
    """Equal on every labelled sentence and on signs that TextBlob treats in a way of its own."""
    english = English([], frozenset())
    texts = list(HARD)
    for path in sorted(GOLD.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            texts += [s["text"] for s in json.loads(line)["sentences"]]
    for text in texts:
        theirs, ours = TextBlob(text).sentiment, shipped(english, text)
        assert abs(theirs.polarity - ours.polarity) < 1e-12, text
        assert abs(theirs.subjectivity - ours.subjectivity) < 1e-12, text


WORDS = re.findall(
    r"\S+",
    """good bad not very really great the of dusts cold waste heat recovery rate lack safety awareness 3.5 97%
    isn't wasn't never no late 12,000 plant's ugly use please is Dr. approx. 2. J. well-known - a p""",
)
FRAMES = ("{}", "{}", "{}", "({})", "{},", "{}:", "({}", "{})", "{}-", "-{}", "'{}'", "{}!", "{}.")
FRAMED = st.tuples(st.sampled_from(FRAMES), st.sampled_from(WORDS)).map(lambda pair: pair[0].format(pair[1]))
ENGLISH = English([], frozenset())


@given(sentence=st.lists(FRAMED, min_size=1, max_size=9).map(" ".join))
def test_textblobs_own_value_is_textblobs(sentence: str) -> None:
    """Whatever marks stand between the words."""
    theirs, ours = TextBlob(sentence).sentiment, shipped(ENGLISH, sentence)
    assert abs(theirs.polarity - ours.polarity) < 1e-12
    assert abs(theirs.subjectivity - ours.subjectivity) < 1e-12


def test_our_words_are_in_textblobs_lexicon_and_its_noise_is_out() -> None:
    """ "dusty" is our word, "first" is its noise."""
    english = English([("dusty", -0.5)], frozenset({"first"}))
    hall = "a very dusty hall, at first"
    (found,) = english.assess(hall)
    assert (found.start, found.end, found.value) == (2, 12, -0.65)
