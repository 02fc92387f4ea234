"""The digest as a page: phone first, desktop and paper by the same style sheet.

In: a Digest and a language.  Out: HTML.  Pure: the templates decide nothing, they only show.
The page has no script, no inline style and asks no other host for anything.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from analyzer.digests import charts, content, wording
from analyzer.digests.model import Digest, Distribution, Quote

Static: TypeAlias = Callable[[str], str]
LANGUAGES = ("en", "zh")
HTML_LANGUAGE = {"en": "en", "zh": "zh-Hans"}
OPENED = {
    "positive": Markup('<mark class="pos">'),
    "negative": Markup('<mark class="neg">'),
    "topic": Markup('<mark class="top-w">'),
}
CLOSED = Markup("</mark>")


def render(
    digest: Digest,
    language: str,
    static: Static,
    links: Mapping[str, str],
    base: str = "",
    writable: bool = False,
    photo: content.Address = content.nowhere,
) -> str:
    """static: the address of a style sheet by its name.  links: {"json": address, ...}.

    base: where the digest's page stands, so that statements lead to their remarks; "": on paper.
    writable: whether the reader may assign and correct.
    photo: the address of a photo; none are shown where it has none.
    """
    facts = {"digest": digest, "links": links, "base": base, "writable": writable, "photo": photo}
    return page("digest.html", language, static, **facts, **findings(digest, language))


def render_notice(key: str, language: str, static: Static) -> str:
    """A page that says why there is no digest; key: gone, unknown or later."""
    return page("notice.html", language, static, key=key)


def render_paper(digest: Digest, language: str, **facts: Any) -> str:
    """The page that as_pdf.py prints, with everything in it that a browser would have to fetch."""
    return page("paper.html", language, str, digest=digest, **facts, **findings(digest, language))


def render_mail(digest: Digest, language: str, **facts: Any) -> str:
    """The HTML part of as_email.py's message."""
    return page("mail.html", language, str, digest=digest, **facts, **findings(digest, language))


def page(template: str, language: str, static: Static, **facts: Any) -> str:
    chosen = {
        "say": wording.speaker(language),
        "language": language,
        "html_lang": HTML_LANGUAGE[language],
        "gap": "" if language == "zh" else " ",  # between sentences
        "static": static,
        "base": "",  # nowhere to go from paper
        "writable": False,
    }
    return _environment().get_template(template).render({**chosen, **facts})


def findings(digest: Digest, language: str) -> dict[str, Any]:
    """Sentences that the page says about the whole."""
    return {
        "title": wording.title(digest.visit, language),
        "headline": wording.headline(digest, language),
        "topics_finding": wording.topics_finding(digest.topics, language),
        "ratings_finding": ratings_finding(digest.ratings, language),
    }


def ratings_finding(ratings: tuple[Distribution, ...], language: str) -> str:
    """The best and the worst mean of what was seen, where means may be shown and these two stand alone."""
    seen = [d for d in ratings if d.average is not None and d.topic]  # how the visit went is another matter
    means = sorted((d.average or 0.0, d.label[language]) for d in seen)
    alone = len(means) > 2 and means[0][0] < means[1][0] and means[-1][0] > means[-2][0]
    if not alone:
        return wording.say("h_ratings", language)
    return wording.say("h_best_worst", language, best=means[-1][1], worst=means[0][1])


def marked(quote: Quote) -> Markup:
    """The words as typed, with those that decided the reading marked."""
    parts: list[str] = []
    place = 0
    for mark in quote.marks:
        parts.append(escape(quote.text[place : mark.start]))
        parts.append(OPENED[mark.kind] + escape(quote.text[mark.start : mark.end]) + CLOSED)
        place = mark.end
    return Markup("").join([*parts, escape(quote.text[place:])])


def quote_language(quote: Quote) -> str | None:
    """For the lang attribute; mixed text is read and drawn as Chinese, which knows Latin letters too."""
    return {"en": "en", "zh": "zh-Hans", "mixed": "zh-Hans"}.get(quote.lang)


def prepare() -> None:
    """Compile all templates, 0.3 s of work that the first reader would wait for."""
    for name in _environment().list_templates(extensions=("html",)):
        _environment().get_template(name)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("analyzer", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters.update(marked=marked, quote_language=quote_language)
    environment.globals.update(charts=charts, content=content, wording=wording, html_language=HTML_LANGUAGE)
    return environment
