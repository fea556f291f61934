"""Random arrays from a state that a variable keeps: it can be saved, set, and shared by operations.

**State**: an int64 vector of three elements or more: the low and the high half of the next position
and the key of Philox (`minitf.ops.random.philox`); what lies behind has no effect.

**Invariant**: a draw reads the state and moves it past all the positions that it may use in one
step, so no two draws from a variable share a number, on whichever threads they run.

Worked example:

    state = tf.Variable([0, 0, 7], use_resource=True)     # position 0, key 7
    StatefulUniform(state.handle, 1, [5])                 # five numbers; the state is [1280, 0, 7]
    RngSkip(state.handle, 1, 5)                           # as if there were five more

Source: TensorFlow's ops of these names, bit for bit for whole and uniform numbers; OSDI §3.1.
"""

import math
import os
from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType, float32
from minitf.dtypes import int64 as default_type
from minitf.dtypes import uint64 as default_word
from minitf.errors import UnimplementedError, invalid
from minitf.op_def import op
from minitf.ops.random.conversion import Conversion, normal, uniform
from minitf.ops.random.distributions import (
    INDEPENDENT,
    filled,
    integers,
    named_shape,
    per_block,
    sizes_of,
    truncated,
)
from minitf.ops.random.philox import RESERVED_PER_OUTPUT, Stream
from minitf.resources import Variable, variable_of
from minitf.shapes import Shape, shape_of_value
from minitf.symbols import Resource, dtype, int64, n, shape_dtype

Array = np.ndarray[Any, Any]

PHILOX, THREEFRY = 1, 2
_SIZES = ANY.default(default_type)
_HALF = 2**64


def numbers_shape(resource: Shape, algorithm: Shape, shape: Any, *more: Shape, **attrs: Any) -> Any:
    """Return the Shape that the third input's value names: the shape rule of all."""
    return shape_of_value(shape)


def drawn(resource: Any, algorithm: Array, outputs: int) -> Stream:
    """Return the stream that a variable stands at, and move it past that many outputs.

    Raises:
        InvalidArgumentError: if there is no such algorithm, or the variable is no state for it.
        UnimplementedError: if the algorithm is ThreeFry.
    """
    _check_algorithm(algorithm)
    variable = variable_of(resource)
    with variable.lock:
        state = _checked_state(variable)
        low, high, key = (int(each) % _HALF for each in state[:3])
        stream = Stream(key, low | high << 64)
        _move(variable, stream, outputs * RESERVED_PER_OUTPUT)
    return stream


def _check_algorithm(algorithm: Array) -> None:
    _check_scalar("algorithm", algorithm)
    if algorithm == THREEFRY:
        raise UnimplementedError(None, None, "There is no ThreeFry here, only Philox: algorithm 1")
    if algorithm != PHILOX:
        raise invalid(f"Unsupported algorithm id: {algorithm}")


def _check_scalar(what: str, value: Array) -> None:
    if value.shape:
        raise invalid(f"{what} must have shape [], not {list(value.shape)}")


def _checked_state(variable: Variable) -> Array:
    state = variable.read()
    if state.dtype != np.int64:
        raise invalid(f"dtype of RNG state variable must be int64, not {variable.dtype.name}")
    if state.ndim != 1:
        raise invalid(f"RNG state must have one and only one dimension, not {state.ndim}")
    if state.size < 3:
        raise invalid(
            f"For the Philox algorithm, the size of state must be at least 3; got {state.size}"
        )
    return state


def _move(variable: Variable, stream: Stream, positions: int) -> None:
    """Set the state to so many positions further on; that is a number of 64 bits."""
    at = (stream.position + positions % _HALF) % 2**128
    halves = np.array([at % _HALF, at >> 64], np.uint64).view(np.int64)

    def move(state: Array) -> None:
        state[:2] = halves

    variable.modify(move)


def _floating(op: str, dtype: DType) -> DType:
    if not dtype.is_floating:
        raise invalid(f"{op} makes floating-point numbers, no {dtype.name}")
    return dtype


