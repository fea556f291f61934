"""Elements of one dataset go to several devices in turn."""

from __future__ import annotations

import pytest

import minitf as tf
from minitf import errors
from minitf.data.devices import MultiDeviceIterator

TWO = tf.ConfigProto(device_count={"CPU": 2})


def test_devices_get_elements_in_turn_whoever_asks_first():
    iterator = MultiDeviceIterator(tf.data.Dataset.range(5), ["/cpu:0", "/cpu:1"])
    first, second = iterator.get_next()

    with tf.Session(config=TWO) as session:
        for _ in range(2):
            session.run(iterator.initializer)
            assert [session.run(second), session.run(second)] == [1, 3]
            assert [session.run(first) for _ in range(3)] == [0, 2, 4]
            for each in (first, second):
                with pytest.raises(errors.OutOfRangeError):
                    session.run(each)


def test_optionals_tell_which_device_is_at_the_end():
    iterator = MultiDeviceIterator(tf.data.Dataset.range(3), ["/cpu:0", "/cpu:1"])
    more = [each.has_value() for each in iterator.get_next_as_optional()]

    assert iterator.element_spec == tf.data.Dataset.range(3).element_spec
    assert iterator.get_next("/cpu:1").dtype is tf.int64
    with tf.Session(config=TWO) as session:
        session.run(iterator.initializer)
        assert [session.run(more) for _ in range(2)] == [[True, True], [True, False]]


def test_an_error_goes_to_the_device_whose_turn_it_was():
    places = tf.data.Dataset.from_tensor_slices([9, 1, 0, 1])
    data = places.map(lambda place: tf.gather([1, 2], place))
    iterator = MultiDeviceIterator(data, ["/cpu:0", "/cpu:1"])
    first, second = iterator.get_next()

    with tf.Session(config=TWO) as session:
        session.run(iterator.initializer)
        assert session.run(second) == 2
        with pytest.raises(errors.InvalidArgumentError):
            session.run(first)
        assert session.run(first) == 1


def test_handles_and_shards_are_checked():
    attrs = {"output_types": [tf.int64], "output_shapes": [[]]}
    handle = tf.raw_ops.MultiDeviceIterator(
        devices=["/cpu:0"], shared_name="shared", container="", **attrs
    )
    number = tf.raw_ops.MultiDeviceIteratorInit(
        dataset=tf.data.Dataset.range(3)._variant_tensor,
        multi_device_iterator=handle,
        max_buffer_size=1,
    )
    text = tf.raw_ops.MultiDeviceIteratorToStringHandle(multi_device_iterator=handle)
    fed = tf.placeholder(tf.string)
    again = tf.raw_ops.MultiDeviceIteratorFromStringHandle(string_handle=fed, **attrs)
    shard, incarnation = tf.placeholder(tf.int32, []), tf.placeholder(tf.int64, [])
    following = tf.raw_ops.MultiDeviceIteratorGetNextFromShard(
        multi_device_iterator=again, shard_num=shard, incarnation_id=incarnation, **attrs
    )
    anonymous, deleter = tf.raw_ops.AnonymousMultiDeviceIterator(devices=["/cpu:0"], **attrs)
    gone = tf.raw_ops.DeleteMultiDeviceIterator(
        multi_device_iterator=anonymous, iterators=[], deleter=deleter
    )

    with tf.Session() as session:
        session.run(gone)
        begun, name = session.run([number, text])
        assert session.run(following, {fed: name, shard: 0, incarnation: begun}) == [0]
        with pytest.raises(errors.InvalidArgumentError, match="no shard 1"):
            session.run(following, {fed: name, shard: 1, incarnation: begun})
        with pytest.raises(errors.InvalidArgumentError, match="Invalid incarnation id"):
            session.run(following, {fed: name, shard: 0, incarnation: begun + 1})
        with pytest.raises(errors.InvalidArgumentError, match="Could not parse"):
            session.run(following, {fed: b"\xff", shard: 0, incarnation: begun})
        with pytest.raises(errors.NotFoundError, match="does not exist"):
            session.run(following, {fed: b"", shard: 0, incarnation: begun})
