"""Random differentiable programs, run by an interpreter of dual numbers and as graphs.

A dual number is a value with its derivatives by each of the inputs, so the interpreter knows the
slopes that the graph's gradients must have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

import minitf as tf

LOCALS = 3
Statement = tuple[Any, ...]


@dataclass(frozen=True)
class Dual:
    value: float
    slopes: Any  # float64[LOCALS]

    def __add__(self, other):
        return Dual(self.value + other.value, self.slopes + other.slopes)

    def __sub__(self, other):
        return Dual(self.value - other.value, self.slopes - other.slopes)

    def __mul__(self, other):
        slopes = self.slopes * other.value + self.value * other.slopes
        return Dual(self.value * other.value, slopes)


_ARITHMETIC = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
}


@st.composite
def blocks(draw, depth: int = 3) -> list[Statement]:
    return [draw(statements(depth)) for _ in range(draw(st.integers(1, 3)))]


@st.composite
def statements(draw, depth: int) -> Statement:
    local = st.integers(0, LOCALS - 1)
    kinds = ["compute", "compute", *(["if", "while", "while", "scan", "map"] if depth else [])]
    kind = draw(st.sampled_from(kinds))
    if kind == "compute":
        return kind, draw(st.sampled_from(sorted(_ARITHMETIC))), *(draw(local) for _ in range(3))
    if kind == "if":
        bodies = draw(blocks(depth=depth - 1)), draw(blocks(depth=depth - 1))
        return kind, draw(local), draw(local), *bodies
    if kind == "while":
        return kind, draw(st.integers(0, 2)), draw(st.integers(1, 3)), draw(blocks(depth=depth - 1))
    return kind, draw(local), draw(local), draw(st.integers(1, 3))


def interpret(block: list[Statement], locals_: list[Dual]) -> None:
    for kind, *parts in block:
        if kind == "compute":
            name, target, a, b = parts
            locals_[target] = _ARITHMETIC[name](locals_[a], locals_[b])
        elif kind == "if":
            a, b, yes, no = parts
            interpret(yes if locals_[a].value < locals_[b].value else no, locals_)
        elif kind == "while":
            trips, _, body = parts
            for _ in range(trips):
                interpret(body, locals_)
        elif kind == "scan":  # the last of a, a * x, a * x * x, ...
            target, source, count = parts
            product = locals_[target]
            for _ in range(count):
                product = product * locals_[source]
            locals_[target] = product
        else:
            target, source, count = parts
            total = locals_[source] - locals_[source]
            for i in range(count):
                total = total + locals_[source] * Dual(float(i), np.zeros(LOCALS))
            locals_[target] = total


def build(block: list[Statement], locals_: list[Any], trips: Any) -> list[Any]:
    """Return the locals after a block; `trips[n]` is a tensor of the number n."""
    locals_ = list(locals_)
    for kind, *parts in block:
        if kind == "compute":
            name, target, a, b = parts
            locals_[target] = _ARITHMETIC[name](locals_[a], locals_[b])
        elif kind == "if":
            a, b, yes, no = parts
            locals_ = tf.cond(
                locals_[a] < locals_[b],
                lambda yes=yes, now=locals_: build(yes, now, trips),
                lambda no=no, now=locals_: build(no, now, trips),
            )
        elif kind == "while":
            number, parallel, body = parts
            _, *locals_ = tf.while_loop(
                lambda i, *_, n=number: i < trips[n],
                lambda i, *now, body=body: [i + 1, *build(body, now, trips)],
                [0, *locals_],
                parallel_iterations=parallel,
            )
        elif kind == "scan":
            target, source, count = parts
            factors = tf.fill([count], locals_[source])
            products = tf.scan(lambda a, e: a * e, factors, initializer=locals_[target])
            locals_[target] = products[-1]
        else:
            target, source, count = parts
            scaled = tf.map_fn(
                lambda e, x=locals_[source]: e * x, tf.range(count, dtype=tf.float64)
            )
            locals_[target] = tf.reduce_sum(scaled)
    return locals_
