"""Pictures for tests, good and hostile, made on the spot."""

import io
import struct
import zlib

from PIL import Image

GPS = 0x8825  # the EXIF block that tells where a photo was taken
PLACE = b"35.0268N 111.0069E"


def photo(width: int = 800, height: int = 600, kind: str = "JPEG", *, orientation: int = 1) -> bytes:
    """A photo as a phone writes it: with the place, the camera and the way it was held."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "Telephone 9"
    exif[0x0112] = orientation
    exif[0x9286] = PLACE
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (35.0, 1.0, 36.0)
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def bomb(side: int = 10_000) -> bytes:
    """A PNG of a few hundred kilobytes that says it has 100 million pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        body = name + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    lines = zlib.compress(bytes((side + 1) * 64), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HOSTILE = {
    "an SVG that calls itself PNG": SVG,
    "an SVG behind the first bytes of a PNG": b"\x89PNG\r\n\x1a\n" + SVG,
    "a bomb of 100 million pixels": bomb(),
    "a truncated JPEG": photo()[:2000],
    "a truncated PNG": photo(kind="PNG")[:2000],
    "a GIF": b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;",
    "words": "这不是照片".encode(),
    "nothing": b"",
}
