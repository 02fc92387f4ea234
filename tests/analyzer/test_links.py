"""A digest's address opens one visit, for a time, until it is revoked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from analyzer.errors import BadLink, ExpiredLink
from analyzer.links import Grant, digest_token, read_digest_token
from tests.analyzer.stories import NOW

SECRET = "only-for-tests-" + "x" * 32
GRANT = Grant("ruige-1124", 1, NOW + timedelta(days=30))


def test_a_token_opens_what_it_was_made_for() -> None:
    """The happy path."""
    assert read_digest_token(SECRET, digest_token(SECRET, GRANT), NOW) == GRANT


def test_a_token_of_another_key_is_not_ours() -> None:
    """Whoever does not know the secret makes no links."""
    with pytest.raises(BadLink):
        read_digest_token(SECRET, digest_token(SECRET[::-1], GRANT), NOW)


@pytest.mark.parametrize("token", ["", ".", "nonsense", "瑞格.x", "a.b.c", "W10.x"])
def test_nonsense_is_not_a_token(token: str) -> None:
    """Chat programs cut links anywhere."""
    with pytest.raises(BadLink):
        read_digest_token(SECRET, token, NOW)


def test_every_single_changed_letter_breaks_a_token() -> None:
    """Another visit's digest cannot be reached by trying."""
    token = digest_token(SECRET, GRANT)
    for place in range(0, len(token) - 1, 3):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(BadLink):
            read_digest_token(SECRET, changed, NOW)


def test_a_token_ends_at_its_time() -> None:
    """Not a second later."""
    token = digest_token(SECRET, replace(GRANT, expires_at=NOW))
    with pytest.raises(ExpiredLink):
        read_digest_token(SECRET, token, NOW)
