"""The things in a digest that one can act on: suggestions, leads, and every remark that may be read.

In: a Digest and an item's id.  Out: the Item; where it came from is found among the visit's rows, because
a digest does not tell responses apart.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from analyzer.corrections import item_id as name_of
from analyzer.corrections import text_hash
from analyzer.digests.cooperating import LEAD
from analyzer.digests.model import Digest, Lead, Quote
from analyzer.errors import BadLink
from analyzer.tables import answer, response, sentence


@dataclass(frozen=True)
class Item:
    id: str
    kind: str  # lead, advice, remark
    quote: Quote | None
    lead: Lead | None
    correctable: bool  # offers are leads, not opinions: nothing to read in them


@dataclass(frozen=True)
class Origin:
    response_id: str
    text_hash: str


def find_item(digest: Digest, item_id: str) -> Item | None:
    """None for what is not in the digest, whatever the database holds."""
    cooperation = digest.cooperation
    for lead in cooperation.leads if cooperation else ():
        if lead.id == item_id:
            return Item(item_id, "lead", lead.offer, lead, False)
    read = next((quote for quote in digest.remarks if quote.id == item_id), None)
    offer = next((q for q in (cooperation.offers if cooperation else ()) if q.id == item_id), None)
    if offer:
        return Item(item_id, "lead", read or offer, None, read is not None)
    if read:
        return Item(item_id, "advice" if read.suggestion else "remark", read, None, True)
    said = next((q for need in digest.needs for q in need.quotes if q.id == item_id), None)
    return Item(item_id, "lead", said, None, False) if said else None  # a sentence of a lead's offer


def find_origin(connection: sa.Connection, visit_id: str, item_id: str) -> Origin:
    """The response behind an item.  Raises BadLink where it was taken back meanwhile."""
    mine = sa.select(response.c.id).where(response.c.visit_id == visit_id)
    texts = sa.select(sentence.c.response_id, sentence.c.text).where(sentence.c.response_id.in_(mine))
    whole = sa.select(answer.c.response_id, answer.c.value).where(
        answer.c.response_id.in_(mine), answer.c.type == "text"
    )
    leads = ((identity, LEAD) for identity in connection.execute(mine).scalars())
    for response_id, text in (*connection.execute(texts), *connection.execute(whole), *leads):
        if name_of(response_id, text) == item_id:
            return Origin(response_id, text_hash(text))
    raise BadLink(f"item {item_id} was taken back")
