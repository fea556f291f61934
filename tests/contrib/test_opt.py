"""Optimizers of tf.contrib.opt: formulas over fifty steps, averages, and SciPy's algorithms."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import minitf as tf

opt = tf.contrib.opt
START = np.array([[1.0, -2.0], [3.0, 4.0], [0.5, 0.25]])
ROWS = [2, 0, 2]
STEPS = 50
n = np.float64  # a Python float would be rounded to float32
both_kinds = pytest.mark.parametrize("use_resource", [False, True], ids=["ref", "resource"])

OPTIMIZERS = {
    "adamax": lambda: opt.AdaMaxOptimizer(n(0.1), n(0.8), n(0.95), n(1e-3)),
    "nadam": lambda: opt.NadamOptimizer(n(0.1), n(0.8), n(0.95), n(1e-3)),
    "lazy": lambda: opt.LazyAdamOptimizer(n(0.1), n(0.8), n(0.95), n(1e-3)),
    "add_sign": lambda: opt.AddSignOptimizer(n(0.1), n(1.5), n(0.8)),
    "power_sign": lambda: opt.PowerSignOptimizer(n(0.1), 1.5, n(0.8)),
}
optimizers = pytest.mark.parametrize("name", OPTIMIZERS)


def gradient(t):
    return np.sin(START + t)


def means(g, state):
    state["m"] = 0.8 * state.get("m", 0) + 0.2 * g
    state["v"] = 0.95 * state.get("v", 0) + 0.05 * g**2
    return state["m"], state["v"]


def rate(t):
    return 0.1 * np.sqrt(1 - 0.95 ** (t + 1)) / (1 - 0.8 ** (t + 1))


def adamax(w, g, t, state):
    state["m"] = 0.8 * state.get("m", 0) + 0.2 * g
    state["v"] = np.maximum(0.95 * state.get("v", 0), np.abs(g))
    return w - 0.1 / (1 - 0.8 ** (t + 1)) * state["m"] / (state["v"] + 1e-3)


def nadam(w, g, t, state):
    m, v = means(g, state)
    return w - rate(t) * (0.8 * m + 0.2 * g) / (np.sqrt(v) + 1e-3)


def lazy(w, g, t, state):
    m, v = means(g, state)
    return w - rate(t) * m / (np.sqrt(v) + 1e-3)


def add_sign(w, g, t, state):
    state["m"] = 0.8 * state.get("m", 0) + 0.2 * g
    return w - 0.1 * (1.5 + np.sign(g) * np.sign(state["m"])) * g


def power_sign(w, g, t, state):
    state["m"] = 0.8 * state.get("m", 0) + 0.2 * g
    return w - 0.1 * 1.5 ** (np.sign(g) * np.sign(state["m"])) * g


FORMULAS = {name: globals()[name] for name in OPTIMIZERS}


def after_fifty_steps(name, grad_of, *, use_resource):
    w = tf.Variable(START, use_resource=use_resource)
    grad = tf.placeholder(tf.float64, START.shape)
    train = OPTIMIZERS[name]().apply_gradients([(grad_of(grad, w), w)])
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

    # logbase and the like are float32 constants where a Python number was given
    np.testing.assert_allclose(got, want, rtol=1e-6 if name == "power_sign" else 1e-11)


@optimizers
@both_kinds
def test_fifty_sparse_steps_follow_the_formula_of_the_rows(name, use_resource):
    # the means of Nadam and of the sign optimizers shrink in all rows, but only some rows move
    every_row = name not in {"adamax", "lazy"}
    touched = [0, 1, 2] if every_row else [0, 2]
    want, state = START.copy(), {}
    for t in range(STEPS):
        summed = np.zeros_like(START)
        np.add.at(summed, ROWS, gradient(t))
        moved = FORMULAS[name](want[touched], summed[touched], t, state)
        want[[0, 2]] = moved[[0, 2]] if every_row else moved

    got = after_fifty_steps(
        name,
        lambda grad, w: tf.IndexedSlices(grad, tf.constant(ROWS), tf.shape(w)),
        use_resource=use_resource,
    )

    np.testing.assert_allclose(got, want, rtol=1e-6 if name == "power_sign" else 1e-11)


def test_how_much_signs_count_may_fall_with_the_step():
    w = tf.Variable(0.0)
    step = tf.train.create_global_step()
    optimizer = opt.AddSignOptimizer(
        1.0, sign_decay_fn=lambda s: tf.cast(tf.equal(s, 0), tf.float32)
    )
    train = optimizer.apply_gradients([(tf.constant(1.0), w)], global_step=step)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train)
        first = session.run(w)
        session.run(train)

        assert (first, session.run(w)) == (-2, -3)


# --- averages -------------------------------------------------------------------------------------


@both_kinds
@pytest.mark.parametrize("sequential", [False, True])
def test_averages_are_kept_beside_the_training(use_resource, sequential):
    w = tf.Variable([4.0], name="w", use_resource=use_resource)
    other = tf.Variable([1.0], name="other")
    inner = tf.train.MomentumOptimizer(1.0, 0.5)
    optimizer = opt.MovingAverageOptimizer(inner, 0.5, sequential_update=sequential)
    train = optimizer.minimize(w * 2.0, var_list=[w, other])
    average = next(v for v in tf.global_variables() if "MovingAverage" in v.name)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train)

        assert session.run(w).tolist() == [2]
        if sequential:
            assert session.run(average).tolist() == [3]
    assert average.op.name == "w/ExponentialMovingAverage"
    assert train.name == "train_with_avg"
    assert optimizer.get_slot_names() == ["momentum"]
    assert optimizer.get_slot(w, "momentum") is inner.get_slot(w, "momentum")
    assert optimizer.variables() == inner.variables()


def average_of(variable):
    name = f"{variable.op.name}/ExponentialMovingAverage"
    return next(v for v in tf.global_variables() if v.op.name == name)


@both_kinds
@pytest.mark.parametrize("partitioner", [None, tf.fixed_size_partitioner(2)])
def test_a_swapping_saver_saves_averages_under_the_variables_names(
    use_resource, partitioner, tmp_path
):
    with tf.variable_scope("", use_resource=use_resource, partitioner=partitioner):
        w = tf.get_variable("w", [2, 1], initializer=tf.constant_initializer(4.0))
    optimizer = opt.MovingAverageOptimizer(tf.train.GradientDescentOptimizer(1.0), 0.5)
    parts = [w] if partitioner is None else list(w)
    train = optimizer.minimize(tf.add_n([tf.reduce_sum(part) for part in parts]), var_list=parts)
    saver = optimizer.swapping_saver()
    averages = [average_of(part) for part in parts]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train)  # the variable is 3, its average 3.5
        path = saver.save(session, str(tmp_path / "m"), write_meta_graph=False)
        session.run(tf.global_variables_initializer())
        saver.restore(session, path)

        assert np.ravel(session.run(parts)).tolist() == [3, 3]
        assert np.ravel(session.run(averages)).tolist() == [3.5, 3.5]
    names = {
        name: tf.train.load_variable(path, name).ravel().tolist()
        for name, _ in tf.train.list_variables(path)
    }
    assert names["w"] == [3.5, 3.5]
    assert names["w/ExponentialMovingAverage"] == [3, 3]


def test_what_cannot_be_swapped_is_refused():
    w = tf.Variable([4.0], name="w")
    optimizer = opt.MovingAverageOptimizer(tf.train.GradientDescentOptimizer(1.0))
    with pytest.raises(RuntimeError, match="Must call apply_gradients or minimize before"):
        optimizer.swapping_saver()
    optimizer.minimize(w)
    with pytest.raises(ValueError, match="is not part of variables to save"):
        optimizer.swapping_saver([w])


# --- algorithms outside the graph -----------------------------------------------------------------


def scipy():
    return pytest.importorskip("scipy.optimize", reason="the interface is to SciPy")


@pytest.mark.paper("O-19")
@both_kinds
def test_scipy_minimises_a_loss(use_resource):
    scipy()
    v = tf.Variable([7.0, 7.0], use_resource=use_resource)
    w = tf.Variable([[3.0]], use_resource=use_resource)
    loss = tf.reduce_sum(tf.square(v - [1.0, 2.0])) + tf.reduce_sum(tf.square(w))
    interface = opt.ScipyOptimizerInterface(loss, options={"maxiter": 100})
    losses, points = [], []
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        interface.minimize(
            session,
            fetches=[loss, w],
            loss_callback=lambda loss, _: losses.append(loss),
            step_callback=lambda x: points.append(x.copy()),
        )

        np.testing.assert_allclose(session.run(v), [1, 2], atol=1e-4)
        np.testing.assert_allclose(session.run(w), [[0]], atol=1e-4)
    assert losses[0] == 36 + 25 + 9
    assert min(losses) == losses[-1] < 1e-8
    assert points[-1].shape == (3,)


@both_kinds
def test_bounds_and_constraints_are_kept(use_resource):
    scipy()
    v = tf.Variable([7.0, 7.0], use_resource=use_resource)
    loss = tf.reduce_sum(tf.square(v))
    bounded = opt.ScipyOptimizerInterface(loss, var_to_bounds={v: ([1, 2], None)})
    constrained = opt.ScipyOptimizerInterface(
        loss, equalities=[v[1] - 1.0], inequalities=[v[0] - 3.0], method="SLSQP"
    )
    with tf.Session() as session:
        session.run(v.initializer)
        bounded.minimize(session)
        np.testing.assert_allclose(session.run(v), [1, 2], atol=1e-5)
        constrained.minimize(session)
        np.testing.assert_allclose(session.run(v), [3, 1], atol=1e-5)


def test_the_default_session_is_used_and_feeds_reach_the_loss():
    scipy()
    v, target = tf.Variable([0.0]), tf.placeholder(tf.float32, [1])
    interface = opt.ScipyOptimizerInterface(tf.reduce_sum(tf.square(v - target)))
    with tf.Session() as session:
        session.run(v.initializer)
        interface.minimize(feed_dict={target: [5.0]})

        np.testing.assert_allclose(session.run(v), [5], atol=1e-4)


class Halving(opt.ExternalOptimizerInterface):
    """A user's algorithm: halves the vector while the loss falls."""

    def _minimize(self, initial_val, loss_grad_func, step_callback, optimizer_kwargs, **rest):
        x = initial_val
        for _ in range(optimizer_kwargs["steps"]):
            assert loss_grad_func(x / 2)[0] < loss_grad_func(x)[0]
            x = x / 2
            step_callback(x)
        assert (rest["equality_funcs"], rest["packed_bounds"]) == ([], None)
        return x


