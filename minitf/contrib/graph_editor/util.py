"""Lists of operations and tensors, who waits for whom, and names of placeholders.

Placeholders that stand where a part of a graph was cut off are called `geph__<operation>_<output>`:
graph editor's placeholder.

Source: TensorFlow 1.15's tf.contrib.graph_editor.util.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from minitf.api.constants import placeholder
from minitf.graph import Graph
from minitf.operation import Operation
from minitf.tensor import Tensor

_PREFIX = "geph"


def concatenate_unique(first: list[Any], second: Iterable[Any]) -> list[Any]:
    """Append to a list what it does not hold yet; return it."""
    known = set(first)
    for each in second:
        if each not in known:
            first.append(each)
            known.add(each)
    return first


def is_iterable(obj: Any) -> bool:
    """Tell whether something has elements; a Tensor has none here."""
    return not isinstance(obj, Tensor) and isinstance(obj, Iterable)


def flatten_tree(tree: Any) -> list[Any]:
    """Return the leaves of nested dicts and other collections."""
    if isinstance(tree, dict):
        tree = tree.values()
    elif not is_iterable(tree):
        return [tree]
    return [leaf for child in tree for leaf in flatten_tree(child)]


def transform_tree(tree: Any, fn: Callable[[Any], Any]) -> Any:
    """Apply a function to the leaves of nested collections, whose kinds stay."""
    if isinstance(tree, dict):
        return type(tree)((key, transform_tree(child, fn)) for key, child in tree.items())
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(transform_tree(child, fn) for child in tree))
    if isinstance(tree, str) or not is_iterable(tree):
        return fn(tree)
    made = [transform_tree(child, fn) for child in tree]
    return made if isinstance(tree, list) else tuple(made)


# --- lists ---------------------------------------------------------------------------------------


def check_graphs(*args: Any) -> None:
    """Check that all that have a graph have the same.

    Raises:
        ValueError: if they do not.
    """
    graphs = [each.graph for each in args]
    first = next((graph for graph in graphs if graph is not None), None)
    for i, graph in enumerate(graphs):
        if graph is not None and graph is not first:
            raise ValueError(f"Argument[{i}]: Wrong graph!")


def get_unique_graph(tops: Any, check_types: Any = None, none_if_empty: bool = False) -> Any:
    """Return the graph of operations and tensors.

    Args:
        tops: a list of them, or a graph.
        check_types: types that they may have; operations and tensors by default.
        none_if_empty: whether an empty list gives None.

    Raises:
        TypeError: if one is something else.
        ValueError: if they have different graphs, or there are none.
    """
    if isinstance(tops, Graph):
        return tops
    if not is_iterable(tops):
        raise TypeError(f"{type(tops)} is not iterable")
    types = check_types or (Operation, Tensor)
    types = types if isinstance(types, tuple) else (types,)
    graph = None
    for each in tops:
        if not isinstance(each, types):
            names = ", ".join(str(kind) for kind in types)
            raise TypeError(f"Expected a type in ({names}), got: {type(each)}")
        if graph is None:
            graph = each.graph
        elif graph is not each.graph:
            raise ValueError(f"Operation {each} does not belong to given graph")
    if graph is None and not none_if_empty:
        raise ValueError("Can't find the unique graph of an empty list")
    return graph


def make_list_of_op(
    ops: Any, check_graph: bool = True, allow_graph: bool = True, ignore_ts: bool = False
) -> list[Operation]:
    """Return a list of operations.

    Args:
        ops: an operation, several, or a graph.
        check_graph: whether they must have the same graph.
        allow_graph: whether it may be a graph.
        ignore_ts: whether tensors among them are left out.

    Raises:
        TypeError: if it is something else.
        ValueError: if they have different graphs.
    """
    found = _listed(ops, Operation, check_graph, allow_graph, ignore_ts)
    return ops.get_operations() if found is None else found


def get_tensors(graph: Graph) -> list[Tensor]:
    """Return the tensors of a graph.

    Raises:
        TypeError: if it is no graph.
    """
    if not isinstance(graph, Graph):
        raise TypeError(f"Expected a graph, got: {type(graph)}")
    return [tensor for op in graph.get_operations() for tensor in op.outputs]


def make_list_of_t(
    ts: Any, check_graph: bool = True, allow_graph: bool = True, ignore_ops: bool = False
) -> list[Tensor]:
    """Return a list of tensors; see `make_list_of_op`."""
    found = _listed(ts, Tensor, check_graph, allow_graph, ignore_ops)
    return get_tensors(ts) if found is None else found


def _listed(
    given: Any, kind: Any, check_graph: bool, allow_graph: bool, ignore_others: bool
) -> Any:
    """Return those of a kind; None for a graph."""
    if isinstance(given, Graph):
        if allow_graph:
            return None
        raise TypeError("allow_graph is False: cannot convert a tf.Graph.")
    each = list(given) if is_iterable(given) else [given]
    if each and check_graph:
        get_unique_graph(each, check_types=None if ignore_others else kind)
    return [one for one in each if isinstance(one, kind)]


def get_generating_ops(ts: Any) -> list[Operation]:
    """Return the operations whose outputs tensors are."""
    return [tensor.op for tensor in make_list_of_t(ts, allow_graph=False)]


def get_consuming_ops(ts: Any) -> list[Operation]:
    """Return the operations whose inputs tensors are, each once."""
    tensors = make_list_of_t(ts, allow_graph=False)
    return list(dict.fromkeys(op for tensor in tensors for op in tensor.consumers()))


class ControlOutputs:
    """Which operations wait for which, by control dependencies.

    Args:
        graph: the graph.

    Raises:
        TypeError: if it is no graph.
    """

    def __init__(self, graph: Graph) -> None:
        if not isinstance(graph, Graph):
            raise TypeError(f"Expected a tf.Graph, got: {type(graph)}")
        self._graph = graph
        self._control_outputs: dict[Operation, list[Operation]] = {}
        self._version: int | None = None
        self.update()

    def update(self) -> ControlOutputs:
        """Look at the graph again if it has grown; return this."""
        if self._version != self._graph.version:
            self._control_outputs.clear()
            for op in self._graph.get_operations():
                for before in op.control_inputs:
                    self._control_outputs.setdefault(before, []).append(op)
            self._version = self._graph.version
        return self

    def get_all(self) -> dict[Operation, list[Operation]]:
        """Return the operations that wait, by the one that they wait for."""
        return self._control_outputs

    def get(self, op: Operation) -> Any:
        """Return the operations that wait for one."""
        return self._control_outputs.get(op, ())

    @property
    def graph(self) -> Graph:
        """The graph."""
        return self._graph


def check_cios(
    control_inputs: bool = False,
    control_outputs: ControlOutputs | None = None,
    control_ios: ControlOutputs | None = None,
) -> tuple[bool, ControlOutputs | None]:
    """Return whether control inputs count, and which control outputs do.

    Args:
        control_inputs: whether they count.
        control_outputs: those that count; None for none.
        control_ios: those that count, and control inputs do then too.

    Raises:
        TypeError: if one is no ControlOutputs.
        ValueError: if both are given.
    """
    if control_ios is not None:
        if not isinstance(control_ios, ControlOutputs):
            raise TypeError(f"Expected a util.ControlOutputs, got: {type(control_ios)}")
        if control_outputs is not None:
            raise ValueError("control_outputs should be None when using control_ios.")
        control_inputs, control_outputs = True, control_ios
    if control_outputs is None:
        return control_inputs, None
    if not isinstance(control_outputs, ControlOutputs):
        raise TypeError(f"Expected a util.ControlOutputs, got: {type(control_outputs)}")
    return control_inputs, control_outputs.update()


# --- names ---------------------------------------------------------------------------------------


def scope_finalize(scope: str) -> str:
    """Return the name of a scope with a slash at its end, unless it is empty."""
    return scope if not scope or scope.endswith("/") else f"{scope}/"


def placeholder_name(
    t: Tensor | None = None, scope: str | None = None, prefix: str = _PREFIX
) -> str:
    """Return the name of a placeholder.

    Args:
        t: the tensor that it stands for.
        scope: its scope; None for that of the tensor, "" for none.
        prefix: what the name begins with.

    Raises:
        TypeError: if `t` is no tensor.
    """
    if t is None:
        return f"{scope_finalize(scope or '')}{prefix}"
    if not isinstance(t, Tensor):
        raise TypeError(f"Expected a tf.Tensor, got: {type(t)}")
    own, slash, name = t.op.name.rpartition("/")
    inside = f"{own}{slash}" if scope is None else scope_finalize(scope)
    return inside + (
        name if name.startswith(f"{prefix}__") else f"{prefix}__{name}_{t.value_index}"
    )


def make_placeholder_from_tensor(
    t: Tensor, scope: str | None = None, prefix: str = _PREFIX
) -> Tensor:
    """Return a placeholder of a tensor's type and shape; see `placeholder_name`."""
    return placeholder(t.dtype, t.shape, placeholder_name(t, scope, prefix))


def make_placeholder_from_dtype_and_shape(
    dtype: Any, shape: Any = None, scope: str | None = None, prefix: str = _PREFIX
) -> Tensor:
    """Return a placeholder of a type and a shape; see `placeholder_name`."""
    return placeholder(dtype, shape, placeholder_name(None, scope, prefix))
