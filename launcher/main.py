"""The whole run, from the environment to the last child's end."""

import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

from launcher import folder
from launcher.bell import Bell
from launcher.chore import Chores
from launcher.errors import BadSettings, LauncherError, StopRequested
from launcher.guard import Guard
from launcher.procfile import Role, parse_procfile
from launcher.ready import complaints, why_not_ready
from launcher.sample import VISIT, Links, Sample
from launcher.settings import Settings, child_environment
from launcher.supervisor import Supervisor
from launcher.terminal import Terminal, padded

ROOT = Path(__file__).resolve().parents[1]
FOREVER = 3600.0  # seconds between two looks when nothing happens; signals wake us


def launch() -> int:
    """Exit status: 0 stopped as asked, 1 cannot run, 2 settings that cannot be meant."""
    terminal, bell = Terminal.on_stdout(), Bell()
    bell.listen()
    try:
        run(terminal, bell, os.environ)
    except StopRequested:
        terminal.say("Stopped.")
        return 0
    except LauncherError as error:
        kind = "CONFIG: " if isinstance(error, BadSettings) else ""
        print(f"run: {kind}{error}", file=sys.stderr)
        return error.status
    except OSError as error:  # disk full, no permission, too many open files
        print(f"run: {error}", file=sys.stderr)
        return 1
    return 0


def run(terminal: Terminal, bell: Bell, environ: Mapping[str, str]) -> None:
    """Raises StopRequested when asked to end; nothing of ours runs after that."""
    settings = Settings.from_env(environ)
    roles = parse_procfile((ROOT / "Procfile").read_text("utf-8"))
    check_installed()
    with ExitStack() as stack:
        stack.callback(os.close, folder.hold(settings.data_dir))
        folder.check_ports(settings)
        environment = child_environment(environ, settings, folder.secret_key_file(settings.data_dir))
        guard = Guard(ROOT)
        stack.callback(guard.close)
        supervisor = Supervisor(ROOT, settings.data_dir, environment, terminal, bell, guard)
        stack.callback(stop, supervisor, terminal)
        chores = Chores(ROOT, environment, guard, supervisor.wait)
        sample = Sample(chores, settings.data_dir, terminal) if settings.sample else None
        start(terminal, settings, chores, supervisor, roles, sample)
        supervisor.keep(FOREVER)


def start(
    terminal: Terminal,
    settings: Settings,
    chores: Chores,
    supervisor: Supervisor,
    roles: list[Role],
    sample: Sample | None,
) -> None:
    """Databases, programme, roles, responses; then tell where to look."""
    terminal.say("Preparing the databases …")
    chores.run_together(("collector", "init-db"), ("analyzer", "init-db"))
    if sample:
        terminal.say("Loading the sample fair …")
        sample.load()
    terminal.say(f"Starting {', '.join(role.name for role in roles)} …")
    supervisor.start(roles)
    urls = (settings.collector_url, settings.analyzer_url)
    supervisor.await_ready(lambda: next(filter(None, map(why_not_ready, urls)), None))
    links = fill(sample, settings) if sample else None
    supervisor.settle()
    greet(terminal, settings, links)


def fill(sample: Sample, settings: Settings) -> Links:
    """The sample responses, through the whole pipe."""
    digests = sample.digests()
    sample.send(settings.collector_url)
    sample.await_digests(digests)
    return sample.links(digests)


def greet(terminal: Terminal, settings: Settings, links: Links | None) -> None:
    terminal.good("Ready")
    if links:
        terminal.say(row("An expert's form · 专家反馈表", links.form))
        terminal.say(row("A company's digest · 企业反馈摘要", links.digests[VISIT]))
        terminal.say(row("The organiser's overview · 主办方总览", links.overview))
    else:
        terminal.say(row("Collector", settings.collector_url))
        terminal.say(row("Analyzer", settings.analyzer_url))
        terminal.say("No programme yet: docs/operations.md says how to load yours.")
    for url in (settings.collector_url, settings.analyzer_url):
        for complaint in complaints(url):
            terminal.warn(f"  not as it should be: {complaint}")
    terminal.say(f"Data and logs: {settings.data_dir}   Ctrl-C stops · 按 Ctrl-C 停止")


def row(label: str, url: str) -> str:
    return f"  {padded(label, 38)} {url}"


def stop(supervisor: Supervisor, terminal: Terminal) -> None:
    if supervisor.busy():
        terminal.say("Stopping …")
    supervisor.stop()


def check_installed() -> None:
    """Raises LauncherError where this Python has not what the services need."""
    if find_spec("flask") is None or find_spec("granian") is None:
        raise LauncherError(f"{sys.executable} lacks what the services need; use `make run`")
