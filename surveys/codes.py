"""Printed codes: the QR code of an address, black on white, as SVG and as PNG."""

import io
from typing import Final

import segno

# Level Q is still read when a quarter of the code is dirty, torn or in the shade.
CORRECTION: Final = "q"
QUIET_ZONE: Final = 4
"""Modules of white around the code, as ISO/IEC 18004 demands; without them many readers find nothing."""
_PIXELS_PER_MODULE: Final = 24


def svg(address: str, *, title: str) -> bytes:
    """Scales to any size; the title names it for those who do not see it."""
    written = io.BytesIO()
    plain = {"omitsize": True, "svgclass": None, "lineclass": None}
    _code(address).save(written, kind="svg", border=QUIET_ZONE, dark="#000", light="#fff", title=title, **plain)
    # Without this, screens draw hairlines between the rows.
    return written.getvalue().replace(b"<svg ", b'<svg shape-rendering="crispEdges" ', 1)


def png(address: str) -> bytes:
    """24 pixels a module: sharp up to 9 cm at 300 dots an inch."""
    written = io.BytesIO()
    _code(address).save(
        written, kind="png", border=QUIET_ZONE, scale=_PIXELS_PER_MODULE, dark="#000", light="#fff", dpi=300
    )
    return written.getvalue()


def modules(address: str) -> int:
    """How many small squares a side has, the quiet zone included."""
    return int(_code(address).symbol_size(border=QUIET_ZONE)[0])


def _code(address: str) -> segno.QRCode:
    # No Micro QR: telephones do not read it.
    return segno.make(address, error=CORRECTION, boost_error=False, micro=False)
