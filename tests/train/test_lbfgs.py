"""L-BFGS: the direction is that of the two loops, the minimum is found, only scalars travel."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.train.lbfgs import LBFGS, _Coordinator

both_kinds = pytest.mark.parametrize("use_resource", [False, True], ids=["ref", "resource"])
dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])


class Wire:
    """A session that counts the numbers which a coordinator sends and receives."""

    def __init__(self, session):
        self.session = session
        self.largest = 0

    def run(self, fetches, feed_dict=None):
        values = self.session.run(fetches, feed_dict=feed_dict)
        given = [*(feed_dict or {}).values(), *np.atleast_1d(values)]
        self.largest = max([self.largest, *[np.size(each) for each in given]])
        return values


def rosenbrock(dtype=np.float64, *, use_resource=False):
    a = tf.Variable(dtype([-1.2]), name="a", use_resource=use_resource)
    b = tf.Variable(dtype([1.0]), name="b", use_resource=use_resource)
    return tf.reduce_sum((1 - a) ** 2 + 100 * (b - a * a) ** 2), [a, b]


@pytest.mark.paper("D-05", "O-19")
@both_kinds
@dtypes
def test_the_valley_of_rosenbrock_is_walked_to_its_end(dtype, use_resource):
    loss, variables = rosenbrock(dtype, use_resource=use_resource)
    optimizer = LBFGS(loss)
    losses = []
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        result = optimizer.minimize(session, callback=lambda _, loss: losses.append(loss))
        found = session.run(variables)

        assert session.run(loss) == np.float64(result.loss)
    assert result.converged
    assert result.iterations == len(losses) < 60
    assert losses == sorted(losses, reverse=True)
    np.testing.assert_allclose(found, [[1], [1]], atol=1e-4)


def pairs_of_shards(session, optimizer, count):
    """Give each shard random pairs with s . y > 0 and a gradient; return them as vectors."""
    rng = np.random.default_rng(0)
    vectors = {}
    for name in ("g", *[f"{v}{i}" for i in range(count) for v in "sy"]):
        parts = [rng.normal(size=v.shape.as_list()) for v in optimizer._vars]
        if name[0] == "y":
            parts = [part + 2 * s for part, s in zip(parts, vectors[f"s{name[1:]}"], strict=True)]
        vectors[name] = parts
        for var, part in zip(optimizer._vars, parts, strict=True):
            session.run(optimizer.get_slot(var, name).assign(part))
    return {name: np.concatenate([p.ravel() for p in parts]) for name, parts in vectors.items()}


@pytest.mark.paper("D-05")
def test_the_direction_is_that_of_scipys_inverse_hessian():
    optimize = pytest.importorskip("scipy.optimize", reason="the second oracle of L-BFGS")
    u = tf.Variable(np.zeros((3, 2)), name="u")
    v = tf.Variable(np.zeros(5), name="v")
    optimizer = LBFGS(tf.reduce_sum(u) + tf.reduce_sum(v), history=4)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        vectors = pairs_of_shards(session, optimizer, 4)
        s = np.stack([vectors[f"s{i}"] for i in range(4)])
        y = np.stack([vectors[f"y{i}"] for i in range(4)])
        kept = [(f"s{i}", f"y{i}") for i in range(4)]
        inverse = dict(zip(kept, 1 / np.sum(s * y, axis=1), strict=True))
        slope = _Coordinator(optimizer._commands, session, {}).find_direction(kept, inverse)
        parts = session.run([optimizer.get_slot(each, "d") for each in (u, v)])
        direction = np.concatenate([part.ravel() for part in parts])

    # SciPy begins with the identity; ours with gamma: H(gamma; s, y) = gamma H(1; s / gamma, y)
    gamma = (s[-1] @ y[-1]) / (y[-1] @ y[-1])
    want = -gamma * optimize.LbfgsInvHessProduct(s / gamma, y).matvec(vectors["g"])
    np.testing.assert_allclose(direction, want, rtol=1e-12)
    np.testing.assert_allclose(slope, vectors["g"] @ want, rtol=1e-12)


@pytest.mark.paper("D-05")
@pytest.mark.parametrize("size", [3, 3000])
def test_the_coordinator_sees_one_number_per_shard(size):
    shards = [tf.Variable(np.linspace(-1, 1, size), name=f"w{i}") for i in range(2)]
    loss = tf.add_n([tf.reduce_sum((each - 0.5) ** 4 + each**2) for each in shards])
    optimizer = LBFGS(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        wire = Wire(session)
        result = optimizer.minimize(wire)

    assert result.converged
    assert wire.largest == 1


def test_the_history_lives_with_its_shard():
    with tf.device("/job:ps/task:1"):
        w = tf.get_variable("w", [2])
    optimizer = LBFGS(tf.reduce_sum(w * w), history=2)
    slots = [optimizer.get_slot(w, name) for name in optimizer.get_slot_names()]

    assert optimizer.get_slot_names() == ["d", "g", "g0", "s0", "s1", "x0", "y0", "y1"]
    assert {slot.device for slot in slots} == {w.device}
    assert tf.trainable_variables() == [w]


@both_kinds
def test_a_model_is_fitted_as_scipy_fits_it(use_resource):
    optimize = pytest.importorskip("scipy.optimize", reason="the second oracle of L-BFGS")
    rng = np.random.default_rng(1)
    points = rng.normal(size=(200, 5))
    labels = (points @ [2.0, -1, 0, 0.5, 0] + rng.normal(size=200) > 0).astype(np.float64)
    x, y = tf.placeholder(tf.float64, [None, 5]), tf.placeholder(tf.float64, [None])
    w = tf.Variable(np.zeros((5, 1)), use_resource=use_resource)
    b = tf.Variable(np.float64(0), use_resource=use_resource)
    scores = tf.squeeze(tf.matmul(x, w), 1) + b
    losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=scores)
    loss = tf.reduce_sum(losses) + tf.reduce_sum(w * w)
    feeds = {x: points, y: labels}
    optimizer = LBFGS(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        result = optimizer.minimize(session, feeds)

    def direct(p):
        scores = points @ p[:5] + p[5]
        value = np.sum(np.logaddexp(0, scores) - labels * scores) + p[:5] @ p[:5]
        error = 1 / (1 + np.exp(-scores)) - labels
        return value, np.append(points.T @ error + 2 * p[:5], error.sum())

    best = optimize.minimize(direct, np.zeros(6), jac=True, method="L-BFGS-B", tol=1e-12)
    assert result.converged
    np.testing.assert_allclose(result.loss, best.fun, rtol=1e-8)


def test_a_variable_without_influence_stays():
    loss, (a, b) = rosenbrock()
    idle = tf.Variable(np.float64(7))
    optimizer = LBFGS(loss, [a, b, idle])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        optimizer.minimize(session)

        assert session.run(idle) == 7


def test_it_stops_when_told_to():
    loss, _ = rosenbrock()
    optimizer = LBFGS(loss, history=2)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        result = optimizer.minimize(session, max_iterations=3)
        again = optimizer.minimize(session, max_iterations=100)

    assert (result.iterations, result.converged) == (3, False)
    assert again.converged


def test_where_nothing_lowers_the_loss_the_variables_stay():
    w = tf.Variable([1.0, 2.0])
    optimizer = LBFGS(tf.reduce_sum(tf.log(-w)))  # NaN wherever one looks
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        result = optimizer.minimize(session)

        assert session.run(w).tolist() == [1, 2]
    assert not result.converged
    assert result.message == "no step along the direction lowers the loss"


def test_there_must_be_variables():
    with pytest.raises(ValueError, match="No variables to optimize"):
        LBFGS(tf.constant(1.0))
