"""Cases of the ops of `minitf.ops.image.decode_jpeg`.

Images of one colour, in the best quality: no cosine transform has anything to round.
"""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import as_dtype
from minitf.ops.image import pillow
from minitf.testing.case import Case
from minitf.testing.cases.image.decode import file

SIDES = st.integers(8, 20)


@st.composite
def plain(draw):
    """Draw a JPEG file of one colour, and its height and width."""
    channels = draw(st.sampled_from([1, 3]))
    size = draw(SIDES), draw(SIDES)
    colour = draw(st.lists(st.integers(0, 255), min_size=channels, max_size=channels))
    pixels = np.broadcast_to(np.uint8(colour), (*size, channels))
    return pillow.encode_jpeg(pixels, 100), size


@st.composite
def attributes(draw):
    """Draw attributes of reading."""
    return {
        "channels": draw(st.sampled_from([0, 1, 3])),
        "ratio": draw(st.sampled_from([1, 2, 4, 8])),
        "fancy_upscaling": draw(st.booleans()),
        "dct_method": draw(st.sampled_from(["", "INTEGER_FAST", "INTEGER_ACCURATE"])),
    }


@st.composite
def jpegs(draw):
    contents, _ = draw(plain())
    return Case((file(contents),), draw(attributes()))


@st.composite
def parts(draw):
    contents, size = draw(plain())
    starts = [draw(st.integers(0, side - 1)) for side in size]
    extents = [draw(st.integers(1, side - start)) for side, start in zip(size, starts, strict=True)]
    attrs = {**draw(attributes()), "ratio": 1}
    return Case((file(contents), np.int32([*starts, *extents])), attrs)


@st.composite
def sizes(draw):
    contents, _ = draw(plain())
    output_type = as_dtype(draw(st.sampled_from(["int32", "int64"])))
    return Case((file(contents),), {"output_type": output_type})


CASES = {"DecodeAndCropJpeg": parts(), "DecodeJpeg": jpegs(), "ExtractJpegShape": sizes()}
