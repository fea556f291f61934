"""Optimizers of tf.contrib.opt with decay, rates of their own and steps from outside."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

opt = tf.contrib.opt
START = np.array([[1.0, -2.0], [3.0, 4.0], [0.5, 0.25]])
ROWS = [2, 0, 2]
STEPS = 50
n = np.float64  # a Python float would be rounded to float32
both_kinds = pytest.mark.parametrize("use_resource", [False, True], ids=["ref", "resource"])


def step_before():
    """A number of steps that the training counts, as Adam asks for it."""
    return tf.cast(tf.train.get_or_create_global_step(), tf.float64)


def extended(decay, *args):
    return opt.extend_with_decoupled_weight_decay(tf.train.GradientDescentOptimizer)(decay, *args)


OPTIMIZERS = {
    "momentum_w": lambda: opt.MomentumWOptimizer(n(0.01), n(0.1), n(0.9)),
    "adam_w": lambda: opt.AdamWOptimizer(lambda: n(0.01), n(0.1), n(0.8), n(0.95), n(1e-3)),
    "descent_w": lambda: extended(n(0.01), n(0.1)),
    "adam_gs": lambda: opt.AdamGSOptimizer(step_before, n(0.1), n(0.8), n(0.95), n(1e-3)),
    "lazy_gs": lambda: opt.LazyAdamGSOptimizer(step_before, n(0.1), n(0.8), n(0.95), n(1e-3)),
    "lars": lambda: opt.LARSOptimizer(n(0.1), n(0.9), 0.01, 0.5, 1e-3),
    "lars_nesterov": lambda: opt.LARSOptimizer(n(0.1), n(0.9), 0.01, 0.5, use_nesterov=True),
    "lars_skipped": lambda: opt.LARSOptimizer(n(0.1), n(0.9), skip_list=["b", "eigh"]),
    "reg_adagrad": lambda: opt.RegAdagradOptimizer(n(0.1)),
}
optimizers = pytest.mark.parametrize("name", OPTIMIZERS)


def gradient(t):
    return np.sin(START + t)


def momentum(w, g, t, state):
    state["m"] = 0.9 * state.get("m", 0) + g
    return w - 0.1 * state["m"]


def nesterov(w, g, t, state):
    return momentum(w, g, t, state) - 0.1 * (g - 0.1 * state["m"])


def adam(w, g, t, state):
    state["m"] = 0.8 * state.get("m", 0) + 0.2 * g
    state["v"] = 0.95 * state.get("v", 0) + 0.05 * g**2
    rate = 0.1 * np.sqrt(1 - 0.95 ** (t + 1)) / (1 - 0.8 ** (t + 1))
    return w - rate * state["m"] / (np.sqrt(state["v"]) + 1e-3)


def lars(w, g, t, state, epsilon=1e-3, nesterov=False):
    size, slope = np.linalg.norm(w), np.linalg.norm(g)
    step = 0.1 * 0.5 * size / (slope + 0.01 * size + epsilon) * (g + 0.01 * w)
    state["m"] = 0.9 * state.get("m", 0) + step
    return w - (step + 0.9 * state["m"] if nesterov else state["m"])


def adagrad(w, g, t, state):
    state["a"] = state.get("a", 0.1) + g**2
    return w - 0.1 * g / np.sqrt(state["a"])


FORMULAS = {
    "momentum_w": lambda w, *rest: momentum(0.99 * w, *rest),
    "adam_w": lambda w, *rest: adam(0.99 * w, *rest),
    "descent_w": lambda w, g, t, state: 0.99 * w - 0.1 * g,
    "adam_gs": adam,
    "lazy_gs": adam,
    "lars": lars,
    "lars_nesterov": lambda *rest: lars(*rest, epsilon=0, nesterov=True),
    "lars_skipped": momentum,
    "reg_adagrad": adagrad,
}
OF_ROWS = {  # where it is not that of the rows alone
    "adam_w": lambda w, *rest: adam(w * [[0.99], [1], [0.99]], *rest),
    "lars": momentum,
    "lars_nesterov": nesterov,
}


def after_fifty_steps(name, grad_of, *, use_resource):
    w = tf.Variable(START, use_resource=use_resource, name="weight")
    grad = tf.placeholder(tf.float64, START.shape)
    step = tf.train.get_or_create_global_step()
    train = OPTIMIZERS[name]().apply_gradients([(grad_of(grad, w), w)], global_step=step)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for t in range(STEPS):
            session.run(train, {grad: gradient(t)})
        return session.run(w)


@optimizers
@both_kinds
def test_fifty_steps_follow_the_formula(name, use_resource):
    want, state = START, {}
    for t in range(STEPS):
        want = FORMULAS[name](want, gradient(t), t, state)

    got = after_fifty_steps(name, lambda grad, _: grad, use_resource=use_resource)

    np.testing.assert_allclose(got, want, rtol=1e-11)


@optimizers
@both_kinds
def test_fifty_sparse_steps_add_up_rows_that_are_named_twice(name, use_resource):
    # Adam's means shrink in all rows, and all rows move, but only those with a gradient decay
    touched = [0, 1, 2] if name in {"adam_w", "adam_gs"} else [0, 2]
    formula = OF_ROWS.get(name, FORMULAS[name])
    want, state = START.copy(), {}
    for t in range(STEPS):
        summed = np.zeros_like(START)
        np.add.at(summed, ROWS, gradient(t))
        want[touched] = formula(want[touched], summed[touched], t, state)

    got = after_fifty_steps(
        name,
        lambda grad, w: tf.IndexedSlices(grad, tf.constant(ROWS), tf.shape(w)),
        use_resource=use_resource,
    )

    np.testing.assert_allclose(got, want, rtol=1e-11)


@both_kinds
def test_only_chosen_variables_decay(use_resource):
    w, b = (tf.Variable(8.0, use_resource=use_resource) for _ in "wb")
    optimizer = opt.MomentumWOptimizer(0.25, 1.0, 0.5)
    train = optimizer.minimize(w + b, decay_var_list=[w])
    again = optimizer.apply_gradients([(tf.zeros([]), w), (tf.zeros([]), b)])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train)
        first = session.run([w, b])
        session.run(again)

        assert first == [5, 7]
        assert session.run([w, b]) == [3.25, 6.5]
    assert optimizer.get_slot(w, "momentum").device == w.device
    assert isinstance(optimizer, opt.DecoupledWeightDecayExtension)
    assert isinstance(optimizer, tf.train.MomentumOptimizer)


def test_adam_by_the_step_has_no_variables_but_slots():
    w = tf.Variable([1.0])
    optimizer = opt.LazyAdamGSOptimizer(tf.train.get_or_create_global_step())
    optimizer.minimize(w * 2.0)

    assert [v.op.name for v in optimizer.variables()] == ["Variable/Adam", "Variable/Adam_1"]


def test_weights_or_gradients_of_zeros_are_not_scaled():
    w = tf.Variable([0.0, 0.0])
    train = opt.LARSOptimizer(2.0).apply_gradients([(tf.constant([1.0, 3.0]), w)])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train)

        assert session.run(w).tolist() == [-2, -6]


def test_accumulators_may_rest():
    w = tf.Variable(1.0)
    optimizer = opt.RegAdagradOptimizer(1.0, initial_accumulator_value=1.0)
    with optimizer.avoid_updating_slots():
        resting = optimizer.apply_gradients([(tf.constant(3.0), w)])
    growing = optimizer.apply_gradients([(tf.constant(3.0), w)])
    slot = optimizer.get_slot(w, "accumulator")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(resting)
        first = session.run([w, slot])
        session.run(growing)

        assert first == [-2, 1]
        assert session.run(slot) == 10


@pytest.mark.parametrize(
    ("make", "values"),
    [
        (opt.get_linear_decay_fn(4), [1, 0.75, 0.5, 0.25, 0, 0]),
        (opt.get_cosine_decay_fn(4), [1, 0.853553, 0.5, 0.146447, 0, 0]),
        (opt.get_cosine_decay_fn(4, num_periods=1), [1, 0.5, 0, 0.5, 1, 1]),
        (opt.get_cosine_decay_fn(4, num_periods=1, zero_after=0.75), [1, 0.5, 0, 0, 0, 0]),
        (opt.get_restart_decay_fn(4), [1, 0.853553, 0.5, 0.146447, 1, 0.853553]),
        (opt.get_restart_decay_fn(4, num_periods=2), [1, 0.5, 1, 0.5, 1, 0.5]),
        (opt.get_restart_decay_fn(4, num_periods=2, zero_after=1.5), [1, 0.5, 1, 0, 0, 0]),
    ],
)
def test_how_much_signs_count(make, values):
    step = tf.placeholder(tf.int64, [])
    decayed = make(step)
    with tf.Session() as session:
        got = [session.run(decayed, {step: t}) for t in range(6)]

    np.testing.assert_allclose(got, values, atol=1e-6)
    with pytest.raises(ValueError, match="global_step is required"):
        make(None)
