"""run.py as a parent: starts, restarts, stops, and leaves nothing behind."""

import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.launcher.conftest import ROOT, Run, running
from tests.waiting import eventually

Start = Callable[..., Run]
ROLES = {"collector-web", "collector-relay", "analyzer-work", "analyzer-web"}


def nothing_left(run: Run) -> None:
    pids = run.pids()
    assert pids, "nothing was started"
    eventually(lambda: not any(map(running, pids.values())), f"all of {pids} ended")


def test_it_starts_the_four_roles_and_says_ready(run: Start) -> None:
    """With the two addresses, and where the data are."""
    here = run()
    here.await_line("Ready")
    here.await_line(str(here.data))
    eventually(lambda: here.pids().keys() >= ROLES, "all four roles started")
    assert all(map(running, (here.pid(role) for role in ROLES)))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_stops_cleanly_when_asked(run: Start, number: int) -> None:
    """Ctrl-C, a service manager, a closed terminal: exit 0, no process left, not even a worker's."""
    here = run()
    here.await_line("Ready")
    here.signal(number)
    assert here.end() == 0
    nothing_left(here)
    assert here.await_line("Stopped.")


def test_ctrl_c_during_the_start_leaves_nothing_behind(run: Start) -> None:
    """People change their minds while the web roles are not ready yet."""
    here = run({"analyzer-web": "busy"})
    for role in ROLES:
        here.pid(role)
    here.signal(signal.SIGINT)
    assert here.end() == 0
    nothing_left(here)
    assert "Ready" not in here.lines


def test_ctrl_c_during_a_chore_ends_the_chore(run: Start) -> None:
    """A migration that waits for a lock must not hold the terminal."""
    here = run({"collector-init-db": "hang", "analyzer-init-db": "hang"})
    here.pid("collector-init-db"), here.pid("analyzer-init-db")
    here.signal(signal.SIGINT)
    assert here.end() == 0
    nothing_left(here)


def test_a_second_ctrl_c_does_not_wait_for_a_stubborn_child(run: Start) -> None:
    """The grace period is for children, not against the person."""
    here = run({"collector-relay": "stubborn"})
    here.await_line("Ready")
    here.signal(signal.SIGINT)
    here.await_line("Stopping")
    here.signal(signal.SIGINT)
    assert here.end(5) == 0
    nothing_left(here)


def test_a_worker_that_was_told_nothing_is_told_again(run: Start) -> None:
    """The web server loses a SIGTERM that comes while its worker is being started, and waits for it."""
    here = run({"collector-web": "late"})
    here.await_line("Ready")
    here.signal(signal.SIGINT)
    assert here.end(8) == 0
    assert not any("did not stop in time" in line for line in here.lines)
    nothing_left(here)


def test_killed_outright_it_takes_its_children_along(run: Start) -> None:
    """kill -9 cannot be caught; the guardian notices the end of its pipe."""
    here = run()
    here.await_line("Ready")
    here.signal(signal.SIGKILL)
    here.end()
    nothing_left(here)


def test_a_crashed_child_is_restarted_and_said_so(run: Start) -> None:
    """In one line, with the reason and the log."""
    here = run()
    here.await_line("Ready")
    first = here.pid("collector-relay")
    os.kill(first, signal.SIGKILL)
    said = here.await_line("collector-relay ended")
    assert "(killed by SIGKILL); it starts again in 1 s. Log: " in said
    eventually(lambda: here.pid("collector-relay") != first, "the relay runs again")


def test_a_crashed_web_role_leaves_no_worker_on_its_port(run: Start) -> None:
    """A worker of the dead server would keep the port, and the new one could not start."""
    here = run()
    here.await_line("Ready")
    server, worker = here.pid("collector-web"), here.pid("collector-web-worker")
    os.kill(server, signal.SIGKILL)
    eventually(lambda: here.pid("collector-web") != server, "the web role runs again")
    assert not running(worker)


def test_a_child_that_keeps_crashing_is_given_longer_pauses(run: Start) -> None:
    """A broken configuration must not burn a core."""
    here = run()
    here.await_line("Ready")
    for pause in (1, 2):
        before = here.pid("collector-relay")
        os.kill(before, signal.SIGKILL)
        here.await_line(f"it starts again in {pause} s")
        eventually(lambda before=before: here.pid("collector-relay") != before, "it runs again")


