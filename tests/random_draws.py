"""Running random ops twice in each of two sessions: ours by their bodies, and TensorFlow's."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import DType
from minitf.resources import Context, ResourceStore
from minitf.testing.case import epsilon, tiny, widened

RUNS_PER_SESSION = 2


def new_session(name: str = "op") -> Context:
    """Return what an operation of that name sees of a session that has just begun."""
    return Context(name, ResourceStore(), {}, threading.Lock())


def draw(name: str, inputs: Any, attrs: dict[str, Any], context: Context | None = None) -> Any:
    """Return what one run of an op's body draws."""
    op_def = ops.find_op(name)
    defaults = {
        attr.name: attr.default
        for attr in op_def.attrs.values()
        if not attr.inferred and attr.name not in attrs
    }
    arrays = [np.asarray(each) for each in inputs]
    return op_def.body(*arrays, **defaults, **attrs, context=context or new_session())


def our_draws(name: str, inputs: Any, attrs: dict[str, Any]) -> list[Any]:
    """Return what two runs in each of two sessions draw."""
    return [
        draw(name, inputs, attrs, context)
        for context in (new_session(), new_session())
        for _ in range(RUNS_PER_SESSION)
    ]


def their_draws(tf: Any, name: str, inputs: Any, attrs: dict[str, Any]) -> list[Any]:
    """Return what TensorFlow's op draws in the same runs."""
    op_def = ops.find_op(name)
    with tf.Graph().as_default() as graph:
        made = getattr(tf.raw_ops, name)(
            **{arg.name: tf.constant(v) for arg, v in zip(op_def.inputs, inputs, strict=True)},
            **{k: tf.as_dtype(v.name) if isinstance(v, DType) else v for k, v in attrs.items()},
        )
    found = []
    for _ in range(2):
        with tf.Session(graph=graph) as session:
            found += [session.run(made) for _ in range(RUNS_PER_SESSION)]
    return found


def assert_same(ours: list[Any], theirs: list[Any], ulps: int = 0) -> None:
    """Check arrays pairwise: equal types, shapes, and values up to `ulps` last places."""
    for one, other in zip(ours, theirs, strict=True):
        assert one.dtype == other.dtype
        assert one.shape == other.shape
        if not ulps:
            np.testing.assert_array_equal(one, other)
            continue
        distance = np.abs(widened(one) - widened(other))
        # TensorFlow flushes numbers below the least normal one to zero
        assert np.all(distance <= ulps * epsilon(other) * np.abs(widened(other)) + tiny(other))
