"""Optionals have an element or none."""

from __future__ import annotations

import pytest

import minitf as tf
from minitf import errors
from minitf.type_spec import TypeSpec

Optional = tf.data.experimental.Optional
get_next = tf.data.experimental.get_next_as_optional


def test_an_iterator_gives_optionals_up_to_the_end_and_behind_it():
    iterator = tf.data.Dataset.range(2).map(lambda x: (x, {"a": -x})).make_initializable_iterator()
    optional = get_next(iterator)
    fetched = optional.has_value(), optional.get_value()

    with tf.Session() as session:
        with pytest.raises(errors.FailedPreconditionError, match="has not been initialized"):
            session.run(fetched)
        session.run(iterator.initializer)
        assert session.run(fetched) == (True, (0, {"a": 0}))
        assert session.run(fetched) == (True, (1, {"a": -1}))
        assert session.run(optional.has_value()) == False  # noqa: E712 - an array
        with pytest.raises(errors.InvalidArgumentError, match="does not have a value"):
            session.run(fetched)


def test_an_optional_keeps_the_structure_of_its_value():
    sparse = tf.SparseTensor([[1]], [2.0], [3])
    inner = Optional.from_value(tf.constant(4))

    optional = Optional.from_value((1, {"s": sparse}, inner))

    one, spec, third = optional.value_structure
    assert one == tf.data.experimental.TensorStructure(tf.int32, [])
    assert spec == {"s": tf.data.experimental.SparseTensorStructure(tf.float32, [3])}
    assert third == tf.OptionalSpec(tf.data.experimental.TensorStructure(tf.int32, []))
    assert isinstance(third, TypeSpec)
    number, parts, again = optional.get_value()
    with tf.Session() as session:
        assert session.run([number, parts["s"].values, again.get_value()]) == [1, [2.0], 4]


def test_none_is_of_a_structure_and_has_no_value():
    none = Optional.none_from_structure(tf.data.experimental.TensorStructure(tf.string, [2]))

    assert none.get_value().shape.as_list() == [2]
    with tf.Session() as session:
        assert not session.run(none.has_value())
        with pytest.raises(errors.InvalidArgumentError, match="does not have a value"):
            session.run(none.get_value())


def test_datasets_have_optionals_for_elements():
    optionals = tf.data.Dataset.range(3).map(lambda x: (x, Optional.from_value(x * 2)))
    number, optional = optionals.make_one_shot_iterator().get_next()

    assert optionals.output_types[1] == tf.OptionalSpec(
        tf.data.experimental.TensorStructure(tf.int64, [])
    )
    with tf.Session() as session:
        assert [tuple(session.run([number, optional.get_value()])) for _ in range(3)] == [
            (0, 0), (1, 2), (2, 4)
        ]  # fmt: skip


def test_what_is_no_optional_has_no_value():
    dataset = tf.data.Dataset.range(3)

    with tf.Session() as session, pytest.raises(errors.InvalidArgumentError, match="is none"):
        session.run(tf.raw_ops.OptionalHasValue(optional=dataset._variant_tensor))
