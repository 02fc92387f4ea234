"""Turns what a phone sent into a picture that is safe to keep and to show.

In: bytes of any origin.  Out: a JPEG of ours, re-encoded, upright, without metadata, or BadPicture.
Pure.  The name and the declared type of a file are never looked at, only its content.
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageFile, ImageOps

LARGEST_FILE = 8 * 1024 * 1024  # bytes taken in; a phone's own photo has 3 to 6 MB
LONG_EDGE = 1600  # pixels kept
THUMBNAIL = 480  # pixels: sharp at 160 CSS pixels on a phone, about 40 KB
QUALITY = 82  # of JPEG: about 350 KB at 1600 x 1200
FORMATS = ("JPEG", "PNG", "WEBP")
# Pixels that are decoded.  JPEG decodes at a fraction of its size, the others need 4 bytes a pixel: 64 MB.
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}


# A second wall behind our own check of the header; its warning would only repeat what we decide.
Image.MAX_IMAGE_PIXELS = max(MOST_PIXELS.values())
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


class BadPicture(Exception):
    """Not a picture that can be taken: not_a_picture, too_large, too_many_pixels."""


@dataclass(frozen=True)
class Picture:
    jpeg: bytes
    width: int
    height: int


def normalise(content: bytes) -> Picture:
    """Raises BadPicture.  Everything that is not pixels stays behind: place, camera, thumbnails, scripts."""
    if len(content) > LARGEST_FILE:
        raise BadPicture("too_large")
    try:
        image = _decode(content)
    except BadPicture:
        raise
    except Image.DecompressionBombError as error:
        raise BadPicture("too_many_pixels") from error
    # The decoders raise whatever a broken file makes them stumble over; none of it is our fault.
    except Exception as error:
        raise BadPicture("not_a_picture") from error
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=QUALITY, optimize=True)
    return Picture(kept.getvalue(), *image.size)


def shrink(jpeg: bytes, edge: int = THUMBNAIL) -> bytes:
    """One of our own pictures, small: for lists of many on a phone."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
        image.draft("RGB", (edge, edge))
        image.thumbnail((edge, edge))
        kept = io.BytesIO()
        image.save(kept, "JPEG", quality=QUALITY, optimize=True)
    return kept.getvalue()


def _decode(content: bytes) -> Image.Image:
    """Upright RGB of at most LONG_EDGE.  The size in the header is checked before a pixel is decoded."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # a library in the same process may have turned it on for all
    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS[str(opened.format)]:
            raise BadPicture("too_many_pixels")
        opened.draft("RGB", (LONG_EDGE, LONG_EDGE))
        opened.thumbnail((LONG_EDGE, LONG_EDGE))
        upright = ImageOps.exif_transpose(opened)
    if upright.mode in ("RGBA", "LA", "PA", "P"):
        layered = upright.convert("RGBA")
        paper = Image.new("RGB", layered.size, "white")
        paper.paste(layered, mask=layered.getchannel("A"))
        return paper
    plain = Image.new("RGB", upright.size)
    plain.paste(upright.convert("RGB"))  # a new image carries no metadata along
    return plain
