"""What may be fed, how it is converted, and what is said of what does not fit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.composite import IndexedSlices, SparseTensor, SparseTensorValue
from minitf.session.feeds import Feed

# --- conversion -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", [[1, 2, 3], (1.0, 2.0, 3.0), np.array([1, 2, 3]), np.array([1, 2, 3], np.float16)]
)
def test_lists_and_arrays_of_other_types_are_converted(value):
    x = tf.placeholder(tf.float32, [3])
    with tf.Session() as session:
        got = session.run(x * 2.0, {x: value})

    assert got.dtype == np.float32
    assert got.tolist() == [2, 4, 6]


@pytest.mark.parametrize("text", ["grüße", "grüße".encode(), np.str_("grüße")])
def test_text_is_fed_as_utf_8(text):
    x = tf.placeholder(tf.string, [])
    with tf.Session() as session:
        assert session.run(tf.identity(x), {x: text}) == "grüße".encode()


def test_an_array_that_fits_is_passed_on_without_a_copy():
    x = tf.placeholder(tf.float32, [None, 2])
    array = np.ones((3, 2), np.float32)

    assert Feed(x, 0).converted(array) is array
    assert Feed(x, 0).converted(array[:, ::-1]).flags.c_contiguous


def test_any_edge_may_be_fed_and_cuts_what_makes_it():
    x = tf.placeholder(tf.float32)
    y = x + 1.0
    w = tf.Variable(5.0)
    z = y * w
    with tf.Session() as session:
        assert session.run(z, {y: 2, w: 3}) == 6
        assert session.run(y, {y: 4}) == 4
        assert session.run([z, y], {"add:0": 2, w: 4}) == [8, 2]


def test_what_is_fed_and_fetched_comes_back_as_it_was_given(tensorflow):
    """Scalars stay arrays and a str is not encoded; the array is the caller's own all the same."""

    def fetched(tf, function=False):
        with tf.Graph().as_default(), tf.Session() as session:
            number = tf.placeholder(tf.float32, [])
            text, texts = tf.placeholder(tf.string, []), tf.placeholder(tf.string)
            total = number + 1.0
            tensors, values = [number, text, texts], [3, "é", ["a", b"b"]]
            if function:
                return session.make_callable([*tensors, total], tensors)(*values)
            return session.run(
                [text, total, number, texts], dict(zip(tensors, values, strict=True))
            )

    for function in (False, True):
        for ours, theirs in zip(fetched(tf, function), fetched(tensorflow, function), strict=True):
            assert type(ours) is type(theirs)
            assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
            assert ours.tolist() == theirs.tolist()
    x = tf.placeholder(tf.float32, [3])
    given = np.ones(3, np.float32)
    with tf.Session() as session:
        assert not np.may_share_memory(session.run(x, {x: given}), given)


def test_of_two_keys_for_one_tensor_the_last_counts():
    x = tf.placeholder(tf.float32, name="x")
    y = x + 1.0
    with tf.Session() as session:
        for value in (2.0, 3.0):
            assert session.run(y, {x: 1.0, "x:0": value}) == value + 1


def test_composite_values_are_fed_in_parts():
    sparse = SparseTensor(
        tf.placeholder(tf.int64), tf.placeholder(tf.float32), tf.placeholder(tf.int64)
    )
    slices = IndexedSlices(tf.placeholder(tf.float32), tf.placeholder(tf.int32))
    x, y = tf.placeholder(tf.int32), tf.placeholder(tf.int32)
    with tf.Session() as session:
        got = session.run(
            {"sparse": sparse, "slices": slices, "difference": x - y},
            {
                sparse: SparseTensorValue([[0, 0]], [2.0], [1, 1]),
                slices: ([[1.0]], [4], None),
                (x, y): (5, 3),
            },
        )

    assert got["sparse"].values.tolist() == [2]
    assert got["slices"].indices.tolist() == [4]
    assert got["difference"] == 2


@given(
    size=st.integers(0, 3),
    known=st.booleans(),
    kind=st.sampled_from([np.int32, np.float64, np.uint8]),
)
def test_a_shape_known_in_part_accepts_what_fits(size, known, kind):
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [size if known else None, 2])

        assert session.run(x + 0.0, {x: np.ones((size, 2), kind)}).shape == (size, 2)


def test_a_shape_that_becomes_known_later_is_checked():
    x = tf.placeholder(tf.float32)
    y = x + 0.0
    with tf.Session() as session:
        session.run(y, {x: [1, 2]})
        x.set_shape([3])
        with pytest.raises(ValueError, match="Cannot feed value of shape"):
            session.run(y, {x: [1, 2]})


