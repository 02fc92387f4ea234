"""A digest is built from rows kept in the process, and they are never old."""

from collections.abc import Collection

from analyzer.kept_rows import KeptRows
from analyzer.rows import Rows


def rows(*names: str) -> list[Rows]:
    return [Rows({"id": name}, (), (), ()) for name in names]


class Fetching:
    """Gives rows, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[set[str]] = []

    def __call__(self, ids: Collection[str]) -> list[Rows]:
        self.asked.append(set(ids))
        return rows(*sorted(ids))


def test_only_what_changed_is_fetched() -> None:
    """A response that is new, or has another key than before."""
    kept, fetch = KeptRows(2), Fetching()
    kept.get("v", {"a": 1, "b": 1}, fetch)
    assert kept.get("v", {"a": 1, "b": 2, "c": 1}, fetch) == rows("a", "b", "c")
    assert fetch.asked == [{"a", "b"}, {"b", "c"}]


def test_who_withdraws_is_forgotten() -> None:
    """Not only left out: fetched anew, should the name come back."""
    kept, fetch = KeptRows(2), Fetching()
    kept.get("v", {"a": 1, "b": 1}, fetch)
    assert kept.get("v", {"b": 1}, fetch) == rows("b")
    kept.get("v", {"a": 1, "b": 1}, fetch)
    assert fetch.asked == [{"a", "b"}, {"a"}]


def test_rows_come_in_the_order_of_the_keys() -> None:
    """Whichever of them were kept."""
    kept, fetch = KeptRows(2), Fetching()
    kept.get("v", {"b": 1}, fetch)
    assert kept.get("v", {"c": 1, "b": 1, "a": 1}, fetch) == rows("c", "b", "a")


def test_visits_not_looked_at_make_room() -> None:
    """A process does not grow with the number of visits."""
    kept, fetch = KeptRows(1), Fetching()
    for visit in ("v", "w", "v"):
        kept.get(visit, {"a": 1}, fetch)
    assert len(fetch.asked) == 3
