"""`python -m analyzer ROLE`: the roles that run on, and the chores that end.

Exit 0: done.  1: refused or failed, one line says why.  2: wrong usage or configuration.
What a command needs is imported when it is called: `analyse` must not wait for the web.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import TypeAlias, cast

from analyzer import logs
from analyzer.config import SERVICE, Config
from analyzer.errors import AnalyzerError, BadConfig

Run = Callable[[Config, argparse.Namespace], int]
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


# Commands that read their own options, and neither the environment nor a database.
ALONE = {"analyse": "analyse_command", "evaluate": "evaluate"}


def main(argv: Sequence[str] | None = None) -> int:
    argv = sys.argv[1:] if argv is None else argv
    try:
        if argv and argv[0] in ALONE:
            return _alone(argv)
        arguments = parser().parse_args(argv)
        config = Config.from_env(os.environ)
        logs.configure(config.log_format, config.log_level)
        return _load(arguments.run)(config, arguments)
    except BadConfig as error:
        print(f"{SERVICE}: CONFIG: {error}", file=sys.stderr)
        return 2
    except AnalyzerError as error:
        print(f"{SERVICE}: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # `| head` has seen enough
        return _unwritten()
    except KeyboardInterrupt:
        return 130


def _alone(argv: Sequence[str]) -> int:
    if sys.stdin is None or sys.stdout is None:
        raise AnalyzerError("standard input or output is closed")
    command = importlib.import_module(f"analyzer.{ALONE[argv[0]]}")
    try:
        return int(command.main(argv[1:], sys.stdin, sys.stdout))
    except BrokenPipeError:
        raise
    except OSError as error:  # a full disk
        print(f"{SERVICE}: {error}", file=sys.stderr)
        return _unwritten()


def _unwritten() -> int:
    """What still waits to be written goes nowhere, or the end of the process would try again, and exit 120.

    Source: the Python library reference, signal, "Note on SIGPIPE".
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(prog="python -m analyzer", description="Turns responses into digests.")
    commands = root.add_subparsers(title="roles and chores", required=True, metavar="ROLE")
    _command(commands, "work", "take responses from the broker, analyse and record them", "chores:work")
    _command(commands, "web", "serve the digests", "chores:web")
    _command(commands, "init-db", "create or upgrade the database", "chores:init_db")
    commands.add_parser("analyse", help="analyse texts, JSON lines in and out, no database")
    commands.add_parser("evaluate", help="how well labelled responses are read, per language and class")
    _digest(commands)
    _people(commands)
    _mail(commands)
    _dead(commands)
    _reanalyse(commands)
    _command(commands, "rebuild-tallies", "count everything again from the stored rows", "chores:rebuild")
    return root


def _command(commands: Commands, name: str, what: str, run: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=what, description=what)
    command.set_defaults(run=run)
    return command


def _people(commands: Commands) -> None:
    """What people did with a digest."""
    what = "what people did about a digest's suggestions and leads, and what they corrected"
    done = _json(_command(commands, "actions", what, "people_chore:actions"))
    done.add_argument("visit", metavar="VISIT", help="id of the visit")
    what = "when a digest was opened, through which link and in which form"
    log = _json(_command(commands, "openings", what, "people_chore:openings"))
    log.add_argument("visit", metavar="VISIT", help="id of the visit")


def _digest(commands: Commands) -> None:
    command = _command(commands, "digest", "print the digest of a visit", "chores:digest")
    command.add_argument("visit", metavar="VISIT", help="id of the visit, e.g. ruige-1124")
    command.add_argument("--language", choices=("en", "zh"), default="en", help="(default: en)")
    forms = ("json", "html", "pdf", "xlsx", "csv")
    command.add_argument("--format", choices=forms, default="json", help="(default: json)")


def _reanalyse(commands: Commands) -> None:
    what = "read responses that older versions have read again; people's corrections stay"
    command = _json(_command(commands, "reanalyse", what, "chores:reanalyse"))
    command.add_argument("--visit", metavar="VISIT", help="only this visit's")
    doing = command.add_mutually_exclusive_group(required=True)
    doing.add_argument("--diff", action="store_true", help="only show what would change")
    doing.add_argument("--apply", action="store_true", help="put the new readings in place")


def _mail(commands: Commands) -> None:
    what = "send companies their digests: what is due, once (workers do it by themselves)"
    command = _json(_command(commands, "mail", what, "mail_chore:mail"))
    other = command.add_mutually_exclusive_group()
    other.add_argument("--due", action="store_true", help="only say which digests would be issued now")
    other.add_argument("--list", action="store_true", help="only say what became of each mail")
    what = "let refused mails wait again, then send"
    other.add_argument("--retry", action="store_true", help=what)


def _dead(commands: Commands) -> None:
    what = "the messages that were given up: look at them, send them again, throw them away"
    dead = commands.add_parser("dead", help=what, description=what)
    verbs = dead.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _json(_command(verbs, "list", "each with its id and reason", "chores:dead_list"))
    show = _json(_command(verbs, "show", "one of them, whole", "chores:dead_show"))
    show.add_argument("id")
    for name, what in (("replay", "send them to the workers again"), ("discard", "throw them away for good")):
        verb = _json(_command(verbs, name, what, f"chores:dead_{name}"))
        verb.add_argument("ids", nargs="*", metavar="ID")
        verb.add_argument("--all", action="store_true", help="all of them")
    what = "let the workers go on after too many dead letters stopped them"
    _json(_command(verbs, "resume", what, "chores:dead_resume"))


def _json(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    command.add_argument("--json", action="store_true", help="print JSON, for scripts")
    return command


def _load(name: str) -> Run:
    module, _, function = name.partition(":")
    return cast(Run, getattr(importlib.import_module(f"analyzer.{module}"), function))


if __name__ == "__main__":
    sys.exit(main())
