"""A visit's digest from the rows of its responses.

In: a Visit, the rows of its responses in any order, the names of the topics, the time.
Out: a Digest, the same for the same input whatever the order of the rows.  Pure.
Two rules stand above all others: an answer reaches only the readers its expert chose, and below
QUOTES_FROM responses nothing that anybody wrote is shown.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from analyzer.digests.anonymity import AVERAGES_FROM, QUOTES_FROM, kinds_to_name, languages_to_tell
from analyzer.digests.cooperating import cooperation
from analyzer.digests.model import Bilingual, Digest, Notes, Turnout, Visit
from analyzer.digests.quotes import Chooser, advice, themes
from analyzer.digests.ratings import distribution_of_role, other_ratings, shown_answers
from analyzer.digests.remarks import Remark, find_remarks
from analyzer.digests.topics import count_topics, headline, tone
from analyzer.rows import Rows


def build_digest(
    visit: Visit, responses: Iterable[Rows], labels: Mapping[str, Bilingual], now: datetime
) -> Digest:
    """labels: topic id -> its name in both languages; topics that are not in it are not spoken of."""
    everyone = sorted(responses, key=lambda rows: str(rows.response["id"]))
    used = [rows for rows in everyone if rows.response["consent"]["use"]]
    words_shown = len(used) >= QUOTES_FROM
    kinds = kinds_to_name(visit, everyone)
    written = find_remarks(used, kinds)
    remarks = written if words_shown else []
    answers = shown_answers(used)
    topics = count_topics(remarks, labels)
    chooser = Chooser(labels)
    return Digest(
        visit=visit,
        as_of=max((rows.response["analysed_at"] for rows in everyone), default=None),
        open=now < visit.deadline,
        headline=headline(topics, len(used), words_shown),
        responses=_turnout(visit, everyone, used),
        words_shown=words_shown,
        overall=distribution_of_role(answers, "overall"),
        recommend=distribution_of_role(answers, "recommend"),
        ratings=tuple(other_ratings(answers)),
        tone=tone(remarks),
        topics=topics,
        praised=themes(remarks, topics, "positive", chooser),
        criticised=themes(remarks, topics, "negative", chooser),
        advice=advice(remarks, labels),
        cooperation=cooperation(used, kinds, labels, words_shown),
        notes=_notes(visit, used, written, kinds),
        labels={topic.id: topic.label for topic in topics},
    )


def _turnout(visit: Visit, everyone: Sequence[Rows], used: Sequence[Rows]) -> Turnout:
    verified = sum(rows.response["verified"] for rows in everyone)
    return Turnout(
        invited=visit.invited,
        answered=len(everyone),
        verified=verified,
        unverified=len(everyone) - verified,
        withheld=len(everyone) - len(used),
        used=len(used),
    )


def _notes(visit: Visit, used: Sequence[Rows], written: Sequence[Remark], kinds: frozenset[str]) -> Notes:
    received = [rows.response["received_at"] for rows in used]
    languages = Counter(rows.response["language"] for rows in used)
    unscorable = [remark for remark in written if remark.row["sentiment"] is None]
    texts = {(remark.expert, remark.evidence.question_id) for remark in written}
    scored = {(r.expert, r.evidence.question_id) for r in written if r.row["sentiment"] is not None}
    versions = {tuple(sorted(rows.response["versions"].items())) for rows in used}
    present = {rows.response["respondent"].get("organisation_kind") for rows in used} - {None}
    return Notes(
        languages=languages_to_tell(languages, visit.minimum_group),
        first_answer_at=min(received, default=None),
        last_answer_at=max(received, default=None),
        sentences=len(written),
        unscorable=len(unscorable),
        unscorable_texts=len(texts - scored),
        texts=len(texts),
        versions=tuple(dict(version) for version in sorted(versions) if version),
        quotes_from=QUOTES_FROM,
        averages_from=AVERAGES_FROM,
        kinds_named=tuple(sorted(kinds & present)),
        kinds_hidden=bool(present - kinds),
    )