def words(op: str, dtype: Any) -> tuple[Conversion, int]:
    """Return the conversion of blocks to random bits of a type, and how many a block gives."""
    kind = np.dtype(getattr(dtype, "numpy", dtype))
    if kind.name not in ("int32", "uint32", "int64", "uint64"):
        raise invalid(f"{op} makes numbers of int32, uint32, int64 or uint64, no {kind.name}")
    return (lambda blocks: blocks.view(kind)), 16 // kind.itemsize


# --- uniform numbers -----------------------------------------------------------------------------


@op("StatefulUniform", "stateful", dtype=ANY, shape_dtype=_SIZES)
def stateful_uniform_op(
    resource: Resource, algorithm: int64[()], shape: shape_dtype[n], *, dtype: DType = float32
) -> dtype:
    """Draw numbers from [0, 1), all equally likely.

    Args:
        resource: handle of the variable that keeps the state.
        algorithm: 1, which is Philox.
        shape: the output's shape.
        dtype: the output's type: float16, bfloat16, float32 or float64.

    Returns:
        dtype[shape].

    Raises:
        InvalidArgumentError: if the variable is no state of Philox, or the type is another one.

    Source: TensorFlow's op of the same name.
    """
    sizes = sizes_of(shape)
    convert = uniform(_floating("StatefulUniform", dtype))
    return filled(drawn(resource, algorithm, math.prod(sizes)), sizes, convert, per_block(dtype))


@op("StatefulUniformFullInt", "stateful", dtype=ANY, shape_dtype=_SIZES)
def stateful_uniform_full_int_op(
    resource: Resource, algorithm: int64[()], shape: shape_dtype[n], *, dtype: DType = default_word
) -> dtype:
    """Draw whole numbers from all that a type has, all equally likely.

    Args:
        resource: handle of the variable that keeps the state.
        algorithm: 1, which is Philox.
        shape: the output's shape.
        dtype: the output's type: int32, uint32, int64 or uint64.

    Returns:
        dtype[shape].

    Raises:
        InvalidArgumentError: if the variable is no state of Philox, or the type is another one.

    Source: TensorFlow's op of the same name.
    """
    sizes = sizes_of(shape)
    convert, count = words("StatefulUniformFullInt", dtype)
    return filled(drawn(resource, algorithm, math.prod(sizes)), sizes, convert, count)


@op("StatefulUniformInt", "stateful", dtype=ANY.default(default_type), shape_dtype=_SIZES)
def stateful_uniform_int_op(
    resource: Resource,
    algorithm: int64[()],
    shape: shape_dtype[n],
    minval: dtype[()],
    maxval: dtype[()],
) -> dtype:
    """Draw whole numbers from [minval, maxval), as RandomUniformInt does.

    Args:
        resource: handle of the variable that keeps the state.
        algorithm: 1, which is Philox.
        shape: the output's shape.
        minval: the least number.
        maxval: one more than the greatest.

    Returns:
        dtype[shape].

    Raises:
        InvalidArgumentError: if minval >= maxval, or the variable is no state of Philox.

    Source: TensorFlow's op of the same name.
    """
    sizes = sizes_of(shape)
    for what, bound in (("minval", minval), ("maxval", maxval)):
        if bound.shape:
            raise invalid(f"{what} must be 0-D, got shape {list(bound.shape)}")
    words("StatefulUniformInt", minval.dtype)
    convert, count = integers(minval, maxval)
    return filled(drawn(resource, algorithm, math.prod(sizes)), sizes, convert, count)


# --- normal numbers ------------------------------------------------------------------------------


@op("StatefulStandardNormalV2", "stateful", dtype=ANY, shape_dtype=_SIZES)
def stateful_standard_normal_v2_op(
    resource: Resource, algorithm: int64[()], shape: shape_dtype[n], *, dtype: DType = float32
) -> dtype:
    """Draw numbers with density exp(-x^2 / 2) / sqrt(2 pi).

    Args:
        resource: handle of the variable that keeps the state.
        algorithm: 1, which is Philox.
        shape: the output's shape.
        dtype: the output's type: float16, bfloat16, float32 or float64.

    Returns:
        dtype[shape].

    Raises:
        InvalidArgumentError: if the variable is no state of Philox, or the type is another one.

    Source: TensorFlow's op of the same name.
    """
    sizes = sizes_of(shape)
    convert = normal(_floating("StatefulStandardNormalV2", dtype))
    stream = drawn(resource, algorithm, math.prod(sizes))
    return filled(stream, sizes, convert, per_block(dtype)).astype(dtype.numpy, copy=False)


