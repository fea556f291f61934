"""Cases of the ops of `minitf.ops.nn.ctc`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.strategies import real

BOUND = 4.0  # of the scores


@st.composite
def labelled(draw):
    """Draw scores and labels, some of which fit no path, some too many, some null."""
    steps, batch, classes = (draw(st.integers(1, n)) for n in (6, 3, 4))
    lengths = [draw(st.integers(0, steps)) for _ in range(batch)]
    ignores = draw(st.booleans()) or 0 in lengths
    rows = [
        draw(st.lists(st.integers(0, classes), min_size=1, max_size=steps if ignores else n))
        for n in lengths
    ]
    rows = [sorted(row, key=lambda label: label >= classes - 1) for row in rows]  # null labels last
    indices = [(i, place) for i, row in enumerate(rows) for place in range(len(row))]
    values = [label for row in rows for label in row]
    attrs = {
        "preprocess_collapse_repeated": draw(st.booleans()),
        "ctc_merge_repeated": draw(st.booleans()),
        "ignore_longer_outputs_than_inputs": ignores,
    }
    dtype = draw(st.sampled_from([np.float64, np.float32]))
    scores = draw(real((steps, batch, classes), dtype, -BOUND, BOUND))
    inputs = scores, np.array(indices, np.int64), np.int32(values), np.int32(lengths)
    # alpha, beta and their sum each add a logarithm a step, up to `scale` in all
    scale = steps * (2 * BOUND + np.log(classes))
    return Case(
        inputs, attrs, ulps=4 * steps, scale=scale, oracle=_wrong_in_tensorflow(rows, scores)
    )


def _wrong_in_tensorflow(rows, scores):
    blank = scores.shape[2] - 1
    if scores.dtype == np.float64:
        return skips.SINGLE_PRECISION
    return skips.COUNTS_TWICE if any(min(row) >= blank for row in rows) else ""


CASES = {
    "CTCLoss": labelled(),
}
