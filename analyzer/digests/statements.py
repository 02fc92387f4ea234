"""The statements of a digest by name, and the words that people put in the place of a statement's own.

In: a Digest, and the newest correction of each statement.  Out: Statements, or the Digest with the
corrections that still have a statement to stand for.  Pure.  A name holds side and topic, not words: so
a correction outlives every later run of the software, and shows again when its statement comes back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from analyzer.digests.model import Advice, CorrectedStatement, Digest, Evidence, Theme, Topic

HEADLINE = "headline"
SIDES = ("praised", "criticised")


@dataclass(frozen=True)
class Statement:
    id: str
    side: str  # headline, praised, criticised, advice
    about: Theme | Advice | None  # None: the headline, which speaks of the whole
    evidence: tuple[Evidence, ...]

    @property
    def basis(self) -> str:
        """Another one whenever other remarks stand behind it."""
        return sha256(repr(sorted(map(repr, self.evidence))).encode()).hexdigest()[:16]

    @property
    def answers(self) -> list[str]:
        return sorted({place.answer for place in self.evidence})


def find_statement(digest: Digest, identity: str) -> Statement | None:
    return next((one for one in statements(digest) if one.id == identity), None)


def statements(digest: Digest) -> Iterator[Statement]:
    """In the order of the page."""
    if digest.headline.kind == "topics":
        named = (digest.headline.valued, digest.headline.to_fix)
        behind = (topic for topic in digest.topics if topic.id in named)
        yield Statement(HEADLINE, HEADLINE, None, tuple(place for one in behind for place in one.evidence))
    for side in SIDES:
        for theme in getattr(digest, side):
            yield Statement(f"{side}.{theme.topic}", side, theme, theme.evidence)
    for advice in digest.advice:
        yield Statement(f"advice.{advice.topic}", "advice", advice, advice.evidence)


def topic_of(statement: Statement, digest: Digest) -> Topic | None:
    """Where its remarks can be read; None: in several places."""
    about = statement.about
    return next((topic for topic in digest.topics if about and topic.id == about.topic), None)


def corrected(digest: Digest, written: Mapping[str, CorrectedStatement]) -> Digest:
    """With the words that people wrote for statements that it makes; others wait for theirs to come back."""
    made = {
        one.id: replace(words, outdated=words.basis != one.basis)
        for one in statements(digest)
        if (words := written.get(one.id)) and words.text
    }
    return replace(digest, statements=made)
