"""Every op keeps every law of `minitf.testing.properties`, over the types, shapes and values drawn.

Each test is one law, each of its cases one op: `-k "[MatMul]"` runs all laws on one op.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minitf.testing.op_catalogue import cases_of, catalogue
from minitf.testing.properties import gradients, graph_defs, kernels, shapes, tensorflow

SHARE = 4  # a law has thousands of tests: each draws a fourth of the examples of other tests

pytestmark = pytest.mark.thorough

few = settings(
    max_examples=settings().max_examples // SHARE,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


def check(law, name, data):
    law.check(catalogue()[name], data.draw(cases_of(name)), data.draw)


@pytest.mark.paper("W-43", "O-36")
@pytest.mark.parametrize("name", kernels.AGREES.ops())
@few
@given(data=st.data())
def test_a_cpu_kernel_agrees_with_the_body(name, data):
    check(kernels.AGREES, name, data)


@pytest.mark.parametrize("name", shapes.KNOWN.ops())
@few
@given(data=st.data())
def test_full_knowledge_gives_the_real_shapes(name, data):
    check(shapes.KNOWN, name, data)


@pytest.mark.parametrize("name", shapes.HIDDEN.ops())
@few
@given(data=st.data())
def test_hidden_dimensions_never_contradict_the_real_shapes(name, data):
    check(shapes.HIDDEN, name, data)


@pytest.mark.parametrize("name", shapes.STATIC_VALUE.ops())
@few
@given(data=st.data())
def test_a_static_value_is_the_real_value_where_it_is_known(name, data):
    check(shapes.STATIC_VALUE, name, data)


@pytest.mark.paper("W-26")
@pytest.mark.parametrize("name", gradients.FIRST.ops())
@few
@given(data=st.data())
def test_a_gradient_is_the_directional_derivative(name, data):
    check(gradients.FIRST, name, data)


@pytest.mark.paper("W-26")
@pytest.mark.parametrize("name", gradients.SECOND.ops())
@few
@given(data=st.data())
def test_a_second_gradient_is_the_derivative_of_the_first(name, data):
    check(gradients.SECOND, name, data)


@pytest.mark.paper("W-01")
@pytest.mark.parametrize("name", graph_defs.ROUND_TRIP.ops())
@few
@given(data=st.data())
def test_a_graph_written_and_read_computes_the_same(name, data):
    check(graph_defs.ROUND_TRIP, name, data)


@pytest.mark.tensorflow
@pytest.mark.paper("W-01")
@pytest.mark.parametrize("name", tensorflow.RESULTS.ops())
@few
@given(data=st.data())
def test_tensorflow_runs_what_we_write_with_equal_results(name, data):
    check(tensorflow.RESULTS, name, data)


@pytest.mark.tensorflow
@pytest.mark.paper("W-01")
@pytest.mark.parametrize("name", tensorflow.READING.ops())
@few
@given(data=st.data())
def test_we_run_what_tensorflow_writes_with_equal_results(name, data):
    check(tensorflow.READING, name, data)
