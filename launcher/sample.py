"""The sample fair: loaded so that it is on today, answered over real HTTP, read in real digests."""

import json
import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from launcher.chore import Chores
from launcher.ready import get_json
from launcher.terminal import Terminal

FAIR = "yuncheng-13"
VISIT = "ruige-1124"  # the one whose form and digest a newcomer is shown
PROGRAMME = Path("collector/samples") / f"{FAIR}.yaml"
RESPONSES = Path("collector/samples") / f"{FAIR}-responses.jsonl"
# The fair's zone, Asia/Shanghai, has had no summer time since 1991; a slim machine has no zone files.
ZONE = timezone(timedelta(hours=8))
AGO = timedelta(days=2)  # the fair's second day is over, so every visit has been, and its form is open
STALE = timedelta(days=6)  # the forms close 7 days after the fair's start; then it moves again
SENT = re.compile(r"\b(\d+)/(\d+)\b")
LOOK = 0.5  # seconds between two looks at the digests
STUCK = 60.0  # seconds without one more analysed response: tell, and go on


@dataclass(frozen=True)
class Links:
    """What can be opened."""

    form: str
    overview: str
    digests: Mapping[str, str]  # by visit


class Sample:
    """Every step may be repeated; a second run adds nothing."""

    def __init__(self, chores: Chores, data_dir: Path, terminal: Terminal) -> None:
        self._chores, self._terminal = chores, terminal
        self._memory = data_dir / "sample.json"

    def load(self) -> None:
        """Needs only the database, so it is done before the roles start."""
        starting = start_day(remembered(self._memory), datetime.now(UTC))
        self._chores.run("collector", "load", str(PROGRAMME), "--starting", starting.isoformat())
        self._memory.write_text(json.dumps({"fair": FAIR, "starting": starting.isoformat()}) + "\n", "utf-8")

    def send(self, collector_url: str) -> None:
        """Like 92 phones, one after the other."""
        command = ("collector", "sample-responses", str(RESPONSES), "--url", collector_url)
        self._chores.run(*command, on_line=self._show_sent)
        self._terminal.progress(f"Sample responses: {sum(expected(self._text()).values())} sent", last=True)

    def await_digests(self, digests: Mapping[str, str]) -> None:
        """digests: the link of each visit.  Until every response is counted; tells if that gets stuck."""
        wanted = expected(self._text())
        best, moved_at = 0, time.monotonic()
        while (counted := count_answered(digests, wanted)) < sum(wanted.values()):
            if counted > best:
                best, moved_at = counted, time.monotonic()
            if time.monotonic() - moved_at > STUCK:
                self._terminal.warn(f"Only {counted} sample responses are analysed so far; see the logs")
                return
            self._terminal.progress(f"Sample responses: {counted}/{sum(wanted.values())} analysed")
            self._chores.wait(LOOK)
        self._terminal.progress(f"Sample responses: {counted} analysed", last=True)

    def digests(self) -> Mapping[str, str]:
        """A digest link for each visit."""
        visits = list(expected(self._text()))
        printed = self._chores.run_together(
            *(("collector", "digest-link", visit, "--json") for visit in visits)
        )
        return {visit: str(json.loads(text)["url"]) for visit, text in zip(visits, printed, strict=True)}

    def links(self, digests: Mapping[str, str]) -> Links:
        """What a newcomer opens: asked when all has arrived, so that the form is one not yet answered."""
        forms, overview = map(
            json.loads,
            self._chores.run_together(
                ("collector", "invitations", "--visit", VISIT, "--json"),
                ("collector", "organiser-link", FAIR, "--json"),
            ),
        )
        return Links(first_form(forms), str(overview["url"]), digests)

    def _show_sent(self, line: str) -> None:
        if found := SENT.search(line):
            self._terminal.progress(f"Sample responses: {found[0]} sent")

    def _text(self) -> str:
        return (self._chores.root / RESPONSES).read_text("utf-8")


def remembered(memory: Path) -> date | None:
    """The day on which the loaded sample starts; None: none is loaded, or the note cannot be read."""
    try:
        return date.fromisoformat(json.loads(memory.read_text("utf-8"))["starting"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def start_day(before: date | None, now: datetime) -> date:
    """Two days ago where the fair is; a fair that started less than STALE ago stays where it is."""
    today = now.astimezone(ZONE).date()
    return before if before and timedelta(0) <= today - before < STALE else today - AGO


def expected(responses: str) -> Mapping[str, int]:
    """Sample responses per visit, from the JSON lines."""
    return Counter(json.loads(line)["visit"] for line in responses.splitlines() if line.strip())


def count_answered(digests: Mapping[str, str], wanted: Mapping[str, int]) -> int:
    """Responses in the digests; more than the sample's own (somebody tried the form) do not count."""
    return sum(min(answered(link), wanted[visit]) for visit, link in digests.items())


def answered(link: str) -> int:
    """0 also while the analyzer does not know the visit or does not answer."""
    try:
        return int(get_json(f"{link}.json")["responses"]["answered"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def first_form(rows: Any) -> str:
    """A personal link that works, of an expert who has not answered; of any expert where all have."""
    works = [row for row in rows if row["kind"] == "personal" and not row["revoked_at"]]
    return str(min(works, key=lambda row: row["answered"])["url"])
