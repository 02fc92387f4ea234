"""What is done with a voice note once it is whole: decoded, written anew, put away.

In: bytes.  Out: the speech is in the photo store and its row says so.  Raises BadRecording or TryLater.
Decoding is C code on bytes from anywhere, so it runs in a process of its own, one at a time.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from collector import voices
from collector.database import Database
from collector.errors import TryLater
from collector.photostore import SPEECH, PhotoStore
from collector.recordings import UNABLE, BadRecording, Recording
from collector.wholefiles import made, throw_away

COMMAND = (sys.executable, "-m", "collector.recordings")
LONGEST = 30  # seconds; two minutes of speech take two
_ONE_AT_A_TIME = threading.Lock()


class Studio:
    def __init__(self, database: Database, store: PhotoStore, clock: Callable[[], datetime]) -> None:
        self._database, self.store, self._clock = database, store, clock

    def develop(self, voice_id: str) -> None:
        """The last piece is here."""
        recording = made(self._database, voices.UPLOADS, voice_id, decode, BadRecording)
        self._put_away(voice_id, recording)

    def take(self, voice_id: str, response_id: str, content: bytes, readership: str) -> None:
        """A whole file at once, from a browser without script."""
        recording = decode(content)
        with self._database.write() as connection:
            voices.UPLOADS.begin(
                connection, voice_id, response_id, len(content), self._clock(), readership=readership
            )
        self._put_away(voice_id, recording)

    def remove(self, voice_id: str) -> None:
        throw_away(self._database, self.store, voices.UPLOADS, voice_id, SPEECH)

    def _put_away(self, voice_id: str, recording: Recording) -> None:
        self.store.put(voice_id, recording.m4a, SPEECH)
        with self._database.write() as connection:
            voices.keep(connection, voice_id, recording.seconds, self._clock())


def decode(content: bytes, command: Sequence[str] = COMMAND) -> Recording:
    """Raises BadRecording, or TryLater where the child was killed or took too long."""
    try:
        with _ONE_AT_A_TIME:
            done = subprocess.run(command, input=content, capture_output=True, timeout=LONGEST, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TryLater(f"cannot decode a voice note: {type(error).__name__}") from error
    if done.returncode == UNABLE:
        raise BadRecording(done.stderr.decode("utf-8", "replace").strip())
    if done.returncode < 0:  # a decoder crashed on it, and would again
        raise BadRecording("not_a_recording")
    if done.returncode:
        raise TryLater(f"decoding a voice note ended with {done.returncode}")
    head, _, speech = done.stdout.partition(b"\n")
    return Recording(speech, float(json.loads(head)["seconds"]))
