"""Entries of bundles: columns of numbers tell what single messages tell."""

from __future__ import annotations

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st

from minitf import protos
from minitf.dtypes import float32, int64
from minitf.io.bundle_entries import Entry, entry_of, plain_entries
from minitf.io.checksums import masked


def message(dtype, shape, shard, offset, size, crc, *, boxes=0):
    made = protos.BundleEntryProto(
        dtype=dtype.enum, shard_id=shard, offset=offset, size=size, crc32c=crc
    )
    made.shape.SetInParent()
    for each in shape:
        made.shape.dim.add(size=each)
    for _ in range(boxes):
        made.slices.add().extent.add(start=0, length=1)
    return made.SerializeToString()


numbers = st.integers(0, 300) | st.integers(0, 2**63 - 1)
messages = st.builds(
    message,
    st.sampled_from([float32, int64]),
    st.lists(numbers, max_size=3),
    st.integers(0, 2**31 - 1),
    numbers,
    numbers,
    st.integers(0, 2**32 - 1),
)


@given(st.lists(messages))
def test_usual_entries_are_read_as_single_ones_are(drawn):
    pairs = {b"%d" % i: each for i, each in enumerate(drawn)}

    entries = plain_entries(pairs)

    assert entries == {
        key: entry_of(protos.BundleEntryProto.FromString(each)) for key, each in pairs.items()
    }


@given(st.lists(messages, min_size=1), st.data())
def test_whatever_is_read_of_damaged_entries_is_what_they_tell(drawn, data):
    index = data.draw(st.integers(0, len(drawn) - 1))
    damaged = bytearray(drawn[index])
    place = data.draw(st.integers(0, len(damaged) - 1))
    damaged[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=12))
    drawn[index] = bytes(damaged)
    pairs = {b"%d" % i: each for i, each in enumerate(drawn)}

    entries = plain_entries(pairs)

    assert len(entries) >= len(drawn) - 1
    for key, entry in entries.items():
        assert entry == entry_of(protos.BundleEntryProto.FromString(pairs[key]))


def test_an_entry_by_hand():
    alone = message(float32, (2, 3), 0, 300, 24, masked(7))
    boxed = message(float32, (2, 3), 0, 0, 0, 0, boxes=2)

    entries = plain_entries({b"alone": alone, b"boxed": boxed})

    assert entries == {b"alone": Entry((float32, (2, 3)), 0, 300, 24, 7)}
    assert len(entry_of(protos.BundleEntryProto.FromString(boxed)).boxes) == 2
    assert plain_entries({}) == {}


def test_a_shape_that_cannot_be_read_is_left_to_messages():
    torn = bytearray(message(float32, (2, 3), 0, 0, 24, 5))
    torn[5] += 1

    with pytest.raises(DecodeError):
        protos.BundleEntryProto.FromString(bytes(torn))
    assert plain_entries({b"torn": bytes(torn)}) == {}
