"""Reading a sentence by its stretches gives what reading it whole gives."""

import re

from hypothesis import given
from hypothesis import strategies as st
from textblob import TextBlob

from analyzer.analysis.language import spaced
from analyzer.analysis.observing import Observer
from analyzer.analysis.phrases import PhraseBook
from analyzer.analysis.stretches import Stretches
from analyzer.analysis.suggestions import Advice
from analyzer.analysis.taxonomy import load_taxonomy

OBSERVER = Observer(load_taxonomy())
PHRASES = (
    "waste heat",
    "heat recovery rate",
    "dust*",
    "lack of",
    "of safety aware*",
    "cold",
    "cold waste heat",
)
BOOK = PhraseBook((phrase, phrase) for phrase in PHRASES)
STRETCHES = Stretches(OBSERVER.english, BOOK, Advice())
WORDS = re.findall(
    r"\S+",
    """good bad not very really great the of dusts cold waste heat recovery rate lack safety awareness 3.5 97%
    isn't wasn't never no late 12,000 plant's ugly use please is Dr. approx. 2. J. well-known - a p""",
)
FRAMES = ("{}", "{}", "{}", "({})", "{},", "{}:", "({}", "{})", "{}-", "-{}", "'{}'", "{}!", "{}.")
FRAMED = st.tuples(st.sampled_from(FRAMES), st.sampled_from(WORDS)).map(lambda pair: pair[0].format(pair[1]))
SENTENCES = st.lists(FRAMED, min_size=1, max_size=9).map(" ".join)


@given(sentence=SENTENCES)
def test_textblobs_own_value_is_textblobs(sentence: str) -> None:
    """Whatever marks stand between the words."""
    theirs = TextBlob(sentence).sentiment
    ours = OBSERVER.textblobs_reading(sentence, [OBSERVER.observe(sentence, "en")])
    assert abs(theirs.polarity - ours.polarity) < 1e-12
    assert abs(theirs.subjectivity - ours.subjectivity) < 1e-12


@given(sentence=SENTENCES)
def test_phrases_are_found_wherever_they_stand(sentence: str) -> None:
    """Inside a stretch, and from one into the next."""
    folded = sentence.lower()
    assert STRETCHES.of(folded).phrases == BOOK.find(spaced(folded))
