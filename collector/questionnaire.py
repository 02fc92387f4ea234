"""A questionnaire: its sections, questions and what may be answered.

In: a YAML file that an organiser wrote, or the same document as the database keeps it.  Out: frozen
dataclasses.  The version is a hash of the content: whoever changes a word makes a new version, and every
response says which one it answered.  Format: docs/questionnaire.md.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from collector.errors import Mistake
from collector.notices import Notice, read_notice
from collector.questionnaire_checks import check_document
from collector.rules import Rule
from collector.text import Bilingual
from collector.yamlfile import read_yaml

READERSHIPS = ("quote", "summary", "organiser")  # widest first: who may read a text word for word
PHOTO_READERSHIPS = ("organiser", "quote")  # a photo is shown or not: nothing of it can be summarised
MOST_PHOTOS = 5
MOST_VOICE_NOTES = 3
LONGEST_TEXT = 600  # characters of a text answer where the file says nothing
LONGEST_OTHER = 200  # characters of the words beside "other"
NPS_SCALE = {"min": 0, "max": 10}
VERSION_LENGTH = 16  # hex digits: 64 bits tell any two questionnaires apart

BUILT_IN = Path(__file__).parent / "questionnaires"


@dataclass(frozen=True)
class Scale:
    min: int
    max: int
    low: Bilingual  # what the lowest number means
    high: Bilingual
    opt_out: Bilingual | None  # "Did not see"; None: every answer is a number


@dataclass(frozen=True)
class Choice:
    id: str
    label: Bilingual
    text: bool  # asks for own words: "other: …"


@dataclass(frozen=True)
class Item:
    """One row of a matrix."""

    id: str
    role: str
    label: Bilingual


@dataclass(frozen=True)
class Question:
    id: str
    type: str  # see questionnaire_checks.TYPES
    role: str  # see roles.py
    label: Bilingual
    hint: Bilingual | None
    required: bool
    max_length: int  # characters: of a text answer, or of the words beside "other"
    scale: Scale | None  # rating, nps, matrix
    choices: tuple[Choice, ...]  # single_choice, multiple_choice
    items: tuple[Item, ...]  # matrix
    show_if: Rule | None
    readership: tuple[str, ...]  # what the expert may choose for a text; the first is the default


@dataclass(frozen=True)
class PhotoRequest:
    """A place for photos at the end of a section; at most one in a questionnaire."""

    label: Bilingual
    hint: Bilingual | None
    most: int
    readership: tuple[str, ...]  # what the expert may choose; the first is the default


@dataclass(frozen=True)
class VoiceRequest:
    """A place for voice notes at the end of a section; at most one in a questionnaire."""

    label: Bilingual
    hint: Bilingual | None
    most: int
    readership: tuple[str, ...]  # of the transcript: what the expert may choose; the first is the default


@dataclass(frozen=True)
class Section:
    id: str
    title: Bilingual
    intro: Bilingual | None
    questions: tuple[Question, ...]
    photos: PhotoRequest | None
    voice: VoiceRequest | None


@dataclass(frozen=True)
class Questionnaire:
    id: str
    version: str
    title: Bilingual
    intro: Bilingual | None
    sections: tuple[Section, ...]
    notice: Notice | None
    document: Mapping[str, Any] = field(repr=False)  # as it stands in the file; what the database keeps

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Questionnaire":
        """The document has passed check_document(), as everything in the database has."""
        return cls(
            id=document["id"],
            version=version_of(document),
            title=document["title"],
            intro=document.get("intro"),
            sections=tuple(_section(part) for part in document["sections"]),
            notice=Notice.from_document(document["notice"]) if "notice" in document else None,
            document=document,
        )

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in the order in which it is asked."""
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def voice(self) -> VoiceRequest | None:
        return next((section.voice for section in self.sections if section.voice), None)

    @cached_property
    def photos(self) -> PhotoRequest | None:
        return next((section.photos for section in self.sections if section.photos), None)

    def question(self, question_id: str) -> Question | None:
        return self._by_id.get(question_id)

    def with_role(self, role: str) -> Question | None:
        """The first question of this role."""
        return next((question for question in self.questions if question.role == role), None)

    @cached_property
    def _by_id(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.questions}


def load_questionnaire(path: Path) -> Questionnaire:
    """Raises BadFile with every mistake of the file."""
    file = read_yaml(path)
    file.refuse(check_document(file.data))
    if "notice" not in file.data:
        return Questionnaire.from_document(file.data)
    place = _notice_file(file.data["notice"], path.parent)
    if place is None:
        file.refuse([Mistake(("notice",), f"there is no {file.data['notice']}.yaml beside this file")])
        raise AssertionError
    # The notice becomes a part of the document: another word in it is another version.
    return Questionnaire.from_document({**file.data, "notice": read_notice(place)})


def version_of(document: Mapping[str, Any]) -> str:
    """The same words give the same version, whatever the comments and the layout of the file."""
    content = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(content.encode("utf-8")).hexdigest()[:VERSION_LENGTH]


def _notice_file(name: str, folder: Path) -> Path | None:
    """Beside the questionnaire, else the built-in one of this name."""
    places = (place / f"{name}.yaml" for place in (folder, BUILT_IN))
    return next((place for place in places if place.is_file()), None)


def _section(part: Mapping[str, Any]) -> Section:
    questions = tuple(_question(question) for question in part["questions"])
    photos = _photos(part["photos"]) if "photos" in part else None
    voice = _voice(part["voice"]) if "voice" in part else None
    return Section(part["id"], part["title"], part.get("intro"), questions, photos, voice)


def _photos(part: Mapping[str, Any]) -> PhotoRequest:
    readership = tuple(part.get("readership", PHOTO_READERSHIPS))
    return PhotoRequest(part["label"], part.get("hint"), part.get("most", MOST_PHOTOS), readership)


def _voice(part: Mapping[str, Any]) -> VoiceRequest:
    readership = tuple(part.get("readership", READERSHIPS))
    return VoiceRequest(part["label"], part.get("hint"), part.get("most", MOST_VOICE_NOTES), readership)


def _question(part: Mapping[str, Any]) -> Question:
    is_text = part["type"] == "text"
    return Question(
        id=part["id"],
        type=part["type"],
        role=part.get("role", "other"),
        label=part["label"],
        hint=part.get("hint"),
        required=part.get("required", False),
        max_length=part.get("max_length", LONGEST_TEXT if is_text else LONGEST_OTHER),
        scale=_scale(part),
        choices=tuple(Choice(c["id"], c["label"], c.get("text", False)) for c in part.get("choices", ())),
        items=tuple(Item(i["id"], i.get("role", "other"), i["label"]) for i in part.get("items", ())),
        show_if=part.get("show_if"),
        readership=tuple(part.get("readership", READERSHIPS if is_text else READERSHIPS[:1])),
    )


def _scale(part: Mapping[str, Any]) -> Scale | None:
    if "scale" not in part:
        return None
    scale = {**NPS_SCALE, **part["scale"]}
    return Scale(scale["min"], scale["max"], scale["low"], scale["high"], scale.get("opt_out"))
