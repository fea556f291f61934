"""A learning rate of 0 must leave the loss as it is.

    rate = tf.placeholder(tf.float32, [])
    train = tf.train.MomentumOptimizer(rate, 0.9).minimize(loss)
    tf.debug.check_frozen_loss(session, loss, train, {rate: 0.0, x: batch})

What changes a loss though nothing is learnt is a mistake that training hides: moving averages that
the loss reads, a variable that something else writes, dropout where there should be none.

Source: 2015 §6 lesson 3 ("a learning rate of zero ... an unexpected change in the loss").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from minitf import source
from minitf.graph_keys import GraphKeys
from minitf.operation import Operation
from minitf.tensor import Tensor


def check_frozen_loss(
    session: Any,
    loss: Any,
    train: Any,
    feed_dict: Mapping[Any, Any] | None = None,
    *,
    steps: int = 3,
) -> float:
    """Train with a learning rate of 0, and check that the loss stays what it is, to the last bit.

    Args:
        session: with its variables initialised.
        loss: a Tensor.
        train: the train op; the learning rate must be 0, fed so or made so.
        feed_dict: what each run is fed.
        steps: how often to train.

    Returns:
        The loss.

    Raises:
        AssertionError: if the loss is another afterwards, or is not the same twice in a row: with
            the variables that changed, and the random operations behind the loss.

    Source: 2015 §6.
    """
    before, again = (session.run(loss, feed_dict) for _ in range(2))
    if not _same(before, again):
        lines = [f"the loss is {before}, then {again}, and nothing was trained between:"]
        lines += [f"  '{op.name}' ({op.type}) is behind it, {_made(op)}" for op in _random(loss)]
        raise AssertionError("\n".join(lines))
    variables = [
        each
        for key in (GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES)
        for each in session.graph.get_collection(key)
    ]
    old = session.run(variables)
    for _ in range(steps):
        session.run(train, feed_dict)
    after = session.run(loss, feed_dict)
    if not _same(before, after):
        lines = [f"the loss is {before} before {steps} steps of learning rate 0, {after} after:"]
        for variable, was, value in zip(variables, old, session.run(variables), strict=True):
            if not _same(was, value):
                change = np.abs(np.asarray(value, float) - np.asarray(was, float)).max()
                lines.append(
                    f"  variable '{variable.op.name}' changed by up to {change:g}, "
                    f"{_made(variable.op)}"
                )
        lines.append("  hint: is the learning rate 0, also that of each optimizer of several?")
        raise AssertionError("\n".join(lines))
    return float(before)


def _same(one: Any, other: Any) -> bool:
    return np.asarray(one).tobytes() == np.asarray(other).tobytes()


def _made(operation: Operation) -> str:
    return f"created at {source.describe(operation.site)}"


def _random(loss: Tensor) -> Iterator[Operation]:
    """Yield the operations without equal outputs behind a tensor, but for variables."""
    seen: set[Operation] = set()
    stack = [loss.op]
    while stack:
        operation = stack.pop()
        if operation in seen:
            continue
        seen.add(operation)
        if "seed" in operation.attrs or "Queue" in operation.type or "Iterator" in operation.type:
            yield operation
        stack += [tensor.op for tensor in operation.inputs]
        stack += operation.control_inputs
