"""What a digest is: one set of evidence, free of language, frozen.

Every text made by us is bilingual, {"en": ..., "zh": ...}; every text made by an expert stays as typed.
Every statement names its evidence: which answer, from which to which code point.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

Bilingual: TypeAlias = Mapping[str, str]
STATUSES = ("new", "accepted", "started", "done", "declined")


@dataclass(frozen=True)
class Need:
    """What a company asked for before the visit."""

    id: str
    label: Bilingual
    topic: str | None = None  # advice on this topic answers it
    phrases: tuple[str, ...] = ()  # and so does any sentence with one of these


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
    attribution: str = "named"  # named (who agreed), discipline, pooled: what a quote may tell
    minimum_text: int | None = None  # visitors who may have written a quote; None: minimum_group
    needs: tuple[Need, ...] = ()

    @property
    def text_group(self) -> int:
        return self.minimum_text or self.minimum_group


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

    words: str  # "": the sentence as a whole
    side: str | None  # positive or negative
    topic: Bilingual | None


@dataclass(frozen=True)
class Attribution:
    """Who said it, as far as the company may know; all None: an expert."""

    name: Bilingual | None = None
    organisation: Bilingual | None = None
    organisation_kind: str | None = None
    discipline: str | None = None


@dataclass(frozen=True)
class Corrected:
    """A person, not software, said how a sentence is to be read."""

    role: str  # company or organiser
    name: str
    made_at: datetime


@dataclass(frozen=True)
class CorrectedStatement:
    """What a person wrote in the place of a statement's own words; its counts and evidence stay."""

    text: Bilingual  # en, zh or both
    role: str  # company or organiser
    name: str
    made_at: datetime
    basis: str  # hash of the evidence that it was written about
    outdated: bool = False  # other remarks stand behind the statement now

    def language(self, wanted: str) -> str:
        """In which language it is shown to who reads `wanted`."""
        return wanted if wanted in self.text else next(iter(self.text))


@dataclass(frozen=True)
class Horizon:
    """When an offer could begin, in the expert's words."""

    words: str
    label: Bilingual
    start: int  # code points into the quote
    end: int


@dataclass(frozen=True)
class Action:
    """What a company does about an advice item or a lead, as it was last written down."""

    owner: str  # "": nobody yet
    due_on: str | None  # ISO date
    status: str  # one of STATUSES
    reply: str
    role: str  # who wrote it down
    name: str
    made_at: datetime
    to_expert: bool = False  # the item's own expert may read status and reply


@dataclass(frozen=True)
class Quote:
    text: str
    lang: str  # en, zh, mixed or other
    sentiment: str | None
    marks: tuple[Mark, ...]
    reasons: tuple[Reason, ...]
    attribution: Attribution
    evidence: Evidence
    id: str = ""  # of the item; the same after every rebuild, and after an amendment that keeps the words
    corrected: Corrected | None = None
    horizon: Horizon | None = None  # of offers
    topics: tuple[tuple[str, str | None], ...] = ()  # what it is about, with the feeling about each
    suggestion: bool = False
    transcribed: bool = False  # spoken by the expert, written down by the organiser


@dataclass(frozen=True)
class Photo:
    """A picture that an expert took and gave to the company; it lies at the collector."""

    id: str
    width: int  # pixels
    height: int
    attribution: Attribution


@dataclass(frozen=True)
class Headline:
    # topics, scattered (nothing stood out), silent (nobody wrote a comment), unreadable (none could be read),
    # few (words not shown yet), none (no answers), room (too few visitors to show what they said)
    kind: str
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
    amended: int = 0  # of those used: an answer was changed later; the last version counts


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
    withheld: str | None = None  # unanimous: all visitors chose one value, so it would tell each one's


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

    @property
    def known(self) -> int:
        return len(self.items) + self.unquoted


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
    id: str = ""  # of the item, as in a Quote

    @property
    def horizon(self) -> Horizon | None:
        return self.offer.horizon if self.offer else None


@dataclass(frozen=True)
class Cooperation:
    n: int  # experts who answered the question
    willing: int  # yes or maybe
    options: tuple[Option, ...]
    forms: tuple[Option, ...]
    leads: tuple[Lead, ...]
    offers: tuple[Quote, ...]  # of experts who left no contact
    evidence: tuple[Evidence, ...]

    @property
    def ready(self) -> int:
        """Who said yes; "maybe later" is not yet a yes."""
        return next((option.n for option in self.options if option.id == "yes"), 0)


@dataclass(frozen=True)
class NeedAnswer:
    """What experts said to one need of the company."""

    id: str
    label: Bilingual
    experts: int
    quotes: tuple[Quote, ...]
    unquoted: int  # sentences counted whose words the expert kept from the company
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Movement:
    """One measure now and at the company's previous visit."""

    id: str
    label: Bilingual
    now: float
    before: float
    n_now: int
    n_before: int
    noise: float  # what one expert can move: the scale's range / the smaller n
    direction: str  # up, down, same (within the noise)


@dataclass(frozen=True)
class Change:
    """Against the company's previous visit; no measures: too few answers then or now."""

    visited_at: datetime
    fair: Bilingual
    measures: tuple[Movement, ...]
    experts_from: int  # answers that each visit must have


@dataclass(frozen=True)
class Standing:
    """One measure among the companies of a fair; no names, no ranks."""

    id: str
    label: Bilingual
    own: float | None  # None: fewer than AVERAGES_FROM answers
    n: int
    lower: float  # quartiles of the companies' averages, this one among them
    median: float
    upper: float
    companies: int
    low: int  # ends of the scale
    high: int


@dataclass(frozen=True)
class Accuracy:
    """How well the tagging of one language was measured to be, on labelled answers."""

    language: str  # en, zh
    measure: str  # sentiment, topic, suggestion
    value: float  # F1, 0..1
    low: float  # 95 % interval
    high: float
    responses: int  # labelled ones


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
    disciplines_named: tuple[str, ...] = ()
    text_from: int = 0  # visitors who may have written a quote
    spared: bool = False  # all agreed, so one expert's words are left out and every count is "at least"
    corrected: int = 0  # sentences whose reading a person set right
    accuracy: tuple[Accuracy, ...] = ()
    fair_companies_from: int = 0  # companies below which there is no comparison
    fair_experts_from: int = 0  # answers that each of them must have


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
    needs: tuple[NeedAnswer, ...] = ()
    change: Change | None = None  # None: no previous visit is known
    fair: tuple[Standing, ...] = ()  # empty: too few companies to compare
    actions: Mapping[str, Action] = field(default_factory=dict)  # by item id
    statements: Mapping[str, CorrectedStatement] = field(default_factory=dict)  # people's words, by statement
    remarks: tuple[Quote, ...] = ()  # every sentence that may be read, by evidence: where statements lead
    photos: tuple[Photo, ...] = ()
