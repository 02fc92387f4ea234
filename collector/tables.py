"""The collector's tables: programme, invitations, responses and the outbox.

Pure declaration; SQL that uses them lives in store.py and outbox.py.  On PostgreSQL they stand in
the schema `collector` (search_path, set where the engine is opened), on SQLite in a file of their own.
"""

from datetime import UTC, datetime

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

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
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

# Ids of the programme are the organiser's own (short text in the YAML), ids the public sees are UUIDs.
fair = sa.Table(
    "fair",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.JSON, nullable=False),  # {"en": ..., "zh": ...}
    sa.Column("timezone", sa.Text, nullable=False),  # IANA name, e.g. "Asia/Shanghai"
    sa.Column("starts_on", sa.Text, nullable=False),  # ISO date in the fair's time zone
    sa.Column("ends_on", sa.Text, nullable=False),
    sa.Column("sample", sa.Boolean, nullable=False),
    sa.Column(
        "link_generation", sa.Integer, nullable=False
    ),  # organiser links of older generations are revoked
)

company = sa.Table(
    "company",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("fair_id", sa.Text, sa.ForeignKey("fair.id"), nullable=False),
    sa.Column("name", sa.JSON, nullable=False),
    sa.Column("industry", sa.JSON, nullable=False),
    sa.Column("needs", sa.JSON, nullable=False, server_default="[]"),  # see programme.py: Company
    sa.Column("same_as", sa.Text, nullable=True),
    sa.Column("contacts", sa.JSON, nullable=False, server_default="[]"),  # see programme.py: Company
)

questionnaire = sa.Table(
    "questionnaire",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # e.g. "site-visit"
    sa.Column("version", sa.Text, primary_key=True),  # hash of the content
    sa.Column("document", sa.JSON, nullable=False),
    sa.Column("loaded_at", UtcDateTime, nullable=False),
)

visit = sa.Table(
    "visit",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("fair_id", sa.Text, sa.ForeignKey("fair.id"), nullable=False),
    sa.Column("company_id", sa.Text, sa.ForeignKey("company.id"), nullable=False),
    sa.Column("visited_at", UtcDateTime, nullable=False),
    sa.Column("deadline", UtcDateTime, nullable=False),
    sa.Column("minimum_group", sa.Integer, nullable=False),  # fewer experts: nothing that could identify
    sa.Column("questionnaire_id", sa.Text, nullable=False),
    sa.Column("questionnaire_version", sa.Text, nullable=False),
    sa.Column("link_generation", sa.Integer, nullable=False),  # digest links of older generations are revoked
    sa.Column("attribution", sa.Text, nullable=False, server_default="named"),
    sa.Column("minimum_text", sa.Integer, nullable=True),  # visitors behind a quote; null: minimum_group
)

expert = sa.Table(
    "expert",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("fair_id", sa.Text, sa.ForeignKey("fair.id"), nullable=False),
    sa.Column("name", sa.JSON, nullable=False),
    sa.Column("organisation", sa.JSON, nullable=False),
    sa.Column("organisation_kind", sa.Text, nullable=False),  # see programme.py: ORGANISATION_KINDS
    sa.Column("discipline", sa.Text, nullable=True),
    sa.Column("language", sa.Text, nullable=False),  # language of the invitation: "en" or "zh"
    sa.Column("email", sa.Text, nullable=True),
)