# --- refusals -------------------------------------------------------------------------------------


def test_all_feeds_that_do_not_fit_are_listed_first_phrase_first():
    x = tf.placeholder(tf.float32, [None, 784], name="images")  # the images
    y = tf.placeholder(tf.int32, [], name="count")  # the count
    total = tf.reduce_sum(x) + tf.cast(y, tf.float32)
    with tf.Session() as session, pytest.raises(ValueError) as caught:  # noqa: PT011 matched below
        session.run(total, {x: np.zeros((50, 28, 28)), y: 2**40})

    lines = str(caught.value).splitlines()
    assert lines[0] == (
        "Cannot feed value of shape (50, 28, 28) for Tensor 'images:0', which has shape '(?, 784)'"
    )
    assert any("# the images" in line for line in lines)
    assert any("(50, 28, 28) has 784 per row: reshape to (-1, 784)" in line for line in lines)
    assert any("is not compatible with Tensor type" in line for line in lines)


@pytest.mark.parametrize(
    ("shape", "fed", "said"),
    [
        ([2, 3], (2, 4), "axis 1: 4 fed, 3 wanted"),
        ([None, 3], (6,), "has 6 elements: reshape to (-1, 3)"),
        ([3], (3, 1), "has 3 elements: reshape to (3,)"),
        ([], (1,), "rank: 1 fed, 0 wanted"),
    ],
)
def test_a_wrong_shape_is_explained(shape, fed, said):
    x = tf.placeholder(tf.float32, shape)
    with tf.Session() as session, pytest.raises(ValueError, match="Cannot feed value") as caught:
        session.run(tf.identity(x), {x: np.zeros(fed)})

    assert said in str(caught.value)


def test_keys_and_values_of_other_kinds_are_refused():
    x = tf.placeholder(tf.float32)
    y = x + 1.0
    with tf.Graph().as_default():
        stranger = tf.placeholder(tf.float32)
    with tf.Session() as session:
        for key in (stranger, "nowhere:0", y.op, 3):
            with pytest.raises(TypeError, match="Cannot interpret feed_dict key as Tensor"):
                session.run(y, {key: 1.0})
        with pytest.raises(TypeError, match=r"The value of a feed cannot be a tf\.Tensor object"):
            session.run(y, {x: tf.constant(1.0)})
        with pytest.raises(TypeError, match="feed_dict, a mapping"):
            session.run(y, [1.0])
        with pytest.raises(TypeError, match=r"Using a `tf\.Tensor` as a Python `bool`"):
            session.run(x, y)
        y.graph.prevent_feeding(y)
        with pytest.raises(ValueError, match="may not be fed"):
            session.run(y, {y: 3.0})


@pytest.mark.parametrize("value", ["word", [1, [2, 3]], object()])
def test_a_value_that_is_no_number_is_refused_with_the_tensors_line(value):
    x = tf.placeholder(tf.float32)  # the number
    with tf.Session() as session, pytest.raises((TypeError, ValueError)) as caught:
        session.run(tf.identity(x), {x: value})

    assert "# the number" in str(caught.value)


def test_fractions_lost_by_the_feeds_of_a_tensor_are_told_once():
    x = tf.placeholder(tf.int32, name="whole")
    with tf.Session() as session:
        assert session.run(x + 0, {x: 2.0}) == 2  # nothing lost
        with pytest.warns(UserWarning, match="'whole:0' lost fractions: 0.7 became 0"):
            session.run(x + 0, {x: [2.0, 0.7]})
        session.run(x + 0, {x: 0.5})


# --- the same in TensorFlow -----------------------------------------------------------------------

VALUES = [1, 2, 1.0, True, [1, 2], np.float64(2), np.arange(3), "a", b"a", ["a", "b"], 2**40, []]


@pytest.mark.tensorflow
@pytest.mark.filterwarnings("ignore:A feed of")
@pytest.mark.parametrize("dtype", ["float32", "int32", "int64", "bool", "string", "complex64"])
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_feeds_are_converted_and_refused_as_in_tensorflow(tensorflow, dtype, value):
    def outcome(library):
        with library.Graph().as_default(), library.Session() as session:
            x = library.placeholder(dtype)
            try:
                got = np.asarray(session.run(library.identity(x), {x: value}))
                return got.dtype, got.tolist()
            except Exception as error:  # noqa: BLE001 its type is what is compared
                return type(error).__name__

    assert outcome(tf) == outcome(tensorflow)
