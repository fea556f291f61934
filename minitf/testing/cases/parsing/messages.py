"""Cases of the ops of `minitf.ops.parsing.messages`."""

import tempfile
from pathlib import Path

import numpy as np
from google.protobuf import descriptor_pb2
from hypothesis import strategies as st

from minitf.dtypes import DTYPES
from minitf.io.wire import FIELDS, written
from minitf.testing.case import Case
from minitf.testing.strategies import shapes

_NAME = "cases.M"
_WORDS = list(FIELDS)  # in the order of protobuf's numbers
_FIRST_REPEATED, _FIRST_PACKED = 20, 40
_NEWER = ("uint32", "uint64", "fixed32", "fixed64")  # TensorFlow has no two's complement of these


def _source() -> str:
    """Return a set of descriptors with a message of all kinds of fields."""
    file = descriptor_pb2.FileDescriptorProto(name="cases.proto", package="cases", syntax="proto2")
    message = file.message_type.add(name="M")
    enum = message.enum_type.add(name="E")
    for name, number in (("A", 3), ("B", -2), ("C", 0)):
        enum.value.add(name=name, number=number)
    for number, word in enumerate(_WORDS, 1):
        for first, label in ((0, 1), (_FIRST_REPEATED, 3), (_FIRST_PACKED, 3)):
            is_text = word in ("string", "bytes", "message", "group")
            if word == "group" or (first == _FIRST_PACKED and is_text):
                continue
            field = message.field.add(
                name=f"f{first + number}", number=first + number, label=label, type=number
            )
            if word in ("message", "enum"):
                field.type_name = f".{_NAME}" + (".E" if word == "enum" else "")
            if first == _FIRST_PACKED:
                field.options.packed = True
            if first == 0 and word == "int32":
                field.default_value = "-7"
            if first == 0 and word == "string":
                field.default_value = "é"
    path = Path(_FOLDER.name, "cases.bin")
    path.write_bytes(descriptor_pb2.FileDescriptorSet(file=[file]).SerializeToString())
    return str(path)


_FOLDER = tempfile.TemporaryDirectory()  # gone when the process ends
_SOURCE = _source()
_MESSAGES = st.sampled_from([b"", written(5, FIELDS["int32"], [4], is_packed=False)])


def _values(word):
    """Return what a field of a kind may hold."""
    if word == "message":
        return _MESSAGES
    if word in ("string", "bytes"):
        return st.text("aé", max_size=2).map(str.encode)
    if word == "bool":
        return st.booleans()
    if word == "enum":
        return st.sampled_from([3, -2, 0])
    if word in ("double", "float"):
        return st.sampled_from([0.0, -1.5, float("inf"), 1e-3 if word == "double" else 0.125])
    bits = 64 if "64" in word else 32
    if word.startswith(("u", "fixed")):
        return st.integers(0, 2**bits - 1)
    return st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


@st.composite
def _fields(draw):
    """Return words, numbers and types of some fields, each once."""
    words = [each for each in _WORDS if each != "group"]
    found = []
    for word in draw(st.lists(st.sampled_from(words), min_size=1, max_size=4)):
        number = _WORDS.index(word) + 1
        firsts = [0, _FIRST_REPEATED]
        if FIELDS[word].wire != FIELDS["string"].wire:
            firsts.append(_FIRST_PACKED)
        number += draw(st.sampled_from(firsts))
        dtypes = FIELDS[word].dtypes
        if word in _NEWER:
            dtypes = [each for each in dtypes if each.startswith("u")]
        if number not in [each[1] for each in found]:
            found.append((word, number, draw(st.sampled_from(dtypes))))
    return found


@st.composite
def decoded(draw):
    fields = draw(_fields())
    shape = draw(shapes(max_dims=2, min_side=1))
    messages = np.empty(shape, object)
    for place in np.ndindex(shape):
        parts = []
        for word, number, _ in fields:
            values = draw(st.lists(_values(word), max_size=2))
            is_packed = number > _FIRST_PACKED and draw(st.booleans())
            parts.append(written(number, FIELDS[word], values, is_packed=is_packed))
        messages[place] = b"".join(draw(st.permutations(parts)))
    return Case(
        inputs=(messages,),
        attrs={
            "message_type": _NAME,
            "field_names": tuple([f"f{number}" for _, number, _ in fields]),
            "output_types": tuple([DTYPES[dtype] for *_, dtype in fields]),
            "descriptor_source": _SOURCE,
            "sanitize": draw(st.booleans()),
        },
    )


@st.composite
def encoded(draw):
    fields = draw(_fields())
    shape = draw(shapes(min_dims=1, max_dims=2))
    most = draw(st.integers(0, 3))
    sizes = np.zeros((*shape, len(fields)), np.int32)
    for place in np.ndindex(sizes.shape):
        is_one = fields[place[-1]][1] < _FIRST_REPEATED
        sizes[place] = draw(st.integers(0, min(most, 1) if is_one else most))
    values = []
    for word, _, dtype in fields:
        held = np.zeros((*shape, most), DTYPES[dtype].numpy)
        if word in ("string", "bytes", "message"):
            held[...] = b""
        for place in np.ndindex(held.shape):
            held[place] = draw(_values(word))
        values.append(held)
    return Case(
        inputs=(sizes, values),
        attrs={
            "message_type": _NAME,
            "field_names": tuple([f"f{number}" for _, number, _ in fields]),
            "descriptor_source": _SOURCE,
        },
    )


CASES = {"DecodeProtoV2": decoded(), "EncodeProto": encoded()}
