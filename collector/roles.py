"""What a question is for: the roles that analysis understands, and which types of question may have them.

Pure data.  A role travels with every answer, so the analyzer needs no questionnaire.  The topics are the
analyzer's taxonomy; a topic it does not know would never reach a digest.
"""

from collections.abc import Mapping

TOPICS = (
    "production_process",
    "equipment_automation",
    "product_quality",
    "innovation_rd",
    "energy_environment",
    "safety",
    "digitalisation",
    "market_prospects",
    "management_people",
    "cooperation",
    "cost_supply",
    "visit_organisation",
    "other",
)
ASPECTS = tuple(f"aspect:{topic}" for topic in TOPICS)  # of a rating, or of one row of a matrix

_ANSWERS = ("rating", "nps", "single_choice", "multiple_choice", "matrix", "text")

ROLES: Mapping[str, tuple[str, ...]] = {
    "overall": ("rating",),
    "recommend": ("nps",),
    "aspects": ("matrix",),
    **dict.fromkeys(ASPECTS, ("rating",)),
    "impressed": ("text",),
    "improve": ("text",),
    "outlook": ("text",),
    "seen": ("single_choice", "multiple_choice"),
    "cooperation": ("single_choice",),
    "cooperation_forms": ("multiple_choice",),
    "cooperation_offer": ("text",),
    "visit_organisation": ("rating", "text"),
    "contact": ("contact",),
    "consent_use": ("consent",),
    "consent_quote": ("consent",),
    "consent_named": ("consent",),
    "other": _ANSWERS,
}
# Two questions with one of these would contradict each other.
ONCE = ("overall", "recommend", "cooperation", "contact", "consent_use", "consent_quote", "consent_named")
