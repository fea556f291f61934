"""Cases of the ops of `minitf.ops.array.padding`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.array_cases import elements, index_types, moving, types
from minitf.testing.case import Case
from minitf.testing.strategies import shapes, whole

NO_STRINGS = ("bool", "int8", "int32", "int64", "float16", "float32", "float64", "complex64")


@st.composite
def pads(draw, *, value=False):
    shape, name = draw(shapes(max_dims=3)), draw(types(NO_STRINGS))
    paddings = np.array([[draw(st.integers(0, 2)) for _ in range(2)] for _ in shape]).reshape(-1, 2)
    inputs = [draw(elements(shape, name)), paddings.astype(draw(index_types()))]
    if value:
        inputs.append(draw(elements((), name)))
    return moving(tuple(inputs), constant=("constant_values",))


@st.composite
def mirrored(draw, *, gradient=False):
    mode = draw(st.sampled_from(["REFLECT", "SYMMETRIC"]))
    offset = mode == "REFLECT"
    shape = draw(shapes(min_dims=1, max_dims=3, min_side=1))
    paddings = [[draw(st.integers(0, n - offset)) for _ in range(2)] for n in shape]
    kind = draw(index_types())
    if not gradient:
        value = draw(elements(shape, draw(types(("int32", "float32", "float64", "complex64")))))
        return moving((value, np.array(paddings, kind)), {"mode": mode})
    padded = tuple(n + a + b for n, (a, b) in zip(shape, paddings, strict=True))
    value = draw(whole(padded, draw(st.sampled_from([np.int32, np.float32, np.float64]))))
    return Case((value, np.array(paddings, kind)), {"mode": mode}, ulps=0, smooth=True)


CASES = {
    "Pad": pads(),
    "PadV2": pads(value=True),
    "MirrorPad": mirrored(),
    "MirrorPadGrad": mirrored(gradient=True),
}
