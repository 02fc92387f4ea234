"""The digest as an e-mail: what matters at a glance, and behind it one link.

In: a Digest, a language, the address of its page.  Out: a message without sender and receiver.  Pure.
The text part says what the page says, contacts of experts excepted: mail travels open and cannot be taken
back.  The HTML part draws its bars with table cells, which no mail program blocks.
"""

from collections.abc import Iterable, Iterator, Mapping
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from typing import Any

from analyzer.digests import as_html, charts, content, wording
from analyzer.digests.content import Address, nowhere
from analyzer.digests.model import Digest
from analyzer.digests.statements import HEADLINE

LINK_DAYS = 30  # that the link in a mail works
OTHER = {"en": "zh", "zh": "en"}


def render(digest: Digest, language: str, link: str, photo: Address = nowhere) -> bytes:
    return message(digest, language, link, photo).as_bytes()


def message(digest: Digest, language: str, link: str, photo: Address = nowhere) -> EmailMessage:
    """link: of the page, without the language."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = subject(digest, language)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday note comes back
    words = text(digest, language, link, photo)
    mail.set_content(words, cte="base64" if language == "zh" else "quoted-printable")
    mail.add_alternative(page(digest, language, link, photo), subtype="html", cte="base64")
    mail["Content-Language"] = as_html.HTML_LANGUAGE[language]
    mail.set_boundary(f"debrief-{sha256(words.encode()).hexdigest()[:32]}")  # the same mail is the same bytes
    return mail


def subject(digest: Digest, language: str) -> str:
    """In both languages, about the company and no person."""
    visit = digest.visit
    day = wording.date(visit.visited_at, visit.timezone, language)
    return wording.say("m_subject", language, en=visit.company["en"], zh=visit.company["zh"], date=day)


def page(digest: Digest, language: str, link: str, photo: Address = nowhere) -> str:
    other = OTHER[language]
    return as_html.render_mail(
        digest,
        language,
        link=link,
        photo=photo,
        figures=figures(digest, language),
        preheader=wording.topics_finding(digest.topics, language) if digest.topics else "",
        leads=len(digest.cooperation.leads) if digest.cooperation else 0,
        days=LINK_DAYS,
        other=other,
        other_lang=as_html.HTML_LANGUAGE[other],
    )


def figures(digest: Digest, language: str) -> list[tuple[str, str]]:
    """Three numbers with their words."""
    say, turnout = wording.speaker(language), digest.responses
    answered = (
        (str(turnout.verified), say("m_of_invited", n=turnout.invited))
        if turnout.invited
        else (str(turnout.answered), say("m_answered"))
    )
    ready = digest.cooperation.ready if digest.cooperation else 0
    return [answered, _recommendation(digest, language), (str(ready), say("m_willing"))]


def _recommendation(digest: Digest, language: str) -> tuple[str, str]:
    asked = digest.recommend
    if asked is None or not asked.n:
        return "–", wording.say("m_no_ratings", language)
    if asked.average is None:
        return str(charts.at_least(asked, 7)), wording.say("m_seven_up", language, n=asked.n)
    return f"{asked.average:.1f}", wording.say("m_average", language)


def text(digest: Digest, language: str, link: str, photo: Address = nowhere) -> str:
    """The digest as plain text, in the order of the page."""
    return "\n".join(_lines(digest, language, link, photo)) + "\n"


def _lines(digest: Digest, language: str, link: str, photo: Address) -> Iterator[str]:
    say = wording.speaker(language)
    yield wording.title(digest.visit, language)
    yield ""
    yield wording.headline(digest, language)
    if stated := digest.statements.get(HEADLINE):
        yield _fixed(content.by(stated, language), language).strip()
    yield from (text for _, text in wording.because(digest, language))
    yield ""
    yield f"{say('m_button')}: {link}?lang={language}"
    for table in content.tables(digest, language, photo):
        if table.id in APART:
            continue
        lines = list(_part(table, digest, language))
        if lines:
            yield from ("", table.title(language).upper(), *lines)
    yield from ("", "-- ", say("m_link_days", n=LINK_DAYS))
    yield say("m_foot", n=digest.visit.minimum_group, company=digest.visit.company[language])


SAID_ABOVE = ("headline", "headline_by")
APART = ("remarks",)  # every sentence once more, for spreadsheets


def _part(table: content.Table, digest: Digest, language: str) -> Iterable[str]:
    if table.id == "leads":
        return _leads(digest, language)
    if table.id == "statements":
        return _grouped(table, ("side", "label", "experts", "remarks"), language)
    if table.id in ("advice", "needs"):
        return _grouped(table, ("label", "experts", "unquoted"), language)
    if table.id == "photos":
        return (f"* {row['label']} ({row['said_by']}): {row.get('address') or '-'}" for row in table.rows)
    return (_line(row, table, language) for row in table.rows if row.get("item") not in SAID_ABOVE)


def _line(row: Any, table: content.Table, language: str) -> str:
    """Label: value, further: numbers; the summary and notes have but one value."""
    left_out = {"item", "label", "kind", "low", "high"}
    values = [c for c in table.columns if c not in left_out and row.get(c) is not None]
    values = [c for c in values if row[c] or not _counts_nobody(c)]
    if table.id in ("summary", "notes"):
        return f"{row['label']}: " + "".join(str(row[column]) for column in values)
    return f"{row['label']}: " + "; ".join(_pair(table, c, row[c], language) for c in values)


def _counts_nobody(column: str) -> bool:
    """Columns in which a zero need not be read: who chose 1, who did not see, what is kept back."""
    return column[1:].isdigit() or column in ("opted_out", "unquoted")


def _pair(table: content.Table, column: str, value: object, language: str) -> str:
    """5 × 4: five experts chose 4."""
    heading = table.heading(column, language)
    return f"{value} × {heading}" if heading.isdigit() else f"{heading} {value}"


def _grouped(table: content.Table, head: tuple[str, ...], language: str) -> Iterator[str]:
    """The heading of each group once, its quotes below."""
    before = None
    for row in table.rows:
        told = [c for c in head if row[c] or not _counts_nobody(c)]
        parts = [
            str(row[c]) if c in ("side", "label") else f"{table.heading(c, language)} {row[c]}" for c in told
        ]
        if parts != before:
            yield "* " + "; ".join(parts)
            if row.get("statement"):
                yield f"  {row['statement']}{_fixed(row['statement_by'], language)}"
        before = parts
        if row.get("quote"):
            yield _said(row, language)


def _fixed(who: object, language: str) -> str:
    return f" [{wording.say('corrected_short', language, who=who)}]" if who else ""


def _leads(digest: Digest, language: str) -> Iterator[str]:
    if digest.cooperation is None:
        return
    yield wording.say("m_contacts_apart", language, n=len(digest.cooperation.leads))
    yield from (_said(content.quoted(quote, language), language) for quote in digest.cooperation.offers)


def _said(row: Mapping[str, content.Cell], language: str) -> str:
    """The words, who said them, and how they came onto paper where they were not typed."""
    who = ("；" if language == "zh" else "; ").join(
        str(row[column]) for column in ("said_by", "transcribed") if row[column]
    )
    return f"  “{row['quote']}” ({who}){_fixed(row['corrected'], language)}"