# kind "personal": one expert, one visit, one response.  kind "open": the QR on the spot, any number,
# every response marked unverified.
invitation = sa.Table(
    "invitation",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # UUIDv7
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("visit_id", sa.Text, sa.ForeignKey("visit.id"), nullable=False),
    sa.Column("expert_id", sa.Text, sa.ForeignKey("expert.id"), nullable=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("revoked_at", UtcDateTime, nullable=True),
    # "programme": the expert was taken off the visit, a later load may undo it; "organiser": for good
    sa.Column("revoked_by", sa.Text, nullable=True),
    sa.UniqueConstraint("visit_id", "expert_id"),
)
sa.Index(
    "ix_invitation_open",
    invitation.c.visit_id,
    unique=True,
    sqlite_where=invitation.c.kind == "open",
    postgresql_where=invitation.c.kind == "open",
)

response = sa.Table(
    "response",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # the Idempotency-Key of its first submission
    sa.Column("visit_id", sa.Text, sa.ForeignKey("visit.id"), nullable=False, index=True),
    sa.Column("invitation_id", sa.Text, sa.ForeignKey("invitation.id"), nullable=False),
    # Set for personal invitations only: the database itself refuses a second response of one expert.
    sa.Column("sole_invitation_id", sa.Text, nullable=True, unique=True),
    sa.Column("verified", sa.Boolean, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),  # newest revision, from 1
    sa.Column("withdrawn_at", UtcDateTime, nullable=True),
    # [{"id", "readership"}] of the newest revision, as chosen; empty once withdrawn
    sa.Column("photos", sa.JSON, nullable=False, server_default="[]"),
)

submission = sa.Table(
    "submission",
    metadata,
    sa.Column("idempotency_key", sa.Text, primary_key=True),
    sa.Column("response_id", sa.Text, sa.ForeignKey("response.id"), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("content_hash", sa.Text, nullable=False),  # sha256 of the canonical JSON of the content
    sa.Column("answers", sa.JSON, nullable=False),  # normalised: see answering.py
    sa.Column("consent", sa.JSON, nullable=False),
    sa.Column("readership", sa.JSON, nullable=False, server_default="{}"),  # as chosen, per text question
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("questionnaire_version", sa.Text, nullable=False),
    sa.Column("submitted_at", UtcDateTime, nullable=True),  # the phone's clock
    sa.Column("received_at", UtcDateTime, nullable=False),  # ours
    sa.Column("photos", sa.JSON, nullable=False, server_default="[]"),  # as response.photos, then
    sa.Column("notice", sa.Text, nullable=True),  # sha256 of the consent notice that was shown
    sa.Column("dropped", sa.JSON, nullable=False, server_default="[]"),  # ids of answers nobody asked for
    sa.UniqueConstraint("response_id", "revision"),
)

# A photo on its way or stored; the picture itself lies in the photo store under the id.
photo = sa.Table(
    "photo",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # UUID, made by the phone
    sa.Column("response_id", sa.Text, sa.ForeignKey("response.id"), nullable=False, index=True),
    sa.Column("size", sa.Integer, nullable=False),  # bytes that the phone is going to send
    sa.Column("state", sa.Text, nullable=False),  # uploading, stored, refused
    sa.Column("begun_at", UtcDateTime, nullable=False),
    sa.Column("stored_at", UtcDateTime, nullable=True),
    sa.Column("width", sa.Integer, nullable=True),  # pixels, as stored
    sa.Column("height", sa.Integer, nullable=True),
)

# What has arrived of a photo so far.  In the database, because the next piece may reach another machine.
photo_chunk = sa.Table(
    "photo_chunk",
    metadata,
    sa.Column("photo_id", sa.Text, sa.ForeignKey("photo.id"), primary_key=True),
    sa.Column("start", sa.Integer, primary_key=True, autoincrement=False),  # bytes before this piece
    sa.Column("content", sa.LargeBinary, nullable=False),
)

# What an expert said instead of typing it, for the organiser's ears; the sound lies in the photo store under
# the id.  The organiser's transcript travels as an answer's text.
voice_note = sa.Table(
    "voice_note",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # UUID, made by the phone
    sa.Column("response_id", sa.Text, sa.ForeignKey("response.id"), nullable=False, index=True),
    sa.Column("size", sa.Integer, nullable=False),  # bytes that the phone is going to send
    sa.Column("state", sa.Text, nullable=False),  # uploading, stored, refused
    sa.Column(
        "readership", sa.Text, nullable=False
    ),  # of its transcript, as chosen: quote, summary, organiser
    sa.Column("begun_at", UtcDateTime, nullable=False),
    sa.Column("stored_at", UtcDateTime, nullable=True),
    sa.Column("seconds", sa.Float, nullable=True),
    sa.Column("transcript", sa.Text, nullable=True),
    sa.Column("transcribed_by", sa.Text, nullable=True),  # as typed by the organiser
    sa.Column("transcribed_at", UtcDateTime, nullable=True),
)

voice_chunk = sa.Table(
    "voice_chunk",
    metadata,
    sa.Column("voice_id", sa.Text, sa.ForeignKey("voice_note.id"), primary_key=True),
    sa.Column("start", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

# Mails on their way, written with whatever caused them.  Once sent or given up, the words are blanked.
mail = sa.Table(
    "mail",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("kind", sa.Text, nullable=False),  # links, copy
    sa.Column("recipient", sa.Text, nullable=False),  # empty: asked for by an address that nobody has
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    # Keyed hashes of who asked: how often is counted without knowing who it was.
    sa.Column("address_hash", sa.Text, nullable=False),
    sa.Column("origin_hash", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("leased_until", UtcDateTime, nullable=True),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("last_error", sa.Text, nullable=True),
    sa.Column("finished_at", UtcDateTime, nullable=True),  # sent, given up, or nobody's
    sqlite_autoincrement=True,
)
sa.Index(
    "ix_mail_due",
    mail.c.due_at,
    mail.c.id,
    sqlite_where=mail.c.finished_at.is_(None),
    postgresql_where=mail.c.finished_at.is_(None),
)

draft = sa.Table(
    "draft",
    metadata,
    sa.Column("invitation_id", sa.Text, sa.ForeignKey("invitation.id"), primary_key=True),
    sa.Column("answers", sa.JSON, nullable=False),  # as typed, not validated
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("saved_at", UtcDateTime, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),  # grows with every save
    sa.Column("device", sa.Text, nullable=True),  # a random name that the browser gave itself
    # The newest draft of another device that did not know of this one: the expert has to choose.
    sa.Column("diverged", sa.JSON, nullable=True),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("event_id", sa.Text, nullable=False, unique=True),  # UUIDv7
    sa.Column("type", sa.Text, nullable=False),  # routing key, e.g. "response.submitted.v1"
    sa.Column("subject", sa.Text, nullable=False, index=True),  # response id or visit id
    sa.Column("body", sa.Text, nullable=False),  # the whole envelope, JSON, frozen when it was written
    sa.Column("traceparent", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("leased_until", UtcDateTime, nullable=True),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("last_error", sa.Text, nullable=True),
    sa.Column("published_at", UtcDateTime, nullable=True),
    sqlite_autoincrement=True,
)
sa.Index(
    "ix_outbox_due",
    outbox.c.due_at,
    outbox.c.id,
    sqlite_where=outbox.c.published_at.is_(None),
    postgresql_where=outbox.c.published_at.is_(None),
)

# One row: what the relay last did, for health and the organiser's overview.
relay_state = sa.Table(
    "relay_state",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),  # always 1
    sa.Column("progress_at", UtcDateTime, nullable=False),  # the relay's loop turned: it is alive
    sa.Column("published_at", UtcDateTime, nullable=True),  # last time the broker confirmed an event
    sa.Column("last_error", sa.Text, nullable=True),  # why publishing fails now; null: it works
    sa.Column("failing_since", UtcDateTime, nullable=True),  # null: it works
)
