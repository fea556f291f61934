"""The graph's public functions: scopes, collections, conversion, the default graph.

Source: 2015 §2, §4.3, §4.7; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np

from minitf import convert, default_graph, static_value
from minitf.composite import IndexedSlices, SparseTensor, SparseTensorValue
from minitf.default_graph import graph_of
from minitf.dtypes import DType
from minitf.graph import Graph
from minitf.operation import Operation
from minitf.scopes import Scopes
from minitf.shapes import known
from minitf.tensor import Tensor

Function = TypeVar("Function", bound=Callable[..., Any])
Scope = contextlib.AbstractContextManager[None]

# --- the default graph ------------------------------------------------------------------------


def get_default_graph() -> Graph:
    """Return the graph that new operations of this thread go to."""
    return default_graph.default_graph()


def reset_default_graph() -> None:
    """Start a new default graph in this thread.

    Raises:
        AssertionError: inside a `with graph.as_default():` block.
    """
    default_graph.reset_default_graph()


def executing_eagerly() -> bool:
    """Tell that operations do not run while they are built: always False."""
    return False


def disable_eager_execution() -> None:
    """Do nothing: MiniTF never executes eagerly."""


def disable_v2_behavior() -> None:
    """Do nothing: MiniTF has TensorFlow 1.x behaviour only."""


def disable_v2_tensorshape() -> None:
    """Do nothing: `x.shape[0]` is always a Dimension, as in TensorFlow 1.x."""


def enable_eager_execution(
    config: Any = None, device_policy: Any = None, execution_mode: Any = None
) -> None:
    """Refuse: MiniTF builds graphs.

    Raises:
        ValueError: always.
    """
    raise ValueError(
        "tf.enable_eager_execution is not part of MiniTF: it implements the graphs and sessions of "
        "TensorFlow's papers"
    )


def enable_v2_behavior() -> None:
    """Refuse: MiniTF builds graphs, with the behaviour of TensorFlow 1.x.

    Raises:
        ValueError: always.
    """
    raise ValueError(
        "tf.enable_v2_behavior is not part of MiniTF: it would enable eager execution. "
        "tf.enable_control_flow_v2 and tf.enable_resource_variables are there"
    )


def enable_v2_tensorshape() -> None:
    """Refuse: `x.shape[0]` is a Dimension, as in TensorFlow 1.x.

    Raises:
        ValueError: always.
    """
    raise ValueError(
        "tf.enable_v2_tensorshape is not part of MiniTF: write x.shape.as_list()[0], or "
        "tf.compat.dimension_value(x.shape[0])"
    )


def enable_tensor_equality() -> None:
    """Do nothing: in a graph `==` of two Tensors asks whether they are the same, as there."""


def disable_tensor_equality() -> None:
    """Do nothing: in a graph `==` of two Tensors asks whether they are the same."""


# --- scopes -----------------------------------------------------------------------------------


class name_scope:  # noqa: N801 TensorFlow's name
    """Prefix the names of operations made inside; for functions that build several of them.

    Args:
        name: the scope; if None, `default_name` is used.
        default_name: the function's own default.
        values: Tensors whose graph the scope is opened in.

    Raises:
        ValueError: on entering, if there is no name but there are values.
    """

    def __init__(
        self, name: str | None, default_name: str | None = None, values: Any = None
    ) -> None:
        self._name = default_name if name is None else name
        self._values = values
        self._outer: tuple[Scopes, str]
        self._graph_scope: contextlib.AbstractContextManager[Graph] | None = None

    @property
    def name(self) -> str | None:
        """The name asked for."""
        return self._name

    def __enter__(self) -> str:
        """Open the scope and return its name with a slash."""
        if self._name is None and self._values is not None:
            raise ValueError(
                "At least one of name (None) and default_name (None) must be provided."
            )
        graph = graph_of(map(_symbolic, self._values or ()))
        full = graph.scope_name(self._name)
        if graph is not get_default_graph():
            self._graph_scope = graph.as_default()
            self._graph_scope.__enter__()
        self._outer = graph.scopes, graph.scopes.name
        graph.scopes.name = full
        return f"{full}/" if full else ""

    def __exit__(self, *error: object) -> None:
        """Close the scope."""
        scopes, name = self._outer
        scopes.name = name
        if self._graph_scope is not None:
            self._graph_scope.__exit__(None, None, None)


def _symbolic(value: Any) -> Any:
    """Return the Tensor behind a Variable or a composite value, else the value itself."""
    if isinstance(value, (Tensor, Operation)):
        return value
    found = getattr(value, "op", None)
    return value if found is None else found


@contextlib.contextmanager
def op_scope(values: Any, name: str | None, default_name: str | None = None) -> Iterator[str]:
    """Open a name scope: the deprecated order of `name_scope`'s arguments."""
    with name_scope(name, default_name, values) as scope:
        yield scope


def device(device_name_or_function: Any) -> Scope:
    """Request a device for operations made inside.

    Args:
        device_name_or_function: a name such as "/job:ps/task:0/device:CPU:0", a DeviceSpec, a
            function of the Operation that returns one, or None to forget enclosing requests.

    Source: 2015 §4.3.
    """
    return get_default_graph().device(device_name_or_function)


def control_dependencies(control_inputs: Any) -> Scope:
    """Make operations made inside wait for these Operations, Tensors or Variables.

    Source: 2015 §2.
    """
    return get_default_graph().control_dependencies(control_inputs)


