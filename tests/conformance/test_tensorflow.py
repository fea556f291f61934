"""Every op computes what TensorFlow's op of the same name computes, and has its interface."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.dtypes import DType, by_enum
from minitf.op_def import REQUIRED
from minitf.shapes import Shape
from minitf.testing.calls import input_dtype
from minitf.testing.catalogue import cases_of, catalogue, ops_with_cases, runs_by_body

NEWER_TYPES = {23 + n for n in range(1, 20)}  # float8, int4, ...: newer than TensorFlow 1.15
# of matrix products and of scattering and gathering by coordinates, since 2.x
LATER_ATTRIBUTES = {"grad_a", "grad_b", "grad_x", "grad_y", "bad_indices_policy"}
LATER_INTEGERS = {22, 23}  # uint32 and uint64: many ops took them after 1.15


@pytest.fixture(scope="module")
def registered(tensorflow):
    """Return a function from an op's name to TensorFlow's OpDef.

    A function, since Hypothesis prints the arguments of a failing test: a megabyte of OpDefs would
    hide the failure.
    """
    from tensorflow.core.framework import op_def_pb2
    from tensorflow.python.client import pywrap_tf_session

    found = op_def_pb2.OpList()
    found.ParseFromString(pywrap_tf_session.TF_GetBuffer(pywrap_tf_session.TF_GetAllOpList()))
    by_name = {op_def.name: op_def for op_def in found.op}
    return lambda name: by_name[name]


def interface_of_tensorflow(op_def) -> dict:
    def arg(a):
        return a.name, a.type, a.type_attr, a.type_list_attr, a.number_attr, a.is_ref

    def attr(a):
        allowed = set(a.allowed_values.list.type) | {s.decode() for s in a.allowed_values.list.s}
        minimum = a.minimum if a.has_minimum else None
        return a.type, _default(a), minimum, allowed - NEWER_TYPES

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


def _default(attr):
    if not attr.HasField("default_value"):
        return "required"
    value = attr.default_value
    if attr.type.startswith("list("):
        lists = value.list
        items = [*lists.i, *lists.f, *lists.b, *lists.type, *[s.decode() for s in lists.s]]
        return (*items, *[_shape(s) for s in lists.shape])
    kinds = {"int": value.i, "float": value.f, "bool": value.b, "type": value.type}
    if attr.type in kinds:
        return kinds[attr.type]
    return value.s.decode() if attr.type == "string" else _shape(value.shape)


def _shape(proto):
    return None if proto.unknown_rank else [None if d.size < 0 else d.size for d in proto.dim]


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
@pytest.mark.parametrize("name", list(catalogue()))
def test_the_interface_is_tensorflows(name, registered):
    ours, theirs = interface_of_ours(catalogue()[name]), interface_of_tensorflow(registered(name))
    for attr, (*rest, allowed) in theirs["attrs"].items():
        # TensorFlow has widened allowed types since 1.15, never narrowed them
        mine = ours["attrs"].get(attr, (None, None, None, set()))[3]
        if allowed - mine <= LATER_INTEGERS:
            theirs["attrs"][attr] = (*rest, mine & allowed)

    assert ours == theirs


@pytest.mark.tensorflow
@pytest.mark.thorough
@pytest.mark.parametrize("name", [n for n in ops_with_cases() if runs_by_body(catalogue()[n])])
@given(data=st.data())
def test_the_body_computes_what_tensorflow_computes(name, tensorflow, registered, data):
    from tensorflow.python.framework import op_def_library  # raw_ops renames some arguments

    tf, op_def = tensorflow, catalogue()[name]
    case = data.draw(cases_of(name))
    if case.oracle:
        return
    with tf.Graph().as_default(), tf.Session() as session:
        keywords = {
            a.name: _for_tensorflow(tf, a, v, case)
            for a, v in zip(op_def.inputs, case.inputs, strict=True)
        }
        attrs = _defaults(registered(name))
        attrs |= {k: _attr_for_tensorflow(tf, v) for k, v in case.attrs.items()}
        made = op_def_library.apply_op(name, **keywords, **attrs)
        try:
            theirs = session.run(tf.nest.flatten(made))
        except tf.errors.InvalidArgumentError as error:
            if "No OpKernel was registered" not in error.message:
                raise
            return  # it has the op, but not for these types

    ours = case.run(op_def)

    case.assert_agrees(op_def, ours, tuple(_plain(each) for each in theirs), flushes=True)


def _defaults(op_def):
    """Return the attributes that have a default and that no input determines."""
    inferred = {n for a in op_def.input_arg for n in (a.type_attr, a.number_attr, a.type_list_attr)}
    return {
        a.name: _default(a)
        for a in op_def.attr
        if a.name not in inferred and a.HasField("default_value")
    }


def _for_tensorflow(tf, arg, value, case):
    if arg.is_list:
        return [_constant(tf, arg, item, case) for item in value]
    return _constant(tf, arg, value, case)


def _constant(tf, arg, value, case):
    array = np.asarray(value)
    return tf.constant(array, tf.as_dtype(input_dtype(arg, array, case).name), array.shape)


def _attr_for_tensorflow(tf, value):
    if isinstance(value, DType):
        return tf.as_dtype(value.name)
    if isinstance(value, Shape):
        return tf.TensorShape(value.as_list())
    return [_attr_for_tensorflow(tf, v) for v in value] if isinstance(value, tuple) else value


def _plain(array):
    """Return quantized numbers as the integers that they are stored as."""
    array = np.asarray(array, object if isinstance(array, bytes) else None)
    return (
        array.view(by_enum(3).numpy)
        if array.dtype.names == ("qint32",)
        else (array[array.dtype.names[0]] if array.dtype.names else array)
    )
