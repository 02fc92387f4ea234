"""Turns what a phone recorded into speech that is safe to keep and plays in every browser.

In: bytes of any origin.  Out: AAC in an MP4 file of ours, one channel, without metadata, and its length; or
BadRecording.  Pure.  The one door to PyAV.  The name and the declared type of a file are never looked at:
the demuxer is chosen by the first bytes alone, and none of them opens other files or addresses.
Decoding runs in a process of its own (studio.py): `python -m collector.recordings < file > speech.m4a`.
"""

import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LARGEST_FILE = 8 * 1024 * 1024  # bytes taken in; two minutes of a phone's recorder have 1 to 4 MB
LONGEST = 120  # seconds
SLACK = 5  # seconds that a recorder may stop late
RATE, BITS = 24_000, 40_000  # samples and bits a second: speech, 600 KB at two minutes
UNABLE = 3  # exit code for BadRecording
# (offset, first bytes) -> the demuxer of libavformat
SIGNS = (
    (0, b"\x1a\x45\xdf\xa3", "matroska"),  # WebM: Chrome, Firefox
    (0, b"OggS", "ogg"),
    (4, b"ftyp", "mp4"),  # M4A, 3GP: Safari, phones' recorders
    (0, b"RIFF", "wav"),
    (0, b"#!AMR", "amr"),
    (0, b"ID3", "mp3"),
    (0, b"\xff\xfb", "mp3"),
    (0, b"\xff\xf3", "mp3"),
    (0, b"\xff\xf1", "aac"),
    (0, b"\xff\xf9", "aac"),
)


class BadRecording(Exception):
    """Not a recording that can be taken: not_a_recording, too_large, too_long."""


@dataclass(frozen=True)
class Recording:
    m4a: bytes
    seconds: float


def normalise(content: bytes) -> Recording:
    """Raises BadRecording.  Everything that is not sound stays behind: place, device, titles, pictures."""
    if len(content) > LARGEST_FILE:
        raise BadRecording("too_large")
    demuxer = sniff(content)
    if demuxer is None:
        raise BadRecording("not_a_recording")
    try:
        return _encode(content, demuxer)
    except BadRecording:
        raise
    # The decoders raise whatever a broken file makes them stumble over; none of it is our fault.
    except Exception as error:
        raise BadRecording("not_a_recording") from error


def sniff(content: bytes) -> str | None:
    return next((name for at, sign, name in SIGNS if content[at : at + len(sign)] == sign), None)


def _encode(content: bytes, demuxer: str) -> Recording:
    import av  # only the child needs it

    kept = io.BytesIO()
    samples = 0
    with (
        av.open(io.BytesIO(content), format=demuxer) as source,
        av.open(kept, "w", format="mp4") as target,
    ):
        if not source.streams.audio:
            raise BadRecording("not_a_recording")
        speech: Any = target.add_stream("aac", rate=RATE)
        speech.layout, speech.bit_rate = "mono", BITS
        for frame in _resampled(source, speech, av.AudioResampler):
            samples += frame.samples
            if samples > (LONGEST + SLACK) * RATE:
                raise BadRecording("too_long")
            frame.pts = None
            target.mux(speech.encode(frame))
        if not samples:
            raise BadRecording("not_a_recording")
        target.mux(speech.encode(None))
    return Recording(kept.getvalue(), samples / RATE)


def _resampled(source: Any, speech: Any, resampler_of: Any) -> Iterator[Any]:
    resampler = resampler_of(format=speech.format, layout="mono", rate=RATE, frame_size=1024)
    for frame in source.decode(audio=0):
        yield from resampler.resample(frame)
    yield from resampler.resample(None)


def main() -> int:
    """The child: one line of JSON, then the file."""
    try:
        recording = normalise(sys.stdin.buffer.read(LARGEST_FILE + 1))
    except BadRecording as error:
        print(error, file=sys.stderr)
        return UNABLE
    sys.stdout.buffer.write(json.dumps({"seconds": recording.seconds}).encode() + b"\n" + recording.m4a)
    return 0


if __name__ == "__main__":
    sys.exit(main())
