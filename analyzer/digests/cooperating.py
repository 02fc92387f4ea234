"""Who offers to work with the company, and how to reach those who said yes to that.

In: rows of responses.  Out: Cooperation.  Pure.  A contact is here only if its owner agreed to it
in so many words; an offer's text is here only if its owner lets the company read it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from analyzer.digests.model import Bilingual, Cooperation, Lead, Option, Quote
from analyzer.digests.ratings import shown_answers
from analyzer.digests.remarks import evidence_of, quote, remarks_of
from analyzer.rows import Row, Rows
from analyzer.tallies import OFFER

Shown = TypeVar("Shown", Lead, Quote)
WILLING = {"yes", "maybe"}


def cooperation(
    responses: Sequence[Rows], kinds: frozenset[str], labels: Mapping[str, Bilingual], words_shown: bool
) -> Cooperation | None:
    """None where the question was not asked or nobody answered it."""
    answers = [a for a in shown_answers(responses) if a["role"] == "cooperation"]
    if not answers:
        return None
    leads: list[Lead] = []
    offers: list[Quote] = []
    for rows in responses:
        offer = _offer(rows, kinds, labels) if words_shown else None
        lead = _lead(rows, offer)
        if lead:
            leads.append(lead)
        elif offer:
            offers.append(offer)
    return Cooperation(
        n=len(answers),
        willing=sum(a["value"]["choice"] in WILLING for a in answers),
        options=_options(answers),
        forms=_options([a for a in shown_answers(responses) if a["role"] == "cooperation_forms"]),
        leads=_shuffled(leads),
        offers=_shuffled(offers),
        evidence=tuple(sorted((evidence_of(a, 0, 0) for a in answers), key=lambda e: e.answer)),
    )


def _shuffled(found: Sequence[Shown]) -> tuple[Shown, ...]:
    """In no order that says who answered when, yet always the same."""
    return tuple(sorted(found, key=lambda shown: shown.evidence.answer))


def _options(answers: Sequence[Row]) -> tuple[Option, ...]:
    """How many chose what, in the form's order; what nobody chose is left out."""
    counts = Counter(choice for answer in answers for choice in _chosen(answer))
    choices = answers[0]["question"]["choices"] if answers else []
    return tuple(Option(c["id"], c["label"], counts[c["id"]]) for c in choices if counts[c["id"]])


def _chosen(answer: Row) -> Iterable[str]:
    value = answer["value"]
    return value["choices"] if "choices" in value else [value["choice"]]


def _answer(rows: Rows, role: str) -> Row | None:
    return next((a for a in shown_answers([rows]) if a["role"] == role), None)


def _offer(rows: Rows, kinds: frozenset[str], labels: Mapping[str, Bilingual]) -> Quote | None:
    """The offer's text whole, without marks: it is a proposal, not an opinion."""
    answer = _answer(rows, OFFER)
    if answer is None:
        return None
    remarks = [r for r in remarks_of(rows, answer, kinds) if r.quotable]
    if not remarks:
        return None
    first = quote(remarks[0], labels)
    text = str(answer["value"])
    lang = first.lang if len({r.row["lang"] for r in remarks}) == 1 else "mixed"
    evidence = evidence_of(answer, 0, len(text))
    return Quote(text, lang, None, (), (), first.attribution, evidence)


def _lead(rows: Rows, offer: Quote | None) -> Lead | None:
    answer = _answer(rows, "contact")
    if answer is None or answer["value"].get("agreed") is not True:
        return None
    contact, forms = answer["value"], _answer(rows, "cooperation_forms")
    return Lead(
        name=contact.get("name"),
        email=contact.get("email"),
        phone=contact.get("phone"),
        organisation=rows.response["respondent"].get("organisation"),
        forms=_form_labels(forms) if forms else (),
        offer=offer,
        evidence=evidence_of(answer, 0, 0),
    )


def _form_labels(answer: Row) -> tuple[Bilingual, ...]:
    """Labels of the chosen forms; words typed under "other" stand as typed."""
    value = answer["value"]
    labels = {choice["id"]: choice["label"] for choice in answer["question"]["choices"]}
    typed = value.get("text")
    return tuple(
        {"en": typed, "zh": typed} if choice == "other" and typed else labels[choice]
        for choice in value["choices"]
        if choice in labels
    )
