"""A program gives the same on Python's numbers and, converted, on tensors."""

from __future__ import annotations

from autograph_programs import defined, programs
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf

EQUALITY = tf.autograph.experimental.Feature.EQUALITY_OPERATORS
small = st.integers(0, 4)


@given(programs(), small, small)
def test_a_program_of_tensors_computes_what_python_does(source, p, q):
    f = defined(source)
    in_graph = tf.autograph.to_graph(f, experimental_optional_features=EQUALITY)
    in_function = tf.function(f, experimental_autograph_options=EQUALITY)

    with tf.Graph().as_default(), tf.Session() as session:
        given_p, given_q = tf.constant(p), tf.constant(q)
        graph, function = in_graph(given_p, given_q), in_function(given_p, given_q)
        found = [int(each) for each in session.run([tf.identity(graph), tf.identity(function)])]

    assert in_graph(p, q) == f(p, q)
    assert found == [f(p, q)] * 2
