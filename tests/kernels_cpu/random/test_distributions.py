"""The compiled random ops draw the bits that the bodies draw."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_draws import RUNS_PER_SESSION, new_session

from minitf.dtypes import as_dtype, float32, float64
from minitf.kernels_cpu.random import distributions
from minitf.kernels_cpu.random.philox import CompiledStream
from minitf.ops.random.conversion import uniform
from minitf.ops.random.distributions import (
    per_block,
    random_standard_normal_op,
    random_uniform_int_op,
    random_uniform_op,
    truncated_normal_op,
)
from minitf.ops.random.philox import Stream

KERNELS = [
    (random_uniform_op, distributions.random_uniform),
    (random_standard_normal_op, distributions.random_standard_normal),
    (truncated_normal_op, distributions.truncated_normal),
]
# none, one, part of a block, more than one part of 4,096 blocks
SHAPES = [[0], [], [3], [7, 5], [40_001]]


@given(
    key=st.integers(0, 2**64 - 1),
    position=st.integers(0, 2**128 - 1),
    offsets=st.lists(st.integers(0, 2**64 - 1), max_size=600),
)
def test_compiled_words_are_the_words(key, position, offsets):
    offsets = np.array(offsets, np.uint64)

    np.testing.assert_array_equal(
        CompiledStream(key, position).blocks_at(offsets), Stream(key, position).blocks_at(offsets)
    )


@given(
    key=st.integers(0, 2**64 - 1),
    position=st.integers(0, 2**128 - 1) | st.integers(2**64 - 200, 2**64),
    count=st.integers(0, 600),
)
def test_numbers_made_in_one_call_are_the_numbers(key, position, count):
    for dtype in (float32, float64):
        got, blocks = np.empty(count, dtype.numpy), -(-count // per_block(dtype))
        CompiledStream(key, position).fill(distributions.UNIFORM_LOOPS[dtype.name], got)
        want = uniform(dtype)(Stream(key, position).blocks(blocks)).reshape(-1)[:count]

        np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("op_def", "kernel"), KERNELS)
def test_a_kernel_draws_what_the_body_draws(op_def, kernel, shape, dtype):
    shape, attrs = np.array(shape, np.int32), {"dtype": as_dtype(dtype), "seed": 3, "seed2": 2**62}
    ours, theirs = new_session(), new_session()
    for _ in range(RUNS_PER_SESSION):
        got = kernel(shape, **attrs, context=ours)
        want = op_def.body(shape, **attrs, context=theirs)

        assert got.dtype == want.dtype
        np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("kind", [np.int32, np.int64])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_kernel_of_integers_draws_what_the_body_draws(kind, shape):
    for low, high in [(0, 10), (np.iinfo(kind).min, np.iinfo(kind).max)]:
        inputs = np.array(shape, np.int32), np.array(low, kind), np.array(high, kind)
        got = distributions.random_uniform_int(*inputs, seed=1, seed2=2, context=new_session())
        want = random_uniform_int_op.body(*inputs, seed=1, seed2=2, context=new_session())

        np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize(("op_def", "kernel"), KERNELS)
def test_the_device_finds_the_kernel(op_def, kernel):
    assert op_def.find_kernel("CPU", {}).function is kernel
