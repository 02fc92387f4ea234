"""Who may read an answer or see a photo can be narrowed once it was sent, never widened.

In: what an earlier revision said and what the next one says.  Out: the choices that are still open, or the
errors of a revision that takes another one.  Pure.  Whoever wants more readers withdraws and answers anew,
so that nobody is quoted by a slip of the thumb on the second visit of the form.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collector import wording
from collector.answering import CheckedAnswers, Photo
from collector.errors import AnswerError
from collector.questionnaire import READERSHIPS, Question, Questionnaire

Choices = Mapping[str, tuple[str, ...]]  # text question id -> readers that may still be chosen


@dataclass(frozen=True)
class Said:
    """What a revision said, as far as a later one is bound by it."""

    answers: Mapping[str, Any]
    readership: Mapping[str, str]  # as chosen
    photos: Sequence[Photo]


def fewer(offered: Sequence[str], before: str) -> tuple[str, ...]:
    """Those of the readers on offer that are fewer than before."""
    return tuple(reader for reader in offered if _width(reader) > _width(before))


def wider(reader: str) -> tuple[str, ...]:
    """All that are more than these."""
    return READERSHIPS[: _width(reader)]


def open_choices(
    asked: Questionnaire, answers: Mapping[str, Any], readership: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """`answers` and `readership`: of the earlier revision.  Only of texts that it answered."""
    return {
        question.id: _as_narrow_as(question, readership.get(question.id, question.readership[0]))
        for question in asked.questions
        if question.type == "text" and question.id in answers
    }


def widened(asked: Questionnaire, before: Said, new: CheckedAnswers) -> tuple[AnswerError, ...]:
    """One error for each text or photo that more people could read or see than before.

    No choice means the default; a photo that was taken away and is declared again is a new one.
    """
    return (*_widened_texts(asked, before, new), *_widened_photos(before, new.photos or ()))


def _widened_texts(asked: Questionnaire, before: Said, new: CheckedAnswers) -> Iterator[AnswerError]:
    still_open = open_choices(asked, before.answers, before.readership)
    for question in asked.questions:
        allowed = still_open.get(question.id)
        if allowed and question.id in new.answers and _chosen(question, new) not in allowed:
            yield _error(f"/readership/{question.id}")


def _widened_photos(before: Said, photos: Sequence[Photo]) -> Iterator[AnswerError]:
    chosen = {photo["id"]: photo["readership"] for photo in before.photos}
    for place, photo in enumerate(photos):
        if _width(photo["readership"]) < _width(chosen.get(photo["id"], READERSHIPS[0])):
            yield _error(f"/photos/{place}/readership")


def _error(pointer: str) -> AnswerError:
    return AnswerError(pointer, "widened", wording.ONLY_NARROWER)


def _chosen(question: Question, new: CheckedAnswers) -> str:
    return new.chosen_readership.get(question.id, question.readership[0])


def _as_narrow_as(question: Question, before: str) -> tuple[str, ...]:
    narrow = fewer(question.readership, before)
    return tuple(reader for reader in question.readership if reader == before or reader in narrow) or (
        before,
    )


def _width(reader: str) -> int:
    """0: most people."""
    return READERSHIPS.index(reader)
