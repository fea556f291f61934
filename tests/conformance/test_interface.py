"""Every op has the interface of TensorFlow's op of the same name, and a gradient where that has."""

from __future__ import annotations

import numpy as np
import pytest

from minitf import protos, tensor_proto
from minitf.dtypes import COMPLEX, DTYPES, FLOATS, DType
from minitf.op_def import REQUIRED
from minitf.shapes import Shape
from minitf.testing import oracle
from minitf.testing.op_catalogue import catalogue
from minitf.testing.properties.tensorflow import default_of
from minitf.testing.property import not_a_function

NOT_SHIPPED = {
    "MutexAcquire",  # the white paper names the two; TensorFlow never did
    "MutexRelease",
    "CompareAndBitpack",  # of TensorFlow 1.15, gone from 2.21
    "BipartiteMatch",  # likewise, of tf.contrib.image
    "BytesInUse",  # likewise, of tf.contrib.memory_stats
    "BytesLimit",
    "MaxBytesInUse",
}
OURS = [name for name in catalogue() if name not in NOT_SHIPPED]
NEWER_TYPES = {23 + n for n in range(1, 20)}  # float8, int4, ...: newer than TensorFlow 1.15
# of matrix products, of scattering and gathering by coordinates, of sums of rows, since 2.x
LATER_ATTRIBUTES = {"grad_a", "grad_b", "grad_x", "grad_y", "bad_indices_policy", "sparse_gradient"}
LATER_ATTRIBUTES |= {  # of BatchFunction
    "batch_padding_policy",
    "enable_large_batch_splitting",
    "low_priority_allowed_batch_sizes",
    "low_priority_batch_timeout_micros",
    "low_priority_max_batch_size",
    "low_priority_max_enqueued_batches",
    "mixed_priority_policy",
}
LATER_INTEGERS = {22, 23}  # uint32 and uint64: many ops took them after 1.15


def told(array) -> tuple:
    return array.dtype.name, array.tolist()


def interface_of_tensorflow(op_def) -> dict:
    def arg(a):
        return a.name, a.type, a.type_attr, a.type_list_attr, a.number_attr, a.is_ref

    def attr(a):
        allowed = set(a.allowed_values.list.type) | {s.decode() for s in a.allowed_values.list.s}
        minimum = a.minimum if a.has_minimum else None
        default = default_of(a) if a.HasField("default_value") else "required"
        if a.type == "tensor" and default != "required":
            message = protos.TensorProto.FromString(default.SerializeToString())
            default = told(tensor_proto.decode(message))
        return a.type, default, minimum, allowed - NEWER_TYPES

    return {
        "inputs": [arg(a) for a in op_def.input_arg],
        "outputs": [arg(a) for a in op_def.output_arg],
        "attrs": {a.name: attr(a) for a in op_def.attr if a.name not in LATER_ATTRIBUTES},
        "flags": (
            op_def.is_stateful,
            op_def.is_commutative,
            op_def.is_aggregate,
            op_def.allows_uninitialized_input,
        ),
    }


def interface_of_ours(op_def) -> dict:
    def arg(a):
        enum = a.dtype.enum if a.dtype else 0
        return a.name, enum, a.type_attr, a.type_list_attr, a.number_attr, a.is_ref

    def plain(value):
        if isinstance(value, DType):
            return value.enum
        if isinstance(value, Shape):
            return value.as_list()
        if isinstance(value, float):
            return float(np.float32(value))
        if isinstance(value, np.ndarray):
            return told(value)
        return tuple(plain(v) for v in value) if isinstance(value, tuple) else value

    def attr(a):
        default = "required" if a.default is REQUIRED else plain(a.default)
        return a.kind, default, a.minimum, {plain(v) for v in a.allowed or ()}

    return {
        "inputs": [arg(a) for a in op_def.inputs],
        "outputs": [arg(a) for a in op_def.outputs],
        "attrs": {a.name: attr(a) for a in op_def.attrs.values()},
        "flags": (
            op_def.is_stateful,
            op_def.is_commutative,
            op_def.is_aggregate,
            op_def.allows_uninitialized_input,
        ),
    }


@pytest.mark.tensorflow
@pytest.mark.paper("W-04", "O-07")
def test_the_interface_of_every_op_is_tensorflows(tensorflow):
    differing = {}
    for name in OURS:
        ours = interface_of_ours(catalogue()[name])
        theirs = interface_of_tensorflow(oracle.registered()[name])
        for attr, (*rest, allowed) in theirs["attrs"].items():
            # TensorFlow has widened allowed types since 1.15, never narrowed them
            mine = ours["attrs"].get(attr, (None, None, None, set()))[3]
            if allowed - mine <= LATER_INTEGERS:
                theirs["attrs"][attr] = (*rest, mine & allowed)
        if ours != theirs:
            differing[name] = ours, theirs

    assert differing == {}


@pytest.mark.tensorflow
@pytest.mark.paper("O-33")
def test_there_are_hundreds_of_ops_that_tensorflow_registers_too(tensorflow):
    assert set(OURS) <= set(oracle.registered())
    assert len(OURS) >= 300


def types_of(args, attrs):
    """Return all types that some inputs or outputs may have."""
    found = set()
    for arg in args:
        allowed = {arg.dtype} if arg.dtype else attrs[arg.type_attr or arg.type_list_attr].allowed
        found |= set(allowed or DTYPES.values())
    return found


@pytest.mark.tensorflow
def test_every_op_has_a_gradient_where_tensorflows_has_one(tensorflow):
    functions = [name for name in OURS if not not_a_function(catalogue()[name])]

    assert [name for name in functions if not flows_as_in_tensorflow(catalogue()[name])] == []


def flows_as_in_tensorflow(op_def) -> bool:
    """Tell whether gradients flow where TensorFlow's do, and are refused where it defines none.

    Where TensorFlow defines none and refuses, silence would pass for a derivative of 0.
    """
    from tensorflow.python.framework import ops

    try:
        theirs = ops._gradient_registry.lookup(op_def.name)
    except LookupError:
        sides = op_def.inputs, op_def.outputs
        flows = all(types_of(args, op_def.attrs) & (FLOATS | COMPLEX) for args in sides)
        return bool(op_def.gradient_rule or op_def.refuses_gradient or not flows)
    return not op_def.refuses_gradient and bool(theirs or not op_def.gradient_rule)
