"""What is worked out from a response's rows is kept with them: the same words, for whoever asks next."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pytest

from analyzer.corrections import corrected, text_hash
from analyzer.digests.build import build_digest
from analyzer.digests.model import Digest
from analyzer.rows import AnalysedEvent, Rows
from tests.analyzer.samples import sample_visit
from tests.analyzer.stories import NOW, said
from tests.analyzer.test_build import LABELS, rows, visit

NAMED = {"en": "Li Hua", "zh": "李华"}
OTHER_NAMES = {topic: {"en": f"{name['en']}!", "zh": f"{name['zh']}！"} for topic, name in LABELS.items()}


@lru_cache(maxsize=1)
def events() -> Sequence[AnalysedEvent]:
    """The sample visit, and one who agrees to be named."""
    return [*sample_visit("ruige-1124"), said("named", name=NAMED)]


def build(found: Sequence[Rows], labels: Any = LABELS, **changed: Any) -> Digest:
    return build_digest(visit(**changed), found, labels, NOW)


@pytest.mark.parametrize(
    ("labels", "changed"),
    [
        (LABELS, {"attribution": "pooled"}),
        (LABELS, {"attribution": "discipline", "visitors": {"discipline": {"materials": 24}}}),
        (LABELS, {"minimum_text": 100}),
        (LABELS, {"minimum_group": 100}),
        (OTHER_NAMES, {}),
    ],
)
def test_a_digest_tells_nothing_of_the_one_before_it(labels: Any, changed: dict[str, Any]) -> None:
    """Other rules, other names of topics: as if the rows had never been looked at."""
    kept = rows(events())
    before = build(kept)
    after = build(kept, labels, **changed)
    assert after == build(rows(events()), labels, **changed)
    assert after != before


def test_one_change_leaves_the_quotes_of_the_others_as_they_are() -> None:
    """Not made again: that is what makes the first page after a change quick."""
    kept = rows(events())
    before = build(kept)
    after = build([*kept, *rows([said("new", text="The press is old.")])])
    assert len(after.remarks) == len(before.remarks) + 1
    assert {id(quote) for quote in before.remarks} < {id(quote) for quote in after.remarks}


def test_a_corrected_response_is_read_anew() -> None:
    """What was kept with its rows is not carried over."""
    kept = rows([said(f"r-{n}") for n in range(4)])
    assert build(kept).tone.positive == 4
    reading = {"sentiment": "negative", "suggestion": False, "topics": []}
    made = {"reading": reading, "role": "organiser", "name": "Wang", "made_at": NOW}
    changed = corrected(kept[0], {("r-0", text_hash("The furnace is modern.")): made})
    digest = build([changed, *kept[1:]])
    assert (digest.tone.positive, digest.tone.negative) == (3, 1)
    assert [quote.sentiment for quote in digest.remarks if quote.corrected] == ["negative"]
