"""The consent notice: what an expert is told about the use of the answers before sending them.

In: a YAML file beside the questionnaire.  Out: a frozen Notice, or BadFile.  The hash goes with every
response that was sent under these words, so that it can be shown years later what was agreed to.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from collector import shapes
from collector.shapes import Shape, mistakes_of
from collector.text import Bilingual
from collector.yamlfile import read_yaml

LONGEST_NOTICE = 4000  # characters: what nobody reads protects nobody


class NoticeTextShape(Shape):
    en = shapes.text(longest=LONGEST_NOTICE)
    zh = shapes.text(longest=LONGEST_NOTICE)


class NoticeShape(Shape):
    version = shapes.text(longest=40)
    title = shapes.label()
    text = shapes.group(NoticeTextShape)


@dataclass(frozen=True)
class Notice:
    version: str  # the organiser's own name for it, e.g. "2026-11"
    title: Bilingual
    text: Bilingual  # paragraphs, an empty line between two

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Notice":
        return cls(document["version"], document["title"], document["text"])

    @property
    def sha256(self) -> str:
        """Of version, title and text as JSON with sorted keys and no spaces, in UTF-8."""
        content = {"version": self.version, "title": dict(self.title), "text": dict(self.text)}
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode("utf-8")).hexdigest()

    def paragraphs(self, language: str) -> list[str]:
        parts = (" ".join(part.split()) for part in self.text[language].split("\n\n"))
        return [part for part in parts if part]


def read_notice(path: Path) -> dict[str, Any]:
    """The document that a questionnaire keeps.  Raises BadFile with every mistake."""
    file = read_yaml(path)
    file.refuse(mistakes_of(NoticeShape(), file.data))
    return file.data
