"""QR codes as SVG, for screens and for the printed sheet on the spot."""

import io

import segno

BORDER = 4  # modules of quiet zone, as ISO/IEC 18004 asks


def svg(address: str) -> bytes:
    """A whole SVG document, black on white in every theme: scanners want it so.

    Error correction M: a sheet may get a thumbprint, and the code stays coarse enough for old phones.
    """
    target = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        target,
        kind="svg",
        border=BORDER,
        scale=8,
        dark="#000",
        light="#fff",
        xmldecl=True,
        svgclass=None,
        lineclass=None,
    )
    return target.getvalue()
