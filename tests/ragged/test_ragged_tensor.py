"""Ragged tensors: laws over nested lists, and what they refuse."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minitf as tf
from minitf.testing.ragged_cases import nested_lists

DEEP = nested_lists(3)
few = settings(max_examples=15)  # each builds a graph


def run(build):
    with tf.Graph().as_default(), tf.Session() as session:
        return session.run(build())


def ragged(lists):
    return tf.ragged.constant(lists, tf.int32, ragged_rank=2)


@few
@given(DEEP)
def test_a_constant_is_its_lists(lists):
    assert run(lambda: ragged(lists)).to_list() == lists


@few
@given(DEEP)
def test_splits_lengths_and_rows_say_the_same(lists):
    def again():
        rt = ragged(lists)
        flat = rt.flat_values
        return [
            tf.RaggedTensor.from_nested_row_splits(flat, rt.nested_row_splits),
            tf.RaggedTensor.from_nested_row_lengths(flat, rt.nested_row_lengths()),
            tf.RaggedTensor.from_nested_value_rowids(
                flat, rt.nested_value_rowids(), [rt.nrows(), rt.values.nrows()]
            ),
            rt.with_values(
                tf.RaggedTensor.from_row_starts(flat, rt.values.row_starts())
                if any(lists)
                else rt.values
            ),
        ]

    assert [each.to_list() for each in run(again)] == [lists] * 4


@few
@given(DEEP)
def test_dense_and_sparse_tensors_hold_the_same(lists):
    def both():
        rt = ragged(lists)
        return rt.to_tensor(), tf.sparse.to_dense(rt.to_sparse()), rt.bounding_shape()

    dense, sparse, box = run(both)

    np.testing.assert_array_equal(dense, sparse)
    assert list(dense.shape) == box.tolist()


@few
@given(DEEP, st.slices(4), st.slices(4))
def test_slices_are_pythons(lists, rows, columns):
    found = run(lambda: ragged(lists)[rows, columns])

    assert found.to_list() == [row[columns] for row in lists[rows]]


@few
@given(DEEP)
def test_joining_joins_lists(lists):
    def joined():
        rt = ragged(lists)
        return [tf.concat([rt, rt], axis) for axis in range(3)] + [tf.stack([rt, rt])]

    below, beside, within, stacked = [each.to_list() for each in run(joined)]

    assert below == lists + lists
    assert beside == [row + row for row in lists]
    assert within == [[each + each for each in row] for row in lists]
    assert stacked == [lists, lists]


@few
@given(DEEP)
def test_sums_along_each_dimension_add_up_to_the_whole(lists):
    def sums():
        rt = ragged(lists)
        whole = tf.reduce_sum(rt)
        return whole, [tf.reduce_sum(tf.reduce_sum(rt, axis=axis)) for axis in range(3)]

    whole, parts = run(sums)

    assert parts == [whole] * 3


@few
@given(DEEP, st.integers(1, 2), st.integers(0, 2))
def test_tiling_repeats_lists(lists, rows, columns):
    found = run(lambda: tf.tile(ragged(lists), [rows, columns, 1]))

    assert found.to_list() == [row * columns for row in lists] * rows


def test_a_row_is_added_to_every_row_and_a_number_to_every_number():
    def sums():
        rt = tf.ragged.constant([[1, 2], [], [3]])
        return rt + 1, rt * [[10], [20], [30]], 5 - rt

    assert [each.to_list() for each in run(sums)] == [
        [[2, 3], [], [4]],
        [[10, 20], [], [90]],
        [[4, 3], [], [2]],
    ]


def test_gradients_come_back_through_rows():
    def slopes():
        x = tf.constant([1.0, 2.0, 3.0])
        rt = tf.RaggedTensor.from_row_splits(x, [0, 2, 3])
        return [
            tf.gradients(y, x)[0]
            for y in (
                (rt * rt).to_tensor(),
                tf.reduce_sum(tf.gather(rt, [0, 0]), axis=1),
                tf.reduce_max(rt, axis=0),
                tf.map_fn(lambda row: row * row, rt).flat_values,
                tf.concat([rt, rt], axis=1).flat_values,
            )
        ]

    expected = [[2, 4, 6], [2, 2, 0], [0, 1, 1], [2, 4, 6], [2, 2, 2]]

    np.testing.assert_array_equal(run(slopes), expected)


def test_a_ragged_tensor_is_fed_and_goes_through_branches_and_loops():
    with tf.Graph().as_default(), tf.Session() as session:
        rt = tf.ragged.placeholder(tf.int32, 1, [])
        chosen = tf.cond(tf.size(rt) > 1, lambda: rt, lambda: rt + 1)
        _, grown = tf.while_loop(
            lambda i, _: i < 2,
            lambda i, rows: (i + 1, tf.concat([rows, rows], 1)),
            [0, rt],
            shape_invariants=[tf.TensorShape([]), tf.TensorShape([None, None])],
        )
        value = tf.ragged.constant_value([[1], []], "int32", row_splits_dtype="int64")
        found = session.run([chosen, grown], {rt: value})

    assert [each.to_list() for each in found] == [[[2], []], [[1, 1, 1, 1], []]]


@pytest.mark.parametrize(
    ("build", "kind", "message"),
    [
        (lambda: tf.RaggedTensor(1, 2), ValueError, "constructor is private"),
        (lambda: tf.ragged.constant([[1], 2]), ValueError, "the same nesting depth"),
        (lambda: tf.ragged.constant([[1]])[:, 0], ValueError, "Cannot index into an inner ragged"),
        (lambda: bool(tf.ragged.constant([[1]])), TypeError, "may not be used as a boolean"),
        (lambda: tf.ragged.constant([[1]]).to_list(), ValueError, "only be used in eager mode"),
        (
            lambda: tf.RaggedTensor.from_row_splits([1, 2], [0, 1]),
            tf.errors.InvalidArgumentError,
            "Arguments to from_row_splits do not form a valid RaggedTensor",
        ),
        (
            lambda: tf.ragged.constant([[1]]) + tf.ragged.constant([[1, 2]]),
            tf.errors.InvalidArgumentError,
            "Unable to broadcast: dimension size mismatch",
        ),
        (
            lambda: tf.RaggedTensor.from_value_rowids([1], [3], 2),
            ValueError,
            "Expected nrows >= value_rowids",
        ),
        (lambda: tf.squeeze(tf.ragged.constant([[1]])), ValueError, "must have an axis argument"),
        (lambda: tf.convert_to_tensor(tf.ragged.constant([[1]])), TypeError, "Failed to convert"),
    ],
)
def test_what_makes_no_sense_is_refused(build, kind, message):
    with pytest.raises(kind, match=message):
        run(build)
