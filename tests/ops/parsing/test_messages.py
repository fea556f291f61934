"""Fields of protobuf messages as tensors."""

from __future__ import annotations

import numpy as np
import pytest
from google.protobuf import descriptor_pb2
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import protos
from minitf.errors import DataLossError, InvalidArgumentError
from minitf.io.descriptors import message_descriptor
from minitf.io.wire import FIELDS, fields_of, values_of, written


def values(fetches):
    with tf.Session() as session:
        return session.run(fetches)


NODE = protos.NodeDef(name="a", op="Add", input=["x", "y"])
OTHER = protos.NodeDef(name="b", device="/cpu:0")


def test_fields_are_read_with_their_numbers_and_defaults():
    found = tf.io.decode_proto(
        [NODE.SerializeToString(), OTHER.SerializeToString()],
        "tensorflow.NodeDef",
        ["name", "input", "device"],
        [tf.string] * 3,
    )

    assert found.sizes.shape == (2, 3)
    assert found.values[1].shape.as_list() == [2, None]
    sizes, (name, given, device) = values(found)
    np.testing.assert_array_equal(sizes, [[1, 2, 0], [1, 0, 1]])
    np.testing.assert_array_equal(name, [[b"a"], [b"b"]])
    np.testing.assert_array_equal(given, [[b"x", b"y"], [b"", b""]])
    np.testing.assert_array_equal(device, [[b""], [b"/cpu:0"]])


def test_messages_are_written_and_read_within_one_another():
    with_text = tf.io.decode_proto(
        'node { name: "a" } node { name: "b" op: "C" }',
        "tensorflow.GraphDef",
        ["node"],
        [tf.string],
        message_format="text",
    )
    names = tf.io.decode_proto(with_text.values[0], "tensorflow.NodeDef", ["name"], [tf.string])
    again = tf.io.encode_proto(
        [[2]], [tf.expand_dims(with_text.values[0], 0)], ["node"], "tensorflow.GraphDef"
    )
    name, graph = values([names.values[0], again])

    assert name.tolist() == [[b"a"], [b"b"]]
    assert [each.op for each in protos.GraphDef.FromString(graph[0]).node] == ["", "C"]


def test_the_last_of_several_counts_unless_messages_are_sanitized():
    shape = protos.TensorShapeProto(unknown_rank=True).SerializeToString()
    parts = [
        protos.TensorProto(version_number=1, tensor_shape={"dim": [{"size": 2}]}),
        protos.TensorProto(version_number=5, tensor_shape={"unknown_rank": True}),
    ]
    joined = b"".join(each.SerializeToString() for each in parts)
    asked = [
        tf.io.decode_proto(
            joined,
            "tensorflow.TensorProto",
            ["version_number", "tensor_shape"],
            [tf.int64, tf.string],
            sanitize=sanitize,
        ).values
        for sanitize in (False, True)
    ]
    (number, last), (_, merged) = values(asked)

    assert number.tolist() == [5]
    assert last[0] == shape
    assert len(protos.TensorShapeProto.FromString(merged[0]).dim) == 1


def test_what_does_not_fit_is_refused():
    def decoded(content=b"", message="tensorflow.NodeDef", name="name", dtype=tf.string, **more):
        return values(tf.io.decode_proto([content], message, [name], [dtype], **more))

    for arguments, words in (
        ({"message": "no.Message"}, "No descriptor found for message type no.Message"),
        ({"name": "nope"}, "Unknown field: nope in message type tensorflow.NodeDef"),
        ({"dtype": tf.int32}, "Unexpected output type for tensorflow.NodeDef.name: string"),
        ({"message_format": "json"}, "format must be one of binary or text"),
        ({"descriptor_source": "/no/file"}, "Source does not represent serialized file"),
        ({"descriptor_source": b"bytes://\xff"}, "Source does not represent serialized file"),
    ):
        with pytest.raises(InvalidArgumentError, match=words):
            decoded(**arguments)
    for content, more in (
        (b"\xff\xff", {}),
        (b"\x0a\x05a", {}),
        (b"\xff", {"sanitize": True}),
        (b"nope: 1", {"message_format": "text"}),
        (
            b"func {" * 2000,
            {"message": "tensorflow.AttrValue", "name": "s", "message_format": "text"},
        ),
    ):
        with pytest.raises(DataLossError):
            decoded(content, **more)
    with pytest.raises(InvalidArgumentError, match="must contain at least one value"):
        values(tf.io.decode_proto(tf.zeros([0], tf.string), "tensorflow.NodeDef", [], []))
    sizes = tf.placeholder_with_default([[3]], [None, None])
    with pytest.raises(InvalidArgumentError, match="Size to write must not be larger"):
        values(tf.io.encode_proto(sizes, [[["a"]]], ["input"], "tensorflow.NodeDef"))
    with pytest.raises(InvalidArgumentError, match="Incompatible type for field name"):
        values(tf.io.encode_proto([[1]], [[[1]]], ["name"], "tensorflow.NodeDef"))
    with pytest.raises((InvalidArgumentError, ValueError), match="at least rank 2"):
        tf.io.encode_proto([1], [["a"]], ["name"], "tensorflow.NodeDef")


NUMBERS = {
    word: st.integers(-(2**31), 2**31 - 1)
    if "32" in word and not word.startswith(("u", "fixed"))
    else st.integers(0, 2**32 - 1)
    for word in FIELDS
    if "int" in word or "fixed" in word
}


@given(data=st.data(), word=st.sampled_from(sorted(NUMBERS)), is_packed=st.booleans())
def test_numbers_survive_in_bytes(data, word, is_packed):
    numbers = data.draw(st.lists(NUMBERS[word], max_size=4))
    kind = FIELDS[word]
    message = written(7, kind, numbers, is_packed=is_packed)
    found = [
        each
        for number, form, content in fields_of(message)
        for each in values_of(kind, form, content)
        if number == 7
    ]

    assert found == numbers


@given(content=st.binary(max_size=12))
def test_any_bytes_are_a_message_or_refused(content):
    try:
        found = list(fields_of(content))
    except ValueError:
        return

    assert all(number > 0 and form in range(6) for number, form, _ in found)


def test_groups_are_the_bytes_within_them():
    group = FIELDS["group"]
    inner = written(1, FIELDS["int32"], [3], is_packed=False)
    message = written(2, group, [written(9, group, [inner], is_packed=False)], is_packed=False)
    ((number, form, content),) = fields_of(message)

    assert number == 2
    assert [each[2] for each in fields_of(values_of(group, form, content)[0])] == [inner]
    with pytest.raises(ValueError, match="has no end"):
        list(fields_of(message[:-1]))
    with pytest.raises(ValueError, match="more than 100 groups"):
        list(fields_of(b"\x0b" * 5000))


def test_a_file_of_descriptors_is_read_as_it_is_now(tmp_path):
    path = tmp_path / "descriptors"
    for name in ("First", "Second"):
        files = descriptor_pb2.FileDescriptorSet()
        files.file.add(name="a.proto").message_type.add(name=name)
        path.write_bytes(files.SerializeToString())

        assert message_descriptor(str(path).encode(), name).full_name == name
