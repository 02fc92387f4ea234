"""Who offers to work with the company, and how to reach those who said yes to that.

In: rows of responses.  Out: Cooperation.  Pure.  A contact is here only if its owner agreed to it
in so many words; an offer's text is here only if its owner lets the company read it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from analyzer.corrections import item_id
from analyzer.digests.anonymity import Room
from analyzer.digests.model import Bilingual, Cooperation, Evidence, Lead, Option, Quote
from analyzer.digests.ratings import shown_answers
from analyzer.digests.remarks import Remark, evidence_of, quote, remarks_of, shown_texts
from analyzer.digests.unanimity import spare_one_of
from analyzer.rows import Row, Rows
from analyzer.tallies import OFFER

Shown = TypeVar("Shown", Lead, Quote)
WILLING = {"yes", "maybe"}
LEAD = "contact"  # in the place of a sentence's words, so that the item of a lead has a name too


def cooperation(
    responses: Sequence[Rows],
    room: Room,
    labels: Mapping[str, Bilingual],
    words_shown: bool,
    remarks: Sequence[Remark] = (),
) -> Cooperation | None:
    """None where the question was not asked or nobody answered it.

    remarks: where somebody may have offered something without being asked for it.
    """
    responses = _not_unanimous(responses, room)
    answers = _willingness(responses)
    if not answers:
        return None
    leads: list[Lead] = []
    offers = [_dated(remark, labels) for remark in remarks if _offers(remark)]
    for rows in responses:
        offer = _offer(rows, room) if words_shown else None
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


def _willingness(responses: Sequence[Rows]) -> list[Row]:
    return [a for a in shown_answers(responses) if a["role"] == "cooperation"]


def _not_unanimous(responses: Sequence[Rows], room: Room) -> list[Rows]:
    """If all who were there said the same, the count would tell what each of them said."""
    answers = [a["value"]["choice"] for a in _willingness(responses)]
    return spare_one_of(responses, answers) if len(answers) >= room.visited else list(responses)


def _offers(remark: Remark) -> bool:
    return remark.quotable and remark.row["kind"] == "offer"


def _dated(remark: Remark, labels: Mapping[str, Bilingual]) -> Quote:
    return replace(quote(remark, labels), horizon=remark.reading.horizon)


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


def _offer(rows: Rows, room: Room) -> Quote | None:
    """The offer's text whole, without marks: it is a proposal, not an opinion."""
    offered = next((text for text in shown_texts(rows) if text.answer["role"] == OFFER), None)
    remarks = [r for r in remarks_of(rows, offered, room) if r.quotable] if offered else []
    if not offered or not remarks:
        return None
    langs = {remark.row["lang"] for remark in remarks}
    text, lang = str(offered.answer["value"]), langs.pop() if len(langs) == 1 else "mixed"
    evidence = Evidence(offered.name, offered.answer["question_id"], 0, len(text))
    who = remarks[0].attribution
    return Quote(text, lang, None, (), (), who, evidence, offered.item, horizon=offered.horizon)


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
        id=item_id(rows.response["id"], LEAD),
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
