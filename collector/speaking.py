"""Which language an answer speaks, and the helpers that templates say it with."""

from typing import Any
from urllib.parse import urlencode

from flask import g, request

from collector.phrases import PHRASES
from collector.text import HTML_LANG, Bilingual, known_language

LANGUAGE_NAMES = (("en", "EN"), ("zh", "中文"))


def prefer(language: str | None) -> None:
    """Remember what the body or the invitation asks for; ?lang= still goes first."""
    g.preferred_language = known_language(language)


def request_language() -> str:
    """?lang=, else what prefer() was told, else Accept-Language, else English."""
    asked = known_language(request.args.get("lang")) or g.get("preferred_language")
    return asked or known_language(request.accept_languages.best_match(("zh", "en"))) or "en"


def in_language(code: str) -> str:
    """The address of this page in another language."""
    kept = {name: value for name, value in request.args.items() if name != "lang"}
    return f"{request.path}?{urlencode({**kept, 'lang': code})}"


def voice(language: str) -> dict[str, Any]:
    """What every template needs to speak: t(key, **facts), say(bilingual), the language itself."""

    def t(key: str, **facts: object) -> str:
        return PHRASES[key][language].format(**facts)

    def say(words: Bilingual) -> str:
        return words[language]

    return {
        "lang": language,
        "t": t,
        "say": say,
        "html_lang": HTML_LANG,
        "gap": "" if language == "zh" else " ",  # between two sentences
        "language_names": LANGUAGE_NAMES,
        "in_language": in_language,
    }
