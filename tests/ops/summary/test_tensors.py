"""Summaries of tensors, and summaries joined."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf import ops
from minitf.ops.strings.arrays import strings


def text(data):
    return np.array(data, object)


def test_a_tensor_with_metadata_is_a_message():
    metadata = tf.SummaryMetadata(display_name="shown")
    made = ops.tensor_summary_v2_op.body(
        text(b"tag"), np.float32([[1, 2]]), text(metadata.SerializeToString())
    )
    (value,) = tf.Summary.FromString(made.item()).value

    assert value.tag == "tag"
    assert value.metadata == metadata
    np.testing.assert_array_equal(tf.make_ndarray(value.tensor), [[1, 2]])


def test_metadata_that_cannot_be_read_are_empty():
    made = ops.tensor_summary_v2_op.body(text(b"tag"), np.int8(3), text(b"\xff\xff"))
    (value,) = tf.Summary.FromString(made.item()).value

    assert value.HasField("metadata")
    assert value.metadata == tf.SummaryMetadata()


def test_the_first_tensor_summary_tells_the_name_of_its_operation():
    made = ops.tensor_summary_op(tf.constant(["a", "b"]), description="d", name="here")
    with tf.Session() as session:
        (value,) = tf.Summary.FromString(session.run(made)).value

    assert (value.node_name, value.tag) == ("here", "")
    assert list(value.tensor.string_val) == [b"a", b"b"]


@pytest.mark.tensorflow
def test_the_first_tensor_summary_is_tensorflows(tensorflow):
    made = ops.tensor_summary_op(tf.constant([1.5, 2.5]), labels=("x",), name="here")
    with tf.Session() as session:
        ours = session.run(made)
    with tensorflow.Graph().as_default(), tensorflow.Session() as session:
        tensorflow.import_graph_def(
            tensorflow.GraphDef.FromString(
                tf.get_default_graph().as_graph_def().SerializeToString()
            ),
            name="",
        )

        assert ours == session.run("here:0")


@pytest.mark.parametrize(
    ("tag", "metadata", "words"),
    [
        ([b"t"], b"", "tag must be scalar"),
        (b"t", [b""], "serialized_summary_metadata must be scalar"),
    ],
)
def test_there_is_one_tag_and_one_description(tag, metadata, words):
    with pytest.raises(tf.errors.InvalidArgumentError, match=words):
        ops.tensor_summary_v2_op.body(text(tag), np.int8(3), text(metadata))


def test_a_merged_message_has_the_values_of_all():
    one, two = (
        tf.Summary(value=[tf.Summary.Value(tag=tag, simple_value=1)]).SerializeToString()
        for tag in "ab"
    )
    made = ops.merge_summary_op.body([text(one), strings([two], (1, 1))])

    assert [value.tag for value in tf.Summary.FromString(made.item()).value] == ["a", "b"]


def test_values_without_a_tag_do_not_collide():
    each = tf.Summary(value=[tf.Summary.Value(simple_value=1)]).SerializeToString()
    made = ops.merge_summary_op.body([text(each), text(each)])

    assert len(tf.Summary.FromString(made.item()).value) == 2


def test_a_tag_that_comes_twice_is_refused():
    each = tf.Summary(value=[tf.Summary.Value(tag="a", simple_value=1)]).SerializeToString()
    with pytest.raises(tf.errors.InvalidArgumentError, match="Duplicate tag a found in summary in"):
        ops.merge_summary_op.body([text(each), text(each)])


def test_what_is_no_summary_cannot_be_merged():
    with pytest.raises(tf.errors.InvalidArgumentError, match="Could not parse one of the summary"):
        ops.merge_summary_op.body([text(b"\xff\xff")])