def test_a_user_may_write_an_interface():
    v, w = tf.Variable([8.0]), tf.Variable([[16.0]])
    interface = Halving(tf.reduce_sum(v) + tf.reduce_sum(w), steps=3)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        interface.minimize(session)

        assert session.run(v).tolist() == [1]
        assert session.run(w).tolist() == [[2]]


def test_without_scipy_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    v = tf.Variable([8.0])
    interface = opt.ScipyOptimizerInterface(tf.reduce_sum(v * v))
    with tf.Session() as session:
        session.run(v.initializer)
        with pytest.raises(ImportError, match="pip install scipy"):
            interface.minimize(session)

        assert session.run(v).tolist() == [8]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"bounds": [(0, 1)]}, "Bounds must be set using the var_to_bounds argument"),
        ({"jac": False}, "'jac' is set automatically and cannot be injected manually"),
        ({"constraints": []}, "'constraints' is set automatically"),
    ],
)
def test_what_is_set_automatically_is_refused(options, words):
    v = tf.Variable([8.0])
    interface = opt.ScipyOptimizerInterface(tf.reduce_sum(v * v), **options)
    with tf.Session() as session:
        session.run(v.initializer)
        with pytest.raises(ValueError, match=words):
            interface.minimize(session)


def test_an_interface_needs_an_algorithm_and_variables():
    with pytest.raises(ValueError, match="No variables to optimize"):
        opt.ExternalOptimizerInterface(tf.constant(1.0))
    v = tf.Variable([1.0])
    interface = opt.ExternalOptimizerInterface(tf.reduce_sum(v))
    with tf.Session() as session:
        session.run(v.initializer)
        with pytest.raises(NotImplementedError, match=r"implement the _minimize\(\) method"):
            interface.minimize(session)
