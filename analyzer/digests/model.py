"""What a digest is: one set of evidence, free of language, frozen.

Every text made by us is bilingual, {"en": ..., "zh": ...}; every text made by an expert stays as typed.
Every statement names its evidence: which answer, from which to which code point.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

Bilingual: TypeAlias = Mapping[str, str]


@dataclass(frozen=True)
class Visit:
    id: str
    company: Bilingual
    industry: Bilingual
    fair: Bilingual
    timezone: str  # IANA name; dates on paper are the fair's
    visited_at: datetime
    deadline: datetime
    invited: int
    minimum_group: int  # smaller groups of visitors are never named
    visitors: Mapping[str, Mapping[str, int]]  # invited experts by attribute; {}: not told
    sample: bool


@dataclass(frozen=True)
class Evidence:
    """Where a statement comes from.

    `answer` names one answer of one expert without telling which answers are by the same hand.
    """

    answer: str
    question_id: str
    start: int  # code points into the answer
    end: int


@dataclass(frozen=True)
class Mark:
    """Words that made the analysis decide, never marked by hand."""

    start: int  # code points into the quote
    end: int
    kind: str  # topic, positive or negative


@dataclass(frozen=True)
class Reason:
    """One finding behind a reading: words that counted for a side, or that named a topic."""

    words: str
    side: str | None  # positive or negative
    topic: Bilingual | None


@dataclass(frozen=True)
class Attribution:
    """Who said it, as far as the company may know; all None: an expert."""

    name: Bilingual | None = None
    organisation: Bilingual | None = None
    organisation_kind: str | None = None


@dataclass(frozen=True)
class Quote:
    text: str
    lang: str  # en, zh, mixed or other
    sentiment: str | None
    marks: tuple[Mark, ...]
    reasons: tuple[Reason, ...]
    attribution: Attribution
    evidence: Evidence


@dataclass(frozen=True)
class Headline:
    kind: str  # topics, scattered (nothing stood out), few (words not shown yet), none (no answers)
    experts: int
    valued: str | None  # topic ids
    to_fix: str | None


@dataclass(frozen=True)
class Turnout:
    invited: int
    answered: int  # all of them
    verified: int  # by personal link, so among the invited
    unverified: int  # by the open link
    withheld: int  # of all these, answered but not for the company
    used: int  # whose answers this digest is made of


@dataclass(frozen=True)
class Distribution:
    """How often each value of a scale was chosen, lowest value first, with zeros."""

    id: str
    label: Bilingual
    topic: str | None
    low: Bilingual  # names of the scale's ends
    high: Bilingual
    counts: tuple[tuple[int, int], ...]  # (value, experts)
    opted_out: int  # "did not see"; not in counts
    n: int
    average: float | None  # None: fewer than AVERAGES_FROM answers


@dataclass(frozen=True)
class Topic:
    """Remarks on one topic.  A sentence is one remark per topic and feeling."""

    id: str
    label: Bilingual
    positive: int
    neutral: int  # with those that could not be scored
    negative: int
    experts: int
    experts_positive: int
    experts_negative: int
    evidence: tuple[Evidence, ...]

    @property
    def remarks(self) -> int:
        return self.positive + self.neutral + self.negative


@dataclass(frozen=True)
class Theme:
    """A topic that experts praised, or found wanting, with the quotes that stand for it."""

    topic: str
    label: Bilingual
    experts: int
    remarks: int
    quotes: tuple[Quote, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Advice:
    """What experts suggest on one topic."""

    topic: str
    label: Bilingual
    experts: int
    items: tuple[Quote, ...]
    unquoted: int  # suggestions counted whose words the expert kept from the company
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Option:
    id: str
    label: Bilingual
    n: int


@dataclass(frozen=True)
class Lead:
    """An expert who said yes to being contacted."""

    name: str | None
    email: str | None
    phone: str | None
    organisation: Bilingual | None
    forms: tuple[Bilingual, ...]
    offer: Quote | None
    evidence: Evidence


@dataclass(frozen=True)
class Cooperation:
    n: int  # experts who answered the question
    willing: int  # yes or maybe
    options: tuple[Option, ...]
    forms: tuple[Option, ...]
    leads: tuple[Lead, ...]
    offers: tuple[Quote, ...]  # of experts who left no contact
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Notes:
    languages: Mapping[str, int] | None  # forms by language; None: a group is too small to be told
    first_answer_at: datetime | None
    last_answer_at: datetime | None
    sentences: int
    unscorable: int
    unscorable_texts: int
    texts: int
    versions: tuple[Mapping[str, str], ...]  # of engine, lexicon and taxonomy; more than one after an upgrade
    quotes_from: int  # responses
    averages_from: int  # answers
    kinds_named: tuple[str, ...]  # kinds of organisation that quotes may name
    kinds_hidden: bool


@dataclass(frozen=True)
class Tone:
    """Sentences by feeling; unscorable ones are not neutral."""

    positive: int
    neutral: int
    negative: int
    unscorable: int
    texts: int


@dataclass(frozen=True)
class Digest:
    visit: Visit
    as_of: datetime | None  # when the newest answer in it was analysed
    open: bool  # more answers may come
    headline: Headline
    responses: Turnout
    words_shown: bool  # False: too few answers, nothing that somebody wrote is shown
    overall: Distribution | None
    recommend: Distribution | None
    ratings: tuple[Distribution, ...]
    tone: Tone
    topics: tuple[Topic, ...]
    praised: tuple[Theme, ...]
    criticised: tuple[Theme, ...]
    advice: tuple[Advice, ...]
    cooperation: Cooperation | None
    notes: Notes
    labels: Mapping[str, Bilingual]  # topic id -> name, for every topic that is mentioned
