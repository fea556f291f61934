"""What shape rules refuse while the graph is built, in TensorFlow's words."""

from __future__ import annotations

import pytest

import minitf as tf
from minitf import ops


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default():
        yield


def fed(*shape, dtype=tf.float32):
    return tf.placeholder(dtype, shape)


NUMBERS = tf.int32
AT_LEAST_1 = "Shape must be at least rank 1 but is rank 0"
REFUSED = [
    (lambda: ops.sum_op(fed(), fed(2, 2, dtype=NUMBERS)), "must be at most rank 1 but is rank 2"),
    (lambda: ops.arg_max_op(fed(3), fed(2, dtype=NUMBERS)), "must be rank 0 but is rank 1"),
    (lambda: ops.bincount_op([1], fed(2, dtype=NUMBERS), [1.0]), "must be rank 0 but is rank 1"),
    (lambda: ops.segment_sum_op(fed(), [0]), AT_LEAST_1),
    (lambda: ops.sparse_segment_sum_op(fed(), [0], [0]), AT_LEAST_1),
    (lambda: ops.unsorted_segment_sum_op(fed(3), [0, 1], 2), "must be equal, but are 3 and 2"),
    (
        lambda: ops.unsorted_segment_sum_op(fed(2), [0, 1], fed(2, dtype=NUMBERS)),
        "must be rank 0 but is rank 1",
    ),
    (lambda: ops.add_n_op([fed(2), fed(3), fed(2)]), r"are 3 and 2. Shapes are \[3\] and \[2\]"),
    (
        lambda: ops.concat_v2_op([fed(1, 2), fed(1, 3)], 0),
        r"are 2 and 3. Shapes are \[2\] and \[3\]",
    ),
    (lambda: ops.roll_op(fed(), [1], [0]), AT_LEAST_1),
    (lambda: ops.roll_op(fed(3), [[1]], [0]), "must be at most rank 1 but is rank 2"),
    (lambda: ops.roll_op(fed(3), [1, 2], [0]), r"are 2 and 1. Shapes are \[2\] and \[1\]"),
    (lambda: ops.split_v_op(fed(), [1], 0, num_split=1), "Can't split scalars"),
    (lambda: ops.split_op(3, fed(2), num_split=2), r"input 3 must be in range \[-1, 1\)"),
    (lambda: ops.strided_slice_op(fed(3), [0, 1], [1], [1]), r"Shapes are \[2\] and \[1\]"),
    (lambda: ops.strided_slice_op(fed(), [0], [1], [1]), "Attempting to slice scalar input"),
    (lambda: ops.mirror_pad_grad_op(fed(3), [[1, 2, 3]], mode="REFLECT"), "are 3 and 2"),
    (lambda: ops.pad_op(fed(3), [[1, 2, 3]]), "Dimension must be 2 but is 3"),
    (lambda: ops.rfft_op(fed(4), [2, 2]), "Dimension must be 1 but is 2"),
    (lambda: ops.unique_v2_op(fed(), [0]), r"axis expects to be in the range \[0, 0\)"),
    (lambda: ops.matrix_diag_v2_op(fed(), 0, -1, -1, 0.0), AT_LEAST_1),
    (lambda: ops.matrix_set_diag_op(fed(2, 2), fed()), AT_LEAST_1),
    (lambda: ops.tile_op(fed(2), [1, 2]), "Shape must be rank 1 but is rank 2"),
    (
        lambda: ops.select_op(fed(3, dtype=tf.bool), fed(2), fed(2)),
        r"are 3 and 2. Shapes are \[3\] and \[2\]",
    ),
    (
        lambda: ops.dense_to_dense_set_operation_op(
            fed(2, 1, dtype=NUMBERS), fed(1, 1, dtype=NUMBERS), set_operation="union"
        ),
        r"are 2 and 1. Shapes are \[2\] and \[1\]",
    ),
    (
        lambda: ops.quantize_v2_op(fed(3), fed(2), fed(), T=tf.quint8),
        "must be rank 0 but is rank 1",
    ),
    (
        lambda: ops.fake_quant_with_min_max_vars_per_channel_op(fed(2), fed(3), fed(3)),
        "must be equal, but are 2 and 3",
    ),
    (
        lambda: ops.histogram_fixed_width_op(fed(2), [0.0, 1.0, 2.0], 3),
        "Dimension must be 2 but is 3",
    ),
    (
        lambda: tf.nn.conv2d_transpose(fed(1, 3, 3, 1), fed(2, 2, 3, 2), [1, 6, 6, 3], 2),
        "input channels does not match filter's input channels, 1 != 2",
    ),
    (lambda: tf.accumulate_n([fed(2), fed(3)]), r"Shapes \(2,\) and \(3,\) are not compatible"),
    (lambda: tf.accumulate_n([fed(), tf.constant(1)]), "at least one Tensor with the same dtype"),
]


@pytest.mark.parametrize(("make", "phrase"), REFUSED)
def test_shapes_that_do_not_fit_are_refused(make, phrase):
    with pytest.raises(ValueError, match=phrase):
        make()


def test_a_dimension_to_insert_may_have_any_shape():
    assert ops.expand_dims_op(fed(3), [0]).shape == [1, 3]
    assert ops.expand_dims_op(fed(3), fed(2, 2, dtype=NUMBERS)).shape.ndims == 2
    with pytest.raises(ValueError, match="must be a tensor with a single value"):
        ops.expand_dims_op(fed(3), [[0, 1]])
