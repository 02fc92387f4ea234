"""The answers of one response that are in words, each with the readings of its sentences.

In: the rows of a response.  Out: its Texts.  Pure.  They follow from the rows alone and are kept with them:
after a change of one response in 200, the others cost nothing here.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from analyzer.corrections import item_id
from analyzer.digests.horizons import horizon
from analyzer.digests.last import Last
from analyzer.digests.model import Evidence, Horizon
from analyzer.digests.readings import Reading
from analyzer.rows import Row, Rows

if TYPE_CHECKING:
    from analyzer.digests.remarks import Remark


@dataclass(frozen=True)
class Text:
    """An answer in the expert's words, and how its sentences are read."""

    answer: Row
    name: str  # of the answer, in evidence
    readings: tuple[Reading, ...]
    voiced: Last[tuple["Remark", ...]] = field(default_factory=Last, repr=False, compare=False)

    @cached_property
    def item(self) -> str:
        return item_id(self.answer["response_id"], str(self.answer["value"]))

    @cached_property
    def horizon(self) -> Horizon | None:
        return horizon(str(self.answer["value"]))


def texts_of(rows: Rows) -> tuple[Text, ...]:
    """Of all its answers in words, in the order of the form."""
    if "texts" not in rows.kept:
        rows.kept["texts"] = tuple(_texts(rows))
    found: tuple[Text, ...] = rows.kept["texts"]
    return found


def _texts(rows: Rows) -> Iterator[Text]:
    aspects: defaultdict[tuple[str, int], list[Row]] = defaultdict(list)
    for aspect in rows.aspects:
        aspects[aspect["question_id"], aspect["sentence_position"]].append(aspect)
    for answer in rows.answers:
        if answer["type"] == "text":
            name = answer_name(answer["response_id"], answer["question_id"])
            mine = (s for s in rows.sentences if s["question_id"] == answer["question_id"])
            yield Text(answer, name, tuple(_reading(name, answer, row, aspects) for row in mine))


def _reading(name: str, answer: Row, row: Row, aspects: Mapping[tuple[str, int], Sequence[Row]]) -> Reading:
    """name: of the answer.  aspects: of the whole response, by question and place of the sentence."""
    place = (row["question_id"], row["position"])
    evidence = Evidence(name, row["question_id"], row["start"], row["end"])
    return Reading(row, tuple(aspects.get(place, ())), evidence, answer["transcribed"])


def answer_name(response_id: str, question_id: str) -> str:
    """The hash of a random id says nothing of the expert, and two answers of one hand do not look alike."""
    return sha256(f"{response_id}/{question_id}".encode()).hexdigest()[:16]