@contextlib.contextmanager
def init_scope() -> Iterator[None]:
    """Let operations made inside go outside of all functions, branches, loops and dependencies."""
    from minitf.function_graph import FunctionGraph  # programs without functions do not load it

    graph = get_default_graph()
    while isinstance(graph, FunctionGraph):
        graph = graph.outer
    with graph.as_default(), graph.control_dependencies(None):
        yield


def colocate_with(op: Any, ignore_existing: bool = False) -> Scope:
    """Place operations made inside on the device of `op`.

    Source: 2015 §4.3.
    """
    return get_default_graph().colocate_with(getattr(op, "op", op), ignore_existing)


def container(container_name: str) -> Scope:
    """Keep the state of stateful operations made inside in a named container.

    Source: 2015 §4.7.
    """
    return get_default_graph().container(container_name)


# --- collections ------------------------------------------------------------------------------


def add_to_collection(name: Any, value: Any) -> None:
    """Append a value to a collection of the default graph."""
    get_default_graph().add_to_collection(name, value)


def add_to_collections(names: Any, value: Any) -> None:
    """Append a value to several collections of the default graph."""
    get_default_graph().add_to_collections(names, value)


def get_collection(key: Any, scope: str | None = None) -> list[Any]:
    """Return a copy of a collection of the default graph.

    Args:
        key: its name, such as one of `tf.GraphKeys`.
        scope: only items whose name matches this regular expression at its beginning.

    Returns:
        The items in the order in which they were added; empty if there are none.
    """
    return get_default_graph().get_collection(key, scope)


def get_collection_ref(key: Any) -> list[Any]:
    """Return a collection itself: changing the list changes the collection."""
    return get_default_graph().get_collection_ref(key)


# --- conversion -------------------------------------------------------------------------------


def convert_to_tensor(
    value: Any,
    dtype: Any = None,
    name: str | None = None,
    preferred_dtype: Any = None,
    dtype_hint: Any = None,
) -> Tensor:
    """Return a value as a Tensor.

    Args:
        value: a Tensor, Variable, array, scalar, or nested list of them.
        dtype: the type wanted; a Tensor of another type is a ValueError.
        name: name of the constant, if one is made.
        preferred_dtype: a type to try first where `dtype` is None.
        dtype_hint: the same.

    Raises:
        TypeError: if the value does not fit the type.
        ValueError: if it is a Tensor of another type.
    """
    return convert.convert_to_tensor(value, dtype, name, preferred_dtype or dtype_hint)


def convert_to_tensor_or_indexed_slices(
    value: Any, dtype: Any = None, name: str | None = None
) -> Tensor | IndexedSlices:
    """Return IndexedSlices as they are, anything else as a Tensor."""
    if isinstance(value, IndexedSlices):
        _check_dtype(value, dtype)
        return value
    return convert_to_tensor(value, dtype, name)


def convert_to_tensor_or_sparse_tensor(
    value: Any, dtype: Any = None, name: str | None = None
) -> Tensor | SparseTensor:
    """Return a SparseTensor for a sparse value, a Tensor for anything else."""
    if isinstance(value, SparseTensorValue):
        value = SparseTensor.from_value(value)
    if isinstance(value, SparseTensor):
        _check_dtype(value, dtype)
        return value
    return convert_to_tensor(value, dtype, name)


def of_sparse_too(function: Function) -> Function:
    """Let a function of one tensor that keeps zeros take a SparseTensor: it maps the values."""

    @functools.wraps(function)
    def wide(x: Any, name: str | None = None) -> Any:
        if isinstance(x, SparseTensor):
            return SparseTensor(x.indices, function(x.values, name), x.dense_shape)
        return function(x, name)

    return wide  # type: ignore[return-value]


def _check_dtype(value: IndexedSlices | SparseTensor, dtype: Any) -> None:
    if dtype is not None and not value.dtype.is_compatible_with(dtype):
        raise ValueError(
            f"Tensor conversion requested dtype {dtype!r} for {type(value).__name__} with dtype "
            f"{value.dtype.name}: {value}"
        )


def register_tensor_conversion_function(
    base_type: type | tuple[type, ...], conversion_func: Any, priority: int = 100
) -> None:
    """Make objects of a type usable wherever a Tensor is wanted.

    Args:
        base_type: a type or a tuple of types.
        conversion_func: called as (value, dtype, name, as_ref); returns a Tensor or NotImplemented.
        priority: lower ones are asked first.
    """
    convert.register_tensor_conversion_function(base_type, conversion_func, priority)


def as_dtype(type_value: Any) -> DType:
    """Convert a name, NumPy type, Python type or enum to a DType; TypeError if it is none."""
    from minitf.dtypes import as_dtype as convert_dtype

    return convert_dtype(type_value)


def is_tensor(x: Any) -> bool:
    """Tell whether an object is a Tensor, a Variable, or a composite of Tensors."""
    return isinstance(x, (Tensor, IndexedSlices, SparseTensor)) or hasattr(x, "_as_graph_element")


def get_static_value(tensor: Any, partial: bool = False) -> Any:
    """Return the value of a Tensor if it is known while the graph is built, else None.

    Args:
        tensor: the Tensor.
        partial: return vectors and scalars of which only some elements are known, as object arrays
            with None for the others.

    Returns:
        An array of the Tensor's type, or None; what is no Tensor as it is.
    """
    if not isinstance(tensor, Tensor):
        return None if is_tensor(tensor) else tensor
    if not partial:
        return static_value.constant_value(tensor)
    value = static_value.static_value(tensor)
    if value is None or value.dtype != object:
        return value
    blanks = np.array([each if known(each) else None for each in value.flat], object)
    return blanks.reshape(value.shape)
