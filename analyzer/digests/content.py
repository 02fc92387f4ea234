"""The digest as tables: what spreadsheets, CSV files and plain text are written from.

In: a Digest and a language.  Out: Tables, in the order of the page.  Pure.  Column ids are the same in
both languages and do not change; a cell is text, a number, or None where there is nothing to say.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from analyzer.digests import wording
from analyzer.digests.model import (
    Attribution,
    Corrected,
    CorrectedStatement,
    Digest,
    Distribution,
    Evidence,
    Lead,
    Quote,
    Theme,
)
from analyzer.digests.statements import HEADLINE

Cell: TypeAlias = str | int | float | None
Address: TypeAlias = Callable[[str], str]  # photo id -> where it can be seen; "": nowhere
EVIDENCE = ("answer", "question", "start", "end")
STATED = ("statement", "statement_by")
QUOTE = ("quote", "lang", "said_by", "transcribed", "reading", "corrected", *EVIDENCE)
ACTION = ("status", "owner", "due_on", "reply")


@dataclass(frozen=True)
class Table:
    id: str
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Cell], ...]  # by column id; what is left out is None

    def title(self, language: str) -> str:
        return wording.say(f"t_{self.id}", language)

    def heading(self, column: str, language: str) -> str:
        """v7 is the column of those who chose 7."""
        return column[1:] if column[1:].isdigit() else wording.say(f"c_{column}", language)


def nowhere(photo_id: str) -> str:
    """The address of photos where nobody can sign one."""
    return ""


def tables(digest: Digest, language: str, photo: Address = nowhere) -> tuple[Table, ...]:
    """Always the same tables, some of them without rows."""
    return (
        _table("summary", ("item", "label", "value", "text"), _summary(digest, language)),
        _table("ratings", _rating_columns(digest), _ratings(digest, language)),
        _table("topics", ("item", "label", *TOPIC_NUMBERS), _topics(digest, language)),
        _table(
            "statements",
            ("side", "item", "label", *STATED, "experts", "remarks", *QUOTE),
            [*_themes("praised", digest, language), *_themes("criticised", digest, language)],
        ),
        _table(
            "advice",
            ("item", "label", *STATED, "experts", "unquoted", *QUOTE, *ACTION),
            _advice(digest, language),
        ),
        _table(
            "leads",
            ("kind", "name", "organisation", "email", "phone", "forms", "horizon", *QUOTE, *ACTION),
            _leads(digest, language),
        ),
        _table("needs", ("item", "label", "experts", "unquoted", *QUOTE), _needs(digest, language)),
        _table("comparison", COMPARISON, [*_change(digest, language), *_fair(digest, language)]),
        _table("remarks", (*QUOTE, "topics", "suggestion"), _remarks(digest, language)),
        _table("photos", ("item", "label", "said_by", "address"), _photos(digest, language, photo)),
        _table("notes", ("label", "text"), _notes(digest, language)),
    )


TOPIC_NUMBERS = (
    "positive",
    "neutral",
    "negative",
    "remarks",
    "experts",
    "experts_positive",
    "experts_negative",
)
COMPARISON = (
    *("kind", "item", "label", "value", "n", "before", "n_before", "direction"),
    *("lower", "median", "upper", "companies"),
)


def said_by(attribution: Attribution, language: str) -> str:
    """The name of one who agreed to be named, else the group, else "an expert"."""
    if attribution.name:
        parts = [attribution.name[language]]
        if attribution.organisation:
            parts.append(attribution.organisation[language])
        return ("，" if language == "zh" else ", ").join(parts)
    if attribution.organisation_kind:
        return wording.kind_name(attribution.organisation_kind, language)
    if attribution.discipline:
        return wording.discipline_name(attribution.discipline, language)
    return wording.say("an_expert", language)


def forms_of(lead: Lead, language: str) -> str:
    return ("、" if language == "zh" else ", ").join(form[language] for form in lead.forms)


def notes(digest: Digest, language: str) -> Iterator[tuple[str, str]]:
    """Headings and texts of what must be known to read the numbers, as at the foot of the page."""
    say, zone = wording.speaker(language), digest.visit.timezone
    for heading, sentences in note_sentences(digest, language):
        told = [*sentences, *versions(digest, language)] if heading == "method" else sentences
        yield say(heading), ("" if language == "zh" else " ").join(told)
    if digest.as_of:
        yield "Debrief", say("made", date=wording.date_and_time(digest.as_of, zone, language))


def versions(digest: Digest, language: str) -> list[str]:
    """Which software read the words; part of the method, set apart on the page."""
    return [wording.say("versions", language, **version) for version in digest.notes.versions]


def note_sentences(digest: Digest, language: str) -> Iterator[tuple[str, list[str]]]:
    """By the key of the heading; the versions are told by `versions`."""
    say, note, turnout = wording.speaker(language), digest.notes, digest.responses
    answered = {"answered": turnout.verified, "unverified": turnout.unverified}
    who = [say("who_text", invited=turnout.invited, **answered)]
    if turnout.amended:
        who.append(say("who_amended", n=turnout.amended))
    if note.languages:
        who.append(say("who_languages", zh=note.languages.get("zh", 0), en=note.languages.get("en", 0)))
    deadline = wording.date_and_time(digest.visit.deadline, digest.visit.timezone, language)
    yield "who", [*who, say("who_open" if digest.open else "who_closed", date=deadline)]
    yield "small", [say("small_text", averages=note.averages_from, quotes=note.quotes_from)]
    group = digest.visit.minimum_group
    privacy = [say(f"privacy_{digest.visit.attribution}", n=group), say("text_rule", n=note.text_from)]
    if digest.headline.kind == "room":
        privacy.insert(0, say("room_note", n=group))
    yield "privacy", [*privacy, say("spared")] if note.spared else privacy
    bounds = {"companies": note.fair_companies_from, "experts": note.fair_experts_from}
    yield "compare", [say("compare_text", **bounds, averages=note.averages_from)]
    if note.accuracy:
        spoken = sorted({one.language for one in note.accuracy})
        figures = {lang: [one for one in note.accuracy if one.language == lang] for lang in spoken}
        yield "accuracy", [wording.accuracy_text(lang, figures[lang], language) for lang in spoken]
    method = [say("method_text", n=note.sentences, unscorable=note.unscorable)]
    if note.corrected:
        method.append(say("corrected_n", n=note.corrected))
    if digest.statements:
        method.append(say("reworded_n", n=len(digest.statements)))
    yield "method", method


def _table(identity: str, columns: Iterable[str], rows: Iterable[Mapping[str, Cell]]) -> Table:
    return Table(identity, tuple(columns), tuple(rows))


def _summary(digest: Digest, language: str) -> Iterator[Mapping[str, Cell]]:
    visit, turnout, zone = digest.visit, digest.responses, digest.visit.timezone
    stated = digest.statements.get(HEADLINE)
    texts = {
        "headline": wording.headline(digest, language),
        **({"headline_by": by(stated, language)} if stated else {}),
        "company": visit.company[language],
        "fair": visit.fair[language],
        "visited_at": wording.date_and_time(visit.visited_at, zone, language),
        "deadline": wording.date_and_time(visit.deadline, zone, language),
    }
    if visit.sample:
        texts["sample"] = wording.say("sample", language)
    for item, text in texts.items():
        yield {"item": item, "label": wording.say(f"s_{item}", language), "text": text}
    numbers: dict[str, int] = {
        name: getattr(turnout, name)
        for name in ("invited", "verified", "unverified", "withheld", "used", "amended")
    }
    if digest.words_shown:
        names = ("positive", "neutral", "negative", "unscorable", "texts")
        numbers |= {name: getattr(digest.tone, name) for name in names}
        numbers["advice"] = sum(advice.known for advice in digest.advice)
    if digest.cooperation:
        found = digest.cooperation
        numbers |= {"ready": found.ready, "willing": found.willing, "contacts": len(found.leads)}
    for item, number in numbers.items():
        yield {"item": item, "label": wording.say(f"s_{item}", language), "value": number}
    if digest.cooperation:
        for option in (*digest.cooperation.options, *digest.cooperation.forms):
            yield {"item": f"cooperation:{option.id}", "label": option.label[language], "value": option.n}


def distributions(digest: Digest) -> list[Distribution]:
    """The overall rating, the parts, the recommendation: those that were asked."""
    return [d for d in (digest.overall, *digest.ratings, digest.recommend) if d is not None]


def _rating_columns(digest: Digest) -> tuple[str, ...]:
    values = sorted({value for d in distributions(digest) for value, _ in d.counts})
    return ("item", "label", "low", "high", *(f"v{v}" for v in values), "opted_out", "n", "average", "text")


def _ratings(digest: Digest, language: str) -> Iterator[Mapping[str, Cell]]:
    for d in distributions(digest):
        yield {
            "item": d.id,
            "label": d.label[language],
            "low": d.low[language],
            "high": d.high[language],
            **{f"v{value}": n for value, n in d.counts},
            "opted_out": d.opted_out,
            "n": d.n,
            "average": d.average,
            "text": wording.say("unanimous", language) if d.withheld else None,
        }


def _topics(digest: Digest, language: str) -> Iterator[Mapping[str, Cell]]:
    for topic in digest.topics:
        numbers = {name: getattr(topic, name) for name in TOPIC_NUMBERS}
        yield {"item": topic.id, "label": topic.label[language], **numbers}


def _themes(side: str, digest: Digest, language: str) -> Iterator[Mapping[str, Cell]]:
    """One row a quote; a theme whose words are not for quoting has one row without words."""
    themes: tuple[Theme, ...] = getattr(digest, side)
    for theme in themes:
        head: dict[str, Cell] = {
            "side": wording.say(f"v_{side}", language),
            "item": theme.topic,
            "label": theme.label[language],
            **_stated(digest, f"{side}.{theme.topic}", language),
            "experts": theme.experts,
            "remarks": theme.remarks,
        }
        yield from ({**head, **quoted(quote, language)} for quote in theme.quotes)
        if not theme.quotes:
            yield head


def _advice(digest: Digest, language: str) -> Iterator[Mapping[str, Cell]]:
    for advice in digest.advice:
        head: dict[str, Cell] = {
            "item": advice.topic,
            "label": advice.label[language],
            **_stated(digest, f"advice.{advice.topic}", language),
            "experts": advice.experts,
            "unquoted": advice.unquoted,
        }
        for quote in advice.items:
            yield {**head, **quoted(quote, language), **_action(digest, quote.id, language)}
        if not advice.items:
            yield head


def _stated(digest: Digest, identity: str, language: str) -> dict[str, Cell]:
    """A person's words in the place of the statement's own."""
    stated = digest.statements.get(identity)
    if stated is None:
        return {}
    return {"statement": stated.text[stated.language(language)], "statement_by": by(stated, language)}


def by(made: Corrected | CorrectedStatement, language: str) -> str:
    """Who corrected it; anybody with the link can type a name, so the role stands beside it."""
    role = wording.say(f"as_{made.role}", language)
    return f"{made.name}（{role}）" if language == "zh" else f"{made.name} ({role})"


def _needs(digest: Digest, language: str) -> Iterator[Mapping[str, Cell]]:
    for need in digest.needs:
        head: dict[str, Cell] = {
            "item": need.id,
            "label": need.label[language],
            "experts": need.experts,
            "unquoted": need.unquoted,
        }
        yield from ({**head, **quoted(quote, language)} for quote in need.quotes)
        if not need.quotes:
            yield head


def _leads(digest: Digest, language: str) -> Iterator[Mapping[str, Cell]]:
    if digest.cooperation is None:
        return
    for lead in digest.cooperation.leads:
        yield {
            "kind": wording.say("v_lead", language),
            "name": lead.name,
            "organisation": lead.organisation[language] if lead.organisation else None,
            "email": lead.email,
            "phone": lead.phone,
            "forms": forms_of(lead, language) or None,
            "horizon": lead.horizon.label[language] if lead.horizon else None,
            **(quoted(lead.offer, language) if lead.offer else _evidence(lead.evidence)),
            **_action(digest, lead.id, language),
        }
    for offer in digest.cooperation.offers:
        yield {
            "kind": wording.say("v_offer", language),
            "horizon": offer.horizon.label[language] if offer.horizon else None,
            **quoted(offer, language),
            **_action(digest, offer.id, language),
        }


def _change(digest: Digest, language: str) -> Iterator[Mapping[str, Cell]]:
    for measure in digest.change.measures if digest.change else ():
        yield {
            "kind": wording.say("v_previous", language),
            "item": measure.id,
            "label": measure.label[language],
            "value": measure.now,
            "n": measure.n_now,
            "before": measure.before,
            "n_before": measure.n_before,
            "direction": wording.say(f"v_{measure.direction}", language),
        }


def _fair(digest: Digest, language: str) -> Iterator[Mapping[str, Cell]]:
    for standing in digest.fair:
        yield {
            "kind": wording.say("v_this_fair", language),
            "item": standing.id,
            "label": standing.label[language],
            "value": standing.own,
            "n": standing.n,
            "lower": standing.lower,
            "median": standing.median,
            "upper": standing.upper,
            "companies": standing.companies,
        }


def _remarks(digest: Digest, language: str) -> Iterator[Mapping[str, Cell]]:
    """Every sentence that may be read, with what it was counted as."""
    for quote in digest.remarks:
        named = [digest.labels[topic][language] for topic, _ in quote.topics if topic in digest.labels]
        yield {
            **quoted(quote, language),
            "topics": ("、" if language == "zh" else ", ").join(dict.fromkeys(named)) or None,
            "suggestion": wording.say("v_yes", language) if quote.suggestion else None,
        }


def _photos(digest: Digest, language: str, photo: Address) -> Iterator[Mapping[str, Cell]]:
    for number, one in enumerate(digest.photos, 1):
        yield {
            "item": one.id,
            "label": wording.say("photo_n", language, n=number),
            "said_by": said_by(one.attribution, language),
            "address": photo(one.id) or None,
        }


def _notes(digest: Digest, language: str) -> Iterator[Mapping[str, Cell]]:
    for label, text in notes(digest, language):
        yield {"label": label, "text": text}


def quoted(quote: Quote, language: str) -> dict[str, Cell]:
    """The cells of the columns QUOTE."""
    return {
        "quote": quote.text,
        "lang": quote.lang,
        "said_by": said_by(quote.attribution, language),
        "transcribed": wording.say("transcribed", language) if quote.transcribed else None,
        "reading": wording.say(f"read_{quote.sentiment}", language),
        "corrected": by(quote.corrected, language) if quote.corrected else None,
        **_evidence(quote.evidence),
    }


def _evidence(evidence: Evidence) -> dict[str, Cell]:
    return {
        "answer": evidence.answer,
        "question": evidence.question_id,
        "start": evidence.start,
        "end": evidence.end,
    }


def _action(digest: Digest, item: str, language: str) -> dict[str, Cell]:
    action = digest.actions.get(item)
    if action is None:
        return {}
    status = wording.say(f"v_{action.status}", language)
    return {
        "status": status,
        "owner": action.owner or None,
        "due_on": action.due_on,
        "reply": action.reply or None,
    }
