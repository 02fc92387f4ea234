"""One response, end to end, through the real processes."""

import json
import uuid

from tests.e2e.pair import Pair, body, request


def test_a_response_is_in_the_digest_within_five_seconds(pair: Pair) -> None:
    """What an expert sends is what the company can read, at once."""
    pair.start()
    personal, _ = pair.links()
    digest = pair.digest_link()
    pair.wait_until(lambda: request(f"{digest}.json").status == 200, "the visit is known to the analyzer")
    assert pair.post(personal, body()).status == 201
    document = pair.wait_until(
        lambda: (
            (reply := request(f"{digest}.json")).document["responses"]["answered"] == 1 and reply.document
        ),
        "the response is counted",
        seconds=5,
    )
    assert document["responses"]["invited"] == 1
    rows = json.loads(pair.chore("collector", "invitations", "--json"))
    assert {row["kind"]: row["answered"] for row in rows} == {"personal": True, "open": None}


def test_sigterm_ends_every_role_with_exit_zero(pair: Pair) -> None:
    """`docker compose down` is an ordinary day, not a crash."""
    pair.start()
    assert {role: pair.stop(role) for role in list(pair.children)} == dict.fromkeys(
        ("collector web", "collector relay", "analyzer work", "analyzer web"), 0
    )


def test_the_same_response_twice_is_one_response(pair: Pair) -> None:
    """A phone on a bus sends until it gets a receipt."""
    pair.start()
    personal, _ = pair.links()
    key = str(uuid.uuid4())
    first, second = (pair.post(personal, body(), key) for _ in range(2))
    assert (first.status, second.status) == (201, 200)
    assert first.document["receipt"] == second.document["receipt"]
