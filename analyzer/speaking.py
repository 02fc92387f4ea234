"""Which language a reader gets: the one in the address, else the browser's first that we have."""

from flask import request

from analyzer.digests.as_html import LANGUAGES


def request_language() -> str:
    """Browsers say zh-CN or zh-Hans; the first two letters are what we can serve."""
    wanted = [request.args.get("lang", ""), *request.accept_languages.values()]  # best liked first
    spoken = (tag[:2].lower() for tag in wanted)
    return next((language for language in spoken if language in LANGUAGES), "en")
