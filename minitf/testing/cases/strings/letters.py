"""Cases of the ops of `minitf.ops.strings.letters`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.case import Case
from minitf.testing.strategies import broadcastable
from minitf.testing.text_cases import ASCII, of_texts, text_arrays

UNITS = st.sampled_from(["BYTE", "UTF8_CHAR"])


@st.composite
def pieces(draw):
    lead, shape = draw(broadcastable())
    shape = np.broadcast_shapes(lead, shape)
    kind = draw(st.sampled_from([np.int32, np.int64]))
    texts = draw(text_arrays(shape, st.text("aé日", min_size=3, max_size=5).map(str.encode)))
    pos = np.array(draw(st.integers(-3, 3)), kind)
    length = np.array(draw(st.integers(0, 4)), kind)
    return Case((texts, pos, length), {"unit": draw(UNITS)})


CASES = {
    "StringLength": of_texts(unit=UNITS),
    "Substr": pieces(),
    "StringLower": of_texts(ASCII),
    "StringUpper": of_texts(ASCII),
    "StringStrip": of_texts(ASCII),
}
