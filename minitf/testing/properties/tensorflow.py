"""TensorFlow and MiniTF read what the other writes, and compute the same.

TensorFlow runs the GraphDef that MiniTF wrote, and MiniTF the one that TensorFlow's Python layer
made for the same call: both directions of the format and the op's meaning are checked at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import minitf as tf
from minitf.dtypes import DType
from minitf.shapes import UNKNOWN, Shape
from minitf.testing import skips
from minitf.testing.calls import input_dtype, placeholders, tensors_of
from minitf.testing.case import Case
from minitf.testing.oracle import plain_config, registered, tensorflow
from minitf.testing.properties.graph_defs import run_imported
from minitf.testing.property import Draw, Property, not_a_function


def _not_for(op_def: Any) -> str:
    return not_a_function(op_def) or (skips.GONE if op_def.deprecated else "")


# --- TensorFlow runs what MiniTF writes -----------------------------------------------------------


def _check_results(op_def: Any, case: Case, _: Draw) -> str:
    if case.oracle:
        return case.oracle
    with tf.Graph().as_default() as graph:
        constants = [arg.name for arg in op_def.inputs]
        outputs = tensors_of(op_def(*placeholders(op_def, case, constants=constants), **case.attrs))
    message = graph.as_graph_def()
    theirs = tensorflow()
    with theirs.Graph().as_default() as read, theirs.Session(config=plain_config()) as session:
        theirs.import_graph_def(theirs.GraphDef.FromString(message.SerializeToString()), name="")
        compared = [i for i in range(len(outputs)) if i not in case.unset]
        tensors = [read.get_tensor_by_name(tensor.name) for tensor in outputs]
        try:
            values = session.run([tensors[i] for i in compared])
        except theirs.errors.InvalidArgumentError as error:
            if "No OpKernel was registered" not in error.message:
                raise
            return skips.NO_KERNEL

    for ours, other in zip(outputs, tensors, strict=True):
        if op_def.name not in skips.LESS_KNOWN:
            _assert_as_well_known(ours.static_shape, other.shape)
    got = case.run(op_def)
    want = list(got)
    for i, value in zip(compared, values, strict=True):
        want[i] = _plain(value)
    case.assert_agrees(op_def, got, tuple(want), flushes=True)
    return ""


def _assert_as_well_known(ours: Shape, theirs: Any) -> None:
    """Check that a shape rule tells at least as much as TensorFlow's."""
    if theirs.rank is None:
        return
    sides = theirs.as_list()
    assert ours.dims is not None, f"TensorFlow knows the shape {sides}, MiniTF no rank"
    for mine, side in zip(ours.dims, sides, strict=True):
        assert side is None or mine is not UNKNOWN, f"TensorFlow knows {sides}, MiniTF {ours}"


def _plain(array: Any) -> Any:
    """Return quantized numbers as the integers that they are stored as."""
    array = np.asarray(array, object if isinstance(array, bytes) else None)
    names = array.dtype.names
    if not names:
        return array
    return array[names[0]]


# --- MiniTF runs what TensorFlow writes -----------------------------------------------------------


def _check_reading(op_def: Any, case: Case, _: Draw) -> str:
    from tensorflow.python.framework import op_def_library  # raw_ops renames some arguments

    if case.oracle:
        return case.oracle
    theirs = tensorflow()
    made_of, names = {}, []
    with theirs.Graph().as_default() as graph:
        for arg, value in zip(op_def.inputs, case.inputs, strict=True):
            items = value if arg.is_list else [value]
            known = arg.name in op_def.values_of
            tensors = [_tensor(theirs, arg, item, case, known=known) for item in items]
            made_of[arg.name] = tensors if arg.is_list else tensors[0]
            names += [None if known else tensor.name for tensor in tensors]
        attrs = _defaults(registered()[op_def.name])
        attrs |= {k: _attr_for_tensorflow(theirs, v) for k, v in case.attrs.items()}
        made = op_def_library.apply_op(op_def.name, **made_of, **attrs)
    message = graph.as_graph_def().SerializeToString()

    outputs = [] if hasattr(made, "node_def") else theirs.nest.flatten(made)
    run_imported(message, op_def, case, names, [tensor.name for tensor in outputs])
    return ""


def _tensor(theirs: Any, arg: Any, value: Any, case: Case, *, known: bool) -> Any:
    array = np.asarray(value)
    dtype = theirs.as_dtype(input_dtype(arg, array, case).name)
    if known:
        return theirs.constant(array, dtype, array.shape)
    return theirs.placeholder(dtype, array.shape)


def _attr_for_tensorflow(theirs: Any, value: Any) -> Any:
    if isinstance(value, DType):
        return theirs.as_dtype(value.name)
    if isinstance(value, Shape):
        return theirs.TensorShape(value.as_list())
    if isinstance(value, tuple):
        return [_attr_for_tensorflow(theirs, each) for each in value]
    return value


def _defaults(message: Any) -> dict[str, Any]:
    """Return the attributes that have a default and that no input determines."""
    args = message.input_arg
    inferred = {n for a in args for n in (a.type_attr, a.number_attr, a.type_list_attr)}
    return {
        attr.name: default_of(attr)
        for attr in message.attr
        if attr.name not in inferred and attr.HasField("default_value")
    }


def default_of(attr: Any) -> Any:
    """Return the default of an attribute in TensorFlow's message, as a Python value.

    An array stays a message.
    """
    value = attr.default_value
    if attr.type.startswith("list("):
        lists = value.list
        items = [*lists.i, *lists.f, *lists.b, *lists.type, *[s.decode() for s in lists.s]]
        return (*items, *[_dimensions(shape) for shape in lists.shape])
    kinds = {"int": value.i, "float": value.f, "bool": value.b, "type": value.type}
    kinds["tensor"] = value.tensor
    if attr.type in kinds:
        return kinds[attr.type]
    return value.s.decode() if attr.type == "string" else _dimensions(value.shape)


def _dimensions(shape: Any) -> list[int | None] | None:
    return None if shape.unknown_rank else [None if d.size < 0 else d.size for d in shape.dim]


RESULTS = Property(
    "tensorflow",
    "TensorFlow runs the graph that MiniTF writes, and computes the same.",
    _not_for,
    _check_results,
    needs_tensorflow=True,
)
READING = Property(
    "tensorflow's graph",
    "MiniTF runs the graph that TensorFlow writes, and computes the same.",
    _not_for,
    _check_reading,
    needs_tensorflow=True,
)
