"""Checks of shapes and types, and where variables go.

Source: TensorFlow 1.15's functions and classes of the same names in tf.contrib.framework.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.api.assertions import assert_equal
from minitf.api.comparison import equal
from minitf.api.constants import zeros
from minitf.api.control import identity
from minitf.api.framework import control_dependencies, name_scope
from minitf.api.gathering import where
from minitf.api.math import add_n
from minitf.api.reductions import reduce_sum
from minitf.api.sizes import shape as shape_of
from minitf.api.state import assign
from minitf.api.static_checks import assert_scalar
from minitf.convert import convert_to_tensor
from minitf.default_graph import graph_of
from minitf.devices import DeviceSpec
from minitf.dtypes import int32, int64
from minitf.graph import Graph
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.train.training_util import assert_global_step, get_global_step

# --- tensors -------------------------------------------------------------------------------------


def assert_scalar_int(tensor: Any, name: str | None = None) -> Tensor:
    """Return a Tensor that is known to be an int32 or int64 scalar.

    Raises:
        ValueError: if it has another shape or type.
    """
    with name_scope(name, "assert_scalar_int", [tensor]) as scope:
        tensor = convert_to_tensor(tensor)
        if tensor.dtype.base_dtype not in (int32, int64):
            raise ValueError(f"Unexpected type {tensor.dtype} for {tensor.name}.")
        return assert_scalar(tensor, scope)


def reduce_sum_n(tensors: Sequence[Any], name: str | None = None) -> Tensor:
    """Return the sum of all elements of all tensors, a scalar of their type.

    Raises:
        ValueError: if there are none.
    """
    if not tensors:
        raise ValueError("No tensors provided.")
    with name_scope(name, "reduce_sum_n", tensors) as scope:
        sums = [reduce_sum(each, name=f"sum_{i}") for i, each in enumerate(tensors)]
        return add_n(sums, name=scope) if len(sums) > 1 else sums[0]


def with_shape(expected_shape: Any, tensor: Any) -> Tensor:
    """Return a Tensor whose shape is checked: now if both are known, else whenever it is computed.

    Args:
        expected_shape: list of ints (None or -1 for any), TensorShape, or int32 vector.
        tensor: of any type.

    Returns:
        The tensor, with the shape as far as it is known; what uses it fails with
        InvalidArgumentError if the shape turns out to be another.

    Raises:
        ValueError: if the shape is known to be another, or is none.
    """
    tensor = convert_to_tensor(tensor)
    wanted = expected_shape
    if not isinstance(wanted, (Tensor, TensorShape)):
        wanted = (
            convert_to_tensor(wanted, int32) if _has_tensors(wanted) else TensorShape(_open(wanted))
        )
    if isinstance(wanted, Tensor):
        if not wanted.dtype.is_integer:
            raise ValueError(f"Invalid dtype {wanted.dtype} for shape {wanted.name}, not integer")
        wanted.shape.with_rank(1)
        known = constant_value(wanted)
        if known is not None:
            wanted = TensorShape(_open(int(size) for size in known))
    with name_scope(None, "with_shape", [tensor]):
        if isinstance(wanted, Tensor):
            return _checked(wanted, tensor)
        if not tensor.shape.is_compatible_with(wanted):
            raise ValueError(
                f"Invalid shape for tensor {tensor.name}, expected {wanted}, got {tensor.shape}."
            )
        if tensor.shape.is_fully_defined() or wanted.ndims is None:
            return tensor
        sizes = [-1 if size is None else size for size in wanted.as_list()]
        return _noted(_checked(convert_to_tensor(sizes, int32), tensor, any_at=-1), wanted)


def with_same_shape(expected_tensor: Any, tensor: Any) -> Tensor:
    """Return a Tensor whose shape is checked to be that of another; see `with_shape`.

    Raises:
        ValueError: if they are of different graphs, or of shapes known to differ.
    """
    with name_scope(None, "with_same_shape", [expected_tensor, tensor]):
        expected_tensor, tensor = convert_to_tensor(expected_tensor), convert_to_tensor(tensor)
        graph_of([expected_tensor, tensor])
        wanted = expected_tensor.shape
        if wanted.is_fully_defined():
            return with_shape(wanted, tensor)
        if not wanted.is_compatible_with(tensor.shape):
            raise ValueError(
                f"Invalid shape for tensor {tensor.name}, expected {wanted}, got {tensor.shape}."
            )
        return _noted(_checked(shape_of(expected_tensor), tensor), wanted)


def _open(sizes: Any) -> Any:
    return [None if size == -1 else size for size in sizes]


def _has_tensors(sizes: Any) -> bool:
    return isinstance(sizes, (list, tuple)) and any(isinstance(each, Tensor) for each in sizes)


def _checked(wanted: Tensor, tensor: Tensor, any_at: int | None = None) -> Tensor:
    """Return the tensor, after a check of its shape at run time.

    Args:
        wanted: the shape.
        tensor: the tensor.
        any_at: what stands in the shape for any size.
    """
    found = shape_of(tensor, out_type=wanted.dtype)
    data = [f"Wrong shape for {tensor.name} [expected] [actual].", wanted, found]
    ranks = shape_of(wanted), shape_of(found)
    with control_dependencies([assert_equal(*ranks, data=data)]):
        if any_at is not None:
            wanted = where(equal(wanted, any_at), found, wanted)
        same = assert_equal(wanted, found, data=data)
    with control_dependencies([same]):
        return identity(tensor)


def _noted(tensor: Tensor, wanted: TensorShape) -> Tensor:
    """Return the tensor with what is known of its shape."""
    tensor.set_shape(tensor.shape.merge_with(wanted))
    return tensor


# --- variables and graphs ------------------------------------------------------------------------


def assert_or_get_global_step(graph: Graph | None = None, global_step_tensor: Any = None) -> Any:
    """Return the given global step after a check, or else the graph's; None if it has none.

    Raises:
        TypeError: if it is no integer.
        ValueError: if it is no scalar.
    """
    if global_step_tensor is None:
        return get_global_step(graph)
    assert_global_step(global_step_tensor)
    return global_step_tensor


def get_placeholders(graph: Graph) -> list[Tensor]:
    """Return the placeholders of a graph, in the order in which they were made."""
    kinds = ("Placeholder", "PlaceholderV2")
    return [op.outputs[0] for op in graph.get_operations() if op.type in kinds]


def zero_initializer(ref: Any, use_locking: bool = True, name: str = "zero_initializer") -> Any:
    """Set a variable to zeros, without a constant of its size in the graph.

    Args:
        ref: a variable of known shape, not of strings.
        use_locking: without effect: assignments are always atomic.
        name: name of the operation.

    Returns:
        The variable after it was set.
    """
    return assign(ref, zeros(ref.shape, ref.dtype.base_dtype), use_locking=use_locking, name=name)


class VariableDeviceChooser:
    """A device function that deals out variables to the tasks of a job in turn.

    Without tasks it only says the type and the number of the device.
    """

    def __init__(
        self,
        num_tasks: int = 0,
        job_name: str = "ps",
        device_type: str = "CPU",
        device_index: int = 0,
        replica: int | None = None,
    ) -> None:
        """Begin with the first task.

        Args:
            num_tasks: how many tasks there are.
            job_name: the job.
            device_type: "CPU", "GPU", ...
            device_index: number of the device of each task; None for any.
            replica: number of the replica.
        """
        self._num_tasks = num_tasks
        self._job_name = job_name
        self._device = device_type, device_index
        self._replica = replica
        self._next_task = 0

    def __call__(self, op: Any) -> str:
        """Return the device of the next variable."""
        kind, index = self._device
        spec = DeviceSpec(replica=self._replica, device_type=kind, device_index=index)
        if self._num_tasks > 0:
            spec.job, spec.task = self._job_name, self._next_task
            self._next_task = (self._next_task + 1) % self._num_tasks
        return spec.to_string()
