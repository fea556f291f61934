"""Input producers give every row once per epoch, and end; their graphs are TensorFlow's."""

from __future__ import annotations

import numpy as np
import pytest
from input_ends import until_the_end

import minitf
import minitf as tf


@pytest.mark.paper("W-36", "W-37")
def test_every_string_comes_once_per_epoch():
    names = ["a", "b", "c"]
    found = until_the_end(lambda tf: tf.train.string_input_producer(names, num_epochs=3))

    epochs = [found[i : i + 3] for i in (0, 3, 6)]
    assert [sorted(epoch) for epoch in epochs] == [[b"a", b"b", b"c"]] * 3


def test_without_shuffling_the_order_is_kept():
    found = until_the_end(lambda tf: tf.train.range_input_producer(4, 2, shuffle=False))

    assert found == [0, 1, 2, 3] * 2


def test_a_seed_fixes_the_order_of_each_epoch():
    def make(tf):
        return tf.train.range_input_producer(10, num_epochs=3, seed=4)

    first, second = until_the_end(make), until_the_end(make)

    assert first == second
    assert first[:10] != first[10:20]


def test_rows_of_several_tensors_stay_together():
    images, labels = np.arange(12).reshape(4, 3), np.arange(4) * 3
    found = until_the_end(
        lambda tf: tf.train.slice_input_producer([images, labels], num_epochs=2, capacity=2)
    )

    assert len(found) == 8
    assert all(image[0] == label for image, label in found)


def test_rows_may_have_any_shape():
    rows = np.arange(12.0).reshape(3, 2, 2)
    found = until_the_end(lambda tf: tf.train.input_producer(rows, num_epochs=1, shuffle=False))

    np.testing.assert_array_equal(found, rows)


def test_a_tensor_is_limited_to_so_many_runs():
    found = until_the_end(lambda tf: tf.train.limit_epochs(tf.constant(7), num_epochs=3))
    assert found == [7, 7, 7]
    x = tf.constant(1)
    assert tf.train.limit_epochs(x) is x
    with pytest.raises(ValueError, match="num_epochs must be > 0 not 0"):
        tf.train.limit_epochs(x, num_epochs=0)


def test_files_are_matched_when_the_variable_is_initialised(tmp_path):
    pattern = f"{tmp_path}/*.txt"
    files = tf.train.match_filenames_once(pattern)
    (tmp_path / "a.txt").touch()
    with tf.Session() as session:
        session.run(tf.local_variables_initializer())
        (tmp_path / "b.txt").touch()

        assert session.run(files).tolist() == [f"{tmp_path}/a.txt".encode()]


def test_an_empty_list_is_refused_and_an_empty_tensor_when_it_runs():
    with pytest.raises(ValueError, match="requires a non-null input tensor"):
        tf.train.string_input_producer([])
    with pytest.raises(ValueError, match="Expected at least one tensor"):
        tf.train.slice_input_producer([])
    with pytest.raises(ValueError, match="must have a fully defined shape"):
        tf.train.input_producer(tf.placeholder(tf.float32, [None, None]))
    none = tf.train.string_input_producer(tf.constant([], tf.string))
    (runner,) = tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS)
    with (
        tf.Session() as session,
        pytest.raises(tf.errors.InvalidArgumentError, match="requires a non-null input tensor"),
    ):
        session.run(runner.enqueue_ops)
    assert none.name == runner.name


def test_another_operation_may_cancel_what_waits():
    cancel = tf.no_op("cancel")
    tf.train.string_input_producer(["a"], cancel_op=cancel)
    (runner,) = tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS)

    assert runner.cancel_op is cancel


def test_how_full_the_queue_is_can_be_seen():
    queue = tf.train.range_input_producer(3, shuffle=False, capacity=12, name="numbers")
    (summary,) = tf.get_collection(tf.GraphKeys.SUMMARIES)
    (runner,) = tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS)
    with tf.Session() as session:
        session.run(runner.enqueue_ops)
        (value,) = tf.Summary.FromString(session.run(summary)).value

    assert (value.tag, value.simple_value) == ("numbers/fraction_of_12_full", 0.25)
    assert queue.name == "numbers"


MADE = {
    "strings": lambda tf: tf.train.string_input_producer(["a", "b"], num_epochs=2, seed=1),
    "named strings": lambda tf: tf.train.string_input_producer(
        tf.constant(["a"]), shuffle=False, shared_name="s", name="files"
    ),
    "numbers": lambda tf: tf.train.range_input_producer(7, num_epochs=1, capacity=9),
    "rows": lambda tf: tf.train.input_producer([[1, 2], [3, 4]], summary_name="full", seed=2),
    "slices": lambda tf: tf.train.slice_input_producer([[1, 2], ["a", "b"]], num_epochs=3),
    "limited": lambda tf: tf.train.limit_epochs(tf.constant(1), 3, name="some"),
    "files": lambda tf: tf.train.match_filenames_once("*.txt", name="files"),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("what", MADE)
def test_the_nodes_are_tensorflows(what, tensorflow):
    found = []
    for library in (minitf, tensorflow):
        with library.Graph().as_default() as graph:
            library.set_random_seed(3)
            MADE[what](library)
            nodes = {
                op.name: (op.type, [t.name for t in op.inputs], [c.name for c in op.control_inputs])
                for op in graph.get_operations()
            }
            collections = {
                key: [each.name for each in graph.get_collection(key)]
                for key in ("summaries", "queue_runners", "local_variables")
            }
            found.append((nodes, collections))

    assert found[0] == found[1]
