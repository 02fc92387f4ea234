"""Promises about pictures: what is kept shows what was photographed and tells nothing else."""

import io
import tracemalloc

import pytest
from PIL import Image, ImageFile

from collector.pictures import LARGEST_FILE, LONG_EDGE, BadPicture, normalise
from tests.collector.pictures import HOSTILE, PLACE, bomb, photo


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_a_jpeg_of_ours(kind: str) -> None:
    """Whatever it was, at most 1600 pixels long."""
    kept = normalise(photo(2400, 1800, kind))
    with Image.open(io.BytesIO(kept.jpeg)) as image:
        assert (image.format, image.size) == ("JPEG", (kept.width, kept.height))
    assert (kept.width, kept.height) == (LONG_EDGE, 1200)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_and_camera_stay_behind(kind: str) -> None:
    """No EXIF, no GPS, and not one of their bytes."""
    sent = photo(kind=kind)
    assert PLACE in sent
    kept = normalise(sent).jpeg
    with Image.open(io.BytesIO(kept)) as image:
        assert dict(image.getexif()) == {}
        assert "exif" not in image.info
    assert PLACE not in kept
    assert b"Telephone" not in kept


def test_a_photo_taken_sideways_stands_upright() -> None:
    """The phone's turn is carried out before its note about it is dropped."""
    kept = normalise(photo(800, 600, orientation=6))
    assert (kept.width, kept.height) == (600, 800)


def test_a_small_picture_is_not_blown_up() -> None:
    """As it was."""
    assert (normalise(photo(40, 30)).width, normalise(photo(40, 30)).height) == (40, 30)


def test_transparency_becomes_paper() -> None:
    """A screenshot with holes is white there, not black."""
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(normalise(out.getvalue()).jpeg)) as image:
        assert image.getpixel((4, 4)) == (255, 255, 255)


def test_half_a_photo_is_refused_whatever_else_runs_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other libraries turn this switch of Pillow's on for the whole process."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(BadPicture):
        normalise(HOSTILE["a truncated JPEG"])


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused(name: str) -> None:
    """By what it is, not by what it says it is."""
    with pytest.raises(BadPicture):
        normalise(HOSTILE[name])


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    """100 million pixels would take 100 MB; the header alone decides."""
    hostile = bomb()
    tracemalloc.start()
    with pytest.raises(BadPicture, match="too_many_pixels"):
        normalise(hostile)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000


def test_a_file_of_more_than_8_mb_is_not_even_looked_at() -> None:
    """A good picture behind it makes no difference."""
    with pytest.raises(BadPicture, match="too_large"):
        normalise(photo() + bytes(LARGEST_FILE))
