"""TextBlob's own figures, faster."""

import json

from textblob import TextBlob

from analyzer.analysis.sentiment import English
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
    "good(3.5), very(never)",
    "not - really - good",
    "the hall (very) good 8) and: (bad)",
    "x-D good",
]


def test_the_fast_road_gives_what_textblob_gives() -> None:
    """Equal on every labelled sentence and on signs that TextBlob treats in a way of its own."""
    english = English([], frozenset())
    texts = list(HARD)
    for path in sorted(GOLD.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            texts += [s["text"] for s in json.loads(line)["sentences"]]
    for text in texts:
        theirs, ours = TextBlob(text).sentiment, english.shipped_reading(text)
        assert abs(theirs.polarity - ours.polarity) < 1e-12, text
        assert abs(theirs.subjectivity - ours.subjectivity) < 1e-12, text


def test_our_words_are_in_textblobs_lexicon_and_its_noise_is_out() -> None:
    """ "dusty" is our word, "first" is its noise."""
    english = English([("dusty", -0.5)], frozenset({"first"}))
    (found,) = english.assess(["a", "very", "dusty", "hall", "at", "first"], "a very dusty hall, at first")
    assert (found.start, found.end, found.polarity) == (2, 12, -0.65)
