"""Steps of Keras' optimizers: formulas, by hand, for whole variables and rows."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf import ops


def after(op, values, *inputs, **attrs):
    """Return what resource variables hold after a step."""
    with tf.Graph().as_default(), tf.Session() as session:
        variables = [tf.Variable(np.float64(each), use_resource=True) for each in values]
        step = op(*[each.handle for each in variables], *inputs, **attrs)
        session.run(tf.global_variables_initializer())
        session.run(step)
        return [each.tolist() for each in session.run(variables)]


@pytest.mark.parametrize(("nesterov", "moved"), [(False, 1.5), (True, 1.75)])
def test_keras_momentum_sums_steps(nesterov, moved):
    var, accum = after(
        ops.resource_apply_keras_momentum_op,
        ([2.0], [-1.0]),
        *(0.25, np.array([0.0]), 0.5),
        use_nesterov=nesterov,
    )

    assert (var, accum) == ([moved], [-0.5])  # -0.5 + 0.5 * -1 ... ahead: 0.5 * -0.5


def test_keras_momentum_changes_only_the_rows_named():
    var, accum = after(
        ops.resource_sparse_apply_keras_momentum_op,
        ([[1.0], [2.0]], [[0.0], [0.0]]),
        *(0.5, np.array([[4.0]]), [1], 0.5),
    )

    assert (var, accum) == ([[1], [0]], [[0], [-2]])


def test_amsgrad_remembers_the_greatest_mean_square():
    inputs = (0.0, 0.0, 1.0, 0.0, 0.0, 0.0, np.array([2.0, 2.0]))  # no decay: m = grad, v = grad^2
    var, m, v, vhat = after(
        ops.resource_apply_adam_with_amsgrad_op,
        ([0.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 16.0]),
        *inputs,
    )

    assert (m, v, vhat) == ([2, 2], [4, 4], [4, 16])
    assert var == [-1, -0.5]
