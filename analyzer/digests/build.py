"""A visit's digest from the rows of its responses.

In: a Visit, the rows of its responses in any order, the names of the topics, the time, what is known of
other visits and what was done about the items.  Out: a Digest, the same for the same input whatever the
order of the rows.  Pure.  Three rules stand above all others: an answer reaches only the readers its
expert chose; below QUOTES_FROM responses, and in a room of few, nothing that anybody wrote is shown
without a name to it; and no statement stands without the words it rests on.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from analyzer.digests.anonymity import (
    AVERAGES_FROM,
    QUOTES_FROM,
    Room,
    agreed_to_be_named,
    has_contact,
    languages_to_tell,
    room_of,
)
from analyzer.digests.comparing import (
    COMPANIES_FROM,
    EXPERTS_FROM,
    Background,
    change,
    measures,
    standings,
)
from analyzer.digests.cooperating import cooperation
from analyzer.digests.founding import check
from analyzer.digests.model import (
    Accuracy,
    Action,
    Bilingual,
    CorrectedStatement,
    Digest,
    Distribution,
    Headline,
    Notes,
    Turnout,
    Visit,
)
from analyzer.digests.needs import answer_needs
from analyzer.digests.photos import Sizes, find_photos
from analyzer.digests.quotes import Chooser, advice, themes
from analyzer.digests.ratings import distribution_of_role, other_ratings, shown_answers
from analyzer.digests.remarks import Remark, find_offers, find_remarks, quote, shown_texts
from analyzer.digests.statements import corrected
from analyzer.digests.topics import count_topics, headline, tone
from analyzer.digests.unanimity import spare_one, withhold
from analyzer.rows import Rows

ALONE = Background()


def build_digest(
    visit: Visit,
    responses: Iterable[Rows],
    labels: Mapping[str, Bilingual],
    now: datetime,
    background: Background = ALONE,
    actions: Mapping[str, Action] | None = None,
    accuracy: Sequence[Accuracy] = (),
    arrived: Sizes | None = None,
    statements: Mapping[str, CorrectedStatement] | None = None,
) -> Digest:
    """labels: topic id -> its name in both languages; topics that are not in it are not spoken of.
    arrived: the photos that can be looked at, whoever may.

    statements: what people wrote in the place of the software's words, by the statement's name.

    Raises Unfounded, a bug of ours, for a statement without evidence.
    """
    everyone = sorted(responses, key=lambda rows: str(rows.response["id"]))
    used = [rows for rows in everyone if rows.response["consent"]["use"]]
    room = room_of(visit, everyone)
    rated, writing, willing = _voices(used, room)
    words_shown = len(used) >= QUOTES_FROM and bool(writing or not room.small)
    written = find_remarks(writing, room)
    remarks, spared = spare_one(written, room) if words_shown else ([], False)
    offered = find_offers(writing, room) if words_shown else []
    answers = shown_answers(rated)
    overall = _told(distribution_of_role(answers, "overall"), room)
    recommend = _told(distribution_of_role(answers, "recommend"), room)
    ratings = tuple(withhold(rating, room) for rating in other_ratings(answers))
    own = measures(overall, recommend, ratings)
    topics, felt = count_topics(remarks, labels), tone(remarks)
    chooser = Chooser(labels)
    digest = Digest(
        visit=visit,
        as_of=max((rows.response["analysed_at"] for rows in everyone), default=None),
        open=now < visit.deadline,
        headline=_headline(headline(topics, len(used), words_shown, felt), room),
        responses=_turnout(visit, everyone, used),
        words_shown=words_shown,
        overall=overall,
        recommend=recommend,
        ratings=ratings,
        tone=felt,
        topics=topics,
        praised=themes(remarks, topics, "positive", chooser),
        criticised=themes(remarks, topics, "negative", chooser),
        advice=advice(remarks, labels),
        cooperation=cooperation(willing, room, labels, words_shown, remarks),
        notes=_notes(visit, room, used, written, spared, accuracy),
        labels={topic.id: topic.label for topic in topics},
        needs=answer_needs(visit, [*remarks, *offered], labels) if words_shown else (),
        change=change(own, background.previous),
        fair=standings(own, background.companies),
        actions=actions or {},
        remarks=tuple(quote(remark, labels) for remark in remarks if remark.quotable),
        photos=find_photos(writing, room, arrived or {}) if words_shown else (),
    )
    check(digest, _texts(used))
    return corrected(digest, statements or {})


def _voices(used: Sequence[Rows], room: Room) -> tuple[Sequence[Rows], Sequence[Rows], Sequence[Rows]]:
    """Whose ratings, words and offers may be told.  In a room of few, only who speaks openly is heard."""
    if not room.small:
        return used, used, used
    named = [rows for rows in used if room.names and agreed_to_be_named(rows.response)]
    return (), named, [rows for rows in used if has_contact(rows)]


def _told(distribution: Distribution | None, room: Room) -> Distribution | None:
    return withhold(distribution, room) if distribution else None


def _headline(found: Headline, room: Room) -> Headline:
    return Headline("room", found.experts, None, None) if room.small and found.experts else found


def _texts(used: Sequence[Rows]) -> dict[str, str]:
    return {text.name: text.answer["value"] for rows in used for text in shown_texts(rows)}


def _turnout(visit: Visit, everyone: Sequence[Rows], used: Sequence[Rows]) -> Turnout:
    verified = sum(rows.response["verified"] for rows in everyone)
    return Turnout(
        invited=visit.invited,
        answered=len(everyone),
        verified=verified,
        unverified=len(everyone) - verified,
        withheld=len(everyone) - len(used),
        used=len(used),
        amended=sum(_is_amended(rows.response) for rows in used),
    )


def _is_amended(response: Mapping[str, Any]) -> bool:
    """A photo or a transcript is a later revision, too, and no change of an answer."""
    changed_in: int = response["answers_revision"] or response["revision"]
    return changed_in > 1


def _notes(
    visit: Visit,
    room: Room,
    used: Sequence[Rows],
    written: Sequence[Remark],
    spared: bool,
    accuracy: Sequence[Accuracy],
) -> Notes:
    received = [rows.response["received_at"] for rows in used]
    languages = Counter(rows.response["language"] for rows in used)
    unscorable = [remark for remark in written if remark.row["sentiment"] is None]
    texts = {(remark.expert, remark.evidence.question_id) for remark in written}
    scored = {(r.expert, r.evidence.question_id) for r in written if r.row["sentiment"] is not None}
    versions = {tuple(sorted(rows.response["versions"].items())) for rows in used}
    present = {rows.response["respondent"].get("organisation_kind") for rows in used} - {None}
    named = {
        name: {getattr(remark.attribution, name) for remark in written} - {None}
        for name in ("organisation_kind", "discipline")
    }
    return Notes(
        languages=languages_to_tell(languages, room),
        first_answer_at=min(received, default=None),
        last_answer_at=max(received, default=None),
        sentences=len(written),
        unscorable=len(unscorable),
        unscorable_texts=len(texts - scored),
        texts=len(texts),
        versions=tuple(dict(version) for version in sorted(versions) if version),
        quotes_from=QUOTES_FROM,
        averages_from=AVERAGES_FROM,
        kinds_named=tuple(sorted(named["organisation_kind"])),
        kinds_hidden=bool(present - named["organisation_kind"]),
        disciplines_named=tuple(sorted(named["discipline"])),
        text_from=visit.text_group,
        spared=spared,
        corrected=sum("corrected" in remark.row for remark in written),
        accuracy=tuple(accuracy),
        fair_companies_from=COMPANIES_FROM,
        fair_experts_from=EXPERTS_FROM,
    )
