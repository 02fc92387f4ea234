"""Recordings as phones make them, and files that only call themselves so."""

import io
import math
from array import array
from functools import lru_cache

import av

HERTZ, NARROW = 48_000, 8_000  # samples a second; AMR has those of a telephone
CODECS = {
    "webm": "libopus",
    "ogg": "libopus",
    "mp4": "aac",
    "mp3": "libmp3lame",
    "wav": "pcm_s16le",
    "adts": "aac",
    "amr": "libopencore_amrnb",
    "3gp": "libopencore_amrnb",
}


PART = 960  # samples
TONE = [
    array("h", (int(9000 * math.sin(0.0576 * n)) for n in range(start, start + PART))).tobytes()
    for start in range(0, HERTZ, PART)
]


@lru_cache(maxsize=16)
def sound(kind: str = "webm", seconds: int = 1, title: str = "", rate: int = 0) -> bytes:
    """A tone of so many seconds, at so many samples a second; 0: at the codec's usual rate."""
    kept = io.BytesIO()
    with av.open(kept, "w", format=kind) as target:
        if title:
            target.metadata["title"] = title
        rate = rate or (NARROW if "amr" in CODECS[kind] else HERTZ)
        stream = target.add_stream(CODECS[kind], rate=rate)
        stream.layout = "mono"
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=rate)
        for number, wave in enumerate(TONE * seconds):
            frame = av.AudioFrame(format="s16", layout="mono", samples=PART)
            frame.sample_rate, frame.pts = HERTZ, number * PART
            frame.planes[0].update(wave)
            for part in resampler.resample(frame):
                target.mux(stream.encode(part))
        target.mux(stream.encode(None))
    return kept.getvalue()


def wideband(seconds: int = 1) -> bytes:
    """AMR-WB, which PyAV cannot encode: 50 frames a second (RFC 4867, 5).  Any bits are sound."""
    frame = bytes([0x04]) + bytes(range(17))
    return b"#!AMR-WB\n" + frame * (50 * seconds)


BARE_TAG = 45  # bytes of the ID3 tag that libavformat writes before an MP3 without title
BARE = {
    "MP3 without a tag": sound("mp3")[BARE_TAG:],
    "MP3 of few samples": sound("mp3", rate=24_000)[BARE_TAG:],
    "AAC that calls itself MPEG-2": sound("adts").replace(b"\xff\xf1", b"\xff\xf9"),
    "wideband AMR": wideband(),
}

HOSTILE = {
    "nothing": b"",
    "words": b"I am no recording at all, I only say so. " * 20,
    "a head without a body": b"OggS" + b"\x00" * 5000,
    "half a file": sound("mp4")[:900],
    "a playlist that opens other files": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    "a picture": b"RIFF\x24\x00\x00\x00WEBPVP8 " + b"\x00" * 64,
}
