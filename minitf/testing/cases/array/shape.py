"""Cases of the ops of `minitf.ops.array.shape`."""

from hypothesis import strategies as st

from minitf import dtypes
from minitf.shapes import UNKNOWN, Shape
from minitf.testing import skips
from minitf.testing.array_cases import EVERY, arrays_of, elements, moving, types
from minitf.testing.case import Case
from minitf.testing.strategies import shapes

OUT = st.sampled_from([dtypes.int32, dtypes.int64])


@st.composite
def asked(draw, attrs=True):
    return Case((draw(arrays_of(EVERY)),), {"out_type": draw(OUT)} if attrs else {})


@st.composite
def lists(draw):
    name = draw(types(("int32", "float32", "string")))
    arrays = [draw(elements(draw(shapes()), name)) for _ in range(draw(st.integers(1, 4)))]
    return Case((arrays,), {"out_type": draw(OUT)})


@st.composite
def ensured(draw):
    x = draw(arrays_of(EVERY))
    shape = Shape(n if draw(st.booleans()) else UNKNOWN for n in x.shape)
    if draw(st.booleans()):
        return moving((x,), {"shape": shape})
    return moving((x,), {"shape": Shape(None)}, oracle=skips.REFUSES_UNKNOWN_RANK)


CASES = {
    "Shape": asked(),
    "ShapeN": lists(),
    "Size": asked(),
    "Rank": asked(attrs=False),
    "EnsureShape": ensured(),
}
