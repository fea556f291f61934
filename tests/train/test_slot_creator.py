"""Slots: names, places and initial values."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.train.slot_creator import create_slot, create_slot_with_initializer, create_zeros_slot

both_kinds = pytest.mark.parametrize("use_resource", [False, True], ids=["ref", "resource"])


@both_kinds
def test_a_slot_is_called_after_its_variable_and_placed_with_it(use_resource):
    w = tf.Variable([1.0, 2.0], name="layer/w", use_resource=use_resource)
    slots = [
        create_slot(w, tf.constant([3.0]), "Given"),
        create_slot_with_initializer(w, tf.ones_initializer(), w.shape, tf.float64, "Made"),
        create_zeros_slot(w, "Zeros"),
        create_zeros_slot(w, "Zeros"),
    ]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        values = [each.tolist() for each in session.run(slots)]

    assert [slot.op.name for slot in slots] == [
        *("layer/w/Given", "layer/w/Made", "layer/w/Zeros", "layer/w/Zeros_1"),
    ]
    assert {type(slot) for slot in slots} == {type(w)}
    assert values == [[3], [1, 1], [0, 0], [0, 0]]
    assert slots[1].dtype.base_dtype == tf.float64
    assert all(slot.op.colocation_groups() == [b"loc:@layer/w"] for slot in slots)


def test_a_slot_need_not_be_placed_with_its_variable():
    w = tf.Variable([1.0], name="w")
    slot = create_zeros_slot(w, "Zeros", colocate_with_primary=False)

    assert slot.op.colocation_groups() == [b"loc:@w/Zeros"]


def test_a_slot_of_open_shape_has_the_shape_of_the_value():
    value = tf.placeholder_with_default(np.ones((2, 3), np.float32), [None, 3])
    w = tf.Variable(value, validate_shape=False)
    slot = create_zeros_slot(w, "Zeros")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())

        assert session.run(slot).shape == (2, 3)


def test_a_slot_is_not_cut_by_the_scopes_partitioner():
    w = tf.Variable([1.0, 2.0], name="w")
    with tf.variable_scope("s", partitioner=tf.fixed_size_partitioner(2)):
        slot = create_zeros_slot(w, "Zeros")

    assert slot.shape.as_list() == [2]
