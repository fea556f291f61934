"""What may be fetched, in what structure it comes back, and whose arrays they are."""

from __future__ import annotations

import collections

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.composite import IndexedSlices, IndexedSlicesValue, SparseTensor, SparseTensorValue

Pair = collections.namedtuple("Pair", ["left", "right"])  # noqa: PYI024


def structures(leaves):
    """Draw nested structures of the leaves."""
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.lists(inner, max_size=3).map(tuple),
            st.tuples(inner, inner).map(lambda pair: Pair(*pair)),
            st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
            st.dictionaries(st.sampled_from("abc"), inner, max_size=3).map(collections.OrderedDict),
        ),
        max_leaves=8,
    )


def mapped(structure, function):
    if isinstance(structure, dict):
        return type(structure)((key, mapped(v, function)) for key, v in structure.items())
    if isinstance(structure, Pair):
        return Pair(*(mapped(v, function) for v in structure))
    if isinstance(structure, (list, tuple)):
        return type(structure)(mapped(v, function) for v in structure)
    return function(structure)


@given(structure=structures(st.integers(0, 3)))
def test_a_structure_comes_back_with_values_in_it(structure):
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.int32, name="x")
        leaves = [x, x * 2, "x:0", tf.no_op()]
        want = [7, 14, 7, None]
        got = session.run(mapped(structure, leaves.__getitem__), {x: 7})

    assert got == mapped(structure, want.__getitem__)
    if not isinstance(structure, int):
        assert type(got) is type(structure)


def test_a_defaultdict_keeps_its_factory():
    wanted = collections.defaultdict(list, a=tf.constant(1))
    with tf.Session() as session:
        got = session.run(wanted)

    assert got == {"a": 1}
    assert got.default_factory is list


def test_composite_values_come_as_their_value_types():
    sparse = SparseTensor([[0, 1]], [5.0], [2, 2])
    slices = IndexedSlices(tf.constant([[1.0]]), tf.constant([3]), tf.constant([4, 1]))
    shapeless = IndexedSlices(tf.constant([[1.0]]), tf.constant([3]))
    with tf.Session() as session:
        got = session.run({"sparse": sparse, "slices": slices, "shapeless": shapeless})

    assert isinstance(got["sparse"], SparseTensorValue)
    assert got["sparse"].indices.tolist() == [[0, 1]]
    assert isinstance(got["slices"], IndexedSlicesValue)
    assert got["slices"].dense_shape.tolist() == [4, 1]
    assert got["shapeless"].dense_shape is None


def test_variables_and_names_may_be_fetched():
    w = tf.Variable(3.0, name="w")
    with tf.Session() as session:
        session.run("w/Assign")

        assert session.run([w, "w:0", b"w:0"]) == [3, 3, 3]


def test_scalars_come_as_numpy_scalars_and_strings_as_bytes():
    with tf.Session() as session:
        number, text, texts = session.run(
            [tf.constant(1.5), tf.constant("deep"), tf.constant(["a", "b"])]
        )

    assert type(number) is np.float32
    assert text == b"deep"
    assert texts.tolist() == [b"a", b"b"]
    assert texts.dtype == object


@pytest.mark.parametrize(
    ("fetch", "error", "message"),
    [
        (None, TypeError, "Fetch argument None has invalid type"),
        ([None], TypeError, "Fetch argument None has invalid type"),
        (3, TypeError, "Fetch argument 3 has invalid type .* must be a string or Tensor"),
        ("nowhere:0", ValueError, "Fetch argument 'nowhere:0' cannot be interpreted as a Tensor"),
        ("nowhere", ValueError, "refers to an Operation not in the graph"),
    ],
)
def test_what_cannot_be_fetched_is_refused_as_in_tensorflow(fetch, error, message):
    tf.constant(1)
    with tf.Session() as session, pytest.raises(error, match=message):
        session.run(fetch)


def test_an_operation_marked_as_not_fetchable_is_refused():
    x = tf.constant(1, name="x")
    x.graph.prevent_fetching(x.op)
    with tf.Session() as session:
        for fetch in (x, x.op):
            with pytest.raises(ValueError, match="Operation 'x' has been marked as not fetchable"):
                session.run(fetch)


# --- whose arrays ---------------------------------------------------------------------------------


def test_a_fetched_array_is_the_users_own():
    w = tf.Variable(np.zeros(3, np.float32))
    constant = tf.constant(np.zeros(3, np.float32))
    x = tf.placeholder(tf.float32, [3])
    fed = np.zeros(3, np.float32)
    fetches = [w, constant, x, tf.identity(x), tf.reshape(x, [3, 1]), tf.identity(w), -x, -x]
    with tf.Session() as session:
        session.run(w.initializer)
        for array in session.run(fetches, {x: fed}):
            array[:] = 1

        assert not fed.any()
        assert [array.sum() for array in session.run(fetches, {x: fed})] == [0] * len(fetches)


def test_two_fetches_share_no_memory():
    x = tf.placeholder(tf.float32, [4])
    made = x * 2.0
    with tf.Session() as session:
        one, other, view = session.run(
            [made, tf.identity(made), tf.reshape(made, [2, 2])], {x: np.ones(4, np.float32)}
        )
        one += 1

    assert other.tolist() == [2] * 4
    assert view.tolist() == [[2, 2], [2, 2]]


def test_what_is_assigned_is_a_copy_of_what_was_fed():
    w = tf.Variable(np.zeros(3, np.float32))
    x = tf.placeholder(tf.float32, [3])
    assign = tf.assign(w, x)
    array = np.ones(3, np.float32)
    with tf.Session() as session:
        session.run(assign, {x: array})
        array[:] = 9

        assert session.run(w).tolist() == [1, 1, 1]


# --- the same in TensorFlow -----------------------------------------------------------------------


@pytest.mark.tensorflow
@given(structure=structures(st.integers(0, 2)))
def test_structures_come_back_as_tensorflow_gives_them(tensorflow, structure):
    def result(library):
        with library.Graph().as_default(), library.Session() as session:
            leaves = [library.constant(3), library.constant([1, 2]), library.no_op()]
            got = session.run(mapped(structure, leaves.__getitem__))
            return mapped(got, lambda v: v if v is None else (type(v), np.asarray(v).tolist()))

    assert result(tf) == result(tensorflow)


@pytest.mark.tensorflow
@pytest.mark.parametrize("fetch", [None, 3, "nowhere:0", "nowhere", "a b", [[]], {}, ()])
def test_what_tensorflow_refuses_is_refused_with_the_same_type(tensorflow, fetch):
    def outcome(library):
        with library.Graph().as_default(), library.Session() as session:
            library.constant(1)
            try:
                return session.run(fetch)
            except Exception as error:  # noqa: BLE001 its type is what is compared
                return type(error)

    assert outcome(tf) == outcome(tensorflow)
