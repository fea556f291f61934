"""Optimizers that a program writes by the hooks of TensorFlow's base class."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf


class Signed(tf.keras.optimizers.Optimizer):
    """Moves by the sign of a gradient; counts in a slot; its rate has a name of its own."""

    def __init__(self, rate=0.5, name="Signed", **kwargs):
        super().__init__(name, **kwargs)
        self._set_hyper("rate", rate)

    def _create_slots(self, var_list):
        for each in var_list:
            self.add_slot(each, "sum")

    def _resource_apply_dense(self, grad, var):
        rate = self._get_hyper("rate", var.dtype)
        return tf.group(
            self.get_slot(var, "sum").assign_add(grad), var.assign_sub(rate * tf.sign(grad))
        )

    def _resource_apply_sparse(self, grad, var, indices):
        return self._resource_scatter_add(var, indices, -self._get_hyper("rate", var.dtype) * grad)

    def get_config(self):
        return {**super().get_config(), "rate": self._serialize_hyperparameter("rate")}


class Langevin(tf.keras.optimizers.Optimizer):
    """Has no number of the base class at all, and prepares its step."""

    def __init__(self, rate, name="Langevin"):
        self._own_rate = tf.convert_to_tensor(rate)
        super().__init__(name=name)

    def _prepare(self, var_list):
        self.moved = [each.op.name for each in var_list]
        self._rate_tensor = self._own_rate * 2.0
        super()._prepare(var_list)

    def _resource_apply_dense(self, grad, var):
        return tf.raw_ops.ResourceApplyGradientDescent(
            var=var.handle, alpha=self._rate_tensor, delta=grad, use_locking=self._use_locking
        )

    def get_config(self):
        return {}


class Slower(tf.keras.optimizers.SGD):
    """Changes the gradients of an optimizer of Keras, and sees what it prepared."""

    def _resource_apply_dense(self, grad, handle, apply_state=None):
        self.rate_seen = apply_state[handle.device, handle.dtype.base_dtype]["lr_t"]
        return super()._resource_apply_dense(grad * 0.5, handle, apply_state)


def stepped(optimizer, steps=1):
    v = tf.Variable([1.0, -2.0], use_resource=True)
    w = tf.Variable([[1.0], [2.0], [3.0]], use_resource=True)
    loss = tf.reduce_sum(v * v) + tf.reduce_sum(tf.gather(w, [0, 0, 1]))
    variables = [v, w] if isinstance(optimizer, Signed) else [v]
    train = optimizer.minimize(loss, variables)
    session = tf.keras.backend.get_session()
    session.run([v.initializer, w.initializer])
    for _ in range(steps):
        session.run(train)
    return session.run([v, w])


@pytest.fixture(autouse=True)
def clear():
    tf.keras.backend.clear_session()


def test_numbers_have_names_of_their_own():
    optimizer = Signed()
    v, w = stepped(optimizer)

    np.testing.assert_array_equal(v, [0.5, -1.5])
    np.testing.assert_array_equal(w, [[0.0], [1.5], [3.0]])
    assert optimizer.get_config() == {"name": "Signed", "rate": 0.5}
    assert next(each.op.name for each in optimizer.weights) == "Signed/iter"
    np.testing.assert_array_equal(optimizer.get_weights()[1], [2.0, -4.0])
    optimizer.rate = 0.25
    assert tf.keras.backend.get_value(optimizer.rate) == 0.25
    assert type(optimizer).from_config(optimizer.get_config()).get_config()["rate"] == 0.25


def test_an_optimizer_without_numbers_takes_its_steps():
    optimizer = Langevin(0.125)
    v, _ = stepped(optimizer, steps=2)

    np.testing.assert_array_equal(v, [0.25, -0.5])
    assert optimizer.moved == ["Variable"]


def test_hooks_of_keras_own_optimizers_can_be_extended():
    optimizer = Slower(0.5)
    v, _ = stepped(optimizer)

    np.testing.assert_array_equal(v, [0.5, -1.0])
    assert tf.keras.backend.get_session().run(optimizer.rate_seen) == 0.5


def test_a_subclass_without_a_rule_says_so():
    with pytest.raises(NotImplementedError, match="Must be implemented in subclasses"):
        stepped(tf.keras.optimizers.Optimizer("Bare"))


def test_schedules_and_functions_are_numbers():
    optimizer = Signed(lambda: tf.constant(0.25))
    v, _ = stepped(optimizer)

    np.testing.assert_array_equal(v, [0.75, -1.75])
    with pytest.raises(KeyError):
        optimizer._get_hyper("nothing")
