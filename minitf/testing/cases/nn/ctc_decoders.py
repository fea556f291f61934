"""Cases of the ops of `minitf.ops.nn.ctc_decoders`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.strategies import laid_out

ALL_PREFIXES = 121  # of at most 4 steps, each of at most 3 labels


@st.composite
def scores_and_lengths(draw, *, least=0):
    """Draw scores without ties, of which TensorFlow takes any."""
    steps, batch, classes = (draw(st.integers(low, n)) for low, n in ((1, 4), (1, 3), (2, 4)))
    made = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    scores = made.standard_normal((steps, batch, classes)).astype(dtype)
    lengths = [draw(st.integers(least, steps)) for _ in range(batch)]
    return laid_out(draw, scores), np.int32(lengths)


@st.composite
def greedy(draw):
    scores, lengths = draw(scores_and_lengths())
    blank = draw(st.integers(-scores.shape[2], scores.shape[2] - 1))
    attrs = {"merge_repeated": draw(st.booleans()), "blank_index": blank}
    return Case((scores, lengths), attrs, ulps=8, scale=8)


@st.composite
def beams(draw):
    top_paths = draw(st.integers(1, 2))
    scores, lengths = draw(scores_and_lengths(least=top_paths - 1))  # one step gives two prefixes
    is_wide = draw(st.booleans())
    attrs = {
        "beam_width": ALL_PREFIXES if is_wide else draw(st.integers(top_paths, 9)),
        "top_paths": top_paths,
        "merge_repeated": draw(st.booleans()),
    }
    steps, _, classes = scores.shape
    # each step adds a logarithm, of scores of at most 7 standard deviations
    scale = steps * (14 + np.log(classes))
    differs = "" if is_wide else skips.NARROW_BEAM
    if scores.dtype == np.float64:
        differs = skips.SINGLE_PRECISION
    return Case((scores, lengths), attrs, ulps=4 * steps, scale=scale, oracle=differs)


CASES = {
    "CTCGreedyDecoder": greedy(),
    "CTCBeamSearchDecoder": beams(),
}
