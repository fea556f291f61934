"""Arrays of different shapes meet in one loop nest, with the bits of the operations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernels_cpu.fusion.whole import Trial, assert_same_bits

import minitf as tf
from minitf import ops
from minitf.kernels_cpu.fusion.values import NotFusedError

RNG = np.random.default_rng(0)
SIZES = st.integers(2, 40)


def floats(*shape):
    return RNG.standard_normal(shape).astype(np.float32)


def mix(x, y):
    return x * y - y


# Letters are sizes; a size of 1 is written 1.
SHORT = ["AB-AB", "AB-B", "AB-A1", "AB-", "A1-1B", "ABC-B1"]
LONG = ["AB-1", "A-B1", "ABC-BC", "ABC-A1C", "ABC-11C", "A1C-1B1", "ABCD-B11", "ABCD-1B1D"]
LONG += ["A1C1-1B1D"]
PATTERNS = [*SHORT, *(pytest.param(each, marks=pytest.mark.thorough) for each in LONG)]


@pytest.mark.parametrize("pattern", PATTERNS)
@settings(max_examples=5)
@given(sizes=st.tuples(*[SIZES] * 4))
def test_every_pattern_of_broadcasting_is_compiled(pattern, sizes):
    size_of = dict(zip("ABCD1", (*sizes, 1), strict=True))
    x, y = (floats(*[size_of[letter] for letter in side]) for side in pattern.split("-"))

    assert_same_bits(Trial(mix, [x, y]))
    assert_same_bits(Trial(mix, [y, x]))


def test_sizes_are_arguments_so_other_sizes_have_the_same_source():
    sources = {
        Trial(mix, [floats(n, 4, c), floats(c)]).source() for n, c in ((2, 3), (7, 5), (100, 9))
    }

    assert len(sources) == 1


def test_neighbouring_axes_are_one():
    same = Trial(mix, [floats(2, 3, 4, 5), floats(2, 3, 4, 5)]).source()
    channels = Trial(mix, [floats(2, 3, 4, 5), floats(5)]).source()

    assert same.count("for ") == 1
    assert channels.count("for ") == 2


@pytest.mark.parametrize("data_format", ["NHWC", "NCHW"])
def test_a_bias_is_added_in_either_format(data_format):
    def build(x, bias):
        y = ops.bias_add_op(x, bias, data_format=data_format)
        return y, ops.bias_add_grad_op(y, data_format=data_format)

    arrays = [RNG.integers(-9, 9, shape).astype(np.int32) for shape in ((4, 6, 5, 6), (6,))]
    assert_same_bits(Trial(build, arrays))


@pytest.mark.parametrize("condition", [(), (5,), (5, 7)])
def test_select_takes_elements_rows_or_everything(condition):
    chosen = RNG.integers(0, 2, condition).astype(bool)
    trial = Trial(
        lambda c, t, e: ops.select_op(c, t * 2.0, e), [chosen, floats(5, 7), floats(5, 7)]
    )

    assert_same_bits(trial)


def test_select_v2_broadcasts_its_condition():
    chosen = RNG.integers(0, 2, 7).astype(bool)
    trial = Trial(
        lambda c, t, e: ops.select_v2_op(c, t * 2.0, e), [chosen, floats(5, 7), floats(5, 1)]
    )

    assert_same_bits(trial)


CASTS = ["bool", "int8", "uint8", "int32", "uint32", "int64", "float32", "float64"]


@pytest.mark.thorough
@pytest.mark.parametrize("source", CASTS)
def test_every_cast_gives_the_bits_of_the_operation(source):
    may_be_negative = source.startswith(("int", "bool"))  # of a float that is undefined in C
    values = np.arange(-20 if may_be_negative else 0, 100).astype(source)
    trial = Trial(lambda x: [tf.cast(x, wanted) for wanted in CASTS if wanted != source], [values])

    assert_same_bits(trial)


def test_comparisons_logic_and_numbers_mix():
    def build(x, y):
        both = tf.logical_and(tf.less(x, y), tf.logical_not(tf.equal(x, 0.0)))
        return tf.cast(both, tf.float32) * x, tf.where(both, x, y), tf.logical_or(both, x > 1.0)

    assert_same_bits(Trial(build, [floats(30), floats(30)]))


def test_ones_may_come_and_go():
    def build(x, row):
        column = tf.reshape(row, [-1, 1])
        return tf.squeeze(tf.expand_dims(x * column, 0), [0]) + tf.expand_dims(row, 1)

    assert_same_bits(Trial(build, [floats(5, 7), floats(5)]))


def test_constants_of_one_value_are_numbers_and_others_arrays():
    table = floats(5, 7)

    def build(x):
        filled = tf.fill([5, 7], 2.0)
        return (x + tf.ones_like(x)) * filled + tf.zeros_like(x), x - 0.1

    trial = Trial(build, [table])

    assert_same_bits(trial)
    assert trial.source().count("x0[") == 1


def test_outputs_may_be_views_of_inputs_of_each_other_and_of_numbers():
    def build(x, a):
        y = tf.reshape(x * a, [3, 1, 4])
        return tf.identity(x), tf.reshape(x, [1, 3, 4]), y, tf.squeeze(y), tf.zeros_like(x), a + 1.0

    assert_same_bits(Trial(build, [floats(3, 4), np.float32(2)]))


def test_clipping_and_adding_many():
    def build(x, y, low):
        return ops.clip_by_value_op(x, low, 1.0) + tf.add_n([x, y, x * y]), tf.nn.leaky_relu(x)

    assert_same_bits(Trial(build, [floats(50), floats(50), np.float32(-0.5)]))


def test_powers_by_small_whole_numbers_are_products():
    trial = Trial(lambda x: [tf.pow(x, e) for e in (1.0, 2.0, 3.0, -1.0)], [floats(50)])

    for got, want in trial.both():
        np.testing.assert_allclose(got, want, rtol=2 * np.finfo(np.float32).eps)


# --- what is not compiled -------------------------------------------------------------------------


def runs_plain(build, *arrays, shapes=None):
    trial = Trial(build, arrays, shapes)
    kernel = trial.fused.kernel()

    assert not trial.is_compiled()
    with np.errstate(all="ignore"):
        got, want = kernel(*trial.inputs), trial.plain(*trial.inputs)
    np.testing.assert_array_equal(got, want)
    with pytest.raises(NotFusedError):
        trial.source()


def test_empty_arrays_run_the_operations():
    runs_plain(mix, floats(0, 3), floats(3))


def test_an_array_and_its_transpose_run_the_operations():
    square = floats(4, 4)
    runs_plain(lambda x: x + tf.expand_dims(tf.reduce_sum(x, 0), 1), square, shapes=[(None, None)])


def test_a_reshape_that_parts_axes_runs_the_operations():
    runs_plain(
        lambda x, y: tf.reshape(x + 1.0, tf.shape(y)) * y,
        floats(6, 2),
        floats(3, 4),
        shapes=[(None, None)] * 2,
    )


def test_shapes_that_do_not_fit_give_the_operations_error():
    trial = Trial(mix, [floats(3), floats(4)], [(None,), (None,)])

    with pytest.raises(tf.errors.InvalidArgumentError, match="Incompatible shapes"):
        trial.fused.kernel()(*trial.inputs)


def test_arrays_with_gaps_are_packed_first():
    x = floats(8, 12)
    kernel_trial = Trial(mix, [floats(4, 12), floats(12)])
    kernel = kernel_trial.fused.kernel()
    for view in (x[::2], floats(12, 4).T, np.broadcast_to(floats(12), (4, 12)), x[:4][:, ::-1]):
        got = kernel(view, kernel_trial.arrays[1])
        want = kernel_trial.plain(view, kernel_trial.arrays[1])
        np.testing.assert_array_equal(got, want)


def test_numbers_may_come_as_arrays_or_as_scalars():
    trial = Trial(mix, [floats(5), np.float32(2)])
    kernel = trial.fused.kernel()
    for number in (np.float32(3), np.array(3, np.float32)):
        np.testing.assert_array_equal(
            kernel(trial.arrays[0], number), trial.plain(trial.arrays[0], number)
        )
