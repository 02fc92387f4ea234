"""Recordings as phones make them, and files that only call themselves so."""

import io
import math
from array import array
from functools import lru_cache

import av

HERTZ = 48_000
CODECS = {
    "webm": "libopus",
    "ogg": "libopus",
    "mp4": "aac",
    "mp3": "libmp3lame",
    "wav": "pcm_s16le",
    "adts": "aac",
}


@lru_cache(maxsize=16)
def sound(kind: str = "webm", seconds: int = 1, title: str = "") -> bytes:
    """A tone of so many seconds."""
    kept = io.BytesIO()
    with av.open(kept, "w", format=kind) as target:
        if title:
            target.metadata["title"] = title
        stream = target.add_stream(CODECS[kind], rate=HERTZ)
        stream.layout = "mono"
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=HERTZ)
        for number in range(0, seconds * HERTZ, 960):
            frame = av.AudioFrame(format="s16", layout="mono", samples=960)
            frame.sample_rate, frame.pts = HERTZ, number
            wave = (int(9000 * math.sin(0.0576 * (number + n))) for n in range(960))
            frame.planes[0].update(array("h", wave).tobytes())
            for part in resampler.resample(frame):
                target.mux(stream.encode(part))
        target.mux(stream.encode(None))
    return kept.getvalue()


HOSTILE = {
    "nothing": b"",
    "words": b"I am no recording at all, I only say so. " * 20,
    "a head without a body": b"OggS" + b"\x00" * 5000,
    "half a file": sound("mp4")[:900],
    "a playlist that opens other files": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    "a picture": b"RIFF\x24\x00\x00\x00WEBPVP8 " + b"\x00" * 64,
}
