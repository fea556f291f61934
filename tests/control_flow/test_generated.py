"""Programs with branches and loops as generated code: what the dataflow executor gives."""

from __future__ import annotations

import numpy as np
import pytest
from control_flow.programs import PROGRAMS, gradient_of
from executor.stepping import request_of, steps_of, structured

import minitf as tf
from minitf.executor.dataflow import Run
from minitf.executor.ready import InOrder
from minitf.executor.runs import Runs
from minitf.resources import ResourceStore


def assert_agree(make, taken):
    """Compare the two executors on what a program and, in its place, a session would fetch."""
    with tf.Graph().as_default() as graph:
        made = make(tf)
        fetches = list(made) if isinstance(made, (list, tuple)) else [made]
        feeds = tf.get_collection("feeds")
        initializer = tf.global_variables_initializer()
    results = []
    for way in ("tokens", "code", "clusters"):
        steps = steps_of(graph, ResourceStore(), jit="eager" if way == "clusters" else "auto")
        step = steps.find(request_of(fetches, [tensor for tensor, _ in feeds]))
        values = [np.asarray(v) if v.dtype != bool else np.bool_(taken) for _, v in feeds]
        steps.find(request_of([initializer])).run([])
        if way == "tokens":
            run = Run(step.plan, InOrder()).run
        else:
            run = structured(step.plan, Runs()).run if way == "code" else step.run
        try:
            results.append([np.asarray(each) for each in run(values)])
        except tf.errors.OpError as error:
            results.append([type(error), str(error)])
        assert not step.tiers.why_tokens
    for other in results[1:]:
        for one, two in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(one, two)


@pytest.mark.paper("W-59", "W-32", "W-33")
@pytest.mark.parametrize("taken", [False, True])
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_agrees(name, taken):
    assert_agree(PROGRAMS[name], taken)


@pytest.mark.thorough
@pytest.mark.paper("W-59", "W-35")
@pytest.mark.parametrize("name", PROGRAMS)
def test_the_gradients_of_a_program_agree(name):
    assert_agree(gradient_of(PROGRAMS[name]), taken=True)
