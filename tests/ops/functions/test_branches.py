"""If and Case: one of several functions, and gradients through them."""

from __future__ import annotations

import numpy as np

import minitf as tf
from minitf.autodiff.functional import choose
from minitf.function_graph import trace
from minitf.shapes import Shape

VECTOR = (tf.float32, Shape([3]))
X = np.array([0.1, -0.5, 0.9], np.float32)
BODIES = (
    lambda a: [tf.exp(a) * tf.sin(a)],
    lambda a: [tf.tanh(a) * a],
    lambda a: [tf.identity(tf.constant([1.0, 2.0, 3.0]))],
)


def branches(count):
    graph = tf.get_default_graph()
    return [trace(BODIES[i], [VECTOR], graph, f"branch{i}") for i in range(count)]


def run(fetches, feeds=None):
    with tf.Session() as session:
        return session.run(fetches, feeds)


def test_a_condition_chooses_by_its_value_or_by_whether_it_has_elements():
    graph = tf.get_default_graph()
    yes = trace(lambda: [tf.constant(1)], [], graph, "yes")
    no = trace(lambda: [tf.constant(0)], [], graph, "no")
    conditions = [True, 3, 0.0, "", "a", [False], np.zeros([0, 2], np.float32)]

    made = [choose(tf.constant(each), [], [yes, no], is_case=False)[0] for each in conditions]
    assert run(made) == [1, 1, 0, 0, 1, 1, 0]
    assert {each.op.type for each in made} == {"StatelessIf"}


def test_a_number_out_of_range_chooses_the_last_branch():
    i = tf.placeholder(tf.int32, [])
    (made,) = choose(i, [tf.constant(X)], branches(3))

    assert made.op.type == "StatelessCase"
    values = [run(made, {i: number}).tolist() for number in (-1, 2, 7)]
    assert values == [[1, 2, 3]] * 3


def test_gradients_through_branches_are_those_of_the_one_taken():
    i = tf.placeholder(tf.int32, [])
    x = tf.constant(X)
    (y,) = choose(i, [x], branches(3))
    first = tf.gradients(y, x)[0]
    second = tf.gradients(first, x)[0]

    for number in range(3):
        plain = BODIES[number](x)[0]
        wanted = tf.gradients(plain, x)[0]
        again = None if wanted is None else tf.gradients(wanted, x)[0]
        got = run([first, second], {i: number})
        want = [np.zeros(3) if each is None else run(each) for each in (wanted, again)]
        np.testing.assert_allclose(got, want, rtol=1e-5)


def test_a_fake_parameter_has_no_elements_where_its_shape_is_unknown():
    made = tf.raw_ops.FakeParam(dtype=tf.float32, shape=[None, 2])

    assert run(made).shape == (0, 2)
    assert made.shape.as_list() == [None, 2]
