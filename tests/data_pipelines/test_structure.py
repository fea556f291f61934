"""Structures of elements become flat lists of tensors and back."""

from __future__ import annotations

import collections

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.data import structure as s
from minitf.shapes import Shape

Pair = collections.namedtuple("Pair", "one two")  # noqa: PYI024 - as programs write it

values = st.integers(-9, 9)
nested = st.recursive(
    values,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from("abc"), inner, min_size=1)
        | st.tuples(inner, inner).map(lambda pair: Pair(*pair))
    ),
    max_leaves=6,
)


@given(value=nested)
def test_leaves_put_back_give_the_same_structure(value):
    flat = list(s.leaves(value))

    assert s.filled(value, flat) == value
    assert s.mapped(lambda x: x, value) == value
    assert type(s.filled(value, flat)) is type(value)


def test_dicts_are_flat_in_the_order_of_keys_and_keep_their_own():
    value = {"b": 1, "a": (2, 3)}

    assert list(s.leaves(value)) == [2, 3, 1]
    assert list(s.mapped(lambda x: -x, value)) == ["b", "a"]
    ordered = collections.OrderedDict([("z", 1), ("y", 2)])
    assert isinstance(s.mapped(lambda x: x, ordered), collections.OrderedDict)


@pytest.mark.parametrize("other", [(1,), {"a": 1}, 5, (1, (2, 3))])
def test_structures_are_gone_through_together_only_if_they_are_alike(other):
    with pytest.raises((TypeError, ValueError), match="same n"):
        s.mapped(lambda *_: None, (1, 2) if other != (1, (2, 3)) else (1, (2, 3, 4)), other)


def test_an_element_becomes_tensors_and_back():
    sparse = tf.SparseTensor([[0, 1]], [3.0], [2, 2])
    element = s.converted({"x": sparse, "y": (1, np.zeros((2, 3)))})
    structure = s.structure_of(element)

    flat = s.flat_tensors(structure, element)
    back = s.element_of(structure, flat)

    assert [tensor.dtype for tensor in flat] == [tf.variant, tf.int32, tf.float64]
    with tf.Session() as session:
        found = session.run(back)
    assert found["x"].indices.tolist() == [[0, 1]]
    assert found["x"].values.tolist() == [3]
    assert found["y"][0] == 1
    assert back["x"].indices.shape.as_list() == [None, 2]


def test_what_programs_ask_of_a_structure():
    sparse = tf.SparseTensor([[0, 1]], [3.0], [2, 2])
    data = tf.data.Dataset.from_tensors((sparse, Pair(1, [2.0, 3.0])))

    assert data.output_types == (tf.float32, Pair(tf.int32, tf.float32))
    assert data.output_classes == (tf.SparseTensor, Pair(tf.Tensor, tf.Tensor))
    assert data.output_shapes[0].as_list() == [2, 2]
    assert data.output_shapes[1].two.as_list() == [2]
    for name in ("types", "shapes", "classes"):
        get = getattr(tf.data, f"get_output_{name}")
        assert get(data) == getattr(data, f"output_{name}")
        assert get(data.make_one_shot_iterator()) == get(data)


def test_structures_come_from_types_shapes_and_classes():
    made = s.from_types((tf.int32, {"a": "float32"}), ([2], {"a": None}))

    assert made == (
        s.TensorPart(tf.int32, Shape([2])),
        {"a": s.TensorPart(tf.float32, Shape.unknown())},
    )
    assert s.from_types(tf.int32, [3], tf.SparseTensor) == s.SparsePart(tf.int32, Shape([3]))


def test_shapes_of_either_are_those_of_both():
    one, other = (s.TensorPart(tf.int32, Shape(dims)) for dims in ([2, 3], [2, 4]))

    assert s.widened(one, other).shape[0] == 2
    assert s.widened(one, one) == one
    assert s.widened(one, s.TensorPart(tf.int32, Shape([2]))).shape.rank is None
    assert s.fits(one, s.widened(one, other))
    assert not s.fits(one, other)
