"""Cases of the ops of `minitf.ops.image.decode`."""

from __future__ import annotations

import io
import struct

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import as_dtype
from minitf.ops.image import pillow, png
from minitf.ops.strings.arrays import strings
from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.strategies import anything

SIDES = st.integers(1, 9)


def file(contents):
    """Return bytes as a string scalar."""
    return strings([contents], ())


@st.composite
def samples(draw, channels, dtype="uint8"):
    """Draw any pixels."""
    return draw(anything((draw(SIDES), draw(SIDES), channels), dtype))


@st.composite
def png_files(draw):
    """Draw PNG files of both depths and any number of channels."""
    dtype = draw(st.sampled_from(["uint8", "uint16"]))
    return png.encode(draw(samples(draw(st.integers(1, 4)), dtype)))


@st.composite
def bmp_files(draw):
    """Draw BMP files, from the bottom up or from the top down."""
    pixels = draw(samples(draw(st.sampled_from([1, 3, 4]))))
    height, width, channels = pixels.shape
    rows = np.pad(pixels.reshape(height, -1), [(0, 0), (0, -width * channels % 4)])
    size = height if draw(st.booleans()) else -height
    header = b"BM" + struct.pack(
        "<IIIIiiHH", 54 + rows.size, 0, 54, 40, width, size, 1, 8 * channels
    )
    return header.ljust(54, b"\0") + rows.tobytes(), channels


@st.composite
def gif_files(draw):
    """Draw GIF files of a few frames of plain colours."""
    size = draw(SIDES), draw(SIDES)
    image = pillow.pillow()
    shades = draw(st.lists(st.integers(0, 255), min_size=1, max_size=3, unique=True))
    first, *others = [image.new("L", size, shade) for shade in shades]
    written = io.BytesIO()
    first.save(written, "GIF", save_all=True, append_images=others)
    return written.getvalue()


@st.composite
def pngs(draw):
    attrs = {
        "channels": draw(st.sampled_from([0, 1, 3, 4])),
        "dtype": as_dtype(draw(st.sampled_from(["uint8", "uint16"]))),
    }
    return Case((file(draw(png_files())),), attrs)


@st.composite
def bmps(draw):
    contents, held = draw(bmp_files())
    asked = 0 if held == 1 else draw(st.sampled_from([0, held]))  # TensorFlow refuses to ask for 1
    return Case((file(contents),), {"channels": asked})


@st.composite
def images(draw):
    kind = draw(st.sampled_from(["png", "bmp", "gif"]))
    channels = draw(st.sampled_from([0, 3]))
    if kind == "bmp":
        contents, held = draw(bmp_files())
        channels = 0 if held == 1 else draw(st.sampled_from([0, held]))
    else:
        contents = draw(png_files() if kind == "png" else gif_files())
    attrs = {
        "channels": channels,
        "dtype": as_dtype(draw(st.sampled_from(["uint8", "uint16", "float32"]))),
        "expand_animations": draw(st.booleans()),
    }
    oracle = "" if kind == "png" else skips.ABORTS
    return Case((file(contents),), attrs, ulps=1, oracle=oracle)


CASES = {
    "DecodeBmp": bmps(),
    "DecodeGif": gif_files().map(lambda contents: Case((file(contents),))),
    "DecodeImage": images(),
    "DecodePng": pngs(),
}