@op(
    "StatefulStandardNormal",
    "stateful",
    dtype=ANY,
    shape_dtype=_SIZES,
    deprecated=(29, "Use StatefulStandardNormalV2 instead"),
)
def stateful_standard_normal_op(
    resource: Resource, shape: shape_dtype[n], *, dtype: DType = float32
) -> dtype:
    """Draw numbers with density exp(-x^2 / 2) / sqrt(2 pi), by Philox.

    Args:
        resource: handle of the variable that keeps the state.
        shape: the output's shape.
        dtype: the output's type: float16, bfloat16, float32 or float64.

    Returns:
        dtype[shape].

    Raises:
        InvalidArgumentError: if the variable is no state of Philox, or the type is another one.

    Source: TensorFlow's op of the same name.
    """
    return stateful_standard_normal_v2_op.body(resource, np.array(PHILOX), shape, dtype=dtype)


@op("StatefulTruncatedNormal", "stateful", dtype=ANY, shape_dtype=_SIZES)
def stateful_truncated_normal_op(
    resource: Resource, algorithm: int64[()], shape: shape_dtype[n], *, dtype: DType = float32
) -> dtype:
    """Draw numbers from a normal distribution, again and again until they lie in (-2, 2).

    Args:
        resource: handle of the variable that keeps the state.
        algorithm: 1, which is Philox.
        shape: the output's shape.
        dtype: the output's type: float16, bfloat16, float32 or float64.

    Returns:
        dtype[shape].

    Raises:
        InvalidArgumentError: if the variable is no state of Philox, or the type is another one.

    Source: TensorFlow's op of the same name.
    """
    sizes = sizes_of(shape)
    _floating("StatefulTruncatedNormal", dtype)
    return truncated(drawn(resource, algorithm, math.prod(sizes)), sizes, dtype)


for _op in (
    stateful_uniform_op,
    stateful_uniform_full_int_op,
    stateful_uniform_int_op,
    stateful_standard_normal_v2_op,
    stateful_truncated_normal_op,
):
    _op.shape(values_of=("shape",))(numbers_shape)
    _op.no_gradient(INDEPENDENT)


@stateful_standard_normal_op.shape(values_of=("shape",))
def stateful_standard_normal_shape(resource: Shape, shape: Any, *, dtype: DType) -> Shape:
    return shape_of_value(shape)


stateful_standard_normal_op.no_gradient(INDEPENDENT)

# --- RngSkip, NonDeterministicInts ---------------------------------------------------------------


@op("RngSkip", "stateful")
def rng_skip_op(resource: Resource, algorithm: int64[()], delta: int64[()]) -> None:
    """Move a state on, or back, past as many outputs as are not wanted.

    Args:
        resource: handle of the variable that keeps the state.
        algorithm: 1, which is Philox.
        delta: how many.

    Raises:
        InvalidArgumentError: if the variable is no state of Philox.

    Source: TensorFlow's op of the same name.
    """
    _check_scalar("delta", delta)
    drawn(resource, algorithm, int(delta))


@rng_skip_op.shape
def rng_skip_shape(resource: Shape, algorithm: Shape, delta: Shape) -> tuple[()]:
    return ()


rng_skip_op.no_gradient("it has no outputs")


@op("NonDeterministicInts", "stateful", dtype=ANY, shape_dtype=_SIZES)
def non_deterministic_ints_op(shape: shape_dtype[n], *, dtype: DType = default_type) -> dtype:
    """Draw whole numbers that nobody can draw again, from all that a type has.

    Args:
        shape: the output's shape.
        dtype: the output's type: int32, uint32, int64 or uint64.

    Returns:
        dtype[shape].

    Raises:
        InvalidArgumentError: if the type is another one.

    Source: TensorFlow's op of the same name.
    """
    sizes = sizes_of(shape)
    words("NonDeterministicInts", dtype)
    found = os.urandom(math.prod(sizes) * dtype.size)
    return np.frombuffer(found, dtype.numpy).reshape(sizes)


non_deterministic_ints_op.shape(values_of=("shape",))(named_shape)
non_deterministic_ints_op.no_gradient(INDEPENDENT)
