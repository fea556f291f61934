"""Arrays survive TensorProtos, in TensorFlow's own bytes, and bad bytes are told apart early."""

from __future__ import annotations

import importlib
import math
import tracemalloc
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from minitf import dtypes, protos, tensor_proto
from minitf.api.tensor_util import make_ndarray, make_tensor_proto
from minitf.dtypes import DTYPES, DType
from minitf.errors import InvalidArgumentError

PLAIN = [d for d in DTYPES.values() if d not in (dtypes.resource, dtypes.variant)]
SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)


def arrays(dtype: DType, shapes: Any = SHAPES) -> st.SearchStrategy[Any]:
    """Any array of a type, NaN and infinities included."""
    if dtype is dtypes.string:
        return shapes.flatmap(lambda shape: hnp.arrays(object, shape, elements=st.binary()))
    if dtype is dtypes.bfloat16:
        bits = hnp.arrays(np.uint16, shapes)
        return bits.map(lambda array: array.view(dtype.numpy))
    return hnp.arrays(dtype.numpy, shapes)


@st.composite
def typed_arrays(draw: Any) -> tuple[Any, DType]:
    dtype = draw(st.sampled_from(PLAIN))
    return draw(arrays(dtype)), dtype


def same(a: Any, b: Any) -> bool:
    """Tell whether arrays are equal to the bit, NaN's payload included."""
    if a.dtype == object:
        return a.dtype == b.dtype and a.shape == b.shape and a.tolist() == b.tolist()
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


# --- Round trips ----------------------------------------------------------------------------------


@given(case=typed_arrays())
def test_an_array_survives(case: Any) -> None:
    array, dtype = case
    read = tensor_proto.decode(tensor_proto.encode(array, dtype))

    assert same(read, array) or np.isnan(array).any()  # a NaN may become another NaN
    assert read.shape == array.shape
    assert read.flags.writeable


@given(case=typed_arrays(), data=st.data())
def test_the_layout_of_an_array_does_not_matter(case: Any, data: Any) -> None:
    array, dtype = case
    order = data.draw(st.permutations(range(array.ndim)))
    turned = array.transpose(order)[..., ::-1] if array.ndim else array

    assert tensor_proto.encode(turned, dtype) == tensor_proto.encode(
        np.array(turned, order="C"), dtype
    )


@given(data=st.data())
def test_the_last_value_fills_the_rest(data: Any) -> None:
    dtype = data.draw(st.sampled_from(PLAIN))
    array = data.draw(arrays(dtype, st.tuples(st.integers(1, 4))))
    longer = data.draw(st.integers(len(array), 9))
    # with as many values as elements the bytes may stand in tensor_content: still the same array
    read = tensor_proto.decode(tensor_proto.encode(array, dtype, [longer]))
    wanted = np.concatenate([array, np.repeat(array[-1:], longer - len(array))])

    assert same(read, wanted) or np.isnan(wanted).any()


@pytest.mark.parametrize("dtype", PLAIN, ids=str)
def test_no_values_mean_zeros(dtype: DType) -> None:
    proto = tensor_proto.encode(np.empty(0, dtype.numpy), dtype, [2])

    assert tensor_proto.decode(proto).tolist() == [b"" if dtype is dtypes.string else 0] * 2


def test_strings_keep_their_trailing_zero_bytes() -> None:
    proto = make_tensor_proto([b"a\0", "é"])

    assert list(proto.string_val) == [b"a\0", "é".encode()]
    assert make_ndarray(proto).tolist() == [b"a\0", "é".encode()]


def test_quantized_values_are_tuples_outside_and_integers_inside() -> None:
    proto = make_tensor_proto([(21,), (22,)], dtype=dtypes.qint8)

    assert make_ndarray(proto).tolist() == [(21,), (22,)]
    assert tensor_proto.decode(proto).tolist() == [21, 22]


# --- The same as TensorFlow's ---------------------------------------------------------------------


def theirs_of(array: Any, dtype: DType) -> Any:
    """Return an array as TensorFlow's make_tensor_proto wants it."""
    return array.view(dtype.as_numpy_dtype) if dtype.is_quantized else array


@pytest.mark.tensorflow
@given(case=typed_arrays())
def test_bytes_are_those_of_tensorflow(case: Any, tensorflow: ModuleType) -> None:
    array, dtype = case
    theirs = tensorflow.make_tensor_proto(theirs_of(array, dtype), dtype=dtype.enum)
    ours = tensor_proto.encode(array, dtype)

    if not (dtype.is_complex or dtype.is_floating) or not np.isnan(array).any():
        assert ours.SerializeToString() == theirs.SerializeToString()
    assert np.array_equal(
        tensorflow.make_ndarray(type(theirs).FromString(ours.SerializeToString())),
        theirs_of(array, dtype),
        equal_nan=dtype.is_floating or dtype.is_complex,
    )


