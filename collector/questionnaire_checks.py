"""What a questionnaire file must be, and everything that is wrong with one.

In: the document as yamlfile.py reads it.  Out: Mistakes with their paths; none means it can be used.
Pure.  Shapes (fields, labels, numbers) are marshmallow's; what spans several questions is checked here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collector import shapes
from collector.errors import Mistake, Path
from collector.roles import ASPECTS, ONCE, ROLES
from collector.rule_checks import check_rule
from collector.shapes import Shape, mistakes_of

# Type of question -> the fields that it must have, and those that it may have besides the common ones.
TYPES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "rating": (("scale",), ()),
    "nps": (("scale",), ()),
    "single_choice": (("choices",), ("max_length",)),
    "multiple_choice": (("choices",), ("max_length",)),
    "matrix": (("items", "scale"), ()),
    "text": ((), ("max_length", "readership")),
    "contact": ((), ()),
    "consent": ((), ()),
}
_TYPED_FIELDS = ("scale", "choices", "items", "max_length", "readership")


class ScaleShape(Shape):
    min = shapes.whole_number(0, 10)
    max = shapes.whole_number(1, 10)
    low = shapes.label()
    high = shapes.label()
    opt_out = shapes.label(required=False)


class ChoiceShape(Shape):
    id = shapes.identifier()
    label = shapes.label()
    text = shapes.yes_no()


class ItemShape(Shape):
    id = shapes.identifier()
    role = shapes.one_of((*ASPECTS, "other"), required=False)
    label = shapes.label()


class QuestionShape(Shape):
    id = shapes.identifier()
    type = shapes.one_of(TYPES)
    role = shapes.one_of(ROLES, required=False)
    label = shapes.label()
    hint = shapes.label(required=False)
    required = shapes.yes_no()
    max_length = shapes.whole_number(1, 5000)
    scale = shapes.group(ScaleShape, required=False)
    choices = shapes.list_of(shapes.group(ChoiceShape), required=False, fewest=2)
    items = shapes.list_of(shapes.group(ItemShape), required=False)
    show_if = shapes.Anything()
    readership = shapes.list_of(shapes.one_of(("quote", "summary", "organiser")), required=False)


class PhotosShape(Shape):
    label = shapes.label()
    hint = shapes.label(required=False)
    most = shapes.whole_number(1, 5)
    readership = shapes.list_of(shapes.one_of(("quote", "organiser")), required=False)


class VoiceShape(Shape):
    label = shapes.label()
    hint = shapes.label(required=False)
    most = shapes.whole_number(1, 3)
    readership = shapes.list_of(shapes.one_of(("quote", "summary", "organiser")), required=False)


class SectionShape(Shape):
    id = shapes.identifier()
    title = shapes.label()
    intro = shapes.label(required=False)
    questions = shapes.list_of(shapes.group(QuestionShape))
    photos = shapes.group(PhotosShape, required=False)
    voice = shapes.group(VoiceShape, required=False)


class QuestionnaireShape(Shape):
    id = shapes.identifier()
    title = shapes.label()
    intro = shapes.label(required=False)
    note = shapes.text(required=False)  # for whoever edits the file; nobody else sees it
    notice = shapes.identifier(required=False)  # the consent notice: a file beside this one
    sections = shapes.list_of(shapes.group(SectionShape))


def check_document(document: Mapping[str, Any]) -> list[Mistake]:
    """Every mistake at once, so that a file is put right in one go."""
    placed = list(_questions(document))
    return [
        *mistakes_of(QuestionnaireShape(), document),
        *_check_unique([(path[:2], section) for path, section in _sections(document)], "section"),
        *_check_unique(placed, "question"),
        *_check_roles(placed),
        *_check_places(document),
        *_check_consent(document, placed),
        *_check_rules(placed),
        *(mistake for path, question in placed for mistake in _check_question(question, path)),
    ]


Placed = tuple[Path, Mapping[str, Any]]


def _sections(document: Mapping[str, Any]) -> Iterator[Placed]:
    yield from _members(document, "sections", ())


def _questions(document: Mapping[str, Any]) -> Iterator[Placed]:
    for path, section in _sections(document):
        yield from _members(section, "questions", path)


def _members(parent: Mapping[str, Any], name: str, path: Path) -> Iterator[Placed]:
    """The groups in a list; whatever else stands there, the shape has already complained about."""
    members = parent.get(name)
    for index, member in enumerate(members if isinstance(members, list) else []):
        if isinstance(member, Mapping):
            yield (*path, name, index), member


def _check_unique(placed: list[Placed], what: str) -> Iterator[Mistake]:
    seen: set[str] = set()
    for path, member in placed:
        name = member.get("id")
        if not isinstance(name, str):
            continue
        if name in seen:
            yield Mistake((*path, "id"), f"{name} is already the id of another {what}")
        seen.add(name)


def _check_roles(placed: list[Placed]) -> Iterator[Mistake]:
    seen: set[str] = set()
    for path, question in placed:
        role, kind = question.get("role", "other"), question.get("type")
        if not isinstance(role, str) or role not in ROLES or kind not in TYPES:
            continue
        if kind not in ROLES[role]:
            yield Mistake((*path, "role"), f"{role} fits {' or '.join(ROLES[role])}, not {kind}")
        elif role in ONCE and role in seen:
            yield Mistake((*path, "role"), f"{role} is already the role of another question")
        seen.add(role)


def _check_places(document: Mapping[str, Any]) -> Iterator[Mistake]:
    for kind, called in (("photos", "photos"), ("voice", "voice notes")):
        places = [path for path, section in _sections(document) if kind in section]
        for path in places[1:]:
            yield Mistake((*path, kind), f"another section asks for {called} already")


def _check_consent(document: Mapping[str, Any], placed: list[Placed]) -> Iterator[Mistake]:
    asked = [(path, question) for path, question in placed if question.get("role") == "consent_use"]
    if not asked and isinstance(document.get("sections"), list):
        yield Mistake(("sections",), "no question has the role consent_use: nothing may be used unasked")
    for path, question in asked:
        if question.get("required") is not True or "show_if" in question:
            yield Mistake(path, "consent_use must be required and always shown")


def _check_rules(placed: list[Placed]) -> Iterator[Mistake]:
    earlier: dict[str, Any] = {}
    for path, question in placed:
        if "show_if" in question:
            yield from check_rule(question["show_if"], (*path, "show_if"), earlier)
        if isinstance(question.get("id"), str):
            earlier[question["id"]] = question


def _check_question(question: Mapping[str, Any], path: Path) -> Iterator[Mistake]:
    kind = question.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        return
    needed, optional = TYPES[kind]
    for name in needed:
        if name not in question:
            yield Mistake((*path, name), f"is missing: a {kind} question needs it")
    for name in _TYPED_FIELDS:
        if name in question and name not in needed + optional:
            yield Mistake((*path, name), f"does not belong to a {kind} question")
    yield from _check_unique(list(_members(question, "choices", path)), "choice")
    yield from _check_unique(list(_members(question, "items", path)), "item")
    if isinstance(question.get("scale"), Mapping):
        yield from _check_scale(kind, question["scale"], (*path, "scale"))


def _check_scale(kind: str, scale: Mapping[str, Any], path: Path) -> Iterator[Mistake]:
    if kind == "nps":
        if (scale.get("min", 0), scale.get("max", 10)) != (0, 10):
            yield Mistake(path, "an nps question always goes from 0 to 10")
        if "opt_out" in scale:
            yield Mistake((*path, "opt_out"), "does not belong to an nps question")
        return
    for name in ("min", "max"):
        if name not in scale:
            yield Mistake((*path, name), "is missing")
    lowest, highest = scale.get("min"), scale.get("max")
    if isinstance(lowest, int) and isinstance(highest, int) and lowest >= highest:
        yield Mistake(path, f"min ({lowest}) must be below max ({highest})")
