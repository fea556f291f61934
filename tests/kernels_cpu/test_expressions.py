"""Expressions of scalars give the bits of the bodies."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import minitf as tf
from minitf.executor.binding import bound
from minitf.kernels_cpu.expressions import _BY_POSITIVE, _FORMS, _OF_FLOATS, expression
from minitf.ops import find_op

VALUES = {
    "int32": [0, 1, -1, 7, -8, 2**31 - 1, -(2**31)],
    "int64": [0, 1, -1, 7, -8, 2**63 - 1, -(2**63)],
    "float32": [0.0, -0.0, 1.5, -3.25, 1e-45, 3e38, np.inf, -np.inf, np.nan],
    "float64": [0.0, -0.0, 1.5, -3.25, 5e-324, 1e308, np.inf, -np.inf, np.nan],
    "bool": [False, True],
}


def types_of(kind):
    """Return the types of VALUES that an op takes."""
    definition = find_op(kind)
    allowed = definition.attrs["T"].allowed if "T" in definition.attrs else [tf.bool]
    return [name for name in VALUES if allowed is None or tf.as_dtype(name) in allowed]


TYPED = [(kind, t) for kind in (*_FORMS, *_OF_FLOATS, *_BY_POSITIVE) for t in types_of(kind)]


def operation_of(kind, dtype, shape=()):
    """Return an operation on placeholders."""
    with tf.Graph().as_default():
        definition = find_op(kind)
        inputs = [tf.placeholder(dtype, shape) for _ in definition.inputs]
        return definition(*inputs).op


@pytest.mark.paper("W-59")
@pytest.mark.parametrize(("kind", "dtype"), TYPED)
@pytest.mark.parametrize("box", [np.asarray, lambda x: x], ids=["arrays", "scalars"])
def test_an_expression_gives_the_bits_of_the_body(kind, dtype, box):
    operation = operation_of(kind, dtype)
    body = bound(operation.definition.body, operation)
    values = [np.dtype(dtype).type(each) for each in VALUES[dtype]]
    with np.errstate(all="ignore"):
        for inputs in itertools.product(values, repeat=len(operation.inputs)):
            text = expression(operation, [None, *inputs[1:]])
            if text is None:
                assert kind in (*_OF_FLOATS, *_BY_POSITIVE)
                continue
            names = [f"x{i}" for i in range(len(inputs))]
            given = dict(zip(names, map(box, inputs), strict=True))
            got = eval(text.format(*names), given)
            wanted = body(*map(np.asarray, inputs))

            assert (got.dtype, got.shape) == (wanted.dtype, ())
            assert got.tobytes() == wanted.tobytes() or (np.isnan(got) and np.isnan(wanted))


@pytest.mark.parametrize(
    ("kind", "dtype", "shape"),
    [("AddV2", "float32", [1]), ("AddV2", "float32", None), ("AddV2", "float16", [])],
)
def test_what_may_be_no_scalar_or_is_of_another_type_has_none(kind, dtype, shape):
    assert expression(operation_of(kind, dtype, shape), [None, None]) is None


def test_a_remainder_has_one_only_where_its_divisor_is_known_and_positive():
    operation = operation_of("FloorMod", "int32")

    assert expression(operation, [None, np.int32(3)]) == "{} % {}"
    for known in (None, np.int32(0), np.int32(-1)):
        assert expression(operation, [None, known]) is None


def test_what_is_no_arithmetic_has_none():
    assert expression(operation_of("Tanh", "float32"), [None]) is None
