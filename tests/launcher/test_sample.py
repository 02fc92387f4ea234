"""When the sample fair is, and when all of it has arrived."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from launcher import sample
from launcher.sample import count_answered, expected, first_form, remembered, start_day

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_the_first_run_puts_the_fair_just_behind_us() -> None:
    """Every visit has been, and every form is still open."""
    assert start_day(None, NOON) == date(2026, 11, 22)


def test_today_is_the_day_at_the_fair() -> None:
    """At 18:00 UTC it is already tomorrow in Yuncheng."""
    assert start_day(None, NOON.replace(hour=18)) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-11-24", "2026-11-24"),
        ("2026-11-19", "2026-11-19"),
        ("2026-11-18", "2026-11-22"),
        ("2027-01-01", "2026-11-22"),
    ],
)
def test_a_fair_stays_until_its_forms_would_close(before: str, after: str) -> None:
    """A second run changes nothing; a month later the forms open again; a clock set back does not count."""
    assert start_day(date.fromisoformat(before), NOON).isoformat() == after


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"starting": "soon"}', '{"starting": 5}'])
def test_a_note_that_cannot_be_read_is_no_note(content: str, tmp_path: Path) -> None:
    """Then the fair is simply loaded again."""
    path = tmp_path / "sample.json"
    path.write_text(content)
    assert remembered(path) is None


def test_responses_are_expected_per_visit() -> None:
    """One a line."""
    assert expected('{"visit": "a"}\n{"visit": "b"}\n\n{"visit": "a"}\n') == {"a": 2, "b": 1}


def test_somebody_elses_response_does_not_stand_in_for_a_sample_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each digest counts up to its own share."""
    monkeypatch.setattr(sample, "answered", {"link-a": 5, "link-b": 1}.__getitem__)
    assert count_answered({"a": "link-a", "b": "link-b"}, {"a": 3, "b": 2}) == 4


def test_a_newcomer_is_shown_a_form_that_works() -> None:
    """Neither the open link of the QR code, nor a revoked one, nor one that shows another's answers."""
    rows = [
        {"kind": "open", "url": "open", "revoked_at": None, "answered": None},
        {"kind": "personal", "url": "revoked", "revoked_at": "2026-11-24T00:00:00Z", "answered": False},
        {"kind": "personal", "url": "answered", "revoked_at": None, "answered": True},
        {"kind": "personal", "url": "works", "revoked_at": None, "answered": False},
    ]
    assert first_form(rows) == "works"
