"""Iterators, caches and seeds that only their handle names."""

from __future__ import annotations

import pytest
from ops.data.elements import elements_of

import minitf as tf
from minitf import errors

raw = tf.raw_ops
ATTRS = {"output_types": [tf.int64], "output_shapes": [[]]}


def test_an_anonymous_iterator_lives_within_a_step():
    handle, deleter = raw.AnonymousIteratorV2(**ATTRS)
    begun = raw.MakeIterator(dataset=tf.data.Dataset.range(3)._variant_tensor, iterator=handle)
    with tf.control_dependencies([begun]):
        (element,) = raw.IteratorGetNext(iterator=handle, **ATTRS)
    with tf.control_dependencies([element]):
        gone = raw.DeleteIterator(handle=handle, deleter=deleter)
        device = raw.IteratorGetDevice(resource=handle)

    with tf.Session() as session:
        for _ in range(2):
            assert session.run([element, device, gone]) == [
                0, b"/job:localhost/replica:0/task:0/device:CPU:0", None
            ]  # fmt: skip
        with pytest.raises(errors.FailedPreconditionError):
            session.run(raw.IteratorGetNext(iterator=raw.AnonymousIterator(**ATTRS), **ATTRS))


def test_a_cache_is_shared_by_those_that_have_its_handle():
    handle, deleter = raw.AnonymousMemoryCache()
    several = tf.data.Dataset.range(3), tf.data.Dataset.range(7, 9)
    variants = [
        raw.CacheDatasetV2(input_dataset=each._variant_tensor, filename="", cache=handle, **ATTRS)
        for each in several
    ]
    spec = several[0].element_spec
    one, other = (tf.data.experimental.from_variant(each, spec) for each in variants)

    assert elements_of(one.concatenate(other)) == [0, 1, 2, 0, 1, 2]
    with tf.Session() as session:
        session.run(raw.DeleteMemoryCache(handle=handle, deleter=deleter))


def test_a_source_of_seeds_gives_each_pass_its_own():
    handle, deleter = raw.AnonymousRandomSeedGenerator(seed=3, seed2=4)
    data = tf.data.Dataset.range(9)
    variant = raw.ShuffleDatasetV2(
        input_dataset=data._variant_tensor, buffer_size=9, seed_generator=handle, **ATTRS
    )
    shuffled = tf.data.experimental.from_variant(variant, data.element_spec)

    found = elements_of(shuffled.repeat(2))

    assert sorted(found[:9]) == sorted(found[9:]) == list(range(9))
    assert found[:9] != found[9:]
    assert elements_of(shuffled.repeat(2)) == found
    with tf.Session() as session:
        session.run(raw.DeleteRandomSeedGenerator(handle=handle, deleter=deleter))
        wrong = raw.ShuffleDatasetV2(
            input_dataset=data._variant_tensor,
            buffer_size=9,
            seed_generator=raw.AnonymousIterator(**ATTRS),
            **ATTRS,
        )
        with pytest.raises(errors.InvalidArgumentError, match="wrong type"):
            session.run(
                tf.data.experimental.cardinality(
                    tf.data.experimental.from_variant(wrong, data.element_spec)
                )
            )
