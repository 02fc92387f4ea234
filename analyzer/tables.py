"""The analyzer's tables: events seen, responses, sentences, aspects and daily tallies.

Pure declaration; SQL that uses them lives in store.py.  On PostgreSQL they stand in the schema
`analyzer` (search_path, set where the engine is opened), on SQLite in a file of their own.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite, which has no time zones, holds it as naive UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: every clock in Debrief is UTC")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:
        if not isinstance(value, datetime):
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Every event that was recorded, whole: a second copy is a no-op, and re-analysis reads from here.
inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False, index=True),  # response id or visit id
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
)

# Deliveries that had to be tried alone, counted before each try, so that one that kills its worker
# is known by name after the restart.
attempt = sa.Table(
    "attempt",
    metadata,
    sa.Column("message_key", sa.Text, primary_key=True),  # message id, or sha256 of the body without one
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("last_error", sa.Text, nullable=True),
)

visit = sa.Table(
    "visit",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("fair_id", sa.Text, nullable=False, index=True),
    sa.Column("fair_name", sa.JSON, nullable=False),  # {"en": ..., "zh": ...}
    sa.Column("timezone", sa.Text, nullable=False),
    sa.Column("company_id", sa.Text, nullable=False, index=True),
    sa.Column("company_name", sa.JSON, nullable=False),
    sa.Column("industry", sa.JSON, nullable=False),
    sa.Column("visited_at", UtcDateTime, nullable=False),
    sa.Column("deadline", UtcDateTime, nullable=False),
    sa.Column("invited", sa.Integer, nullable=False),
    sa.Column("minimum_group", sa.Integer, nullable=False),
    sa.Column("link_generation", sa.Integer, nullable=False),
    sa.Column("sample", sa.Boolean, nullable=False),
    # invited experts by attribute, {"discipline": {"materials": 7, ...}, ...}; {}: not told
    sa.Column("visitors", sa.JSON, nullable=False),
    # time of the event the row was written from: an older event never overwrites a newer one
    sa.Column("announced_at", UtcDateTime, nullable=False),
    # what the company asked for before the visit: [{"id", "label", "topic", "phrases"}, ...]
    sa.Column("needs", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("attribution", sa.Text, nullable=False, server_default="named"),  # named, discipline, pooled
    sa.Column("minimum_text", sa.Integer, nullable=True),  # visitors behind a quote; null: minimum_group
    # whom at the company the digest is sent to: [{"email": ..., "language": "en" or "zh"}, ...]
    sa.Column("contacts", sa.JSON, nullable=False, server_default="[]"),
)

# The newest revision of each response that was not withdrawn.
response = sa.Table(
    "response",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("visit_id", sa.Text, nullable=False, index=True),
    sa.Column("revision", sa.Integer, nullable=False),
    # in which the expert last changed an answer; null: not told, at most `revision`
    sa.Column("answers_revision", sa.Integer, nullable=True),
    sa.Column("verified", sa.Boolean, nullable=False),
    sa.Column("sample", sa.Boolean, nullable=False),
    sa.Column("respondent", sa.JSON, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("consent", sa.JSON, nullable=False),
    sa.Column("submitted_at", UtcDateTime, nullable=True),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("analysed_at", UtcDateTime, nullable=False),
    sa.Column("sentiment", sa.Text, nullable=True),  # positive, neutral, negative, mixed; null: not scorable
    sa.Column("versions", sa.JSON, nullable=False),  # {"engine": ..., "lexicon": ..., "taxonomy": ...}
    # [{"id", "readership"}] as declared with this revision; whether they arrived is in `photo`
    sa.Column("photos", sa.JSON, nullable=False, server_default="[]"),
)

# Photos that have arrived at the collector.  No foreign key: this may be told before the response is.
photo = sa.Table(
    "photo",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("visit_id", sa.Text, nullable=False, index=True),
    sa.Column("response_id", sa.Text, nullable=False, index=True),  # a withdrawal takes its photos along
    sa.Column("width", sa.Integer, nullable=False),  # pixels
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("stored_at", UtcDateTime, nullable=False),
)

# Responses taken back.  The mark stays, so that a late or repeated submission of the same or an
# older revision is not counted again.
withdrawal = sa.Table(
    "withdrawal",
    metadata,
    sa.Column("response_id", sa.Text, primary_key=True),
    sa.Column("visit_id", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),  # submissions up to this one are gone
    sa.Column("withdrawn_at", UtcDateTime, nullable=False),
)

answer = sa.Table(
    "answer",
    metadata,
    sa.Column("response_id", sa.Text, sa.ForeignKey("response.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("question_id", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("question", sa.JSON, nullable=False),  # wording, scale, items, choices as in the event
    sa.Column("value", sa.JSON, nullable=False),
    sa.Column("readership", sa.Text, nullable=False),  # quote, summary, organiser
    # spoken by the expert and written down by the organiser
    sa.Column("transcribed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("sentiment", sa.Text, nullable=True),  # of a text answer
    sa.Column("polarity", sa.Float, nullable=True),  # -1..1; null: not scorable
)

sentence = sa.Table(
    "sentence",
    metadata,
    sa.Column("response_id", sa.Text, sa.ForeignKey("response.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("question_id", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),  # code points into the answer's text
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("lang", sa.Text, nullable=False),
    sa.Column("sentiment", sa.Text, nullable=True),
    sa.Column("polarity", sa.Float, nullable=True),
    sa.Column("suggestion", sa.Boolean, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("explanation", sa.JSON, nullable=False),
)

aspect = sa.Table(
    "aspect",
    metadata,
    sa.Column("response_id", sa.Text, sa.ForeignKey("response.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("question_id", sa.Text, primary_key=True),
    sa.Column("sentence_position", sa.Integer, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("sentiment", sa.Text, nullable=True),
    sa.Column("polarity", sa.Float, nullable=True),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),  # code points into the answer's text
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
)

# What people set right in the analysis of one sentence, newest last.  The sentence is named by its
# response and the hash of its words, so that a correction outlives re-analysis and amendments; no foreign
# key, because an amendment replaces the response's row.  A withdrawal takes the corrections along.
correction = sa.Table(
    "correction",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("visit_id", sa.Text, nullable=False, index=True),
    sa.Column("response_id", sa.Text, nullable=False, index=True),
    sa.Column("text_hash", sa.Text, nullable=False),
    # {"sentiment", "suggestion", "topics": [{"topic", "sentiment", "start", "end"}]}; {}: as analysed
    sa.Column("reading", sa.JSON, nullable=False),
    sa.Column("role", sa.Text, nullable=False),  # company, organiser
    sa.Column("name", sa.Text, nullable=False),  # as typed by the one who corrected
    sa.Column("made_at", UtcDateTime, nullable=False),
)

# What a company does about an advice item or a lead; every change is a row, the newest holds.
action = sa.Table(
    "action",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("visit_id", sa.Text, nullable=False, index=True),
    sa.Column("response_id", sa.Text, nullable=False, index=True),  # a withdrawal takes its actions along
    sa.Column("item_id", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),  # who sees to it; "": nobody yet
    sa.Column("due_on", sa.Text, nullable=True),  # ISO date
    sa.Column("status", sa.Text, nullable=False),  # new, accepted, started, done, declined
    sa.Column("reply", sa.Text, nullable=False),
    # whether the expert who wrote the item may read status and reply, on their own receipt
    sa.Column("to_expert", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("role", sa.Text, nullable=False),  # company, organiser
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
)

# What people wrote in the place of a statement's own words, newest last.  A statement is named by its side
# and topic, so that the words outlive re-analysis; its counts and evidence are always those of the rows.
statement = sa.Table(
    "statement",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("visit_id", sa.Text, nullable=False, index=True),
    sa.Column("statement_id", sa.Text, nullable=False),  # headline, praised.safety, advice.safety, ...
    sa.Column("text", sa.JSON, nullable=False),  # {"en": ..., "zh": ...} or one of them; {}: as software says
    # names of the answers behind it then: what is withdrawn takes the words about it along
    sa.Column("answers", sa.JSON, nullable=False),
    sa.Column("basis", sa.Text, nullable=False),  # hash of the evidence then
    sa.Column("role", sa.Text, nullable=False),  # company, organiser
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
)

# Digests that were sent out: one row each time, issued once whatever number of workers look.
edition = sa.Table(
    "edition",
    metadata,
    sa.Column("visit_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),  # from 1, per visit
    sa.Column("reason", sa.Text, nullable=False),  # closed, weekly
    sa.Column("period", sa.Text, nullable=False),  # "closed", "week-1", ...: never issued twice
    sa.Column("issued_at", UtcDateTime, nullable=False),
    sa.Column("responses", sa.Integer, nullable=False),  # in it
    # the document as JSON; null once an answer in it was withdrawn, which mail cannot be
    sa.Column("digest", sa.JSON(none_as_null=True), nullable=True),
    sa.Column("digest_hash", sa.Text, nullable=False),  # sha256 of the document
    sa.UniqueConstraint("visit_id", "period"),
)

# What became of each copy of an edition.
delivery = sa.Table(
    "delivery",
    metadata,
    sa.Column("visit_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("recipient", sa.Text, primary_key=True),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # waiting, sent, refused, given_up
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_at", UtcDateTime, nullable=False),  # next try; moved ahead while one is under way
    sa.Column("error", sa.Text, nullable=True),
    sa.Column("sent_at", UtcDateTime, nullable=True),
    sa.ForeignKeyConstraint(
        ["visit_id", "number"], ["edition.visit_id", "edition.number"], ondelete="CASCADE"
    ),
    sa.Index("ix_delivery_state", "state", "due_at"),
)

# When a digest was opened, by the hour: a log for the company, without anybody's address.
opening = sa.Table(
    "opening",
    metadata,
    sa.Column("visit_id", sa.Text, primary_key=True),
    sa.Column("link", sa.Text, primary_key=True),  # hash of the token
    sa.Column("form", sa.Text, primary_key=True),  # html, json, pdf, xlsx, csv
    sa.Column("hour", UtcDateTime, primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
)

# Sums, never averages.  A tally row can always be rebuilt from the rows above.
tally = sa.Table(
    "tally",
    metadata,
    sa.Column("visit_id", sa.Text, primary_key=True),
    sa.Column("day", sa.Text, primary_key=True),  # ISO date, UTC, of received_at
    sa.Column("metric", sa.Text, primary_key=True),  # e.g. "responses", "rating", "topic"
    sa.Column("key", sa.Text, primary_key=True),  # e.g. "overall:4", "safety:negative"
    sa.Column("count", sa.Integer, nullable=False),
)

# One row: the state that all workers share and that health reads.
worker_state = sa.Table(
    "worker_state",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),  # always 1
    sa.Column("dead_letters_in_a_row", sa.Integer, nullable=False),
    sa.Column("stopped_at", UtcDateTime, nullable=True),  # set: workers consume nothing until resumed
    sa.Column("stopped_reason", sa.Text, nullable=True),
    sa.Column("progress_at", UtcDateTime, nullable=True),
)
