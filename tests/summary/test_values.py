"""Values that are shown over time: tags, names, collections, and that TensorFlow's are equal."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import assert_same_graph, assert_same_wiring, fed

import minitf as tf

IMAGE = np.zeros((2, 2, 2, 3), np.uint8)


def values_of(*summaries):
    with tf.Session() as session:
        return [tf.Summary.FromString(each).value[0] for each in session.run(list(summaries))]


def every_kind(tf, **options):
    """One summary of each kind in a scope, but for the image, whose files may differ."""
    with tf.name_scope("train"):
        x = fed(tf, np.float32([1, -2, 3]))
        yield tf.summary.scalar("loss", 3.0, **options)
        yield tf.summary.scalar("loss", x[0], **options)
        yield tf.summary.histogram("weights/of a", x, **options)
        yield tf.summary.audio("sound", x[None], 16000, max_outputs=1, **options)
        yield tf.summary.tensor_summary(
            "x", x, "a vector", summary_metadata=tf.SummaryMetadata(display_name="X"), **options
        )
        yield tf.summary.tensor_summary("y", [1, 2], display_name="Y", **options)


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.tensorflow
@pytest.mark.paper("W-56")
@pytest.mark.parametrize("options", [{}, {"family": "all"}, {"family": "/a b/c"}], ids=str)
def test_each_kind_makes_tensorflows_nodes_and_bytes(tensorflow, options):
    def make(tf):
        return list(every_kind(tf, **options))

    assert_same_graph(tensorflow, make)
    assert_same_wiring(tensorflow, make)


@pytest.mark.tensorflow
def test_an_image_makes_tensorflows_nodes(tensorflow):
    def make(tf):
        tf.summary.image("/digits", fed(tf, IMAGE), max_outputs=2)
        tf.summary.image("digits", fed(tf, IMAGE.astype(np.float32)), family="f")

    assert_same_wiring(tensorflow, make)


@pytest.mark.tensorflow
def test_text_makes_tensorflows_nodes_and_bytes(tensorflow):
    def make(tf):
        return tf.summary.text("notes", tf.constant([["a", "*b*"]]))

    assert_same_graph(tensorflow, make)


@pytest.mark.tensorflow
def test_a_histogram_needs_no_name(tensorflow):
    assert_same_graph(tensorflow, lambda tf: tf.summary.histogram(None, [1.0, 2.0]))
    for library in (tf, tensorflow):
        with library.Graph().as_default(), pytest.raises(ValueError, match=r"At least one of name"):
            library.summary.scalar(None, library.constant(1.0))


def test_the_tag_is_the_name_in_its_scope():
    with tf.name_scope("train"):
        plain = tf.summary.scalar("loss!", tf.constant(3.0))
        again = tf.summary.scalar("loss!", 3.0)
        grouped = tf.summary.scalar("loss", tf.constant(4.0), family="all")

    assert [each.op.name for each in (plain, again, grouped)] == [
        *("train/loss_", "train/loss__1", "train/all/loss")
    ]
    assert [value.tag for value in values_of(plain, again, grouped)] == [
        *("train/loss_", "train/loss__1", "all/train/all/loss")
    ]


def test_summaries_join_the_collections_that_the_program_names():
    first = tf.summary.scalar("a", 1.0)
    second = tf.summary.histogram("b", [1.0], collections=["mine", "yours"])
    none = tf.summary.image("c", IMAGE, collections=[])

    assert tf.get_collection(tf.GraphKeys.SUMMARIES) == [first]
    assert tf.get_collection("mine") == tf.get_collection("yours") == [second]
    assert values_of(none)[0].tag == "c/image/0"


def test_a_variable_may_be_shown():
    variable = tf.Variable(2.0)
    shown = tf.summary.scalar("v", variable)
    with tf.Session() as session:
        session.run(variable.initializer)

        assert tf.Summary.FromString(session.run(shown)).value[0].simple_value == 2


# --- text and tensors -----------------------------------------------------------------------------


def test_text_goes_to_the_plugin_for_text():
    (value,) = values_of(tf.summary.text("notes", ["a", "b"]))

    assert value.metadata.plugin_data.plugin_name == "text"
    assert list(value.tensor.string_val) == [b"a", b"b"]


def test_numbers_are_no_text():
    with pytest.raises(ValueError, match=r"Expected tensor Const:0 to have dtype string, got"):
        tf.summary.text("notes", tf.constant(1.0))


def test_the_metadata_that_a_program_gives_stay_as_they_are():
    given = tf.SummaryMetadata(plugin_data=tf.SummaryMetadata.PluginData(plugin_name="mine"))
    made = tf.summary.tensor_summary("x", [1], "what it is", summary_metadata=given)

    (value,) = values_of(made)
    assert value.metadata.plugin_data.plugin_name == "mine"
    assert value.metadata.summary_description == "what it is"
    assert given.summary_description == ""


# --- merging --------------------------------------------------------------------------------------


@pytest.mark.tensorflow
@pytest.mark.paper("W-56")
def test_merging_makes_tensorflows_nodes_and_bytes(tensorflow):
    def make(tf):
        kinds = list(every_kind(tf))
        some = tf.summary.merge(kinds[:2], name="some")
        rest = tf.summary.merge(kinds[2:4])
        return some, rest, tf.summary.merge_all(), tf.summary.merge_all(name="again")

    assert_same_graph(tensorflow, make)
    assert_same_wiring(tensorflow, make)


def test_all_summaries_are_those_of_a_collection_in_a_scope():
    assert tf.summary.merge_all() is None
    for scope in "ab":
        with tf.name_scope(scope):
            tf.summary.scalar("x", 1.0)
            tf.summary.scalar("y", 1.0, collections=["mine"])

    def tags(merged):
        with tf.Session() as session:
            return [value.tag for value in tf.Summary.FromString(session.run(merged)).value]

    assert tags(tf.summary.merge_all()) == ["a/x", "b/x"]
    assert tags(tf.summary.merge_all("mine", scope="a/")) == ["a/y"]
    assert tf.summary.merge_all("yours") is None


def test_what_is_merged_joins_no_collection_but_those_named():
    one = tf.summary.scalar("x", 1.0)
    tf.summary.merge([one])
    named = tf.summary.merge([one], collections=["merged"])

    assert tf.get_collection(tf.GraphKeys.SUMMARIES) == [one]
    assert tf.get_collection("merged") == [named]


def test_a_step_tells_of_a_tag_that_comes_twice():
    twice = tf.summary.merge([tf.summary.scalar("x", 1.0)] * 2)
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError, match="Duplicate"):
        session.run(twice)


def test_a_tensor_summary_node_tells_its_description():
    made = tf.raw_ops.TensorSummary(tensor=[1], description='{"typeHint": "cat"}')

    assert tf.summary.get_summary_description(made.op.node_def).type_hint == "cat"
    other = tf.summary.scalar("x", 1.0).op.node_def
    with pytest.raises(ValueError, match="Can't get_summary_description on ScalarSummary"):
        tf.summary.get_summary_description(other)


# --- before TensorFlow 1.0 ------------------------------------------------------------------------


def test_the_first_names_take_the_tag_as_it_is():
    with tf.name_scope("train"):
        made = [
            tf.scalar_summary("the loss", 1.0),
            tf.histogram_summary("h", [1.0], name="named"),
            tf.image_summary("i", IMAGE, 1),
            tf.audio_summary("s", np.zeros((1, 2), np.float32), 8000, 1),
        ]

    tags = ["the loss", "h", "i/image", "s/audio"]
    assert [value.tag for value in values_of(*made)] == tags
    assert [each.op.name for each in made] == [
        *("train/ScalarSummary", "train/named", "train/ImageSummary", "train/AudioSummaryV2")
    ]
    for merged in (tf.merge_summary(made), tf.merge_all_summaries()):
        with tf.Session() as session:
            found = tf.Summary.FromString(session.run(merged))
        assert [value.tag for value in found.value] == tags


def test_many_numbers_may_have_a_tag_each():
    made = tf.scalar_summary(["a", "b"], [1.0, 2.0], collections=["mine"])
    with tf.Session() as session:
        found = tf.Summary.FromString(session.run(made))

    assert [(value.tag, value.simple_value) for value in found.value] == [("a", 1), ("b", 2)]
    assert tf.get_collection("mine") == [made]
