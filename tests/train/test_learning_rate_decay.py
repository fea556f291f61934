"""Learning rates that fall: formulas, TensorFlow's values and nodes, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from variables.scenarios import nodes

import minitf

RATE, STEPS, COUNT = 0.5, 10, 45
# name -> how to make it of (tf.train, global step)
SCHEDULES = {
    "exponential": lambda train, step: train.exponential_decay(RATE, step, STEPS, 0.9),
    "stairs": lambda train, step: train.exponential_decay(RATE, step, STEPS, 0.9, True, "mine"),
    "natural": lambda train, step: train.natural_exp_decay(RATE, step, STEPS, 0.9),
    "natural stairs": lambda train, step: train.natural_exp_decay(
        RATE, step, STEPS, 0.9, staircase=True
    ),
    "inverse": lambda train, step: train.inverse_time_decay(RATE, step, STEPS, 0.9),
    "inverse stairs": lambda train, step: train.inverse_time_decay(
        RATE, step, STEPS, 0.9, staircase=True
    ),
    "polynomial": lambda train, step: train.polynomial_decay(RATE, step, STEPS, 0.01, 0.5),
    "cycles": lambda train, step: train.polynomial_decay(RATE, step, STEPS, 0.01, 2.0, cycle=True),
    "pieces": lambda train, step: train.piecewise_constant(step, [5, 12], [1.0, 0.5, 0.1]),
    "two pieces": lambda train, step: train.piecewise_constant_decay(step, [5], [7, 3]),
    "cosine": lambda train, step: train.cosine_decay(RATE, step, STEPS, 0.1),
    "restarts": lambda train, step: train.cosine_decay_restarts(RATE, step, STEPS, 1.5, 0.9, 0.1),
    "equal restarts": lambda train, step: train.cosine_decay_restarts(
        RATE, step, STEPS, 1.0, 0.9, 0.1
    ),
    "linear cosine": lambda train, step: train.linear_cosine_decay(
        RATE, step, STEPS, 1.7, 0.1, 0.02
    ),
    "noisy": lambda train, step: train.noisy_linear_cosine_decay(RATE, step, STEPS),
}
# where 1.15 branches, or 2.21 has other nodes than 1.15
OTHER_NODES = {"cycles", "pieces", "two pieces", "restarts", "equal restarts", "polynomial"}


def wave(done):
    return (1 + np.cos(np.pi * done)) / 2


def restarts(t, longer):
    start, length, count = 0.0, float(STEPS), 0
    while t >= start + length:
        start, length, count = start + length, length * longer, count + 1
    return RATE * (0.1 + 0.9 * 0.9**count * wave((t - start) / length))


def linear_cosine(t):
    t = min(t, STEPS)
    return RATE * ((0.1 + 1 - t / STEPS) * wave(2 * 1.7 * t / STEPS) + 0.02)


def cycles(t):
    end = STEPS * max(np.ceil(t / STEPS), 1)
    return 0.01 + (RATE - 0.01) * (1 - t / end) ** 2


FORMULAS = {
    "exponential": lambda t: RATE * 0.9 ** (t / STEPS),
    "stairs": lambda t: RATE * 0.9 ** (t // STEPS),
    "natural": lambda t: RATE * np.exp(-0.9 * t / STEPS),
    "natural stairs": lambda t: RATE * np.exp(-0.9 * (t // STEPS)),
    "inverse": lambda t: RATE / (1 + 0.9 * t / STEPS),
    "inverse stairs": lambda t: RATE / (1 + 0.9 * (t // STEPS)),
    "polynomial": lambda t: 0.01 + (RATE - 0.01) * np.sqrt(1 - min(t, STEPS) / STEPS),
    "cycles": cycles,
    "pieces": lambda t: 1.0 if t <= 5 else 0.5 if t <= 12 else 0.1,
    "two pieces": lambda t: 7 if t <= 5 else 3,
    "cosine": lambda t: RATE * (0.1 + 0.9 * wave(min(t, STEPS) / STEPS)),
    "restarts": lambda t: restarts(t, 1.5),
    "equal restarts": lambda t: restarts(t, 1.0),
    "linear cosine": linear_cosine,
}


def program(tf, name):
    """Return what a schedule gives at each step, its Tensor, and the graph's nodes."""
    with tf.Graph().as_default() as graph, tf.Session() as session:
        tf.set_random_seed(3)
        step = tf.get_variable("step", [], tf.int64, tf.zeros_initializer(), trainable=False)
        rate = SCHEDULES[name](tf.train, step)
        advance = step.assign_add(1)
        session.run(step.initializer)
        values = []
        for _ in range(COUNT):
            values.append(session.run(rate))
            session.run(advance)
    return values, rate, nodes(graph)


