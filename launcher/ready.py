"""Asks a web role over HTTP, on this machine: no proxy of the environment gets in between."""

import json
import urllib.error
import urllib.request
from typing import Any

PATIENCE = 3.0  # seconds for one answer
direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def why_not_ready(url: str) -> str | None:
    """None: GET url/readyz says 200 (also while the broker is away).  Else the reason in words."""
    try:
        with direct.open(f"{url}/readyz", timeout=PATIENCE):
            return None
    except urllib.error.HTTPError as error:
        return f"{url}/readyz says {error.code}: {error.read(400).decode('utf-8', 'replace')}"
    except OSError as error:
        return f"{url} does not answer yet ({error})"


def complaints(url: str) -> list[str]:
    """What works, but not as it should: `relay: cannot publish since …`."""
    try:
        checks = get_json(f"{url}/readyz")["checks"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [f"{name}: {said}" for name, said in checks.items() if said != "ok"]


def get_json(url: str) -> Any:
    """Raises OSError where there is no answer, or not a good one."""
    with direct.open(url, timeout=PATIENCE) as answer:
        return json.load(answer)
