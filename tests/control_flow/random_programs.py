"""Random structured programs, run by a plain interpreter and as graphs.

A program has a few integer locals and variables, and statements: arithmetic, reads and writes of
variables, `if`, `while` and a sum over `map_fn`.  In the graph a token runs through all statements
that touch variables, so both have one order; integers wrap, so every schedule gives the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st

import minitf as tf

LOCALS, VARIABLES = 3, 2
_ARITHMETIC = {
    "add": (np.add, lambda a, b: a + b),
    "sub": (np.subtract, lambda a, b: a - b),
    "mul": (np.multiply, lambda a, b: a * b),
    "max": (np.maximum, tf.maximum),
}
Statement = tuple[Any, ...]


@st.composite
def blocks(draw, depth: int = 3) -> list[Statement]:
    return [draw(statements(depth)) for _ in range(draw(st.integers(1, 3)))]


@st.composite
def statements(draw, depth: int) -> Statement:
    local, variable = st.integers(0, LOCALS - 1), st.integers(0, VARIABLES - 1)
    kinds = ["compute", "write", "read", *(["if", "while", "while", "map"] if depth else [])]
    kind = draw(st.sampled_from(kinds))
    if kind == "compute":
        return kind, draw(st.sampled_from(sorted(_ARITHMETIC))), *(draw(local) for _ in range(3))
    if kind in ("write", "read"):
        return kind, draw(variable), draw(local)
    if kind == "if":
        bodies = draw(blocks(depth=depth - 1)), draw(blocks(depth=depth - 1))
        return kind, draw(local), draw(local), *bodies
    if kind == "while":
        # so many trips as a local says, but not many; how many may overlap
        return kind, draw(local), draw(st.integers(1, 3)), draw(blocks(depth=depth - 1))
    return kind, draw(local), draw(local), draw(st.integers(0, 3))


# --- the interpreter ------------------------------------------------------------------------------


@dataclass
class State:
    locals: list[Any]
    variables: list[Any]
    token: Any = None


def interpret(block: list[Statement], state: State) -> None:
    for kind, *parts in block:
        if kind == "compute":
            name, target, a, b = parts
            state.locals[target] = _ARITHMETIC[name][0](state.locals[a], state.locals[b])
        elif kind == "write":
            variable, source = parts
            state.variables[variable] = state.variables[variable] + state.locals[source]
        elif kind == "read":
            variable, target = parts
            state.locals[target] = state.variables[variable]
        elif kind == "if":
            a, b, yes, no = parts
            interpret(yes if state.locals[a] < state.locals[b] else no, state)
        elif kind == "while":
            source, _, body = parts
            for _ in range(state.locals[source] % 4):
                interpret(body, state)
        else:
            target, source, count = parts
            factor = state.locals[source]
            state.locals[target] = sum((np.int32(i) * factor for i in range(count)), np.int32(0))


# --- the graph ------------------------------------------------------------------------------------


@dataclass
class Builder:
    variables: list[Any] = field(default_factory=list)

    def build(self, block: list[Statement], state: State) -> State:
        """Return the state after a block; `state.variables` is not used: the graph has them."""
        state = State(list(state.locals), [], state.token)
        for kind, *parts in block:
            getattr(self, f"_{kind}")(state, *parts)
        return state

    def _compute(self, state, name, target, a, b):
        state.locals[target] = _ARITHMETIC[name][1](state.locals[a], state.locals[b])

    def _write(self, state, variable, source):
        with tf.control_dependencies([state.token]):
            done = tf.assign_add(self.variables[variable], state.locals[source])
        with tf.control_dependencies([done]):
            state.token = tf.identity(state.token)

    def _read(self, state, variable, target):
        with tf.control_dependencies([state.token]):
            state.locals[target] = self.variables[variable].read_value()
        with tf.control_dependencies([state.locals[target]]):
            state.token = tf.identity(state.token)

    def _if(self, state, a, b, yes, no):
        def branch(block):
            after = self.build(block, state)
            return [*after.locals, after.token]

        pred = state.locals[a] < state.locals[b]
        *state.locals, state.token = tf.cond(pred, lambda: branch(yes), lambda: branch(no))

    def _while(self, state, source, parallel, body):
        trips = state.locals[source] % 4

        def around(i, *flat):
            after = self.build(body, State(list(flat[:-1]), [], flat[-1]))
            return [i + 1, *after.locals, after.token]

        _, *state.locals, state.token = tf.while_loop(
            lambda i, *_: i < trips,
            around,
            [0, *state.locals, state.token],
            parallel_iterations=parallel,
        )

    def _map(self, state, target, source, count):
        factor = state.locals[source]
        products = tf.map_fn(lambda i: i * factor, tf.range(count))
        state.locals[target] = tf.reduce_sum(products)


def build_graph(block: list[Statement], *, use_resource: bool) -> tuple[list[Any], list[Any], Any]:
    """Return the locals after the program, all variables after it, and the initializer."""
    builder = Builder(
        [
            tf.get_variable(f"v{i}", initializer=np.int32(i + 1), use_resource=use_resource)
            for i in range(VARIABLES)
        ]
    )
    feeds = [tf.placeholder(tf.int32, [], name=f"local{i}") for i in range(LOCALS)]
    after = builder.build(block, State(feeds, [], tf.constant(0)))
    with tf.control_dependencies([after.token]):
        variables = [variable.read_value() for variable in builder.variables]
    return feeds, [*after.locals, *variables], tf.global_variables_initializer()
