"""Cases of the ops of `minitf.ops.audio.wav`."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from minitf.ops.audio.wav import wav_file
from minitf.testing.case import Case
from minitf.testing.strategies import SIDES, anything, real
from minitf.testing.text_cases import scalar

CHANNELS = st.integers(1, 3)
RATES = st.integers(1, 100_000)
WANTED = st.sampled_from([-1, 1, 2, 4])


@st.composite
def sounds(draw):
    shape = draw(SIDES), draw(CHANNELS)
    return draw(st.one_of(real(shape, np.float32, -2, 2), anything(shape, "float32")))


@st.composite
def files(draw):
    attrs = {"desired_channels": draw(WANTED), "desired_samples": draw(WANTED)}
    return Case((scalar(wav_file(draw(sounds()), draw(RATES))),), attrs, ulps=0)


@st.composite
def written(draw):
    return Case((draw(sounds()), np.int32(draw(RATES))), ulps=0)


CASES = {"DecodeWav": files(), "EncodeWav": written()}
