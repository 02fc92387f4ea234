"""Starts the roles, restarts those that crash, stops them all."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from launcher.bell import Bell
from launcher.child import Child
from launcher.errors import LauncherError
from launcher.guard import Guard
from launcher.log import tail
from launcher.procfile import Role
from launcher.terminal import Terminal

GRACE = 10.0  # seconds between SIGTERM and SIGKILL
START = 90.0  # seconds for the two web roles to become ready
REPEAT = 1.0  # seconds between two SIGTERMs; a worker that is just being started may miss the first
LOOK = 0.1  # seconds between two questions whether they are
LONGEST = 30.0  # seconds between two starts of a role that keeps crashing
HEALTHY = 60.0  # seconds after which a crash is a new one and not the old one again


@dataclass
class Post:
    """A role and who fills it."""

    role: Role
    child: Child
    started_at: float  # monotonic seconds
    crashes: int = 0  # in a row
    due_at: float | None = None  # when to start it again; None: it runs


class Supervisor:
    """Used from the main thread only."""

    def __init__(
        self,
        root: Path,
        data_dir: Path,
        environment: Mapping[str, str],
        terminal: Terminal,
        bell: Bell,
        guard: Guard,
    ) -> None:
        self._root, self._data_dir, self._environment = root, data_dir, environment
        self._terminal, self._bell, self._guard = terminal, bell, guard
        self._posts: list[Post] = []
        # While all start at once, each finds the others missing: that stays in the logs.
        self._settled = False

    def start(self, roles: Sequence[Role]) -> None:
        for role in roles:
            self._posts.append(Post(role, self._start_child(role), time.monotonic()))

    def await_ready(self, why_not_ready: Callable[[], str | None]) -> None:
        """Raises LauncherError as soon as a role ends, or when the time is over."""
        deadline = time.monotonic() + START
        while (reason := why_not_ready()) is not None:
            self._fail_if_ended()
            if time.monotonic() > deadline:
                raise LauncherError(f"not ready after {START:.0f} s: {reason}")
            self._bell.wait(LOOK)
        self._fail_if_ended()

    def wait(self, seconds: float) -> None:
        """Keep the roles alive for so long.  Raises StopRequested."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self._tend()
            self._bell.wait(min(left, self._next_start_in()))

    def keep(self, seconds: float) -> None:
        """wait(), again and again, until somebody asks for the end."""
        while True:
            self.wait(seconds)

    def settle(self) -> None:
        """From now on the terminal shows what the roles complain about."""
        self._settled = True

    def busy(self) -> bool:
        return bool(self._running())

    def stop(self) -> None:
        """SIGTERM for all, a grace period, SIGKILL for what is left.  A second Ctrl-C ends the grace."""
        for post in self._posts:
            post.child.terminate()
        deadline, repeat_at = time.monotonic() + GRACE, time.monotonic() + REPEAT
        while self._running() and time.monotonic() < deadline and not self._bell.hurried:
            self._bell.rest(LOOK)
            if time.monotonic() >= repeat_at:
                repeat_at += REPEAT
                for post in self._running():
                    post.child.terminate_group()
        for post in self._running():
            self._terminal.warn(f"{post.role.name} did not stop in time and is killed")
        for post in self._posts:
            post.child.bury()

    def _running(self) -> list[Post]:
        return [post for post in self._posts if post.child.ended() is None]

    def _start_child(self, role: Role) -> Child:
        log = self._data_dir / "log" / f"{role.name}.log"
        return Child(
            role, self._environment, self._root, log, self._guard, lambda line: self._warn(role.name, line)
        )

    def _warn(self, name: str, line: str) -> None:
        if self._settled:
            self._terminal.warn(f"{name}: {line}")

    def _fail_if_ended(self) -> None:
        for post in self._posts:
            if (how := post.child.ended()) is not None:
                raise LauncherError(
                    f"{post.role.name} ended during the start ({how}); the end of {post.child.log}:\n"
                    + tail(post.child.log)
                )

    def _tend(self) -> None:
        for post in self._posts:
            if post.due_at is None and (how := post.child.ended()) is not None:
                self._plan_restart(post, how)
            if post.due_at is not None and time.monotonic() >= post.due_at:
                self._restart(post)

    def _plan_restart(self, post: Post, how: str) -> None:
        post.child.bury()
        lived = time.monotonic() - post.started_at
        post.crashes = 1 if lived > HEALTHY else post.crashes + 1
        pause = min(LONGEST, 2.0 ** (post.crashes - 1))
        post.due_at = time.monotonic() + pause
        self._terminal.warn(
            f"{post.role.name} ended ({how}); it starts again in {pause:.0f} s. Log: {post.child.log}"
        )

    def _restart(self, post: Post) -> None:
        post.child, post.started_at, post.due_at = self._start_child(post.role), time.monotonic(), None

    def _next_start_in(self) -> float:
        due = [post.due_at for post in self._posts if post.due_at is not None]
        return max(0.0, min(due) - time.monotonic()) if due else LONGEST