def test_noise_is_as_wide_as_its_variance():
    tf = minitf
    rate = tf.train.noisy_linear_cosine_decay(1.0, 1, 10**9, 4.0, 2.0, num_periods=0)
    with tf.Session() as session:
        values = [session.run(rate) - 1 for _ in range(400)]

    # variance 4 / 2^2 = 1; the mean of 400 has a deviation of 0.05
    assert abs(np.mean(values)) < 0.25
    assert 0.8 < np.std(values) < 1.2


@pytest.mark.parametrize("name", FORMULAS)
def test_a_schedule_follows_its_formula(name):
    values, rate, _ = program(minitf, name)

    assert rate.shape == ()
    want = [FORMULAS[name](t) for t in range(COUNT)]
    np.testing.assert_allclose(values, want, rtol=2e-5, atol=2e-6)


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_is_tensorflows(name, tensorflow):
    (ours, our_rate, our_nodes), (theirs, their_rate, their_nodes) = (
        program(tf, name) for tf in (minitf, tensorflow)
    )

    assert our_rate.dtype.name == their_rate.dtype.name
    if name != "noisy":  # 2.21 draws other numbers from a graph's seed than 1.15
        np.testing.assert_allclose(ours, theirs, rtol=2e-6, atol=1e-7)
    if name not in OTHER_NODES:
        theirs = [(n, "Add" if kind == "AddV2" else kind, *rest) for n, kind, *rest in their_nodes]
        ours = [(n, "Add" if kind == "AddV2" else kind, *rest) for n, kind, *rest in our_nodes]
        assert ours == theirs


def test_a_rate_may_be_a_tensor_of_another_type():
    tf = minitf
    step = tf.constant(5)
    rate = tf.constant(0.5, tf.float64)
    with tf.Session() as session:
        value = session.run(tf.train.exponential_decay(rate, step, 10, tf.constant(0.25)))

    assert value == np.float64(0.25)


def test_a_decaying_rate_drives_an_optimizer():
    tf = minitf
    w = tf.Variable(1.0)
    step = tf.train.create_global_step()
    rate = tf.train.piecewise_constant(step, [0, 1], [0.5, 0.25, 0.125])
    train = tf.train.GradientDescentOptimizer(rate).minimize(w, global_step=step)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        seen = []
        for _ in range(3):
            session.run(train)
            seen.append(float(session.run(w)))

    assert seen == [0.5, 0.25, 0.125]


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda tf: tf.train.piecewise_constant(tf.constant(1), [1.0], [1.0, 2.0]),
            "must have the same dtype as x",
        ),
        (
            lambda tf: tf.train.piecewise_constant(
                tf.constant(1), [1], [1.0, tf.constant(2, tf.int32)]
            ),
            "Values must have elements all with the same dtype",
        ),
        (
            lambda tf: tf.train.piecewise_constant(tf.constant(1), [1, 2], [1.0, 2.0]),
            "The length of boundaries should be 1 less than the length of values",
        ),
    ],
)
def test_pieces_are_refused_in_tensorflows_words(make, words, tensorflow):
    for tf in (minitf, tensorflow):
        with tf.Graph().as_default(), pytest.raises(ValueError) as refused:  # noqa: PT011 below
            make(tf)

        assert words in str(refused.value)
