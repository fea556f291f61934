"""Every elementwise op, fused, gives the bits of its body."""

from __future__ import annotations

import numpy as np
import pytest
from kernels_cpu.fusion.whole import Trial, assert_equal_bits

import minitf as tf
from minitf import ops
from minitf.kernels_cpu.fusion import lowering
from minitf.kernels_cpu.fusion.calls import TYPES
from minitf.kernels_cpu.fusion.scalars import Trace
from minitf.kernels_cpu.fusion.values import NotFusedError, Program
from minitf.kernels_cpu.vector_math.accuracy import ULPS
from minitf.ops.elementwise.rows import ROWS

FAMILIES = ("arithmetic", "activations", "bitwise", "comparison", "division", "powers", "rounding")
FAMILIES += ("transcendental", "trigonometry")
for family in FAMILIES:
    __import__(f"minitf.ops.elementwise.{family}")


def takes(op, dtype):
    """Tell whether an elementwise op takes a type."""
    if op.inputs[0].dtype is not None:
        return op.inputs[0].dtype is dtype
    return dtype in op.attrs["T"].allowed


def fused_ops(dtype):
    return [
        row.op_def
        for name, row in ROWS.items()
        if takes(row.op_def, dtype) and lowering._row_fuses(name, dtype)
    ]


def numbers(dtype, seed):
    """Return numbers of a type, the special ones first."""
    rng = np.random.default_rng(seed)
    kind = dtype.numpy.kind
    if kind == "f":
        info = np.finfo(dtype.numpy)
        special = [0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, 0.5, 2.0, 6.0, info.max]
        special += [info.min, info.tiny, -info.tiny, info.tiny / 4]
        rest = rng.standard_normal(200) * rng.choice([1e-3, 1.0, 30.0], 200)
        both = np.concatenate([special, rest]).astype(dtype.numpy)
        return rng.permutation(both)
    if kind == "b":
        return rng.integers(0, 2, 215).astype(bool)
    info = np.iinfo(dtype.numpy)
    near = np.array([0, 1, 2, 6, 7, info.max, info.max - 1, info.min, info.min + 1], dtype.numpy)
    rest = rng.integers(info.min, info.max, 206, dtype.numpy, endpoint=True)
    return rng.permutation(np.concatenate([near, rest]))


def costly(name):
    return set(ROWS[name].scalar.__code__.co_names) & set(ULPS)


IN_SHORT = (tf.float32, tf.int32)
ALL_TYPES = [
    pytest.param(dtype, id=dtype.name, marks=[] if dtype in IN_SHORT else [pytest.mark.thorough])
    for dtype in sorted(TYPES, key=int)
]


@pytest.mark.parametrize("dtype", ALL_TYPES)
def test_each_gives_the_bits_of_its_body(dtype):
    made = fused_ops(dtype)
    arrays = [numbers(dtype, seed) for seed in range(2)]
    trial = Trial(lambda *inputs: [op(*inputs[: len(op.inputs)]) for op in made], arrays)

    by_name = dict(zip([t.op.type for t in trial.cluster.outputs], trial.both(), strict=True))
    assert by_name.keys() == {op.name for op in made}
    for name, (got, want) in by_name.items():
        if costly(name):
            info = np.finfo(dtype.numpy)
            np.testing.assert_allclose(got, want, 16 * info.eps, info.tiny, err_msg=name)
        else:
            assert_equal_bits(got, want, name)


def test_the_ops_that_networks_are_made_of_are_among_them():
    floats = {op.name for op in fused_ops(tf.float32)}
    integers = {op.name for op in fused_ops(tf.int32)}

    assert floats > {"AddV2", "Mul", "RealDiv", "Relu", "ReluGrad", "Tanh", "Sigmoid", "Rsqrt"}
    assert floats > {"Maximum", "Exp", "Log", "Elu", "SeluGrad", "Softplus", "Sign", "DivNoNan"}
    assert integers > {"AddV2", "Mul", "Maximum", "Relu", "BitwiseAnd", "Less", "Square"}
    assert not integers & {"RealDiv", "FloorDiv", "FloorMod", "LeftShift"}  # they raise or clip


def test_a_question_becomes_a_choice():
    program = Program()
    x = program.load(0, np.dtype(np.float32), (3,)).value
    made = Trace(program).apply(lambda x: 1.0 if 0.0 < x < 6.0 else x, [x], x.dtype)

    assert made.what == "select"
    assert made.operands[0].what == "greater"
    assert made.operands[1].what == "select"  # the second comparison
    assert made.operands[2] is x


def test_equal_values_are_one():
    program = Program()
    x = program.load(0, np.dtype(np.float32), (3,)).value
    made = Trace(program).apply(lambda x: (x * 2.0) + (x * 2.0), [x], x.dtype)

    assert made.operands[0] is made.operands[1]


@pytest.mark.parametrize(
    "scalar", [lambda x: x**x, lambda x: x.bit_count(), lambda x: ops.fmod(x, x), lambda x: x % 2.0]
)
def test_what_has_no_primitive_is_not_fused(scalar):
    program = Program()
    x = program.load(0, np.dtype(np.float32), (3,)).value

    with pytest.raises(NotFusedError):
        Trace(program).apply(scalar, [x], x.dtype)
