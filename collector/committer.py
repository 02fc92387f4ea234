"""Group commit: many requests share one transaction, so that one disk flush serves them all.

A request hands in an item and waits; one thread per process takes whatever is queued and commits it.
There is no artificial delay: while one commit runs, the next batch gathers by itself.
"""

import logging
import os
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from collector.errors import TryLater

Item = TypeVar("Item")
Result = TypeVar("Result")

LIMIT = 128  # members of a batch; more gains nothing once the flush is shared by so many
PATIENCE = 15.0  # seconds that a request waits for its commit before it is asked to come again

log = logging.getLogger(__name__)


@dataclass
class _Job(Generic[Item, Result]):
    item: Item
    done: threading.Event = field(default_factory=threading.Event)
    result: Result | None = None
    error: Exception | None = None


class Committer(Generic[Item, Result]):
    """`write(items) -> results` runs in one transaction; it raises if the batch did not commit.

    A result stands at the same place as its item.  TryLater from `write` is the world's fault and goes
    to every member; after any other exception the members are written one by one, so that one of them
    cannot fail the 127 others.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Item]], Sequence[Result]],
        limit: int = LIMIT,
        patience: float = PATIENCE,
    ) -> None:
        self._write = write
        self._limit = limit
        self._patience = patience
        self._start = threading.Lock()
        self._process: int | None = None  # where the thread runs: a forked child needs its own
        self._jobs: queue.SimpleQueue[_Job[Item, Result]] = queue.SimpleQueue()

    def commit(self, item: Item) -> Result:
        """Wait until the item is on disk.  Raises TryLater when that takes too long: the write may
        still happen, so the sender comes again under the same key."""
        if self._process != os.getpid():
            self._start_thread()
        job: _Job[Item, Result] = _Job(item)
        self._jobs.put(job)
        if not job.done.wait(self._patience):
            raise TryLater(f"no commit within {self._patience:g} s")
        if job.error is not None:
            raise job.error
        assert job.result is not None
        return job.result

    def _start_thread(self) -> None:
        with self._start:
            if self._process == os.getpid():
                return
            self._jobs = queue.SimpleQueue()
            threading.Thread(target=self._run, args=(self._jobs,), name="committer", daemon=True).start()
            self._process = os.getpid()

    def _run(self, jobs: "queue.SimpleQueue[_Job[Item, Result]]") -> None:
        while True:
            self._settle(self._gather(jobs))

    def _gather(self, jobs: "queue.SimpleQueue[_Job[Item, Result]]") -> list[_Job[Item, Result]]:
        batch = [jobs.get()]
        try:
            while len(batch) < self._limit:
                batch.append(jobs.get_nowait())
        except queue.Empty:
            pass
        return batch

    def _settle(self, batch: list[_Job[Item, Result]]) -> None:
        try:
            for job, result in zip(batch, self._write([job.item for job in batch]), strict=True):
                job.result = result
        except TryLater as error:
            self._fail(batch, error)
        except Exception as error:
            self._isolate(batch, error)
        for job in batch:
            job.done.set()

    def _isolate(self, batch: list[_Job[Item, Result]], error: Exception) -> None:
        if len(batch) == 1:
            self._fail(batch, error)
            return
        log.warning("batch of %d failed (%s): writing its members singly", len(batch), type(error).__name__)
        for job in batch:
            self._settle([job])

    @staticmethod
    def _fail(batch: list[_Job[Item, Result]], error: Exception) -> None:
        for job in batch:
            job.error = error
