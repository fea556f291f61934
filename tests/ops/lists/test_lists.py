"""Lists of tensors: what goes in comes out, gradients, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.compat.internal import list_ops
from minitf.ops.lists.tensor_list import TensorList
from minitf.shapes import Shape

ROWS = np.array([[1, 2], [3, 4], [5, 6]], np.float32)


def run(fetches):
    with tf.Session() as session:
        return session.run(fetches)


def plain(fetches):
    return [np.asarray(each).tolist() for each in run(fetches)]


def filled():
    return list_ops.tensor_list_from_tensor(ROWS, [2])


def test_what_is_pushed_is_popped_last_first():
    held = list_ops.empty_tensor_list([2], tf.float32)
    for row in ROWS[:2]:
        held = tf.raw_ops.TensorListPushBack(input_handle=held, tensor=row)
    rest, last = list_ops.tensor_list_pop_back(held, tf.float32)

    lengths = [tf.raw_ops.TensorListLength(input_handle=each) for each in (held, rest)]
    assert plain([last, *lengths]) == [[3, 4], 2, 1]


def test_a_list_stays_as_it_was_when_another_one_grows_from_it():
    first = TensorList(tf.float32, Shape([]))
    one, two = first.pushed(1.0), first.pushed(2.0)

    assert (first.items, one.items, two.items) == ([], [1.0], [2.0])
    assert one.popped().pushed(3.0).items == [3.0]
    assert one.items == [1.0]


def test_a_list_of_rows_stacks_to_what_it_was_made_of():
    stacked = list_ops.tensor_list_stack(filled(), tf.float32, element_shape=[2])
    gathered = list_ops.tensor_list_gather(filled(), [2, 0], tf.float32)

    assert stacked.shape.as_list() == [None, 2]
    assert plain([stacked, gathered]) == [ROWS.tolist(), ROWS[[2, 0]].tolist()]


def test_elements_that_were_not_set_are_zeros():
    held = list_ops.tensor_list_reserve([2], 3, tf.float32)
    held = list_ops.tensor_list_set_item(held, 1, [7.0, 8.0])

    stacked = list_ops.tensor_list_stack(held, tf.float32)
    item = list_ops.tensor_list_get_item(held, 0, tf.float32)
    assert plain([stacked, item]) == [[[0, 0], [7, 8], [0, 0]], [0, 0]]


def test_rows_are_scattered_to_their_places():
    new = list_ops.tensor_list_scatter(ROWS[:2], [2, 0], [2])
    old = list_ops.tensor_list_scatter(ROWS[:1], [4], input_handle=filled())

    stacked = [list_ops.tensor_list_stack(each, tf.float32) for each in (new, old)]
    assert plain(stacked) == [[[3, 4], [0, 0], [1, 2]], [*ROWS.tolist(), [0, 0], [1, 2]]]


def test_pieces_join_to_what_they_were_cut_from():
    cut = list_ops.tensor_list_split(ROWS, [None, 2], [1, 2])
    joined = list_ops.tensor_list_concat(cut, tf.float32)
    old = tf.raw_ops.TensorListConcat(
        input_handle=cut, element_dtype=tf.float32, element_shape=[None, 2]
    )

    assert plain([joined, *old]) == [ROWS.tolist(), ROWS.tolist(), [1, 2]]


def test_lists_are_chained_resized_and_told_of():
    chained = tf.raw_ops.TensorListConcatLists(
        input_a=filled(), input_b=filled(), element_dtype=tf.float32
    )
    shorter = tf.raw_ops.TensorListResize(input_handle=chained, size=4)
    shape = tf.raw_ops.TensorListElementShape(input_handle=shorter, shape_type=tf.int32)

    made = list_ops.tensor_list_stack(shorter, tf.float32)
    assert plain([made, shape]) == [[*ROWS.tolist(), [1, 2]], [2]]


def test_rows_are_pushed_to_a_vector_of_lists():
    lists = tf.stack([filled(), filled()])
    longer = tf.raw_ops.TensorListPushBackBatch(input_handles=lists, tensor=ROWS[:2])
    second = list_ops.tensor_list_stack(longer[1], tf.float32)

    assert plain([second]) == [[*ROWS.tolist(), [3, 4]]]


@pytest.mark.parametrize(
    "through",
    [
        lambda x: list_ops.tensor_list_stack(list_ops.tensor_list_from_tensor(x, [2]), tf.float32),
        lambda x: list_ops.tensor_list_gather(
            list_ops.tensor_list_scatter(x, [2, 0, 1], [2]), [0, 1, 2], tf.float32, [2]
        ),
        lambda x: list_ops.tensor_list_concat(
            list_ops.tensor_list_split(x, [None, 2], [1, 2]), tf.float32
        ),
        lambda x: list_ops.tensor_list_get_item(
            list_ops.tensor_list_set_item(list_ops.tensor_list_from_tensor(x, [2]), 1, x[0] * x[1]),
            1,
            tf.float32,
        ),
        lambda x: list_ops.tensor_list_pop_back(
            tf.raw_ops.TensorListPushBack(
                input_handle=list_ops.tensor_list_from_tensor(x, [2]), tensor=x[2] * x[0]
            ),
            tf.float32,
        )[1],
    ],
    ids=["stack", "scatter", "split", "set", "push"],
)
def test_gradients_flow_through_lists(through):
    """By differences: the functions are products of at most two elements, so these are exact."""
    x = tf.placeholder(tf.float32, [3, 2])
    weighted = tf.reduce_sum(through(x) * tf.range(1.0, 3.0))
    (grad,) = tf.gradients(weighted, x)
    wanted = np.zeros_like(ROWS)
    with tf.Session() as session:
        got = session.run(grad, {x: ROWS})
        for at in np.ndindex(ROWS.shape):
            step = np.zeros_like(ROWS)
            step[at] = 1
            above = session.run(weighted, {x: ROWS + step})
            wanted[at] = (above - session.run(weighted, {x: ROWS - step})) / 2

    np.testing.assert_array_equal(got, wanted)


def test_lists_are_added_element_by_element():
    total = tf.add_n([filled(), filled(), tf.zeros_like(filled())])

    assert plain([list_ops.tensor_list_stack(total, tf.float32)]) == [(2 * ROWS).tolist()]


def test_what_does_not_fit_is_refused_in_tensorflows_words():
    push, empty = tf.raw_ops.TensorListPushBack, list_ops.empty_tensor_list
    full = empty([], tf.float32, max_num_elements=0)
    wrong = {
        "Trying to pop from an empty list": list_ops.tensor_list_pop_back(
            empty([], tf.float32), tf.float32
        )[1],
        "Tried to push item into a full list": push(input_handle=full, tensor=1.0),
        "incompatible shape to a list": push(input_handle=empty([2], tf.float32), tensor=1.0),
        "Trying to access element 3 in a list with 3 elements": list_ops.tensor_list_get_item(
            filled(), 3, tf.float32
        ),
        "Trying to modify element 9 in a list with 3": list_ops.tensor_list_set_item(
            filled(), 9, [1.0, 2.0]
        ),
        "list elements float but tried to append int32": push(
            input_handle=empty([], tf.float32), tensor=1
        ),
        "Invalid data types; op": list_ops.tensor_list_stack(filled(), tf.int32),
        "non-fully-defined": list_ops.tensor_list_stack(empty(None, tf.float32), tf.float32),
        "expected a list with 2 elements but got a list with 3": list_ops.tensor_list_stack(
            filled(), tf.float32, num_elements=2
        ),
        "Unused values in tensor": list_ops.tensor_list_split(ROWS, None, [1]),
        "Attempting to slice": list_ops.tensor_list_split(ROWS, None, [4]),
        "size to be non-negative": tf.raw_ops.TensorListResize(input_handle=filled(), size=-1),
        "must all be non-negative": list_ops.tensor_list_scatter(ROWS[:1], [-1]),
        "Input handle is not a list": tf.raw_ops.TensorListLength(
            input_handle=tf.data.Dataset.range(3).variant_tensor
        ),
    }
    for phrase, tensor in wrong.items():
        fetch = tensor.op if tensor.dtype is tf.variant else tensor
        with pytest.raises(tf.errors.InvalidArgumentError, match=phrase):
            run(fetch)


def test_empty_and_deep_copy_give_arrays():
    empty = tf.raw_ops.Empty(shape=[2], dtype=tf.string, init=True)
    copy = tf.raw_ops.DeepCopy(x=ROWS)

    assert plain([empty, copy]) == [[b"", b""], ROWS.tolist()]
    assert tf.raw_ops.Empty(shape=[2, 3], dtype=tf.int32).shape.as_list() == [2, 3]
