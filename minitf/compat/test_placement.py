"""Functions of `tensorflow.python.framework.test_util`: devices, layouts, nodes of graphs.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

import minitf as tf
from minitf import collection_def, protos
from minitf.compat.equal_graphs import assert_equal_graph_def
from minitf.compat.test_support import gpu_device_name
from minitf.tensor import Tensor

_GROUP = 4  # channels that stand together in the layout NCHW_VECT_C
Scope = contextlib.AbstractContextManager[None]

# --- devices -------------------------------------------------------------------------------------


def device(use_gpu: bool) -> Scope:
    """Place operations on the first GPU if there is one and it is wanted, else on the CPU.

    Args:
        use_gpu: whether it is wanted.
    """
    return tf.device((gpu_device_name() if use_gpu else "") or "/device:CPU:0")


def use_gpu() -> Scope:
    """Place operations on the first GPU if there is one."""
    return device(use_gpu=True)


def force_gpu() -> Scope:
    """Place operations on the first GPU."""
    return tf.device("/device:GPU:0")


def force_cpu() -> Scope:
    """Place operations on the CPU."""
    return tf.device("/device:CPU:0")


def gpu_device_type() -> str:
    """Return the type of this process's GPUs; "" if there are none."""
    return "GPU" if gpu_device_name() else ""


def is_never() -> bool:
    """Tell that TensorFlow's builds of other kinds are not here: always False."""
    return False


def InstallStackTraceHandler() -> None:
    """Do nothing: Python shows the stack."""


# --- layouts -------------------------------------------------------------------------------------


def _permuted(x: Any, axes: Mapping[int, Sequence[int]]) -> Any:
    if isinstance(x, Tensor):
        return tf.transpose(x, axes[len(x.shape)])
    return [x[axis] for axis in axes[len(x)]]


def NHWCToNCHW(input_tensor: Any) -> Any:
    """Put channels second, of a Tensor or of a list that is a shape.

    Args:
        input_tensor: images or volumes, channels last.
    """
    return _permuted(input_tensor, {4: (0, 3, 1, 2), 5: (0, 4, 1, 2, 3)})


def NCHWToNHWC(input_tensor: Any) -> Any:
    """Put channels last, of a Tensor or of a list that is a shape.

    Args:
        input_tensor: images or volumes, channels second.
    """
    return _permuted(input_tensor, {4: (0, 2, 3, 1), 5: (0, 2, 3, 4, 1)})


def NHWCToNCHW_VECT_C(input_shape_or_tensor: Any) -> Any:
    """Put groups of four channels second, and the four last, of a Tensor or a list that is a shape.

    Args:
        input_shape_or_tensor: images, channels last.

    Raises:
        ValueError: if the channels are no multiple of four.
    """
    is_tensor = isinstance(input_shape_or_tensor, Tensor)
    shape = input_shape_or_tensor.shape.as_list() if is_tensor else list(input_shape_or_tensor)
    *outer, channels = shape
    if channels % _GROUP:
        raise ValueError(f"NCHW_VECT_C requires last input dimension to be a multiple of {_GROUP}.")
    apart = [*outer, channels // _GROUP, _GROUP]
    order = (0, 3, 1, 2, 4)
    if not is_tensor:
        return [apart[axis] for axis in order]
    return tf.transpose(tf.reshape(input_shape_or_tensor, apart), order)


def NCHW_VECT_CToNHWC(input_shape_or_tensor: Any) -> Any:
    """Put channels last that stand in groups of four, of a Tensor or a list that is a shape.

    Args:
        input_shape_or_tensor: images, groups of channels second, the four of a group last.

    Raises:
        ValueError: if the last size is not four.
    """
    is_tensor = isinstance(input_shape_or_tensor, Tensor)
    shape = input_shape_or_tensor.shape.as_list() if is_tensor else list(input_shape_or_tensor)
    if shape[-1] != _GROUP:
        raise ValueError("Last dimension of NCHW_VECT_C must be 4.")
    whole = [shape[0], shape[2], shape[3], shape[1] * _GROUP]
    if not is_tensor:
        return whole
    return tf.reshape(tf.transpose(input_shape_or_tensor, (0, 2, 3, 1, 4)), whole)


# --- graphs --------------------------------------------------------------------------------------


def assert_ops_in_graph(expected_ops: Mapping[str, str], graph: tf.Graph) -> dict[str, Any]:
    """Check that a graph has operations of some names and types; returns their NodeDefs by name.

    Args:
        expected_ops: name -> registry name.
        graph: the graph.

    Raises:
        ValueError: if one is missing or of another type.
    """
    found = {each.name: each for each in graph.as_graph_def().node if each.name in expected_ops}
    for name, node in found.items():
        if node.op != expected_ops[name]:
            raise ValueError(
                f"Expected op for node {name} is different. {expected_ops[name]} vs {node.op}"
            )
    if set(found) != set(expected_ops):
        raise ValueError(
            f"Not all expected ops are present. Expected {list(expected_ops)}, found {list(found)}"
        )
    return found


def get_node_def_from_graph(node_name: str, graph_def: Any) -> Any:
    """Return the NodeDef of a name; None if there is none.

    Args:
        node_name: the name.
        graph_def: a GraphDef.
    """
    return next((node for node in graph_def.node if node.name == node_name), None)


def assert_meta_graph_protos_equal(tester: Any, a: Any, b: Any) -> None:
    """Check that two MetaGraphDefs say the same, whatever the order of nodes.

    Args:
        tester: the test case.
        a: a MetaGraphDef.
        b: a MetaGraphDef.
    """
    tester.assertEqual(set(a.collection_def), set(b.collection_def))
    for key in a.collection_def:
        form = collection_def.form_of(key)
        one, other = a.collection_def[key], b.collection_def[key]
        if form is None:
            tester.assertEqual(one, other)
            continue
        kind = getattr(protos, form.message_name)
        tester.assertEqual(len(one.bytes_list.value), len(other.bytes_list.value))
        for ours, theirs in zip(one.bytes_list.value, other.bytes_list.value, strict=True):
            tester.assertProtoEquals(kind.FromString(ours), kind.FromString(theirs))
    assert_equal_graph_def(a.graph_def, b.graph_def, checkpoint_v2=True)
    tester.assertProtoEquals(a.graph_def.versions, b.graph_def.versions)
    a, b = type(a).FromString(a.SerializeToString()), type(b).FromString(b.SerializeToString())
    for each in (a, b):
        each.ClearField("collection_def")
        each.ClearField("graph_def")
    tester.assertProtoEquals(a, b)


def set_producer_version(graph: tf.Graph, producer_version: int) -> None:
    """Let a graph without operations say that another version has made it.

    Args:
        graph: the Graph.
        producer_version: of GraphDefs.
    """
    message = protos.GraphDef()
    message.versions.producer = producer_version
    with graph.as_default():
        tf.import_graph_def(message)
