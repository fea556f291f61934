"""Examples are read as protobuf reads them, and other bytes are refused."""

from __future__ import annotations

import numpy as np
import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st

from minitf import dtypes, protos
from minitf.io import examples
from minitf.io.examples import Column, MalformedError, features_of, kind_of, sequence_of, steps_of
from minitf.testing.example_cases import feature_of
from minitf.testing.strategies import anything

TYPES = {"float32": dtypes.float32, "int64": dtypes.int64, "string": dtypes.string}
VALUES = st.sampled_from(list(TYPES)).flatmap(
    lambda name: st.integers(0, 40).flatmap(
        lambda size: st.tuples(st.just(name), anything((size,), name))
    )
)


def column_of(dtype, *lists):
    """A column of list messages, each in a Feature."""
    made = Column(dtype)
    kind = {dtypes.string: "bytes_list", dtypes.float32: "float_list", dtypes.int64: "int64_list"}
    for each in lists:
        feature = examples._class(examples.AnyFeature)(**{kind[dtype]: each})
        assert made.add(feature.SerializeToString()) is None
    made.finish()
    return made


@given(st.dictionaries(st.text(max_size=4), VALUES, max_size=4))
def test_features_come_back_from_bytes(given_features):
    example = protos.Example()
    for key, (name, values) in given_features.items():
        example.features.feature[key].CopyFrom(feature_of(name, values))
    found = features_of(example.SerializeToString())

    assert found.keys() == {key.encode() for key in given_features}
    for key, (name, values) in given_features.items():
        dtype, inner = kind_of(found[key.encode()])
        column = column_of(dtype, inner)

        assert dtype is TYPES[name]
        assert column.counts == [len(values)]
        np.testing.assert_array_equal(column.values, values)


@given(st.lists(VALUES, min_size=1, max_size=4))
def test_a_column_holds_one_example_after_the_other(lists):
    name = lists[0][0]
    column, kept = Column(TYPES[name]), []
    for each, values in lists:
        if each != name:
            assert column.add(b"") is None
            assert column.add(feature_of(each, values).SerializeToString()) is TYPES[each]
            continue
        assert column.add(feature_of(name, values).SerializeToString()) is None
        kept.append(values)

    column.finish()
    assert column.counts == [len(values) if each == name else 0 for each, values in lists]
    assert column.missing == [i for i, (each, _) in enumerate(lists) if each != name]
    np.testing.assert_array_equal(column.values, np.concatenate(kept))


def test_long_lists_of_numbers_are_read_all_at_once():
    for count in (1, 500, 3000):
        numbers = [(-1) ** i * i**5 for i in range(count)]
        inner = protos.Int64List(value=numbers).SerializeToString()

        assert column_of(dtypes.int64, inner).values.tolist() == numbers


def test_numbers_that_are_not_packed_count_too():
    inner = b"\x08\x01\x0a\x02\x02\x03\x08\x04"  # 1; [2, 3]; 4

    assert column_of(dtypes.int64, inner).values.tolist() == [1, 2, 3, 4]
    one = np.float32(1).tobytes()
    assert column_of(dtypes.float32, b"\x0d" + one + b"\x0a\x04" + one).counts == [2]


def test_the_last_of_equal_entries_counts_and_unknown_fields_are_passed_over():
    first, second = (
        protos.Example(
            features=protos.Features(feature={"a": feature_of("int64", [number])})
        ).SerializeToString()
        for number in (1, 2)
    )
    unknown = b"\x7a\x03xyz\x18\x05"

    found = features_of(first + unknown + second)
    assert column_of(dtypes.int64, kind_of(found[b"a"])[1]).values.tolist() == [2]
    two_kinds = feature_of("int64", [1]).SerializeToString() + b"\x0a\x03\x0a\x01x"
    assert kind_of(two_kinds) == (dtypes.string, b"\x0a\x01x")


def test_keys_need_not_be_text_and_unwanted_features_may_hold_anything():
    entry = b"\x0a\x02\xff\xfe\x12\x03\xff\xff\xff"
    features = b"\x0a" + bytes([len(entry)]) + entry

    assert features_of(b"\x0a" + bytes([len(features)]) + features) == {b"\xff\xfe": b"\xff" * 3}


def test_sequences_have_a_context_and_lists_of_steps():
    lists = protos.FeatureLists(
        feature_list={"l": protos.FeatureList(feature=[feature_of("int64", [1]), protos.Feature()])}
    )
    context = protos.Features(feature={"c": feature_of("string", [b"x"])})
    example = protos.SequenceExample(context=context, feature_lists=lists)
    found_context, found_lists = sequence_of(example.SerializeToString())

    assert kind_of(found_context[b"c"]) == (dtypes.string, b"\x0a\x01x")
    steps = steps_of(found_lists[b"l"])
    assert [kind_of(step)[0] for step in steps] == [dtypes.int64, None]


@given(st.binary(max_size=60))
def test_any_bytes_are_an_example_or_a_value_error(data):
    for read in (features_of, sequence_of, steps_of, kind_of):
        try:
            read(data)
        except ValueError:
            continue
    for dtype in TYPES.values():
        try:
            column = column_of(dtype, data)
        except ValueError:
            continue
        assert len(column.values) == sum(column.counts)


@given(st.data(), st.lists(VALUES, min_size=1, max_size=3))
def test_of_a_damaged_example_at_least_what_protobuf_finds_is_found(data, lists):
    example = protos.Example()
    for i, (name, values) in enumerate(lists):
        example.features.feature[str(i)].CopyFrom(feature_of(name, values[:3]))
    damaged = bytearray(example.SerializeToString())
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        theirs = protos.Example.FromString(bytes(damaged))
    except DecodeError:
        return

    assert {k.encode() for k in theirs.features.feature} <= features_of(bytes(damaged)).keys()


def test_packed_numbers_that_are_cut_are_refused():
    for dtype, inner in ((dtypes.float32, b"\x0a\x03abc"), (dtypes.int64, b"\x0a\x02\x01\xff")):
        with pytest.raises(ValueError, match=r"cut off|without end"):
            column_of(dtype, inner)
    for count in (1, 3000):  # decoded by protobuf, or all at once
        with pytest.raises(MalformedError) as told:
            column_of(
                dtypes.int64, *[b"\x0a\x01\x07"] * count, b"\x0a\x0b" + b"\xff" * 10 + b"\x01"
            )
        assert told.value.entry == count
