"""Quantized products and sums: the real ones within a step, examples by hand, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.errors import InvalidArgumentError, UnimplementedError
from minitf.ops.quantized import arithmetic, rescaling
from minitf.ops.quantized.ranges import exact_real, real

F = np.float32
BYTES = st.lists(st.integers(0, 255), min_size=4, max_size=4).map(np.uint8)
RANGES = st.tuples(st.integers(-6, -1).map(F), st.integers(1, 6).map(F))


@given(x=BYTES, y=BYTES, of_x=RANGES, of_y=RANGES)
def test_products_and_sums_are_the_real_ones_within_a_step(x, y, of_x, of_y):
    steps = [(high - low) / 255 for low, high in (of_x, of_y)]  # 0 may lie half a step beside
    real_x, real_y = real(x, *of_x), real(y, *of_y)
    for op, want, most in (
        (arithmetic.quantized_mul_op, real_x * real_y, 7 * sum(steps)),
        (arithmetic.quantized_add_op, real_x + real_y, sum(steps)),
    ):
        found, low, high = op.body(x, y, *of_x, *of_y)
        np.testing.assert_allclose(real(found, low, high), want, atol=most)


def test_a_product_of_matrices_by_hand():
    a, b = np.uint8([[1, 2], [3, 4]]), np.uint8([[5], [6]])

    out, low, high = arithmetic.quantized_mat_mul_op.body(a, b, F(0), F(255), F(0), F(255))
    assert out.tolist() == [[17], [39]]
    assert (low, high) == (-(2.0**31), 2.0**31)


def test_the_border_of_a_convolution_stands_for_0():
    images, filters = np.full((1, 1, 1, 1), 255, np.uint8), np.full((3, 3, 1, 1), 255, np.uint8)
    attrs = {"strides": (1, 1, 1, 1), "padding": "SAME"}

    out, low, high = arithmetic.quantized_conv2d_op.body(
        images, filters, F(-1), F(1), F(-1), F(1), **attrs
    )
    np.testing.assert_allclose(exact_real(out[0, 0, 0, 0], low, high), 1, rtol=0.01)


def test_a_bias_is_added_to_each_channel():
    x, bias = np.uint8([[0, 255], [255, 0]]), np.uint8([255, 0])

    out, low, high = arithmetic.quantized_bias_add_op.body(
        x, bias, F(0), F(1), F(0), F(2), out_type=tf.qint32
    )
    np.testing.assert_allclose(real(out, low, high), [[2, 1], [3, 0]], atol=1e-3)


def test_numbers_go_down_to_eight_bits_and_back():
    x = np.int32([-(2**20), 0, 2**21])

    low, high = rescaling.requantization_range_op.body(x, F(-1), F(1))
    found, *_ = rescaling.requantize_op.body(x, F(-1), F(1), low, high, out_type=tf.quint8)
    again, *used = rescaling.quantize_down_and_shrink_range_op.body(
        x, F(-1), F(1), out_type=tf.quint8
    )
    assert found.tolist() == again.tolist() == [0, 85, 255]
    assert used == [low, high]


def test_parts_of_different_ranges_are_joined_in_one():
    values = [np.uint8([255]), np.uint8([255])]

    out, low, high = tf.quantized_concat(
        0, [tf.bitcast(v, tf.quint8) for v in values], [0.0, 0.0], [1.0, 2.0]
    )
    with tf.Session() as session:
        found, *ends = session.run([tf.bitcast(out, tf.uint8), low, high])
    assert (found.tolist(), ends) == ([128, 255], [0, 2])


def test_a_signed_range_lies_around_0():
    parts, ends = [np.int32([0]), np.int32([0])], ([F(-1), F(-3)], [F(7), F(2)])

    _, low, high = rescaling.quantized_concat_op.body(np.int32(0), parts, *ends)
    assert (low, high) == (-7, 7)


def test_a_channel_is_normalised():
    x = np.uint8([0, 255]).reshape(1, 2, 1, 1)

    y, low, high = rescaling.quantized_instance_norm_op.body(x, F(0), F(1))
    assert y.reshape(-1).tolist() == [0, 255]
    np.testing.assert_allclose((low, high), (-1, 1), atol=1e-4)


def test_what_does_not_fit_is_refused():
    x = np.uint8([[1, 2], [3, 4]])
    with pytest.raises(InvalidArgumentError, match="max_a must be larger than min_a"):
        arithmetic.quantized_mat_mul_op.body(x, x, F(1), F(1), F(0), F(1))
    with pytest.raises(UnimplementedError, match="No OpKernel was registered"):
        arithmetic.quantized_mul_op.body(x, x, F(0), F(1), F(0), F(1), Toutput=tf.quint8)
    with pytest.raises(InvalidArgumentError, match="Must provide as many biases"):
        arithmetic.quantized_bias_add_op.body(
            x, x[0, :1], F(0), F(1), F(0), F(1), out_type=tf.qint32
        )
    with pytest.raises(InvalidArgumentError, match="requested_output_min must be <= 0"):
        rescaling.requantize_op.body(x, F(0), F(1), F(1), F(2), out_type=tf.quint8)


def test_layers_have_public_names():
    x = tf.bitcast(np.ones((1, 3, 3, 1), np.uint8), tf.quint8)
    y = tf.bitcast(np.ones((3, 3, 1, 1), np.uint8), tf.quint8)
    out, *_ = tf.nn.quantized_conv2d(x, y, 0.0, 1.0, 0.0, 1.0, [1, 1, 1, 1], "VALID")

    assert tf.quantization.quantized_concat is tf.quantized_concat
    with tf.Session() as session:
        assert session.run(tf.bitcast(out, tf.int32)).tolist() == [[[[9]]]]
