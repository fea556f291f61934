"""The loops that read Examples give what the body gives, errors too, whatever the bytes are."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

import minitf as tf
from minitf import errors, protos
from minitf.kernels_cpu.parsing.examples import parse_example
from minitf.ops.parsing.examples import parse_example_op
from minitf.testing.example_cases import feature_of

VALUES = {
    "int64": st.sampled_from([0, 1, -1, 300, 2**62, -(2**63)]),
    "float32": st.floats(width=32, allow_nan=False),
    "string": st.binary(max_size=3) | st.just(b"x" * 200),
}
KEYS = [np.array(key, object) for key in (b"a", b"s", b"x")]
TYPES = (tf.int64, tf.string, tf.float32)


@st.composite
def serialized(draw):
    """An Example; of some a few bytes are wrong, or it is cut off."""
    feature = {}
    for key in draw(st.lists(st.sampled_from(["a", "s", "x", "other"]), unique=True)):
        kind = draw(st.sampled_from(list(VALUES)))
        kind = {"a": "int64", "s": "string", "x": "float32"}.get(key, kind)
        feature[key] = feature_of(kind, draw(st.lists(VALUES[kind], max_size=3)))
    content = bytearray(
        protos.Example(features=protos.Features(feature=feature)).SerializeToString()
    )
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        if content:
            at = draw(st.integers(0, len(content) - 1))
            content[at] = draw(st.sampled_from([0, 8, 10, 18, 26, 127, 128, 255]))
    return bytes(content[: draw(st.sampled_from([None, None, 5, 9]))])


def outcome(function, batch):
    """What a body or kernel gives, or the error that it raises."""
    arrays = np.array(batch, object), np.array([], object)
    try:
        found = function(*arrays, KEYS, [], [], sparse_types=TYPES, dense_shapes=())
    except errors.OpError as error:
        return type(error), str(error)
    return [[(each.dtype, each.tolist()) for each in part] for part in found]


@given(batch=st.lists(serialized(), max_size=4))
@example(batch=[b"\n\x80"])  # a length that goes on behind the end
@example(batch=[b"\n\xff\xff\xff\xff\x7f", b""])  # and one that is larger than any message
def test_loops_give_what_the_body_gives(batch):
    assert outcome(parse_example, batch) == outcome(parse_example_op.body, batch)
