"""What experts said to the company's own needs, in the order in which the company gave them.

In: the visit's needs, and remarks (offers among them).  Out: one NeedAnswer a need, also where nobody
spoke to it: silence is an answer too.  Pure.  A sentence speaks to a need if it holds one of its
phrases, or if it is advice or an offer on the need's topic.
"""

from collections.abc import Mapping, Sequence

from analyzer.digests.model import Bilingual, Need, NeedAnswer, Visit
from analyzer.digests.quotes import Chooser
from analyzer.digests.remarks import Remark
from analyzer.digests.topics import experts

QUOTES_PER_NEED = 3


def answer_needs(
    visit: Visit, remarks: Sequence[Remark], labels: Mapping[str, Bilingual]
) -> tuple[NeedAnswer, ...]:
    return tuple(_answer(need, remarks, labels) for need in visit.needs)


def _answer(need: Need, remarks: Sequence[Remark], labels: Mapping[str, Bilingual]) -> NeedAnswer:
    mine = [remark for remark in remarks if speaks_to(remark, need)]
    quotes = Chooser(labels).quotes(mine, QUOTES_PER_NEED)
    return NeedAnswer(
        id=need.id,
        label=need.label,
        experts=experts(mine),
        quotes=quotes,
        unquoted=sum(not remark.quotable for remark in mine),
        evidence=tuple(remark.evidence for remark in mine),
    )


def speaks_to(remark: Remark, need: Need) -> bool:
    words = remark.row["text"].casefold()
    if any(phrase.casefold() in words for phrase in need.phrases):
        return True
    advises = remark.row["suggestion"] or remark.row["kind"] == "offer"
    return bool(need.topic and advises and any(topic == need.topic for topic, _ in remark.feelings))
