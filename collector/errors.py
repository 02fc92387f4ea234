"""What can go wrong in the collector, named for what happens next.

Facts travel as data beside the sentence, so that a view can answer in the reader's language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class CollectorError(Exception):
    """Everything that the collector raises on purpose."""


class BadConfig(CollectorError):
    """The environment is missing or malformed: one clear line at start, exit 2."""


class TryLater(CollectorError):
    """The request is fine, the world is not: database or broker away, disk full.  Try again."""


class NotFound(CollectorError):
    """Nothing has this id: the operator mistyped it, or it was never loaded."""


class Refused(CollectorError):
    """A chore was understood and not done; the sentence says why.  Exit 1."""


class BadLink(CollectorError):
    """A token that this collector never signed: show 404, say nothing more."""


class ExpiredLink(CollectorError):
    """A token that was ours and is over: its time has run out.  Show 410."""


Path = tuple[str | int, ...]  # the way to a field of a document: ("questions", 2, "label", "zh")


@dataclass(frozen=True)
class Mistake:
    """Something wrong in a document; yamlfile.py knows on which line it stands."""

    path: Path
    problem: str


@dataclass(frozen=True)
class FileProblem:
    """One mistake in a file that an organiser wrote."""

    file: str
    line: int | None  # from 1; None where the file as a whole is meant
    field: str  # e.g. "questions[overall].label.zh"; empty where the file as a whole is meant
    problem: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(part for part in (place, self.field, self.problem) if part)


class BadFile(CollectorError):
    """A file has mistakes: all of them at once, each with its line.  Nothing of it was used."""

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line or 0))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class AnswerError:
    """One answer that cannot be taken, and how to fix it, in both languages."""

    pointer: str  # JSON pointer into the request body, e.g. "/answers/overall"
    code: str  # stable word for programs, e.g. "required", "too_long"
    detail: Mapping[str, str]  # {"en": ..., "zh": ...}


class BadAnswers(CollectorError):
    """The answers do not fit the questionnaire: show every error beside its question."""

    def __init__(self, errors: Sequence[AnswerError]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{error.pointer}: {error.detail['en']}" for error in self.errors))