def test_a_child_that_cannot_start_ends_the_run_with_its_own_words(run: Start) -> None:
    """The reason stands in front of the reader, who need not know where logs are."""
    here = run({"collector-relay": "die", "analyzer-web": "busy"})  # so that it dies before all are ready
    assert here.end() == 1
    here.await_line("run: collector-relay ended during the start (exit status 1)")
    here.await_line("    the sea is too deep")
    nothing_left(here)


def test_a_chore_that_fails_ends_the_run_with_its_own_words(run: Start) -> None:
    """Nothing is started on a database that could not be prepared."""
    here = run({"collector-init-db": "die"})
    assert here.end() == 1
    here.await_line("run: `collector init-db` failed (exit status 1)")
    here.await_line("    the sea is too deep")
    assert not ROLES & here.pids().keys()


def test_a_busy_port_is_one_line(run: Start) -> None:
    """Before anything is started."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        here = run(ANALYZER_PORT=str(other.getsockname()[1]))
        assert here.end() == 1
        here.await_line("make run ANALYZER_PORT=")
        assert len(here.lines) == 1


def test_a_setting_that_cannot_be_meant_is_exit_2(run: Start) -> None:
    """As with the services' own configuration."""
    here = run(COLLECTOR_PORT="http")
    assert here.end() == 2
    here.await_line("run: CONFIG: COLLECTOR_PORT must be a whole number from 1 to 65535, not 'http'")


def test_two_runs_on_one_folder_are_refused(run: Start) -> None:
    """The second one says who holds it."""
    first = run()
    first.await_line("Ready")
    second = run()
    assert second.end() == 1
    second.await_line(f"(process {first.process.pid}); stop it or set DATA_DIR")


def test_logs_are_files_and_warnings_also_on_the_terminal(run: Start) -> None:
    """Everything for later, what needs eyes for now."""
    here = run()
    here.await_line("Ctrl-C stops")
    os.kill(here.pid("analyzer-work"), signal.SIGUSR1)
    here.await_line("analyzer-work: analyzer-work WARNING the others are not here")
    assert "GET /readyz" in (here.data / "log" / "collector-web.log").read_text()
    assert not any("GET /readyz" in line for line in here.lines)


def test_what_the_roles_miss_while_all_start_is_not_shown(run: Start) -> None:
    """Each one finds the others missing for a moment; a newcomer would think that something broke."""
    here = run()
    here.await_line("Ctrl-C stops")
    assert not any("WARNING" in line for line in here.lines)
    assert "WARNING" in (here.data / "log" / "collector-relay.log").read_text()


def test_what_is_still_missing_when_it_is_ready_is_shown(run: Start) -> None:
    """With the broker away the pair takes responses, and says what is not as it should be."""
    here = run({"collector-web": "degraded"})
    assert here.await_line("not as it should be") == "  not as it should be: relay: cannot publish"


def test_the_key_is_made_once(run: Start) -> None:
    """Links that were sent out work after the next start."""
    keys = []
    for _ in range(2):
        here = run()
        here.await_line("Ready")
        here.signal(signal.SIGTERM)
        assert here.end() == 0
        keys.append((here.data / "secret_key").read_text())
    assert keys[0] == keys[1]
    assert stat.S_IMODE((here.data / "secret_key").stat().st_mode) == 0o600


def test_an_old_python_gets_one_clear_line() -> None:
    """Not a syntax error: run.py itself must parse on every Python 3."""
    code = (
        "import sys; sys.version_info = (3, 9, 2); sys.path.insert(0, '.'); import run; sys.exit(run.main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "run: Debrief needs Python 3.11 or newer, this is 3.9.2.\n"


def test_the_launcher_imports_no_service_and_no_library() -> None:
    """It has to run before anything is installed wrongly, and to start roles that are broken."""
    code = (
        "import sys; import launcher.main; "
        "print(sorted({m.split('.')[0] for m in sys.modules} - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], check=True, cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    assert done.stdout == "['__main__', 'launcher']\n"
