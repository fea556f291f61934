"""tf.custom_gradient: functions with their own gradient, arguments, variables, refusals."""

import gc
import weakref

import numpy as np
import pytest

import minitf as tf


def test_the_gradient_is_the_one_given():
    @tf.custom_gradient
    def log1pexp(x):
        e = tf.exp(x)
        return tf.log(1 + e), lambda dy: dy * (1 - 1 / (1 + e))

    x = tf.placeholder(tf.float64, [2])
    y = log1pexp(x)
    (grad,) = tf.gradients(y, x)
    with tf.Session() as session:
        values = session.run([y, grad], {x: [0.0, 3.0]})

    np.testing.assert_allclose(values, [np.log1p(np.exp([0, 3])), 1 / (1 + np.exp([0, -3]))])


def test_nothing_inside_is_differentiated():
    @tf.custom_gradient
    def rounded(x):
        return tf.floor(x), lambda dy: 10 * dy

    x = tf.constant([1.5])
    (grad,) = tf.gradients(rounded(x), x)
    with tf.Session() as session:
        assert session.run(grad).tolist() == [10]


def test_several_arguments_and_nested_results():
    @tf.custom_gradient
    def both(x, y):
        return {"sum": x + y, "product": (x * y,)}, lambda product, total: (product, total)

    x, y = tf.constant(2.0), tf.constant(3.0)
    made = both(x, y)
    grads = tf.gradients([made["sum"], made["product"][0]], [x, y], grad_ys=[5.0, 7.0])
    with tf.Session() as session:
        values, slopes = session.run([made, grads])

    assert values == {"sum": 5, "product": (6,)}
    assert slopes == [7, 5]


def test_variables_get_gradients_of_their_own():
    @tf.custom_gradient
    def scaled(x):
        w = tf.get_variable("w", initializer=2.0, use_resource=True)

        def gradient(dy, variables):
            assert [each.name for each in variables] == ["w:0"]
            return dy * 100, [dy * 1000]

        return x * w, gradient

    x = tf.constant(3.0)
    y = scaled(x)
    grads = tf.gradients(y, [x, *tf.trainable_variables()])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())

        assert session.run([y, *grads]) == [6, 100, 1000]


def test_a_gradient_function_must_take_the_variables_that_are_used():
    w = tf.Variable(2.0, use_resource=True)

    @tf.custom_gradient
    def scaled(x):
        return x * w, lambda dy: dy

    with pytest.raises(TypeError, match="must accept a 'variables' keyword argument"):
        scaled(tf.constant(1.0))


def test_a_variable_that_is_an_argument_is_no_hidden_one():
    w = tf.Variable(2.0, use_resource=True)

    @tf.custom_gradient
    def doubled(x):
        return 2 * x, lambda dy: 7 * dy

    (grad,) = tf.gradients(doubled(w), w)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())

        assert session.run(grad) == 7


def test_a_variable_needs_its_gradient():
    w = tf.Variable(2.0, use_resource=True)

    @tf.custom_gradient
    def scaled(x):
        return x * w, lambda dy, variables: (dy, [])

    x = tf.constant(1.0)
    with pytest.raises(ValueError, match="Must return gradient for each variable"):
        tf.gradients(scaled(x), x)


def test_variables_without_handles_are_refused():
    @tf.custom_gradient
    def scaled(x):
        return x * tf.Variable(2.0, use_resource=False), lambda dy, variables: (dy, [dy])

    with pytest.raises(TypeError, match="must be `ResourceVariable`s"):
        scaled(tf.constant(1.0))


def test_taking_variables_that_nobody_uses_is_worth_a_warning():
    @tf.custom_gradient
    def same(x):
        return tf.identity(x), lambda dy, variables: (dy, variables)

    with pytest.warns(UserWarning, match="no ResourceVariables were used"):
        same(tf.constant(1.0))


def test_arguments_go_by_position():
    @tf.custom_gradient
    def same(x):
        return tf.identity(x), lambda dy: dy

    with pytest.raises(ValueError, match="currently supports keywords arguments only when"):
        same(x=tf.constant(1.0))


def test_a_custom_gradient_dies_with_its_graph():
    @tf.custom_gradient
    def same(x):
        return tf.identity(x), lambda dy: dy * x

    with tf.Graph().as_default() as graph:
        same(tf.constant(1.0))
    gone = weakref.ref(graph)
    del graph
    gc.collect()

    assert gone() is None
