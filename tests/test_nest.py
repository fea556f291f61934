"""tf.nest: flatten and pack are inverse, structures compare as in TensorFlow."""

import collections

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf

Pair = collections.namedtuple("Pair", ["first", "second"])  # noqa: PYI024 what programs use

LEAVES = st.one_of(st.none(), st.integers(), st.text(max_size=2), st.frozensets(st.integers()))
STRUCTURES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.builds(Pair, inner, inner),
        st.dictionaries(st.text(max_size=1), inner, max_size=3),
        st.dictionaries(st.text(max_size=1), inner, max_size=3).map(collections.OrderedDict),
    ),
    max_leaves=12,
)


@given(structure=STRUCTURES)
def test_packing_what_was_flattened_gives_the_structure_back(structure):
    made = tf.nest.pack_sequence_as(structure, tf.nest.flatten(structure))

    assert made == structure
    assert type(made) is type(structure)


@pytest.mark.tensorflow
@given(structure=STRUCTURES)
def test_leaves_come_in_tensorflows_order(structure, tensorflow):
    assert tf.nest.flatten(structure) == tensorflow.nest.flatten(structure)


@pytest.mark.tensorflow
@given(one=STRUCTURES, other=STRUCTURES, check_types=st.booleans())
def test_structures_are_the_same_where_tensorflows_are(one, other, check_types, tensorflow):
    def outcome(lib):
        try:
            return lib.nest.assert_same_structure(one, other, check_types)
        except (TypeError, ValueError) as error:
            return type(error)

    assert outcome(tf) == outcome(tensorflow)


def test_a_function_meets_the_leaves_that_stand_in_the_same_place():
    made = tf.nest.map_structure(lambda x, y: x + y, {"a": 1, "b": [2]}, {"b": [20], "a": 10})

    assert made == {"a": 11, "b": [22]}


def test_arrays_and_tensors_are_leaves():
    array, tensor = np.zeros(2), tf.constant(1.0)

    assert tf.nest.flatten([array, tensor]) == [array, tensor]
    assert not tf.nest.is_nested(array)
    assert tf.nest.is_nested({})


def test_composites_are_taken_apart_on_request():
    slices = tf.IndexedSlices(tf.constant([1.0]), tf.constant([1]))
    sparse = tf.SparseTensor([[0, 1]], [1.0], [2, 2])
    parts = tf.nest.flatten([slices, sparse], expand_composites=True)
    first, second = tf.nest.pack_sequence_as([slices, sparse], parts, expand_composites=True)

    assert len(parts) == 5
    assert tf.nest.flatten([slices, sparse]) == [slices, sparse]
    assert (first.values, first.indices) == (slices.values, slices.indices)
    assert second.dense_shape is sparse.dense_shape


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: tf.nest.pack_sequence_as([0], [1, 2]), ValueError, "Could not pack sequence"),
        (lambda: tf.nest.pack_sequence_as([0], 3), TypeError, "must be a sequence"),
        (lambda: tf.nest.map_structure(3, [1]), TypeError, "func must be callable"),
        (lambda: tf.nest.map_structure(abs), ValueError, "Must provide at least one structure"),
        (lambda: tf.nest.map_structure(abs, [1], deep=1), ValueError, "Only valid keyword"),
        (lambda: tf.nest.map_structure(abs, [1], (1,)), TypeError, "same nested structure"),
        (lambda: tf.nest.map_structure(abs, [1], [1, 2]), ValueError, "number of elements"),
        (lambda: tf.nest.map_structure(abs, {"a": 1}, {"b": 1}), ValueError, "set of keys"),
        (lambda: tf.nest.map_structure(abs, [[1]], [1]), ValueError, "is a sequence, while"),
    ],
)
def test_what_does_not_fit_is_told(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