VALUES = st.one_of(
    st.booleans(),
    st.integers(-(2**31), 2**31 - 1),
    st.floats(width=32, allow_nan=False),
    st.text(max_size=3),
    st.lists(st.integers(-3, 3), max_size=3),
    st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=3),
    st.lists(st.lists(st.booleans(), min_size=2, max_size=2), min_size=1, max_size=3),
    st.lists(st.binary(max_size=3), min_size=1, max_size=3),
)


@pytest.mark.tensorflow
@given(
    values=VALUES,
    dtype=st.sampled_from([None, "float32", "int32", "int64", "string", "bool"]),
    shape=st.none() | st.lists(st.integers(0, 3), max_size=2),
    flags=st.sampled_from([(False, False), (True, False), (False, True), (True, True)]),
)
def test_values_are_converted_as_in_tensorflow(
    values: Any, dtype: Any, shape: Any, flags: Any, tensorflow: ModuleType
) -> None:
    assume(dtype != "string" or not shape or 0 not in shape)  # there TensorFlow writes extra values
    try:
        theirs = tensorflow.make_tensor_proto(values, dtype, shape, *flags)
    except (TypeError, ValueError) as error:
        with pytest.raises(type(error)):
            make_tensor_proto(values, dtype, shape, *flags)
        return

    assert make_tensor_proto(values, dtype, shape, *flags).SerializeToString() == (
        theirs.SerializeToString()
    )


@st.composite
def number_protos(draw: Any) -> Any:
    """Any TensorProto whose values stand in a repeated field, too few of them or enough."""
    dtype = draw(st.sampled_from([d for d in PLAIN if d is not dtypes.string]))
    field, wire = tensor_proto._VALUES[dtype]
    shape = draw(SHAPES)
    proto = protos.TensorProto(dtype=dtype.enum)
    for size in shape:
        proto.tensor_shape.dim.add(size=size)
    parts = 2 if dtype.is_complex else 1
    count = draw(st.integers(0, math.prod(shape)))
    numbers = draw(hnp.arrays(wire, count * parts))
    getattr(proto, field).extend(numbers.tolist())
    return proto


@pytest.mark.tensorflow
@given(proto=number_protos())
def test_values_are_read_as_in_tensorflow(proto: Any, tensorflow: ModuleType) -> None:
    """Numbers too large for a narrow type wrap, as in the C++ reader."""
    tensor_pb2 = importlib.import_module("tensorflow.core.framework.tensor_pb2")
    with tensorflow.Graph().as_default() as graph:
        node = graph.as_graph_def().node.add(name="c", op="Const")
        node.attr["dtype"].type = proto.dtype
        node.attr["value"].tensor.CopyFrom(
            tensor_pb2.TensorProto.FromString(proto.SerializeToString())
        )
        graph_def = tensorflow.GraphDef(node=[node])
        try:
            tensorflow.import_graph_def(graph_def, name="")
            with tensorflow.Session(
                config=tensorflow.ConfigProto(device_count={"GPU": 0})
            ) as session:
                theirs = session.run("c:0")
        except (ValueError, tensorflow.errors.InvalidArgumentError):
            with pytest.raises(InvalidArgumentError):
                tensor_proto.decode(proto)
            return

    assert np.array_equal(
        tensor_proto.decode(proto).astype(theirs.dtype),
        theirs,
        equal_nan=theirs.dtype.kind in "fcV",
    )


@pytest.mark.tensorflow
@given(strings=st.lists(st.binary(max_size=300), min_size=1, max_size=4))
def test_strings_packed_by_the_cpp_writer_are_read(
    strings: list[bytes], tensorflow: ModuleType
) -> None:
    lengths = b"".join(varint(len(each)) for each in strings)
    proto = protos.TensorProto(dtype=dtypes.string.enum, tensor_content=lengths + b"".join(strings))
    proto.tensor_shape.dim.add(size=len(strings))
    with tensorflow.Graph().as_default(), tensorflow.Session() as session:
        theirs = session.run(tensorflow.io.parse_tensor(proto.SerializeToString(), "string"))

    assert tensor_proto.decode(proto).tolist() == theirs.tolist() == strings


def varint(number: int) -> bytes:
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + varint(number >> 7)


# --- Bad bytes ------------------------------------------------------------------------------------


def broken(dtype: DType, shape: list[int], **fields: Any) -> Any:
    proto = protos.TensorProto(dtype=dtype.enum, **fields)
    for size in shape:
        proto.tensor_shape.dim.add(size=size)
    return proto


