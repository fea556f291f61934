"""Tensors and examples as documents: there and back, and nothing else is taken for one."""

from __future__ import annotations

import gzip
import zlib

import numpy as np
import pytest
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import dtypes, protos
from minitf.errors import DataLossError, InvalidArgumentError
from minitf.ops.parsing.documents import (
    decode_compressed_op,
    decode_json_example_op,
    parse_tensor_op,
    serialize_tensor_op,
)
from minitf.testing.array_cases import EVERY, elements
from minitf.testing.example_cases import examples, texts, wishes
from minitf.testing.strategies import shapes

COMPRESS = {"ZLIB": zlib.compress, "GZIP": gzip.compress}


@given(st.data(), st.sampled_from(EVERY))
def test_a_tensor_comes_back_from_its_document(data, name):
    array = data.draw(elements(data.draw(shapes()), name))
    document = serialize_tensor_op.body(array)
    found = parse_tensor_op.body(document, out_type=dtypes.as_dtype(name))

    assert (found.shape, found.dtype) == (np.shape(array), np.asarray(array).dtype)
    np.testing.assert_array_equal(found, array)


def test_a_document_is_a_tensor_proto():
    document = serialize_tensor_op.body(np.float32([1, 2])).item()
    proto = protos.TensorProto.FromString(document)

    assert (proto.dtype, proto.tensor_content) == (1, np.float32([1, 2]).tobytes())
    assert [dim.size for dim in proto.tensor_shape.dim] == [2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"\x08\x01", "Type mismatch between parsed tensor (float) and dtype (int32)"),
        (b"zzz", "Could not parse `serialized` as TensorProto, base64: enp6"),
        (b"", "Cannot parse tensor from proto"),
        (b"\x08\x03\x12\x04\x12\x02\x08\x02\x22\x04abcd", "tensor_content has 4 bytes, not 8"),
    ],
)
def test_a_string_that_is_no_such_document_is_refused(text, words):
    with pytest.raises(InvalidArgumentError) as told:
        parse_tensor_op.body(texts([text], ()), out_type=dtypes.int32)

    assert words in str(told.value)


@given(st.binary(max_size=60), st.sampled_from(EVERY))
def test_any_bytes_are_a_tensor_or_refused(data, name):
    try:
        parse_tensor_op.body(texts([data], ()), out_type=dtypes.as_dtype(name))
    except InvalidArgumentError:
        return


@given(st.data())
def test_examples_come_back_from_json(data):
    serialized = data.draw(examples(data.draw(wishes(("sparse",)))))
    example = protos.Example.FromString(serialized)
    document = texts([json_format.MessageToJson(example)])
    (found,) = decode_json_example_op.body(document)

    again = protos.Example.FromString(found)
    assert json_format.MessageToDict(again) == json_format.MessageToDict(example)  # NaN too


@given(st.binary(max_size=40) | st.text('{}[]":,1 features', max_size=30).map(str.encode))
def test_other_text_is_no_example(text):
    try:
        (found,) = decode_json_example_op.body(texts([text]))
    except InvalidArgumentError as error:
        assert str(error).startswith("Error while parsing JSON: ")  # noqa: PT017 either is right
    else:
        assert protos.Example.FromString(found) is not None


def test_json_nested_without_end_is_refused():
    with pytest.raises(InvalidArgumentError, match="Error while parsing JSON"):
        decode_json_example_op.body(texts([b'{"a":' * 100_000]))


@given(st.lists(st.binary(max_size=100), max_size=3), st.sampled_from(["ZLIB", "GZIP"]))
def test_compressed_strings_come_back(strings, kind):
    packed = texts([COMPRESS[kind](each) for each in strings])

    assert decode_compressed_op.body(packed, compression_type=kind).tolist() == strings
    assert decode_compressed_op.body(packed, compression_type="").tolist() == packed.tolist()


def test_what_cannot_be_decompressed_is_told():
    whole = zlib.compress(b"hello")
    for data, words in (
        (b"abc", r"inflate\(\) failed with error -3: incorrect header check"),
        (whole[:-1], "the compressed stream is cut short"),
    ):
        with pytest.raises(DataLossError, match=words):
            decode_compressed_op.body(texts([data]), compression_type="ZLIB")
    with pytest.raises(InvalidArgumentError, match="Only ZLIB, GZIP or NONE are supported"):
        decode_compressed_op.body(texts([whole]), compression_type="LZ4")


@pytest.mark.tensorflow
def test_documents_are_tensorflows_to_the_bit(tensorflow):
    for values, name in (
        ([1.5, 2], "float32"), (7, "int32"), ([b"a", b"\xff"], "string"), ([True], "bool"),
        ([[1 + 2j]], "complex64"), ([1, 2], "bfloat16"), (np.zeros((0, 2)), "float64"),
    ):  # fmt: skip
        found = []
        for lib in (tf, tensorflow):
            with lib.Graph().as_default(), lib.Session() as session:
                found.append(session.run(lib.serialize_tensor(lib.constant(values, name))))

        assert found[0] == found[1]
