"""Which language a reader gets: the one in the address, else the browser's first that we have."""

from flask import request

from analyzer.digests.as_html import LANGUAGES


def request_language() -> str:
    asked = request.args.get("lang", "")[:2].lower()
    if asked in LANGUAGES:
        return asked
    return request.accept_languages.best_match(LANGUAGES) or _chinese_or_english()


def _chinese_or_english() -> str:
    """Browsers say zh-CN or zh-Hans, which best_match does not take for zh."""
    wanted = [tag.lower() for tag in request.accept_languages.values()]
    first = next((tag[:2] for tag in wanted if tag[:2] in LANGUAGES), "en")
    return first
