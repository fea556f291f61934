"""Random programs of whole numbers: loops, run as the plain Python that they are, equal operations.

Without the compiler an example takes milliseconds, and what is tried is what is our own: shapes,
dimensions, nests, passes, what is kept and what is computed again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from kernels_cpu.fusion.whole import Trial, assert_equal_bits

import minitf as tf
from minitf.kernels_cpu import jit, threads
from minitf.kernels_cpu.fusion import passes
from minitf.kernels_cpu.fusion.compiling import Generated

SIZES = {"A": 2, "B": 3, "C": 4}
SHAPES = ["", "A", "B", "C", "AB", "BC", "AC", "ABC", "A1", "1C", "1B1", "A1C"]


def as_python(generated: Generated, _: Any) -> Any:
    """Return the text as a Python function, and all that it calls."""

    def plain(value: Any) -> Any:
        return value._function if isinstance(value, jit.Loops) else value

    space = {name: plain(value) for name, value in generated._function.__globals__.items()}
    exec(compile(generated.source, "<fused>", "exec"), space)
    return space["fused"]


@pytest.fixture(autouse=True)
def _no_compiler(monkeypatch):
    monkeypatch.setattr(Generated, "entry", as_python)


UNARY = [
    tf.negative,
    tf.square,
    tf.identity,
    lambda x: tf.maximum(x, 1),
    lambda x: tf.where(tf.less(x, 0), x + 1, x),
]
BINARY = [tf.add, tf.subtract, tf.multiply, tf.maximum, tf.minimum]
REDUCE = [tf.reduce_sum, tf.reduce_max, tf.reduce_min, tf.reduce_prod]


def grow(draw: Any, tensors: list[Any]) -> None:
    """Add a tensor, or a few, made of those that there are."""
    x = draw(st.sampled_from(tensors))
    rank, sizes = x.shape.ndims, x.shape.as_list()
    kind = draw(st.integers(0, 9))
    if kind < 2:
        tensors.append(draw(st.sampled_from(UNARY))(x))
    elif kind < 5:
        y = draw(st.sampled_from(tensors))
        try:
            np.broadcast_shapes(tuple(sizes), tuple(y.shape.as_list()))
        except ValueError:
            return
        tensors.append(draw(st.sampled_from(BINARY))(x, y))
    elif kind < 7 and rank:
        axes = draw(st.sets(st.integers(0, rank - 1), min_size=1))
        keep = draw(st.booleans())
        tensors.append(draw(st.sampled_from(REDUCE))(x, sorted(axes), keepdims=keep))
    elif kind == 7 and rank < 3:
        tensors.append(tf.expand_dims(x, draw(st.integers(0, rank))))
    elif kind == 8 and rank:
        axis = draw(st.integers(0, rank - 1))
        first = draw(st.integers(0, sizes[axis] - 1))
        index = [slice(None)] * axis + [draw(st.sampled_from([first, slice(first, None)]))]
        tensors.append(x[tuple(index)])
    elif kind == 9 and rank:
        axis = draw(st.integers(0, rank - 1))
        alike = [
            y
            for y in tensors
            if y.shape.ndims == rank
            and [d for i, d in enumerate(y.shape.as_list()) if i != axis]
            == [d for i, d in enumerate(sizes) if i != axis]
        ]
        tensors.append(tf.concat([x, draw(st.sampled_from(alike))], axis))


@st.composite
def programs(draw: Any) -> tuple[Any, list[Any]]:
    """Draw a function of tensors and arrays for it."""
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    shapes = draw(st.lists(st.sampled_from(SHAPES), min_size=1, max_size=3))
    arrays = [
        rng.integers(-3, 4, [SIZES.get(letter, 1) for letter in shape]).astype(np.int32)
        for shape in shapes
    ]
    made = draw(st.randoms(use_true_random=False)), draw(st.integers(1, 14))
    choices = draw(st.data())

    def build(*inputs: Any) -> list[Any]:
        tensors = list(inputs)
        for _ in range(made[1]):
            grow(choices.draw, tensors)
        new = tensors[len(inputs) :] or [tf.negative(tensors[0])]
        chosen = made[0].sample(new, min(len(new), 3))
        return [new[-1], *(tensor for tensor in chosen if tensor is not new[-1])]

    return build, arrays


@pytest.mark.paper("O-36", "W-59")
@given(
    program=programs(),
    part=st.sampled_from([1, 3, threads.PART]),
    again=st.sampled_from([(0, 0), (1, 0), (2, 1), (8, 4)]),
)
def test_a_random_program_gives_the_values_of_its_operations(program, part, again):
    """Parts are of any size; what is dear enough to be kept varies too."""
    build, arrays = program
    try:
        trial = Trial(build, arrays)
    except AssertionError:
        assume(False)  # nothing is left to compute
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threads, "PART", part)
        patch.setattr(passes, "_MOST_AGAIN", again[0])
        patch.setattr(passes, "_MOST_AGAIN_IN_ROW", again[1])
        assume(trial.is_compiled())
        results = trial.both()

    for (got, want), tensor in zip(results, trial.cluster.outputs, strict=True):
        assert_equal_bits(np.asarray(got), want, tensor.op.type)
