"""How experts rated: every answer counted, and a mean only where there are enough of them.

In: rows of responses.  Out: Distributions.  Pure.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from analyzer.digests.anonymity import AVERAGES_FROM
from analyzer.digests.model import Bilingual, Distribution
from analyzer.rows import Row, Rows
from analyzer.tallies import HIDDEN

OPT_OUT = "opt_out"


def shown_answers(responses: Iterable[Rows]) -> list[Row]:
    return [a for rows in responses for a in rows.answers if a["readership"] != HIDDEN]


def distribution_of_role(answers: Iterable[Row], role: str) -> Distribution | None:
    """Of the one rating or 0 to 10 question with this role; None where nobody answered it."""
    mine = [a for a in answers if a["role"] == role and a["type"] in ("rating", "nps")]
    if not mine:
        return None
    question = mine[0]["question"]
    values = [answer["value"] for answer in mine]
    return distribution(mine[0]["question_id"], question["label"], None, question["scale"], values)


def other_ratings(answers: list[Row]) -> Iterator[Distribution]:
    """The rows of each matrix, then single ratings that are not the overall one, in the form's order."""
    for answer in _one_per_question(answers, "matrix"):
        yield from _matrix(answers, answer)
    for answer in _one_per_question(answers, "rating"):
        if answer["role"] != "overall":
            found = distribution_of_role(answers, answer["role"])
            if found:
                yield found


def distribution(
    identity: str, label: Bilingual, topic: str | None, scale: Mapping[str, Any], values: list[int | str]
) -> Distribution:
    counts = Counter(value for value in values if isinstance(value, int))
    n = counts.total()
    total = sum(value * times for value, times in counts.items())
    return Distribution(
        id=identity,
        label=label,
        topic=topic,
        low=scale["low"],
        high=scale["high"],
        counts=tuple((value, counts[value]) for value in range(scale["min"], scale["max"] + 1)),
        opted_out=values.count(OPT_OUT),
        n=n,
        average=round(total / n, 2) if n >= AVERAGES_FROM else None,
    )


def _matrix(answers: list[Row], example: Row) -> Iterator[Distribution]:
    values = [a["value"] for a in answers if a["question_id"] == example["question_id"]]
    for item in example["question"]["items"]:
        given = [value[item["id"]] for value in values if item["id"] in value]
        topic = item["role"].removeprefix("aspect:") if item["role"].startswith("aspect:") else None
        yield distribution(item["id"], item["label"], topic, example["question"]["scale"], given)


def _one_per_question(answers: list[Row], kind: str) -> list[Row]:
    """The first answer to each question of a type: it carries the question's wording."""
    seen: dict[str, Row] = {}
    for answer in answers:
        if answer["type"] == kind:
            seen.setdefault(answer["question_id"], answer)
    return sorted(seen.values(), key=lambda a: (a["position"], a["question_id"]))
