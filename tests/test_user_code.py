"""What DistBelief needed its own authors for is user code here: a layer, an optimizer, a loop.

Only public operations and extension points are used; what MiniTF has of the kind is the measure.
"""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

RANDOM = np.random.RandomState(0)


# --- layers ---------------------------------------------------------------------------------------


def attention(queries, keys, values):
    """Return for each query the mean of the values, weighted by how its keys fit."""
    scores = tf.matmul(queries, keys, transpose_b=True)
    weights = tf.nn.softmax(scores / np.sqrt(keys.shape[-1].value))
    return tf.matmul(weights, values)


def sampled_loss(weights, biases, inputs, labels, sampled):
    """Return the cross entropy of each row's class among the sampled ones (Jean et al., 2014)."""
    candidates, true_counts, sampled_counts = sampled
    true = tf.reduce_sum(inputs * tf.gather(weights, labels), 1) + tf.gather(biases, labels)
    others = tf.matmul(inputs, tf.gather(weights, candidates), transpose_b=True)
    others += tf.gather(biases, candidates) - tf.log(sampled_counts)
    is_true = tf.equal(labels[:, None], candidates[None, :])
    others -= 1e37 * tf.cast(is_true, tf.float32)
    logits = tf.concat([(true - tf.log(true_counts))[:, None], others], 1)
    return tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=tf.zeros_like(labels), logits=logits
    )


@pytest.mark.paper("O-01")
def test_attention_is_a_layer_of_public_operations():
    arrays = [RANDOM.randn(2, rows, 4) for rows in (3, 5, 5)]
    inputs = [tf.constant(array) for array in arrays]
    outputs = attention(*inputs)
    with tf.Session() as session:
        found = session.run(outputs)
        worst = max(
            tf.test.compute_gradient_error(each, array.shape, outputs, (2, 3, 4), array)
            for each, array in zip(inputs, arrays, strict=True)
        )

    queries, keys, values = arrays
    fits = np.exp(queries @ keys.swapaxes(1, 2) / 2)
    np.testing.assert_allclose(found, fits / fits.sum(2, keepdims=True) @ values, rtol=1e-12)
    assert worst < 1e-7  # of differences over 2e-3 in float64


@pytest.mark.paper("O-01")
def test_sampled_softmax_is_a_layer_of_public_operations():
    classes, units, rows = 20, 6, 4
    weights, inputs = (tf.constant(RANDOM.randn(n, units), tf.float32) for n in (classes, rows))
    biases = tf.constant(RANDOM.randn(classes), tf.float32)
    labels = tf.constant([3, 3, 0, 19], tf.int64)
    candidates = tf.nn.log_uniform_candidate_sampler(labels[:, None], 1, 8, True, classes, seed=1)
    sampled = (candidates[0], candidates[1][:, 0], candidates[2])
    ours = sampled_loss(weights, biases, inputs, labels, sampled)
    theirs = tf.nn.sampled_softmax_loss(
        weights, biases, labels[:, None], inputs, 8, classes, sampled_values=candidates
    )
    with tf.Session() as session:
        found, expected = session.run([ours, theirs])

    np.testing.assert_allclose(found, expected, rtol=1e-5)


# --- an optimizer ---------------------------------------------------------------------------------


def momentum_step(loss, variables, rate, momentum):
    """Return the operation of a step, made of gradients and assignments."""
    updates = []
    for variable, grad in zip(variables, tf.gradients(loss, variables), strict=True):
        velocity = tf.Variable(tf.zeros_like(variable.initialized_value()), trainable=False)
        faster = velocity.assign(momentum * velocity + grad)
        updates.append(variable.assign_sub(rate * faster))
    return tf.group(*updates)


class Momentum(tf.train.Optimizer):
    """The same as a class of its own, on the extension points of Optimizer."""

    def __init__(self, rate, momentum):
        super().__init__(use_locking=False, name="Mine")
        self.rate, self.momentum = rate, momentum

    def _create_slots(self, var_list):
        for variable in var_list:
            self._zeros_slot(variable, "velocity", self._name)

    def _apply_dense(self, grad, var):
        velocity = self.get_slot(var, "velocity")
        faster = tf.assign(velocity, self.momentum * velocity + grad)
        return tf.assign_sub(var, self.rate * faster).op

    def _resource_apply_dense(self, grad, handle):
        raise NotImplementedError


def trained(make_step):
    """Return the parameters of a regression after 30 steps."""
    with tf.Graph().as_default():
        x = tf.constant(np.random.RandomState(1).randn(16, 3), tf.float32)
        w, b = tf.Variable(tf.ones([3, 2])), tf.Variable(tf.zeros([2]))
        loss = tf.reduce_mean(tf.square(tf.tanh(tf.matmul(x, w) + b) - 0.5))
        step = make_step(loss, [w, b])
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            for _ in range(30):
                session.run(step)
            return session.run([w, b])


@pytest.mark.paper("O-01")
@pytest.mark.parametrize(
    "make_step",
    [
        lambda loss, variables: momentum_step(loss, variables, 0.1, 0.9),
        lambda loss, _: Momentum(0.1, 0.9).minimize(loss),
    ],
    ids=["operations", "class"],
)
def test_momentum_is_an_optimizer_of_public_operations(make_step):
    found = trained(make_step)
    expected = trained(lambda loss, _: tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss))

    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


# --- a loop of training ---------------------------------------------------------------------------


@pytest.mark.thorough
@pytest.mark.paper("O-01")
def test_two_networks_that_play_against_each_other_learn_in_turns():
    """One draws numbers, the other tells them from those of a normal distribution around 3."""
    real, noise = tf.placeholder(tf.float32, [None, 1]), tf.placeholder(tf.float32, [None, 1])
    with tf.variable_scope("generator"):
        drawn = tf.layers.dense(noise, 1)

    def says_real(numbers):
        with tf.variable_scope("discriminator", reuse=tf.AUTO_REUSE):
            return tf.layers.dense(tf.layers.dense(numbers, 8, tf.tanh, name="a"), 1, name="b")

    def loss_of(logits, label):
        labels = label * tf.ones_like(logits)
        return tf.losses.sigmoid_cross_entropy(labels, logits)

    d_loss = loss_of(says_real(real), 1.0) + loss_of(says_real(drawn), 0.0)
    g_loss = loss_of(says_real(drawn), 1.0)
    players = [tf.trainable_variables(name) for name in ("discriminator", "generator")]
    steps = [
        tf.train.AdamOptimizer(0.02, beta1=0.5).minimize(loss, var_list=variables)
        for loss, variables in zip((d_loss, g_loss), players, strict=True)
    ]
    random = np.random.RandomState(0)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for turn in range(1000):
            feeds = {real: 3 + 0.5 * random.randn(64, 1), noise: random.randn(64, 1)}
            before = session.run(players) if turn < 2 else None
            session.run(steps[turn % 2], feeds)
            if before:
                moves, rests = session.run(players)[turn % 2], session.run(players)[1 - turn % 2]
                assert any((a != b).any() for a, b in zip(moves, before[turn % 2], strict=True))
                assert all((a == b).all() for a, b in zip(rests, before[1 - turn % 2], strict=True))
        mean = session.run(drawn, {noise: random.randn(1000, 1)}).mean()

    assert abs(mean - 3) < 0.5
