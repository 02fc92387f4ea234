"""What comes out of a voice note is speech alone, whatever went in."""

import io
import sys

import av
import pytest

from collector.errors import TryLater
from collector.recordings import SIGNS, BadRecording, normalise
from collector.studio import decode
from tests.collector.sounds import BARE, CODECS, HOSTILE, sound


def opened(content: bytes) -> tuple[dict[str, str], str, int]:
    """Metadata, codec, channels."""
    with av.open(io.BytesIO(content)) as file:
        [stream] = file.streams
        return dict(file.metadata), stream.codec_context.name, stream.codec_context.channels


@pytest.mark.parametrize("kind", CODECS)
def test_what_phones_record_plays_everywhere(kind: str) -> None:
    """Chrome, Firefox, Safari, recorders of all ages: one form, which every browser plays."""
    recording = normalise(sound(kind, 2))
    assert recording.seconds == pytest.approx(2, abs=0.2)
    _, codec, channels = opened(recording.m4a)
    assert (codec, channels) == ("aac", 1)
    assert len(recording.m4a) < 30_000


@pytest.mark.parametrize("name", BARE)
def test_every_beginning_that_is_known_leads_to_its_decoder(name: str) -> None:
    """Recorders that write no header, and old phones: whatever sign is looked for is one that plays."""
    recording = normalise(BARE[name])
    assert recording.seconds == pytest.approx(1, abs=0.2)
    assert opened(recording.m4a)[1:] == ("aac", 1)


def test_no_other_beginning_is_taken() -> None:
    """Each sign that recordings.py knows stands before something that these tests decode."""
    known = [*(sound(kind) for kind in CODECS), *BARE.values()]
    assert all(any(one[at:].startswith(sign) for one in known) for at, sign, _ in SIGNS)


@pytest.mark.parametrize("kind", ["webm", "ogg", "mp4", "mp3"])
def test_titles_places_and_devices_stay_behind(kind: str) -> None:
    """Whatever the file tells beside the sound."""
    content = sound(kind, 1, title="Li Wei at the plant")
    assert b"Li Wei" in content
    assert b"Li Wei" not in normalise(content).m4a


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_recording_is_refused(name: str) -> None:
    """By its content; nothing else is opened for it."""
    with pytest.raises(BadRecording, match="not_a_recording"):
        normalise(HOSTILE[name])


def test_more_than_two_minutes_are_refused() -> None:
    """A second more is a slow thumb, a minute more is a speech."""
    assert normalise(sound("amr", 121)).seconds == pytest.approx(121, abs=0.5)
    with pytest.raises(BadRecording, match="too_long"):
        normalise(sound("amr", 180))
    with pytest.raises(BadRecording, match="too_large"):
        normalise(b"OggS" + bytes(9_000_000))


def test_decoding_happens_in_a_process_of_its_own() -> None:
    """The same result, the same refusal."""
    assert decode(sound()).seconds == pytest.approx(1, abs=0.2)
    with pytest.raises(BadRecording, match="not_a_recording"):
        decode(HOSTILE["words"])


def test_a_decoder_that_crashes_takes_nobody_along() -> None:
    """Killed by a signal: the file's fault, refused for good.  Any other end: ours, tried again."""
    crash = (sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    with pytest.raises(BadRecording):
        decode(sound(), crash)
    with pytest.raises(TryLater):
        decode(sound(), (sys.executable, "-c", "raise SystemExit(1)"))
    with pytest.raises(TryLater):
        decode(sound(), ("/no/such/program",))
