"""What a company lets the expert behind an item read: the status and the reply.

In: a connection, a response's id.  Out: plain values for the collector's receipt page.  Only items made of
this very response are told, only where the newest word on them says so, and nobody's name.
"""

from typing import Any

import sqlalchemy as sa

from analyzer import acting
from analyzer.corrections import item_id
from analyzer.digests.cooperating import LEAD
from analyzer.tables import action, answer, sentence


def replies_to(connection: sa.Connection, response_id: str) -> list[dict[str, Any]]:
    """Oldest first.  `said`: the expert's own words; None: the offer to be contacted."""
    texts = _own_words(connection, response_id)
    said = {name: words[-1] for name, words in _words(connection, response_id).items() if name in texts}
    shown = [(name, word) for name, word in said.items() if word.to_expert]
    return [
        {
            "said": texts[name],
            "status": word.status,
            "reply": word.reply,
            "at": word.made_at.isoformat().replace("+00:00", "Z"),
        }
        for name, word in sorted(shown, key=lambda pair: pair[1].made_at)
    ]


def _words(connection: sa.Connection, response_id: str) -> dict[str, list[acting.Action]]:
    return acting.history(connection, action.c.response_id == response_id)


def _own_words(connection: sa.Connection, response_id: str) -> dict[str, str | None]:
    """By item id; words that an amendment took out of the response are no longer among them."""
    sentences = sa.select(sentence.c.text).where(sentence.c.response_id == response_id)
    whole = sa.select(answer.c.value).where(answer.c.response_id == response_id, answer.c.type == "text")
    texts = [*connection.execute(whole).scalars(), *connection.execute(sentences).scalars()]
    return {**{item_id(response_id, text): text for text in texts}, item_id(response_id, LEAD): None}
