"""The collector's command line: two roles that run until they are stopped, and the chores.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage or configuration.
"""

import logging
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence

from collector import logs
from collector.chores import Chores, invitations, links, load, outbox, photos, responses, samples, tables
from collector.config import Config
from collector.errors import BadConfig, BadFile, CollectorError, TryLater

log = logging.getLogger("collector")


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    chosen = _parser().parse_args(arguments)
    try:
        config = Config.from_env(environ)
        logs.configure(config.log_format, config.log_level)
        return int(chosen.run(chosen, config))
    except BadConfig as error:
        return _fail(f"collector: CONFIG: {error}", 2)
    except BadFile as error:
        return _fail(str(error), 1)
    except TryLater as error:
        return _fail(f"collector: not now, try again later: {error}", 1)
    except CollectorError as error:
        return _fail(f"collector: {error}", 1)
    except KeyboardInterrupt:
        return _fail("collector: stopped", 130)
    except BrokenPipeError:
        return _pipe_closed()
    except Exception as error:  # the user gets one line, the operator who asks for it the trace
        log.debug("unexpected error", exc_info=True)
        return _fail(f"collector: BUG: {type(error).__name__}: {error} (LOG_LEVEL=DEBUG shows where)", 1)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m collector", description=__doc__)
    chores = parser.add_subparsers(required=True, metavar="COMMAND", title="roles and chores")
    _add_roles(chores)
    for chore in (tables, load, invitations, links, outbox, photos, responses, samples):
        chore.add_to(chores)
    return parser


def _add_roles(chores: Chores) -> None:
    web = chores.add_parser("web", help="serve the form, the API and the organiser's overview")
    web.set_defaults(run=_web)
    relay = chores.add_parser("relay", help="publish what the outbox holds")
    relay.set_defaults(run=_relay)


# Imported when they run: a chore needs neither a web server nor a broker's library.
def _web(_arguments: Namespace, config: Config) -> int:
    from collector.web import serve

    return serve(config)


def _relay(_arguments: Namespace, config: Config) -> int:
    from collector.relay import main as relay

    return relay(config)


def _fail(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code


def _pipe_closed() -> int:
    """Whoever read our output has seen enough (`… | head`); Python must not complain at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
