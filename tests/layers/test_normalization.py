"""Batch normalisation: statistics of the batch, moving averages, their updates."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

ROWS = np.random.default_rng(0).normal(3, 2, size=(8, 4)).astype(np.float32)
IMAGES = np.random.default_rng(1).normal(3, 2, size=(6, 5, 4, 3)).astype(np.float32)


class Steps:
    """A layer, a switch, and a session in which they are run."""

    def __init__(self, x, **options):
        self.layer = tf.layers.BatchNormalization(**options)
        self.training = tf.placeholder(tf.bool, [])
        self.x = tf.placeholder(x.dtype, x.shape)
        self.y = self.layer(self.x, training=self.training)
        self.session = tf.Session()
        self.session.run(tf.global_variables_initializer())

    def run(self, x, training):
        fetches = [self.y, self.layer.updates]
        return self.session.run(fetches, {self.x: x, self.training: training})[0]

    def averages(self):
        return self.session.run([self.layer.moving_mean, self.layer.moving_variance])


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("axis", [-1, 1])
def test_a_batch_in_training_has_mean_0_and_variance_1(fused, axis):
    steps = Steps(IMAGES, fused=fused, axis=axis)
    y = steps.run(IMAGES, True)
    others = tuple(i for i in range(4) if i != axis % 4)

    np.testing.assert_allclose(y.mean(others), 0, atol=1e-5)
    np.testing.assert_allclose(y.var(others), 1, rtol=2e-3)


@pytest.mark.parametrize("fused", [True, False])
def test_averages_move_by_a_share_of_the_distance(fused):
    steps = Steps(IMAGES, fused=fused, momentum=0.75)
    steps.run(IMAGES, True)
    mean, variance = steps.averages()
    count = IMAGES[..., 0].size
    bessel = count / (count - 1) if fused else 1  # which the one operation gives for later use

    np.testing.assert_allclose(mean, 0.25 * IMAGES.mean((0, 1, 2)), rtol=1e-4)
    want = 0.75 + 0.25 * bessel * IMAGES.var((0, 1, 2))
    np.testing.assert_allclose(variance, want, rtol=1e-4)


@pytest.mark.parametrize("x", [ROWS, IMAGES], ids=["rows", "images"])
def test_inference_uses_the_averages_and_leaves_them_alone(x):
    steps = Steps(x, epsilon=0.5)
    for _ in range(3):
        steps.run(x, True)
    before = steps.averages()
    y = steps.run(x, False)

    np.testing.assert_allclose(y, (x - before[0]) / np.sqrt(before[1] + 0.5), rtol=1e-4, atol=1e-5)
    for old, new in zip(before, steps.averages(), strict=True):
        assert np.array_equal(old, new)


def test_gamma_scales_and_beta_moves():
    make = tf.constant_initializer
    options = {"gamma_initializer": make(3.0), "beta_initializer": make(5.0)}
    plain, moved = Steps(ROWS), Steps(ROWS, **options)

    want = 3 * plain.run(ROWS, True) + 5
    np.testing.assert_allclose(moved.run(ROWS, True), want, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("x", [ROWS, IMAGES], ids=["rows", "images"])
def test_a_layer_may_have_neither_gamma_nor_beta(x):
    steps, without = Steps(x), Steps(x, center=False, scale=False)

    assert without.layer.gamma is without.layer.beta is None
    assert [each.op.name.rpartition("/")[2] for each in without.layer.weights] == [
        "moving_mean",
        "moving_variance",
    ]
    np.testing.assert_allclose(without.run(x, True), steps.run(x, True), rtol=1e-5)


def test_several_axes_of_channels_have_statistics_of_their_own():
    steps = Steps(IMAGES, axis=[1, 3])
    y = steps.run(IMAGES, True)

    assert steps.layer.gamma.shape.as_list() == [1, 5, 1, 3]
    np.testing.assert_allclose(y.mean((0, 2)), 0, atol=1e-5)
    np.testing.assert_allclose(y.var((0, 2)), 1, rtol=1e-2)


def test_groups_of_a_virtual_batch_are_normalised_each_by_itself():
    groups = Steps(ROWS, virtual_batch_size=2, momentum=0)
    y = groups.run(ROWS, True)
    # a group has every fourth row: the batch is read as [2, 4]
    each = y.reshape(2, 4, 4)

    np.testing.assert_allclose(each.mean(0), 0, atol=1e-5)
    mean = groups.averages()[0].ravel()
    np.testing.assert_allclose(mean, ROWS.mean(0), rtol=1e-4)


def test_a_renormalised_batch_in_training_is_normalised_by_the_averages():
    """Where nothing is clipped: (x - mu) / sigma * r + d is (x - average mu) / average sigma."""
    steps = Steps(ROWS, renorm=True, momentum=0.5, renorm_momentum=0.5)
    layer, epsilon = steps.layer, 1e-3
    steps.run(ROWS, True)
    names = [layer.renorm_mean, layer.renorm_stddev, layer.moving_stddev, layer.moving_variance]
    mean, stddev, moving_stddev, moving_variance = steps.session.run(names)
    y = steps.run(2 * ROWS, True)

    np.testing.assert_allclose(stddev, (1 + np.sqrt(ROWS.var(0) + epsilon)) / 2, rtol=1e-4)
    np.testing.assert_allclose(moving_variance, moving_stddev**2 - epsilon, rtol=1e-4)
    np.testing.assert_allclose(y, (2 * ROWS - mean) / stddev, rtol=1e-3, atol=1e-4)


def test_corrections_of_a_renormalised_batch_are_clipped():
    limits = {"rmin": 1.0, "rmax": 1.0, "dmax": 0.0}
    plain, clipped = Steps(ROWS), Steps(ROWS, renorm=True, renorm_clipping=limits)

    np.testing.assert_allclose(clipped.run(ROWS, True), plain.run(ROWS, True), rtol=1e-4, atol=1e-5)


def test_an_adjustment_is_of_training_only():
    def adjustment(shape):
        return tf.fill(shape[-1:], 2.0), tf.fill(shape[-1:], 1.0)

    plain, adjusted = Steps(ROWS), Steps(ROWS, adjustment=adjustment)
    for training in (True, False):
        want = plain.run(ROWS, training)
        got = adjusted.run(ROWS, training)
        np.testing.assert_allclose(got, 2 * want + 1 if training else want, rtol=1e-4, atol=1e-5)


def test_updates_are_in_the_collection_until_the_layer_is_frozen():
    x = tf.constant(ROWS)
    y = tf.layers.batch_normalization(x, training=True)
    tf.layers.batch_normalization(y, training=True, trainable=False)
    tf.layers.batch_normalization(y)
    names = [each.name for each in tf.get_collection(tf.GraphKeys.UPDATE_OPS)]

    assert names == [
        "batch_normalization/AssignMovingAvg",
        "batch_normalization/AssignMovingAvg_1",
    ]
    assert [each.op.name for each in tf.trainable_variables()] == [
        *("batch_normalization/gamma", "batch_normalization/beta"),
        *("batch_normalization_2/gamma", "batch_normalization_2/beta"),
    ]


def test_half_precision_is_normalised_in_single_precision():
    steps = Steps(IMAGES.astype(np.float16)), Steps(ROWS.astype(np.float16))

    assert {each.layer.gamma.dtype.base_dtype for each in steps} == {tf.float32}
    assert {each.y.dtype for each in steps} == {tf.float16}


def test_averages_are_never_partitioned():
    with tf.variable_scope("s", partitioner=tf.fixed_size_partitioner(2)):
        layer = tf.layers.BatchNormalization(fused=False)
        y = layer(tf.constant(ROWS), training=True)
        tf.get_variable("after", [4])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        np.testing.assert_allclose(session.run(y).mean(0), 0, atol=1e-5)

    names = [each.op.name.removeprefix("s/batch_normalization/") for each in tf.global_variables()]
    assert names == [
        *("gamma/part_0", "gamma/part_1", "beta/part_0", "beta/part_1"),
        *("moving_mean", "moving_variance", "s/after/part_0", "s/after/part_1"),
    ]


@pytest.mark.thorough
def test_normalisation_in_training_makes_a_deep_network_learn():
    tf.set_random_seed(1)
    x = tf.constant(ROWS * 100)
    y = tf.constant(ROWS[:, :1] > 3)
    for _ in range(4):
        x = tf.layers.dense(x, 8, use_bias=False)
        x = tf.nn.relu(tf.layers.batch_normalization(x, training=True))
    logits = tf.layers.dense(x, 1)
    loss = tf.losses.sigmoid_cross_entropy(y, logits)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        step = tf.train.AdamOptimizer(0.05).minimize(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        first = session.run(loss)
        for _ in range(30):
            session.run(step)
        assert session.run(loss) < first / 4


# --- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "options"),
    [
        ("Invalid axis: 2", {"axis": 2}),
        ("Duplicate axis", {"axis": [1, -1]}),
        ("virtual_batch_size must be a positive integer", {"virtual_batch_size": 0}),
        ("axis cannot include 0", {"virtual_batch_size": 2, "axis": 0}),
        ("adjustment cannot be specified", {"virtual_batch_size": 2, "adjustment": tf.shape}),
        ("contains keys not in", {"renorm": True, "renorm_clipping": {"max": 1}}),
    ],
)
def test_arguments_that_do_not_fit_are_refused(problem, options):
    with pytest.raises(ValueError, match=problem):
        tf.layers.batch_normalization(tf.constant(ROWS), **options)


def test_inputs_whose_channels_are_not_known_are_refused():
    with pytest.raises(ValueError, match="undefined `axis` dimension"):
        tf.layers.batch_normalization(tf.placeholder(tf.float32, [3, None]))
    with pytest.raises(ValueError, match="undefined rank"):
        tf.layers.batch_normalization(tf.placeholder(tf.float32))
    with pytest.raises(TypeError, match="axis must be int or list"):
        tf.layers.BatchNormalization(axis="last")
