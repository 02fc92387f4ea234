"""What our mails say.  Both languages in each, the reader's own first.  Pure but for the request's facts.

In: invitations and answers.  Out: a Letter of plain text.
"""

from collections.abc import Sequence
from typing import Any

from collector.mailbox import Letter
from collector.questionnaire import Questionnaire
from collector.receipts import reference
from collector.store import Invitation, StoredResponse
from collector.text import say_day, say_moment

WORDS = {
    "links_subject": {"en": "Your links to the feedback forms", "zh": "您的参访反馈链接"},
    "links_lead": {
        "en": "You, or somebody with your address, asked for these links. Each is yours alone: please do not "
        "pass them on.",
        "zh": "您（或使用您邮箱的人）请求了以下链接。链接仅供您本人使用，请勿转发。",
    },
    "until": {"en": "open until {deadline}", "zh": "{deadline} 截止"},
    "links_end": {
        "en": "You did not ask? Then you need not do anything.",
        "zh": "如非您本人请求，可忽略此邮件。",
    },
    "copy_subject": {"en": "Your answers: {company}", "zh": "您的答案：{company}"},
    "copy_lead": {
        "en": "A copy of your answers, received {when}. Reference {reference}.",
        "zh": "以下是您 {when} 提交的答案副本，编号 {reference}。",
    },
    "unanswered": {"en": "Not answered", "zh": "未作答"},
}
BETWEEN = "\n\n- - - - - - - - - -\n\n"


def links_letter(found: Sequence[tuple[Invitation, str]], language: str) -> Letter:
    """`found`: invitations with the addresses of their forms."""
    order = (language, "en" if language == "zh" else "zh")
    body = BETWEEN.join(_links_part(found, one) for one in order)
    return Letter(" · ".join(WORDS["links_subject"][one] for one in order), body + "\n")


def copy_of(invitation: Invitation, stored: StoredResponse, asked: Questionnaire, language: str) -> Letter:
    from collector.receiptpage import answers

    visit = invitation.visit
    said = {
        "company": visit.company[language],
        "when": say_moment(stored.received_at, visit.zone, language),
        "reference": reference(stored.id),
    }
    subject = WORDS["copy_subject"][language].format(**said)
    lines = [f"{label}\n{_plain(shown, language)}" for label, shown, _ in answers(asked, stored, language)]
    return Letter(subject, "\n\n".join([WORDS["copy_lead"][language].format(**said), *lines]) + "\n")


def _links_part(found: Sequence[tuple[Invitation, str]], language: str) -> str:
    parts = [WORDS["links_lead"][language]]
    for invitation, address in found:
        visit = invitation.visit
        day = say_day(visit.visited_at.astimezone(visit.zone).date(), language)
        until = WORDS["until"][language].format(deadline=say_moment(visit.deadline, visit.zone, language))
        parts.append(f"{visit.company[language]}, {day} ({until})\n{address}?lang={language}")
    return "\n\n".join([*parts, WORDS["links_end"][language]])


def _plain(shown: Any, language: str) -> str:
    if shown is None:
        return WORDS["unanswered"][language]
    if isinstance(shown, str):
        return shown
    return "\n".join(f"  {row}: {rating}" for row, rating in shown)
