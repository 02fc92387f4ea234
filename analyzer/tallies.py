"""Sums by visit and day, so that a digest or a comparison of the fair need not read every response.

In: the rows of a response.  Out: a Tally, how many of what, to be added or taken away.
Sums only, never averages: sums can be added up over days, visits and workers, and rebuilt.
Offers of cooperation are leads, not opinions: their sentences are not counted.
What an expert keeps from the company (readership "organiser", no consent to use) is not counted here.

metric             key                      counts
response           answered, withheld, verified, unverified, language:zh   responses
rating             <role>:<value>           answers, value 1..5 or opt_out
matrix             <topic>:<value>          answers, value 1..5 or opt_out
nps                <role>:<value>           answers, value 0..10
choice             <question>:<choice>      answers that hold the choice
text               answered, scorable, unscorable                           text answers
sentence           positive, neutral, negative, unscorable, suggestion      sentences
topic_sentence     <topic>:<sentiment>      sentences that say so
topic_expert       <topic>:<sentiment>      responses that say so at least once
suggestion_expert  <topic>                  responses with a suggestion on the topic
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import NamedTuple, TypeAlias, cast

import sqlalchemy as sa

from analyzer.database import insert
from analyzer.rows import Row, Rows
from analyzer.tables import tally

OFFER = "cooperation_offer"  # role of the text that offers something, read as a lead
HIDDEN = "organiser"  # readership of an answer that the company never sees, not even as a count


class Key(NamedTuple):
    visit_id: str
    day: str  # ISO date, UTC, of received_at
    metric: str
    key: str


Tally: TypeAlias = "Counter[Key]"


def count(rows: Rows) -> Tally:
    """What one response adds."""
    response = rows.response
    visit, day = response["visit_id"], response["received_at"].astimezone(UTC).date().isoformat()
    return Counter(Key(visit, day, metric, key) for metric, key in _facts(rows))


def _facts(rows: Rows) -> Iterator[tuple[str, str]]:
    response = rows.response
    yield "response", "answered"
    yield "response", "verified" if response["verified"] else "unverified"
    yield "response", f"language:{response['language']}"
    if not response["consent"]["use"]:
        yield "response", "withheld"
        return
    shown = [answer for answer in rows.answers if answer["readership"] != HIDDEN]
    for answer in shown:
        yield from _answer_facts(answer)
    yield from _text_facts(rows, {answer["question_id"] for answer in shown if answer["role"] != OFFER})


def _answer_facts(answer: Row) -> Iterator[tuple[str, str]]:
    kind, value, role = answer["type"], answer["value"], answer["role"]
    if kind in ("rating", "nps"):
        yield kind, f"{role}:{value}"
    elif kind == "matrix":
        topics = {item["id"]: item["role"].removeprefix("aspect:") for item in answer["question"]["items"]}
        yield from (("matrix", f"{topics.get(item, item)}:{rating}") for item, rating in value.items())
    elif kind == "single_choice":
        yield "choice", f"{answer['question_id']}:{value['choice']}"
    elif kind == "multiple_choice":
        yield from (("choice", f"{answer['question_id']}:{choice}") for choice in value["choices"])
    elif kind == "text":
        yield "text", "answered"
        yield "text", "scorable" if answer["sentiment"] else "unscorable"


def _text_facts(rows: Rows, shown: set[str]) -> Iterator[tuple[str, str]]:
    sentences = [s for s in rows.sentences if s["question_id"] in shown]
    for sentence in sentences:
        yield "sentence", sentence["sentiment"] or "unscorable"
        if sentence["suggestion"]:
            yield "sentence", "suggestion"
    yield from _topic_facts(sentences, [a for a in rows.aspects if a["question_id"] in shown])


def _topic_facts(sentences: Iterable[Row], aspects: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """A sentence counts once per topic and sentiment, an expert too, however often they say it."""
    advising = {(s["question_id"], s["position"]) for s in sentences if s["suggestion"]}
    said = {
        (a["question_id"], a["sentence_position"], a["topic"], a["sentiment"] or "unscorable")
        for a in aspects
    }
    yield from (("topic_sentence", f"{topic}:{feeling}") for _, _, topic, feeling in said)
    pairs = {(topic, feeling) for _, _, topic, feeling in said}
    yield from (("topic_expert", f"{topic}:{feeling}") for topic, feeling in pairs)
    topics = {topic for question, place, topic, _ in said if (question, place) in advising}
    yield from (("suggestion_expert", topic) for topic in topics)


def add(connection: sa.Connection, delta: Tally) -> None:
    """Apply the sums in one order for all writers, so that two of them never wait in a circle."""
    changes = [{**key._asdict(), "count": n} for key, n in sorted(delta.items()) if n]
    if changes:
        connection.execute(_upsert(connection), changes)


def _upsert(connection: sa.Connection) -> sa.Insert:
    statement = insert(connection, tally)
    keys = ["visit_id", "day", "metric", "key"]
    added = statement.on_conflict_do_update(
        index_elements=keys, set_={"count": tally.c.count + statement.excluded.count}
    )
    return cast(sa.Insert, added)


def fetch(connection: sa.Connection) -> Tally:
    """All sums that are not zero."""
    rows = connection.execute(sa.select(tally).where(tally.c.count != 0))
    return Counter({Key(r.visit_id, r.day, r.metric, r.key): r.count for r in rows})


def replace_all(connection: sa.Connection, sums: Tally) -> None:
    connection.execute(sa.delete(tally))
    add(connection, sums)
