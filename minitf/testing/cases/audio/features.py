"""Cases of the ops of `minitf.ops.audio.features`."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from minitf.testing.case import Case
from minitf.testing.strategies import real


@st.composite
def spectrograms(draw):
    size = draw(st.integers(2, 20))
    shape = draw(st.integers(0, 50)), draw(st.integers(0, 2))
    sound = draw(real(shape, np.float32, -1, 1))
    attrs = {
        "window_size": size,
        "stride": draw(st.integers(1, 9)),
        "magnitude_squared": draw(st.booleans()),
    }
    return Case((sound,), attrs, ulps=16, scale=size**2)


@st.composite
def coefficients(draw):
    bands = draw(st.integers(1, 12))
    shape = draw(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(3, 33)))
    rate = draw(st.integers(4000, 48000))
    lower = draw(st.sampled_from([0.0, 20.0, 125.0]))
    # TensorFlow needs a frequency above the limit, or gives what it never computed.
    highest = 0.5 * rate * (shape[-1] - 1.5) / (shape[-1] - 1)
    limits = [limit for limit in (1000.0, 4000.0, 30000.0) if limit < highest]
    attrs = {
        "upper_frequency_limit": draw(st.sampled_from(limits)),
        "lower_frequency_limit": lower,
        "filterbank_channel_count": bands,
        "dct_coefficient_count": draw(st.integers(1, bands)),
    }
    loud = draw(real(shape, np.float32, 0, 4))
    return Case((loud, np.int32(rate)), attrs, ulps=16, scale=64 * bands)


CASES = {"AudioSpectrogram": spectrograms(), "Mfcc": coefficients()}
