"""Stands in for both services: `python -m collector …` and `python -m analyzer …` of a fake project.

Each role writes its process id to DATA_DIR, complains once, and again at SIGUSR1, and runs until
SIGTERM; a web role answers /readyz and has
a worker process, as the real server has.  What a role should do instead stands in PLAN, a JSON object
like {"collector-relay": "die"}:
    die         end at once, with an error
    stubborn    ignore SIGTERM
    hang        (init-db) never end
    busy        (web) never be ready
    late        (web) tell its worker nothing, and wait until it ends
    degraded    (web) be ready, and complain about the relay
"""

import http.server
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

SERVICE, ROLE = Path(sys.argv[0]).parent.name, sys.argv[1]
NAME = f"{SERVICE}-{ROLE}"
DATA = Path(os.environ["DATA_DIR"])
PLAN = json.loads(os.environ.get("PLAN", "{}")).get(NAME, "")


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(503 if PLAN == "busy" else 200)
        self.end_headers()
        relay = "cannot publish" if PLAN == "degraded" else "ok"
        self.wfile.write(json.dumps({"checks": {"database": "ok", "relay": relay}}).encode())

    def log_message(self, format: str, *args: object) -> None:
        print(f"INFO {format % args}", flush=True)


def write_down(name: str, number: int) -> None:
    aside = DATA / f"{name}.new"
    aside.write_text(str(number))
    aside.rename(DATA / f"{name}.pid")


def serve() -> None:
    worker = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    write_down(f"{NAME}-worker", worker.pid)
    if PLAN == "late":
        signal.signal(signal.SIGTERM, lambda *_: wait_for(worker))
    port = int(os.environ[f"{SERVICE.upper()}_PORT"])
    http.server.ThreadingHTTPServer((os.environ["HOST"], port), Answers).serve_forever()


def complain(*_: object) -> None:
    print(f"{NAME} WARNING the others are not here", flush=True)


def wait_for(worker: subprocess.Popen[bytes]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    worker.wait()
    sys.exit()


def main() -> None:
    write_down(NAME, os.getpid())
    if PLAN == "die":
        sys.exit("the sea is too deep")
    if PLAN == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    complain()
    signal.signal(signal.SIGUSR1, complain)
    if ROLE == "web":
        serve()
    while ROLE in ("relay", "work") or PLAN == "hang":
        signal.pause()


main()
