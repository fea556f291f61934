"""Quantized numbers by hand; laws of rounding; the gradients; errors; TensorFlow's nodes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from same_graph import assert_same_graph, fed

import minitf as tf
from minitf.errors import InvalidArgumentError
from minitf.testing.strategies import real

F = np.float32


def run(make):
    with tf.Graph().as_default(), tf.Session() as session:
        return session.run(make())


def test_a_byte_divides_the_range_into_255_steps():
    found = run(lambda: tf.quantize([0.0, 1.0, 127.5, 255.0, 300.0], 0.0, 255.0, tf.quint8))

    assert found.output.tolist() == [0, 1, 128, 255, 255]
    assert (found.output_min, found.output_max) == (0, 255)


def test_scaled_numbers_are_multiples_of_one_step():
    found = run(lambda: tf.quantize([-1.0, 0.0, 0.5, 2.0], -1.0, 1.0, tf.qint8, mode="SCALED"))

    assert found.output.tolist() == [-127, 0, 64, 127]


@given(x=real((5,), np.float32), mode=st.sampled_from(["MIN_COMBINED", "MIN_FIRST", "SCALED"]))
def test_what_is_quantized_comes_back_nearly(x, mode):
    def make():
        made = tf.quantize(x, -4.0, 4.0, tf.qint8, mode=mode)
        return tf.dequantize(*made, mode=mode)

    step = 8 / 254

    # Half a step for each number, and in MIN_FIRST one more for the range's rounded end.
    assert np.abs(run(make) - x).max() <= 1.5 * step


@given(x=real((5,), np.float32))
def test_rounding_twice_is_rounding_once(x):
    def make():
        once = tf.fake_quant_with_min_max_args(x, -4.0, 4.0)
        return once, tf.fake_quant_with_min_max_args(once, -4.0, 4.0)

    once, twice = run(make)

    assert np.abs(once - twice).max() <= 1e-6


def test_the_gradient_goes_to_the_input_or_the_end_that_clamps_it():
    def make():
        low, high = tf.constant(-1.0), tf.constant(1.0)
        x = tf.constant([-3.0, -2.0, 0.5, 4.0])
        y = tf.fake_quant_with_min_max_vars(x, low, high) * [1.0, 2.0, 4.0, 8.0]
        return tf.gradients(y, [x, low, high])

    of_x, of_low, of_high = run(make)

    assert of_x.tolist() == [0, 0, 4, 0]
    assert (of_low, of_high) == (3, 8)


def test_the_gradient_passes_straight_through_rounding():
    def make():
        x = tf.constant([0.1, 0.7])
        return tf.gradients(tf.quantization.quantize_and_dequantize(x, 0.0, 1.0), x)

    assert run(make)[0].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("make", "phrase"),
    [
        (lambda: tf.quantize([1.0], 2.0, 1.0, tf.qint8), "max_range must be larger than min_range"),
        (
            lambda: tf.quantize([1.0], 0.0, 1.0, tf.qint8, round_mode="HALF_TO_EVEN"),
            "only supported for mode 'SCALED'",
        ),
        (lambda: tf.fake_quant_with_min_max_args([1.0], 2.0, 2.0), "min has to be smaller than"),
        (lambda: tf.fake_quant_with_min_max_vars([1.0], 0.0, 1.0, 17), "between 2 and 16"),
        (
            lambda: tf.fake_quant_with_min_max_vars_per_channel([1.0, 2.0], [0.0], [1.0]),
            "Dimensions must be equal, but are 2 and 1",
        ),
    ],
)
def test_ranges_that_are_none_are_refused(make, phrase):
    with pytest.raises((InvalidArgumentError, ValueError), match=phrase):
        run(make)


@pytest.mark.tensorflow
def test_the_nodes_are_tensorflows(tensorflow):
    def make(tf):
        x = fed(tf, F([[0.5, -1], [2, 3]]))
        return [
            tf.fake_quant_with_min_max_vars(x, -1.0, 2.0, num_bits=4),
            tf.fake_quant_with_min_max_args(x),
            tf.quantization.fake_quant_with_min_max_vars_per_channel(x, [0.0, 0.0], [1.0, 2.0]),
            tf.dequantize(*tf.quantize_v2(x, 0.0, 2.0, tf.quint8)),
            tf.quantization.quantize_and_dequantize(x, 0.0, 1.0),
        ]

    assert_same_graph(tensorflow, make)


# --- layers of quantized numbers -----------------------------------------------------------------

BYTES = np.uint8([[1, 5, 2], [7, 3, 4], [0, 6, 255]]).reshape(1, 3, 3, 1)
POOLS = {"ksize": [1, 2, 2, 1], "strides": [1, 2, 2, 1], "padding": "SAME"}
LAYERS = {
    "greatest": lambda lib, x: lib.nn.quantized_max_pool(x, -1.0, 3.0, **POOLS, name="p"),
    "averages": lambda lib, x: lib.nn.quantized_avg_pool(x, -1.0, 3.0, **POOLS),
}


@pytest.mark.paper("O-34")
@pytest.mark.tensorflow
@pytest.mark.parametrize("layer", LAYERS.values(), ids=list(LAYERS))
def test_a_layer_of_quantized_numbers_is_tensorflows(tensorflow, layer):
    def make(lib):
        made, *ends = layer(lib, lib.bitcast(fed(lib, BYTES), lib.quint8))
        return [lib.bitcast(made, lib.uint8), *ends]

    assert_same_graph(tensorflow, make)


def test_averages_of_quantized_numbers_are_rounded_towards_zero():
    numbers = tf.bitcast(np.int8([-3, -4, -1, -127]).reshape(1, 2, 2, 1), tf.qint8)

    averages, low, high = run_tensors(tf.nn.quantized_avg_pool(numbers, -1.0, 3.0, **POOLS))

    assert averages.item() == -33  # of -33.75
    assert (low, high) == (-1, 3)


def run_tensors(tensors):
    with tf.Session() as session:
        return session.run(tensors)


def test_rectified_numbers_stand_for_0_to_the_limit():
    numbers = tf.bitcast(np.uint8([0, 63, 64, 65, 130, 255]), tf.quint8)  # -1, ..., 3: 64 is 0
    made = [
        tf.raw_ops.QuantizedRelu(features=numbers, min_features=-1.0, max_features=3.0),
        tf.raw_ops.QuantizedRelu6(features=numbers, min_features=-1.0, max_features=3.0),
        tf.nn.quantized_relu_x(numbers, 1.0, -1.0, 3.0),
    ]

    above, six, one = run_tensors([each[0] for each in made])

    assert above.tolist() == [64, 64, 64, 65, 130, 255]
    assert six.tolist() == above.tolist()
    assert one.tolist() == [64, 64, 64, 65, 128, 128]
