"""Branches and loops are TensorFlow's, node by node and edge by edge, and give its values."""

from __future__ import annotations

import pytest
from control_flow.programs import OTHER_NODES, PROGRAMS
from same_graph import assert_same_graph, assert_same_results, assert_same_wiring


@pytest.mark.thorough
@pytest.mark.tensorflow
@pytest.mark.paper("W-32", "O-15")
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_builds_tensorflows_graph(name, tensorflow):
    if name in OTHER_NODES:
        assert_same_results(tensorflow, PROGRAMS[name])
        return
    assert_same_wiring(tensorflow, PROGRAMS[name])
    assert_same_graph(tensorflow, PROGRAMS[name])
