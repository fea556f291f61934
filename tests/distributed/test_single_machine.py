"""Before a cluster is searched for a mistake, one machine must do what it does: compare both."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

STEPS = 20
NEAR = 1e-4  # sums are added in another order where a loop is cut at the border of a task


def network():
    """Build a network whose variables are on a parameter server; return what trains it."""
    rng = np.random.default_rng(0)
    with tf.device("/job:ps/task:0"):
        w = tf.get_variable("w", initializer=np.float32(rng.normal(size=(6, 8)) / 3))
        b = tf.get_variable("b", initializer=np.zeros(8, np.float32))
        v = tf.get_variable("v", initializer=np.float32(rng.normal(size=(8, 1)) / 3))
    with tf.device("/job:worker/task:1"):
        x = tf.constant(np.float32(rng.normal(size=(32, 6))))
        y = tf.reduce_sum(tf.square(x), 1, keepdims=True)
        loss = tf.reduce_mean(tf.square(tf.matmul(tf.nn.relu(tf.matmul(x, w) + b), v) - y))
    return tf.train.MomentumOptimizer(0.01, 0.9).minimize(loss)


@pytest.mark.paper("W-48")
def test_one_machine_and_a_cluster_train_the_same_and_what_differs_is_named(cluster):
    train = network()
    config = tf.ConfigProto(allow_soft_placement=True)
    with tf.Session(config=config) as alone, tf.Session(cluster.target()) as together:
        for session in (alone, together):
            session.run(tf.global_variables_initializer())
            for _ in range(STEPS):
                session.run(train)
        found = tf.debug.compare_variables(alone, together)

        assert set(found) == {"w", "b", "v", "w/Momentum", "b/Momentum", "v/Momentum"}
        assert [str(each) for each in found.values() if each.most > NEAR] == []

        together.run(tf.assign_add(tf.global_variables()[1], np.eye(8, dtype=np.float32)[3]))
        worst = next(iter(tf.debug.compare_variables(alone, together).values()))

    assert worst.name == "b"
    assert worst.worst == (3,)
    assert worst.most > 1 - NEAR
