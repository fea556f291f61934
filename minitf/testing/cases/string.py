"""Cases of the ops of `minitf.ops.string`."""

import numpy as np
from hypothesis import strategies as st

from minitf.ops.string import strings
from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.strategies import anything, broadcastable, shapes

TEXT = st.text(st.characters(codec="utf-8"), max_size=5).map(str.encode)


LINES = st.text("ab ,", max_size=6).map(str.encode)


@st.composite
def text_arrays(draw, shape=None, texts=TEXT):
    shape = draw(shapes()) if shape is None else shape
    size = int(np.prod(shape))
    return strings(draw(st.lists(texts, min_size=size, max_size=size)), shape)


@st.composite
def joins(draw):
    shape = draw(shapes())
    inputs = [
        draw(anything(draw(st.sampled_from([shape, ()])), "string"))
        for _ in range(draw(st.integers(1, 3)))
    ]
    return Case((inputs,), {"separator": draw(st.sampled_from(["", ", "]))})


@st.composite
def pieces(draw):
    lead, shape = draw(broadcastable())
    shape = np.broadcast_shapes(lead, shape)
    kind = draw(st.sampled_from([np.int32, np.int64]))
    texts = draw(text_arrays(shape, st.text("aé日", min_size=3, max_size=5).map(str.encode)))
    pos = np.array(draw(st.integers(-3, 3)), kind)
    length = np.array(draw(st.integers(0, 4)), kind)
    return Case((texts, pos, length), {"unit": draw(st.sampled_from(["BYTE", "UTF8_CHAR"]))})


@st.composite
def vectors(draw, separators):
    texts = draw(text_arrays((draw(st.integers(0, 3)),), LINES))
    return texts, np.array(draw(st.sampled_from(separators)), object)


@st.composite
def cuts(draw):
    return Case(draw(vectors([b"", b" ", b", "])), {"skip_empty": draw(st.booleans())})


@st.composite
def cuts_v2(draw):
    inputs, most = draw(vectors([b"", b" ", b", "])), draw(st.integers(-1, 2))
    oracle = "" if most < 0 or inputs[1].item() else skips.KEEPS_BLANKS
    return Case(inputs, {"maxsplit": most}, oracle=oracle)


UNITS = st.sampled_from(["BYTE", "UTF8_CHAR"])


ASCII = st.binary(max_size=5).filter(lambda text: all(byte < 0x80 for byte in text))


CASES = {
    "StringJoin": joins(),
    "StringLength": st.builds(lambda x, u: Case((x,), {"unit": u}), text_arrays(), UNITS),
    "Substr": pieces(),
    "StringSplit": cuts(),
    "StringSplitV2": cuts_v2(),
    "StringLower": text_arrays(texts=ASCII).map(lambda x: Case((x,))),
    "StringUpper": text_arrays(texts=ASCII).map(lambda x: Case((x,))),
    "StringStrip": text_arrays(texts=ASCII).map(lambda x: Case((x,))),
}
