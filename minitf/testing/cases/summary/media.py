"""Cases of the ops of `minitf.ops.summary.media`."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.strategies import SIDES, anything, real
from minitf.testing.text_cases import TEXT, scalar

MOST = st.integers(1, 4)


@st.composite
def images(draw):
    sides = st.integers(1, 4)
    shape = draw(st.tuples(SIDES, sides, sides, st.sampled_from([1, 3, 4])))
    pixels = draw(
        anything(shape, draw(st.sampled_from(["uint8", "float16", "float32", "float64"])))
    )
    attrs = {"max_images": draw(MOST), "bad_color": draw(anything((draw(MOST) + 4,), "uint8"))}
    return Case((scalar(draw(TEXT)), pixels), attrs, oracle=skips.OTHER_BYTES)


@st.composite
def sounds(draw):
    shape = (draw(SIDES), draw(SIDES), *draw(st.sampled_from([(), (1,), (2,)])))
    samples = draw(st.one_of(real(shape, np.float32, -2, 2), anything(shape, "float32")))
    return scalar(draw(TEXT)), samples, {"max_outputs": draw(MOST)}


RATES = st.floats(1 / 4, 2.0**31, width=32)


@st.composite
def fixed(draw):
    tag, samples, attrs = draw(sounds())
    return Case((tag, samples), {**attrs, "sample_rate": draw(RATES)})


@st.composite
def computed(draw):
    tag, samples, attrs = draw(sounds())
    return Case((tag, samples, np.float32(draw(RATES))), attrs)


CASES = {"ImageSummary": images(), "AudioSummary": fixed(), "AudioSummaryV2": computed()}
