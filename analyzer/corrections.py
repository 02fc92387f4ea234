"""What people set right in an analysis, laid over what software found.

In: Rows as analysed, and the newest correction of each sentence.  Out: Rows as they are to be counted
and shown.  Pure.  The tables keep both: a sentence is named by its response and the hash of its words,
so a correction outlives re-analysis, and an amendment that keeps the sentence.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from analyzer.rows import Row, Rows

RULE = "person"  # in the place of the rule that found an aspect
Corrections = Mapping[tuple[str, str], Row]  # (response id, text hash) -> row of the table correction


def text_hash(text: str) -> str:
    """Of a sentence's words; spaces around them do not count."""
    return sha256(unicodedata.normalize("NFC", text.strip()).encode()).hexdigest()[:32]


def item_id(response_id: str, text: str) -> str:
    """Names a sentence of a digest.  Response ids are random, so the hash tells nothing of the expert."""
    return sha256(f"{response_id}/{text_hash(text)}".encode()).hexdigest()[:16]


def corrected(rows: Rows, corrections: Corrections) -> Rows:
    """The rows as people want them read; the very same rows where nobody corrected anything."""
    made = {
        _place(sentence): correction
        for sentence in rows.sentences
        if (correction := corrections.get((rows.response["id"], text_hash(sentence["text"]))))
        and correction["reading"]
    }
    if not made:
        return rows
    sentences = tuple(_sentence(row, made.get(_place(row))) for row in rows.sentences)
    kept = [row for row in rows.aspects if _aspect_place(row) not in made]
    added = [aspect for row in sentences for aspect in _aspects(row, made.get(_place(row)))]
    touched = {question for question, _ in made}
    answers = tuple(_answer(row, sentences) if row["question_id"] in touched else row for row in rows.answers)
    return replace(rows, answers=answers, sentences=sentences, aspects=(*kept, *added))


def _place(sentence: Row) -> tuple[str, int]:
    return sentence["question_id"], sentence["position"]


def _aspect_place(aspect: Row) -> tuple[str, int]:
    return aspect["question_id"], aspect["sentence_position"]


def _sentence(row: Row, correction: Row | None) -> Row:
    """Words that made software decide explain nothing once a person has decided."""
    if correction is None:
        return row
    reading = correction["reading"]
    told = {name: correction[name] for name in ("role", "name", "made_at")}
    changed: dict[str, Any] = {
        "sentiment": reading["sentiment"],
        "polarity": {"positive": 1.0, "negative": -1.0, "neutral": 0.0}.get(reading["sentiment"] or ""),
        "suggestion": reading["suggestion"],
        "explanation": {},
        "corrected": told,
    }
    return {**row, **changed}


def _aspects(sentence: Row, correction: Row | None) -> list[Row]:
    """Spans in a correction are code points of the sentence; in the rows, of the answer."""
    if correction is None:
        return []
    return [
        {
            "response_id": sentence["response_id"],
            "question_id": sentence["question_id"],
            "sentence_position": sentence["position"],
            "position": position,
            "topic": found["topic"],
            "sentiment": found["sentiment"],
            "polarity": None,
            "evidence": sentence["text"][found["start"] : found["end"]],
            "start": sentence["start"] + found["start"],
            "end": sentence["start"] + found["end"],
            "rule": RULE,
        }
        for position, found in enumerate(correction["reading"]["topics"])
    ]


def _answer(answer: Row, sentences: tuple[Row, ...]) -> Row:
    """A text is as its sentences are: of one feeling, mixed, or not readable at all."""
    mine = [s["sentiment"] for s in sentences if s["question_id"] == answer["question_id"]]
    felt = set(mine) - {None, "neutral"}
    whole = "mixed" if len(felt) > 1 else next(iter(felt), None) or ("neutral" if "neutral" in mine else None)
    return {**answer, "sentiment": whole}
