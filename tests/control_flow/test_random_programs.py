"""Random programs of branches, loops and maps with side effects, against a plain interpreter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from control_flow.random_programs import VARIABLES, State, blocks, build_graph, interpret
from executor.stepping import request_of, steps_of, structured
from hypothesis import example, given
from hypothesis import strategies as st

import minitf as tf
from minitf.executor.dataflow import Run
from minitf.executor.ready import Fifo, Lifo, Shuffled
from minitf.executor.shared_run import SharedRun
from minitf.resources import ResourceStore


@pytest.fixture(scope="module")
def crew():
    with ThreadPoolExecutor(7) as pool:
        yield pool


@pytest.mark.paper("W-32", "W-16", "W-59", "L3", "L4", "L5", "L6", "L8", "L9")
@given(
    block=blocks(),
    starts=st.lists(st.integers(-4, 4), min_size=3, max_size=3),
    use_resource=st.booleans(),
    passes=st.booleans(),
    seed=st.integers(0, 99),
    helpers=st.integers(0, 7),
)
@example(  # the second loop takes what the first one leaves to nobody
    block=[
        ("while", 0, 2, [("if", 0, 2, [("read", 0, 2)], [("map", 2, 1, 0)]), ("write", 1, 1)]),
        ("while", 2, 1, [("map", 2, 2, 3)]),
    ],
    starts=[3, -4, 3],
    use_resource=False,
    passes=True,
    seed=12,
    helpers=5,
)
def test_a_graph_computes_what_the_program_says(
    crew, block, starts, use_resource, passes, seed, helpers
):
    wanted = State([np.int32(n) for n in starts], [np.int32(i + 1) for i in range(VARIABLES)])
    with np.errstate(all="ignore"):
        interpret(block, wanted)
    tf.reset_default_graph()
    feeds, results, initializer = build_graph(block, use_resource=use_resource)
    steps = steps_of(tf.get_default_graph(), ResourceStore(), passes=passes)
    initial = steps.find(request_of([initializer]))
    plan = steps.find(request_of(results, feeds)).plan
    values = [np.array(n, np.int32) for n in starts]

    for ready in (Fifo(), Lifo(), Shuffled(seed)):
        initial.run([])
        assert Run(plan, ready).run(values) == [*wanted.locals, *wanted.variables]
    initial.run([])
    assert structured(plan).run(values) == [*wanted.locals, *wanted.variables]
    initial.run([])
    shared = SharedRun(plan, helpers, crew, Shuffled(seed))
    assert shared.run(values) == [*wanted.locals, *wanted.variables]