@pytest.mark.parametrize(
    ("proto", "reason"),
    [
        (broken(dtypes.float32, [3], tensor_content=b"12345678"), "has 8 bytes, not 12"),
        (broken(dtypes.float32, [1 << 40], tensor_content=b"1234"), "more than"),
        (broken(dtypes.float32, [1 << 40], float_val=[1]), "more than"),
        (broken(dtypes.float32, [1 << 62, 1 << 62], float_val=[1]), "more than"),
        (broken(dtypes.float32, [0, 1 << 62]), "its sizes are too large, though it is empty"),
        (broken(dtypes.float32, [-1], float_val=[1]), "shape is not fully known"),
        (broken(dtypes.float32, [1] * 65, float_val=[1]), "it has 65 dimensions, more than 64"),
        (broken(dtypes.int32, [1], int_val=[1, 2]), "it has 2 values, more than 1"),
        (broken(dtypes.complex64, [2], scomplex_val=[1, 2, 3]), "no imaginary part"),
        (broken(dtypes.string, [2], tensor_content=b"\1"), "does not hold 2 strings"),
        (broken(dtypes.string, [1], tensor_content=b"\xff" * 9), "does not hold 1 strings"),
        (broken(dtypes.string, [1], tensor_content=b"\5ab"), "do not fill tensor_content"),
        (broken(dtypes.string, [1 << 28], tensor_content=b"\0"), "does not hold"),
    ],
    ids=str,
)
def test_contents_that_do_not_fit_are_refused_before_memory_is_taken(
    proto: Any, reason: str
) -> None:
    tracemalloc.start()
    with pytest.raises(InvalidArgumentError, match=reason) as caught:
        tensor_proto.decode(proto)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert isinstance(caught.value, ValueError)
    assert str(caught.value).startswith("Cannot parse tensor from proto: ")
    assert peak < 1 << 20


def test_a_shape_of_unknown_rank_is_refused() -> None:
    proto = protos.TensorProto(dtype=1)
    proto.tensor_shape.unknown_rank = True

    with pytest.raises(InvalidArgumentError, match="not fully known"):
        tensor_proto.decode(proto)


@pytest.mark.parametrize("enum", [dtypes.resource.enum, dtypes.variant.enum, 101])
def test_types_without_values_are_refused(enum: int) -> None:
    with pytest.raises(TypeError, match="Unsupported tensor type"):
        make_ndarray(protos.TensorProto(dtype=enum))


@pytest.mark.parametrize("enum", [0, 99, 1000, -1])
def test_numbers_that_are_no_type_are_refused(enum: int) -> None:
    with pytest.raises(TypeError, match="Cannot convert value"):
        make_ndarray(protos.TensorProto(dtype=enum))


@given(data=st.binary(max_size=40), enum=st.sampled_from([d.enum for d in PLAIN]))
def test_any_bytes_are_read_or_refused_with_a_reason(data: bytes, enum: int) -> None:
    from google.protobuf.message import DecodeError

    try:
        proto = protos.TensorProto.FromString(data)
        proto.dtype = enum
        proto.tensor_shape.dim.add(size=2)
        array = tensor_proto.decode(proto)
    except (DecodeError, InvalidArgumentError):
        return

    assert array.dtype == dtypes.by_enum(enum).numpy


@pytest.mark.parametrize("byte", [0, 1, 2, 255])
def test_any_byte_but_zero_is_true(byte: int) -> None:
    proto = broken(dtypes.bool_, [1], tensor_content=bytes([byte]))

    assert tensor_proto.decode(proto).tobytes() == bytes([byte != 0])


# --- make_tensor_proto ----------------------------------------------------------------------------


def test_a_proto_is_given_back_as_it_is() -> None:
    proto = make_tensor_proto(1)

    assert make_tensor_proto(proto, dtype="float32", shape=[7]) is proto


@pytest.mark.parametrize(
    ("arguments", "error", "phrase"),
    [
        ({"values": None}, ValueError, "None values not supported."),
        ({"values": [1, 2], "shape": [1]}, ValueError, "Too many elements provided."),
        ({"values": [1], "shape": [2], "verify_shape": True}, TypeError, "Expected Tensor's shape"),
        (
            {"values": 1, "verify_shape": True, "allow_broadcast": True},
            ValueError,
            "allow_broadcast and verify_shape are not both allowed.",
        ),
        ({"values": ["a"], "dtype": "float32"}, TypeError, "Expected float32"),
    ],
)
def test_refusals_have_the_words_of_tensorflow(
    arguments: Any, error: type[Exception], phrase: str
) -> None:
    with pytest.raises(error, match=phrase):
        make_tensor_proto(**arguments)
