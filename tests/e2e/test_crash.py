"""kill -9 at random while responses flow: none lost, none double."""

import random
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.pair import Pair, body, request

RESPONSES = 500
VICTIMS = ("collector relay", "analyzer work")


@pytest.mark.timeout(300)
def test_no_response_is_lost_or_doubled_when_relay_and_worker_are_killed(pair: Pair) -> None:
    """500 accepted are 500 counted, whatever died in between."""
    pair.start()
    _, link = pair.links()
    digest = pair.digest_link()
    stop, kills = threading.Event(), []
    killer = threading.Thread(target=kill_at_random, args=(pair, stop, kills))
    killer.start()
    try:
        with ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(lambda key: pair.post(link, body(), key), keys()))
    finally:
        stop.set()
        killer.join()
    assert {reply.status for reply in replies} == {201}
    assert len(kills) >= 4, "the responses went through before anything was killed"
    pair.wait_until(
        lambda: request(f"{digest}.json").document["responses"]["answered"] >= RESPONSES,
        "all are counted",
        seconds=120,
    )
    assert request(f"{digest}.json").document["responses"]["answered"] == RESPONSES
    assert pair.outbox()["waiting"] == 0
    assert pair.chore("analyzer", "dead", "list", "--json").strip() == "[]"
    before = pair.chore("analyzer", "digest", "e2e-visit", "--format", "json")
    pair.chore("analyzer", "rebuild-tallies")
    assert pair.chore("analyzer", "digest", "e2e-visit", "--format", "json") == before


def keys() -> list[str]:
    return [str(uuid.uuid4()) for _ in range(RESPONSES)]


def kill_at_random(pair: Pair, stop: threading.Event, kills: list[str]) -> None:
    """Kill and restart a victim every 0.2 to 0.8 s, until told to stop; then leave all running."""
    chance = random.Random(20261124)
    while not stop.wait(chance.uniform(0.2, 0.8)):
        victim = chance.choice(VICTIMS)
        pair.kill(victim)
        kills.append(victim)
        pair.start(victim)
