"""Cases of the ops of `minitf.ops.image.encode`."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.cases.image.decode import SIDES, samples
from minitf.testing.strategies import anything, shapes

CHANNELS = st.sampled_from([1, 3])


@st.composite
def jpegs(draw):
    attrs = {
        "quality": draw(st.integers(0, 100)),
        "progressive": draw(st.booleans()),
        "optimize_size": draw(st.booleans()),
        "chroma_downsampling": draw(st.booleans()),
        "density_unit": draw(st.sampled_from(["in", "cm"])),
        "x_density": draw(st.integers(1, 1000)),
        "xmp_metadata": draw(st.sampled_from(["", "text"])),
    }
    return Case((draw(samples(draw(CHANNELS))),), attrs)


@st.composite
def varied(draw):
    return Case((draw(samples(draw(CHANNELS))), np.int32(draw(st.integers(0, 100)))))


@st.composite
def pngs(draw):
    shape = (*draw(shapes(0, 2)), draw(SIDES), draw(SIDES), draw(st.integers(1, 4)))
    pixels = draw(anything(shape, draw(st.sampled_from(["uint8", "uint16"]))))
    attrs = {"compression": draw(st.integers(-1, 9))}
    return Case((pixels,), attrs, oracle=skips.OTHER_BYTES)


CASES = {"EncodeJpeg": jpegs(), "EncodeJpegVariableQuality": varied(), "EncodePng": pngs()}
