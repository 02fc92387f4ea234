"""kill -9 at random while responses flow: none lost, none double."""

import random
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.pair import Pair, body, request

WAVES, WAVE = 10, 50  # 500 responses; one process is killed in the middle of every wave
VICTIMS = ("collector relay", "analyzer work")


@pytest.mark.timeout(300)
def test_no_response_is_lost_or_doubled_when_relay_and_worker_are_killed(pair: Pair) -> None:
    """500 accepted are 500 counted, whatever died in between."""
    pair.start()
    _, link = pair.links()
    digest = f"{pair.digest_link()}.json"
    pair.wait_until(lambda: request(digest).status == 200, "the visit is known to the analyzer")
    chance = random.Random(20261124)
    for wave in range(WAVES):
        assert send_a_wave(pair, link, chance) == [201] * WAVE
        # The next kill must hit processes at work, not processes that are still starting.
        pair.wait_until(lambda seen=wave * WAVE: answered(digest) > seen, "the pipe moves again")
    pair.wait_until(lambda: answered(digest) >= WAVES * WAVE, "all are counted", seconds=120)
    pair.wait_until(lambda: pair.outbox()["waiting"] == 0, "the outbox is empty")
    assert answered(digest) == WAVES * WAVE
    assert pair.chore("analyzer", "dead", "list", "--json").strip() == "[]"
    assert tallies_after_a_rebuild(pair) == tallies(pair)


def send_a_wave(pair: Pair, link: str, chance: random.Random) -> list[int]:
    """Post concurrently, kill -9 a random victim at a random moment meanwhile, start it again."""
    with ThreadPoolExecutor(4) as pool:
        posts = [pool.submit(pair.post, link, body(), str(uuid.uuid4())) for _ in range(WAVE)]
        threading.Event().wait(chance.uniform(0, 0.4))
        victim = chance.choice(VICTIMS)
        pair.kill(victim)
        pair.start(victim)
        return [post.result().status for post in posts]


def answered(digest: str) -> int:
    return int(request(digest).document["responses"]["answered"])


def tallies(pair: Pair) -> str:
    return pair.chore("analyzer", "digest", "e2e-visit", "--format", "json")


def tallies_after_a_rebuild(pair: Pair) -> str:
    pair.chore("analyzer", "rebuild-tallies")
    return tallies(pair)
