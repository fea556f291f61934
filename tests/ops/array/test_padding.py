"""Pad, PadV2, MirrorPad, MirrorPadGrad: cases against NumPy, messages."""

import numpy as np
import pytest
from array_cases import elements, index_types, moving, types
from cases import Case
from hypothesis import given
from hypothesis import strategies as st
from strategies import shapes, whole

from minitf.errors import InvalidArgumentError
from minitf.ops.array.padding import mirror_pad_grad_op, mirror_pad_op, pad_op

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


@given(x=whole((3, 4)), before=st.integers(0, 2), after=st.integers(0, 2))
def test_padding_is_numpys(x, before, after):
    paddings = np.array([[before, after], [after, before]])

    np.testing.assert_array_equal(pad_op.body(x, paddings), np.pad(x, paddings))
    for mode in ("reflect", "symmetric"):
        np.testing.assert_array_equal(
            mirror_pad_op.body(x, paddings, mode=mode.upper()), np.pad(x, paddings, mode)
        )


@given(x=whole((3, 4)), y=whole((6, 7)), mode=st.sampled_from(["REFLECT", "SYMMETRIC"]))
def test_mirror_pad_grad_is_the_adjoint(x, y, mode):
    paddings = np.array([[1, 2], [2, 1]])

    there = (mirror_pad_op.body(x, paddings, mode=mode) * y).sum()
    assert there == (x * mirror_pad_grad_op.body(y, paddings, mode=mode)).sum()


def test_what_padding_refuses():
    x = np.zeros((2, 3))
    with pytest.raises(InvalidArgumentError, match="Paddings must be non-negative: -1 0"):
        pad_op.body(x, np.array([[-1, 0], [0, 0]]))
    with pytest.raises(InvalidArgumentError, match="first dimension of paddings must be the rank"):
        pad_op.body(x, np.array([[1, 1]]))
    with pytest.raises(InvalidArgumentError, match="paddings must be less than the dimension size"):
        mirror_pad_op.body(x, np.array([[2, 0], [0, 0]]), mode="REFLECT")
