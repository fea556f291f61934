"""FusedBatchNorm and its gradients: a worked example, derivatives of two orders, TensorFlow's."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import testing
from minitf.errors import InvalidArgumentError
from minitf.ops.nn.batch_norm import Attrs, carry_back, normalise
from minitf.ops.nn.batch_norm_gradient import second_gradient
from minitf.ops.nn.fused_batch_norm import fused_batch_norm_grad_op, fused_batch_norm_op
from minitf.testing.derivatives import assert_close, slope
from minitf.testing.strategies import real

NONE = np.zeros(0, np.float32)
SHAPES = {"NHWC": (2, 3, 2, 3), "NCHW": (2, 3, 3, 2), "NDHWC": (2, 1, 3, 2, 3)}
RNG = np.random.default_rng(3)


def image(values):
    return np.float32(values).reshape(1, -1, 1, 1)


def test_a_channel_gets_the_mean_and_variance_that_it_is_given():
    y, mean, variance, used_mean, used_variance = fused_batch_norm_op.body(
        image([1, 2, 3, 4]), np.float32([2]), np.float32([10]), NONE, NONE, epsilon=0.0
    )

    np.testing.assert_allclose(y.ravel(), 10 + 2 * np.array([-3, -1, 1, 3]) / 5**0.5, rtol=1e-6)
    assert (mean, used_mean) == (2.5, 2.5)
    assert used_variance == 1.25
    np.testing.assert_allclose(variance, 5 / 3, rtol=1e-6)  # of a sample of four


def test_new_statistics_are_blended_with_the_old_ones():
    old = np.float32([0.5]), np.float32([1])
    given_ = image([1, 2, 3, 4]), np.float32([2]), np.float32([10]), *old

    _, mean, variance, *used = fused_batch_norm_op.body(*given_, exponential_avg_factor=0.25)
    _, *unchanged, _, _ = fused_batch_norm_op.body(*given_, is_training=False)

    assert mean == 0.75 * 0.5 + 0.25 * 2.5
    np.testing.assert_allclose(variance, 0.75 + 0.25 * 5 / 3, rtol=1e-6)
    assert used == [2.5, 1.25]
    assert unchanged == list(old)


@given(x=real((50, 2), low=-1), shift=st.sampled_from([0, 1e3]))
def test_a_large_mean_costs_no_more_than_its_own_digits(x, shift):
    rows = np.float32(np.concatenate([x, -x]) + shift).reshape(-1, 1, 1, 2)
    ones = np.ones(2, np.float32)

    y, _, variance, *_ = fused_batch_norm_op.body(rows, ones, ones * 0, NONE, NONE)

    exact = rows.astype(np.float64)
    np.testing.assert_allclose(variance, exact.var((0, 1, 2), ddof=1), rtol=1e-4, atol=1e-7)
    assert np.abs(y.mean((0, 1, 2))).max() < 1e-2


def call(data_format, *, is_training):
    """Return the attributes, and double-precision x, scale, offset, mean and variance."""
    attrs = Attrs(0.1, data_format, is_training)
    channels = 3
    vectors = [RNG.standard_normal(channels) for _ in range(3)]
    return attrs, RNG.standard_normal(SHAPES[data_format]), *vectors, vectors[2] ** 2 + 0.5


def statistics(x, attrs, given_):
    """Return the mean and the variance that x is normalised with."""
    ones = np.ones(3)
    return normalise(x, ones, ones, *given_, attrs, 1.0)[3:]


@pytest.mark.parametrize("is_training", [True, False])
@pytest.mark.parametrize("data_format", SHAPES)
@pytest.mark.paper("W-26")
def test_the_gradient_is_the_derivative(data_format, is_training):
    attrs, x, scale, offset, *given_ = call(data_format, is_training=is_training)

    testing.assert_gradient(
        lambda x, scale, offset: normalise(x, scale, offset, *given_, attrs, 1.0)[0],
        lambda x, scale, _, grad: carry_back(grad, x, scale, *statistics(x, attrs, given_), attrs),
        inputs=[x, scale, offset],
        examples=10,
    )


@pytest.mark.parametrize("is_training", [True, False])
@pytest.mark.parametrize("data_format", SHAPES)
@pytest.mark.parametrize("which", [(0, 1, 2), (0,), (1,), (2,)])
@pytest.mark.paper("W-26")
def test_the_second_gradient_is_the_derivative_of_the_first(data_format, is_training, which):
    attrs, x, scale, _, *given_ = call(data_format, is_training=is_training)
    grad = RNG.standard_normal(x.shape)
    weights = [RNG.standard_normal(each.shape) for each in (x, scale, scale)]
    steps = [RNG.standard_normal(each.shape) for each in (grad, x, scale)]

    def along(step):
        g, at, s = (a + step * d for a, d in zip((grad, x, scale), steps, strict=True))
        made = carry_back(g, at, s, *statistics(at, attrs, given_), attrs)
        return sum((made[i] * weights[i]).sum() for i in which)

    inputs = [tf.constant(a) for a in (grad, x, scale, *statistics(x, attrs, given_))]
    op = SimpleNamespace(inputs=inputs, attrs=attrs._asdict())
    outer = [tf.constant(w) if i in which else None for i, w in enumerate(weights)]
    found = second_gradient(op, *outer, None, None)
    with tf.Session() as session:
        exact = sum(
            (session.run(each) * step).sum()
            for each, step in zip(found, steps, strict=False)
            if each is not None
        )

    assert found[3:] == [None, None]
    assert_close(exact, slope(along), abs(along(0)))


@pytest.mark.tensorflow
@pytest.mark.parametrize("version", ["", "V2", "V3"])
@pytest.mark.parametrize("is_training", [True, False])
def test_gradients_of_two_orders_are_tensorflows(tensorflow, version, is_training):
    x, weights = (RNG.standard_normal((2, 3, 4, 5)).astype(np.float32) for _ in range(2))
    scale, offset, mean = RNG.standard_normal((3, 5)).astype(np.float32)
    given_ = (NONE, NONE) if is_training else (mean, mean**2)
    found = []
    for lib in (tf, tensorflow):
        with lib.Graph().as_default(), lib.Session() as session:
            variables = [lib.constant(each) for each in (x, scale, offset)]
            made = getattr(lib.raw_ops, f"FusedBatchNorm{version}")(
                x=variables[0],
                scale=variables[1],
                offset=variables[2],
                mean=given_[0],
                variance=given_[1],
                epsilon=1e-3,
                is_training=is_training,
            )
            first = lib.gradients(lib.sin(made[0]) * weights, variables)
            second = lib.gradients([lib.square(each) for each in first], variables[:2])
            found.append(session.run([*first, *second]))

    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=2e-4, atol=2e-4 * np.abs(theirs).max())


@pytest.mark.parametrize("data_format", ["NHWC", "NCHW"])
def test_gradients_of_narrow_images_come_in_their_type(data_format):
    x = tf.placeholder(tf.float16, SHAPES[data_format])
    scale = tf.constant([1.0, 2.0, 3.0])
    made = tf.raw_ops.FusedBatchNormV3(
        x=x, scale=scale, offset=scale, mean=[], variance=[], data_format=data_format
    )
    first = tf.gradients(tf.square(made.y), [x, scale])
    second = tf.gradients(first[0], [x, scale])

    values = np.float16(RNG.standard_normal(SHAPES[data_format]))
    with tf.Session() as session:
        found = session.run([made, *first, *second], {x: values})

    assert [each.dtype.name for each in found[0]] == ["float16", *["float32"] * 5]
    assert [each.dtype.name for each in found[1:]] == ["float16", "float32"] * 2


@pytest.mark.parametrize(
    ("changed", "phrase"),
    [
        ({"scale": np.zeros(2, np.float32)}, "scale must have the same number of elements"),
        ({"x": np.zeros((2, 3), np.float32)}, "input must be 4-dimensional"),
        ({"is_training": False}, "mean must have the same number of elements"),
    ],
)
def test_what_does_not_fit_is_refused(changed, phrase):
    call_ = {"x": np.zeros((1, 2, 2, 3), np.float32), "mean": NONE, "variance": NONE}
    call_ |= dict.fromkeys(("scale", "offset"), np.zeros(3, np.float32)) | changed

    with pytest.raises(InvalidArgumentError, match=phrase):
        fused_batch_norm_op.body(**call_)


def test_a_gradient_of_another_shape_is_refused():
    x, vector = np.zeros((1, 2, 2, 3), np.float32), np.zeros(3, np.float32)

    with pytest.raises(InvalidArgumentError, match="x and y_backprop must have same shape"):
        fused_batch_norm_grad_op.body(x[:, :1], x, vector, vector, vector)
