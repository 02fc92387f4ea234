"""Closed-loop HTTP load: so many clients, each sending its next POST when the last was answered.

In, as JSON on stdin: port, path, headers, body, seconds, clients.  Out: answers with status 201 a second.
Runs as a process of its own, so that it does not share an interpreter with what it measures.
"""

import http.client
import json
import sys
import threading
import time
import uuid
from typing import Any


def main() -> None:
    job = json.load(sys.stdin)
    counts: list[int] = []
    threads = [threading.Thread(target=_client, args=(job, counts)) for _ in range(job["clients"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(sum(counts) / job["seconds"])


def _client(job: dict[str, Any], counts: list[int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", job["port"], timeout=30)
    until, taken = time.monotonic() + job["seconds"], 0
    while time.monotonic() < until:
        headers = {**job["headers"], "Idempotency-Key": str(uuid.uuid4()), "Content-Type": "application/json"}
        connection.request("POST", job["path"], job["body"], headers)
        answer = connection.getresponse()
        answer.read()
        taken += answer.status == 201
    connection.close()
    counts.append(taken)


if __name__ == "__main__":
    main()
