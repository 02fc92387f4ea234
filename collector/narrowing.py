"""Who may read an answer can be narrowed once it was sent, never widened.

In: what an earlier revision said and what the next one says.  Out: the choices that are still open, or the
errors of a revision that takes another one.  Pure.  Whoever wants more readers withdraws and answers anew,
so that nobody is quoted by a slip of the thumb on the second visit of the form.
"""

from collections.abc import Mapping
from typing import Any

from collector import wording
from collector.answering import CheckedAnswers
from collector.errors import AnswerError
from collector.questionnaire import READERSHIPS, Question, Questionnaire

Choices = Mapping[str, tuple[str, ...]]  # text question id -> readers that may still be chosen


def open_choices(
    asked: Questionnaire, answers: Mapping[str, Any], readership: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """`answers` and `readership`: of the earlier revision.  Only of texts that it answered."""
    return {
        question.id: _as_narrow_as(question, readership.get(question.id, question.readership[0]))
        for question in asked.questions
        if question.type == "text" and question.id in answers
    }


def widened(
    asked: Questionnaire, answers: Mapping[str, Any], readership: Mapping[str, str], new: CheckedAnswers
) -> tuple[AnswerError, ...]:
    """One error for each text that more people could read than before; no choice means the default."""
    still_open = open_choices(asked, answers, readership)
    return tuple(
        AnswerError(f"/readership/{question.id}", "widened", wording.ONLY_NARROWER)
        for question in asked.questions
        if question.id in still_open
        and question.id in new.answers
        and _chosen(question, new) not in still_open[question.id]
    )


def _chosen(question: Question, new: CheckedAnswers) -> str:
    return new.chosen_readership.get(question.id, question.readership[0])


def _as_narrow_as(question: Question, before: str) -> tuple[str, ...]:
    return tuple(
        reader
        for reader in question.readership
        if reader == before or READERSHIPS.index(reader) > READERSHIPS.index(before)
    ) or (before,)
