"""The receipt as a page: what was stored, how far it has come, and what can still be done about it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import render_template, request

from collector import pages, photos, voices
from collector.answering import effective_readership, shown_photos
from collector.desk import desk
from collector.entrance import questionnaire_of
from collector.fileaddress import file_address
from collector.links import SENDER
from collector.narrowing import fewer
from collector.questionnaire import Questionnaire
from collector.receipts import reference
from collector.revisions import last_changes
from collector.rules import visible
from collector.showing import Shown, show_answer
from collector.speaking import request_language, voice
from collector.stages import Stages, published
from collector.store import PERSONAL, Invitation, StoredResponse
from collector.tables import submission
from collector.text import say_length, say_moment, script_of
from collector.uploads import UPLOADING

VOICE_NOTES = ("voice_choose", "voice_bad", "voice_long")
NOTES = ("photo_none", "photo_some", "photo_choose_one", "photo_too_many")
COPY_NOTES = ("copy_sent", "copy_wrong", "copy_limit")


def render(invitation: Invitation, stored: StoredResponse | None, token: str) -> str:
    language = request_language()
    common = {**voice(language), **pages.visit_facts(invitation, language), "token": token}
    if stored is None:
        return render_template("no_receipt.html", **common)
    named = None if invitation.kind == PERSONAL else stored.id
    common |= {
        "stored": stored,
        "r": named,
        "closed": invitation.closed(desk().clock()),
        "when": _when(invitation),
    }
    if stored.withdrawn_at is not None:
        return render_template("withdrawn.html", **common)
    asked = questionnaire_of(invitation, stored)
    return render_template(
        "receipt.html",
        **common,
        reference=reference(stored.id),
        asked_photos=asked.photos,
        asked_voice=asked.voice,
        voices=_voices(asked, stored),
        length=say_length,
        voice_note=_note(VOICE_NOTES),
        answers=answers(asked, stored, language),
        dropped=[
            asked_one.label[language] for asked_one in asked.questions if asked_one.id in stored.dropped
        ],
        stages=(stages := _stages(stored)),
        spoken=script_of,
        replies=stages.analysed.replies if named is None and stages.analysed else (),
        used=_used(asked, stored),
        photos=_photos(asked, stored),
        versions=_versions(stored.id),
        note=_note(NOTES),
        copy_note=_note(COPY_NOTES),
        note_count=request.args.get("n", "0") if request.args.get("n", "0").isdecimal() else "0",
    )


def confirm(invitation: Invitation, stored: StoredResponse, token: str) -> str:
    """Asks before withdrawing: opening a link changes nothing."""
    language = request_language()
    return render_template(
        "withdraw.html",
        **voice(language),
        **pages.visit_facts(invitation, language),
        token=token,
        r=None if invitation.kind == PERSONAL else stored.id,
        closed=invitation.closed(desk().clock()),
    )


def answers(
    asked: Questionnaire, stored: StoredResponse, language: str
) -> list[tuple[str, Shown, str | None]]:
    """(question, answer, readership of a text) of every question that was shown, in order."""
    values = {**stored.answers, **stored.consent}
    readers = effective_readership(asked, stored.answers, stored.consent, stored.readership)
    seen = visible(asked.questions, values)
    return [
        (
            question.label[language],
            show_answer(question, values.get(question.id), language),
            readers.get(question.id) if question.type == "text" else None,
        )
        for question in asked.questions
        if question.id in seen
    ]


def _when(invitation: Invitation) -> Any:
    def when(moment: Any) -> str:
        return say_moment(moment, invitation.visit.zone, request_language()) if moment else ""

    return when


def _stages(stored: StoredResponse) -> Stages:
    here = desk()
    with here.database.read() as connection:
        left, left_at = published(connection, stored.id)
    analysed = here.analyzer.ask(stored.id) if left else None
    return Stages(stored.received_at, left, left_at, analysed, stored.revision)


def _used(asked: Questionnaire, stored: StoredResponse) -> bool:
    question = asked.with_role("consent_use")
    return bool(question and stored.consent.get(question.id))


def _photos(asked: Questionnaire, stored: StoredResponse) -> list[dict[str, Any]]:
    here = desk()
    with here.database.read() as connection:
        states = photos.states(connection, stored.id)
    return [
        {
            "id": photo["id"],
            "state": states.get(photo["id"], UPLOADING),
            "readership": photo["readership"],
            "fewer": fewer(asked.photos.readership if asked.photos else (), photo["readership"]),
            "address": file_address(photo["id"], SENDER),
        }
        for photo in shown_photos(asked, stored.photos, stored.consent)
    ]


def _voices(asked: Questionnaire, stored: StoredResponse) -> list[dict[str, Any]]:
    offered = asked.voice.readership if asked.voice else ()
    with desk().database.read() as connection:
        notes = voices.of_response(connection, stored.id)
    return [
        {
            "note": note,
            "fewer": fewer(offered, note.readership),
            "address": file_address(note.id, SENDER, "voice.hear"),
        }
        for note in notes
    ]


def _versions(response_id: str) -> list[datetime]:
    """When the answers were given, and when they were changed: a photo or a transcript changes none."""
    query = (
        sa.select(submission.c.revision, submission.c.answers, submission.c.received_at)
        .where(submission.c.response_id == response_id)
        .order_by(submission.c.revision)
    )
    with desk().database.read() as connection:
        rows = connection.execute(query).all()
    changes = {since for _, since in last_changes((row.revision, row.answers) for row in rows)}
    return [row.received_at for row in rows if row.revision in changes]


def _note(known: tuple[str, ...]) -> str | None:
    told = request.args.get("note", "")
    return told if told in known else None
