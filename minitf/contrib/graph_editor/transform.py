"""Copies of parts of a graph, with other inputs, in another scope or another graph.

    copy(view, dst_scope="again")                        the same operations, with placeholders
    copy_with_input_replacements(view, {x: y})           with y where x went in
    graph_replace(loss, {x: y})                          what the loss would be with y in place of x

Operations are copied in the order in which they were made.  What a loop brings back is not there
yet at that time: something else of its type stands for it until all are copied.

Source: TensorFlow 1.15's tf.contrib.graph_editor.transform.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from minitf import build
from minitf.contrib.graph_editor import reroute
from minitf.contrib.graph_editor.subgraph import SubGraphView, make_view
from minitf.contrib.graph_editor.util import (
    ControlOutputs,
    flatten_tree,
    get_unique_graph,
    make_placeholder_from_tensor,
    scope_finalize,
    transform_tree,
)
from minitf.contrib.graph_editor.walks import get_walks_intersection_ops
from minitf.graph import Graph
from minitf.graph_keys import GraphKeys
from minitf.operation import Operation
from minitf.tensor import Tensor

# --- what becomes of an element ------------------------------------------------------------------


def replace_t_with_placeholder_handler(info: TransformerInfo, t: Tensor) -> Tensor:
    """Return a placeholder for a tensor."""
    with info.graph_.as_default():
        return make_placeholder_from_tensor(t, scope=info.scope_)


def keep_t_if_possible_handler(info: TransformerInfo, t: Tensor) -> Tensor:
    """Return the tensor itself, or a placeholder for it in another graph."""
    return t if info.graph is info.graph_ else replace_t_with_placeholder_handler(info, t)


def assign_renamed_collections_handler(info: TransformerInfo, elem: Any, elem_: Any) -> None:
    """Add a copy to the collections of its original, under names in the new scope.

    Collections that the library knows keep their names.
    """
    known = [value for key, value in vars(GraphKeys).items() if not key.startswith("__")]
    for name in info.graph.get_all_collection_keys():
        if not any(elem is each for each in info.graph.get_collection(name)):
            continue
        new_name = name if name in known else info.new_name(name)
        info.graph_.add_to_collection(new_name, elem_)


def transform_op_if_inside_handler(
    info: TransformerInfo, op: Operation | None, keep_if_possible: bool = True
) -> Operation | None:
    """Return the copy of an operation, or the operation itself if it is not copied.

    Args:
        info: what was copied.
        op: the operation, or None.
        keep_if_possible: whether the operation itself may be returned; never for another graph.
    """
    if op is None or op in info.sgv.ops:
        return None if op is None else info.transformed_ops[op]
    return op if keep_if_possible and info.graph is info.graph_ else None


def copy_op_handler(
    info: TransformerInfo,
    op: Operation,
    new_inputs: Sequence[Tensor],
    copy_shape: bool = False,
    nodedef_fn: Callable[[Any], Any] | None = None,
) -> tuple[Operation, list[Tensor]]:
    """Copy an operation.

    Args:
        info: what was copied so far.
        op: the operation.
        new_inputs: the inputs of the copy.
        copy_shape: whether the static shapes of outputs are copied too.
        nodedef_fn: function of the copy's NodeDef that returns another one, whose name and
            attributes the copy has then.

    Returns:
        The copy and its outputs.
    """
    name, attrs = info.graph_.unique_name(info.new_name(op.name)), dict(op.attrs)
    if nodedef_fn is not None:
        from minitf.attr_value import attribute_value

        message = op.node_def
        message.name = name
        changed = nodedef_fn(message)
        name = changed.name
        attrs |= {key: attribute_value(value) for key, value in changed.attr.items()}
    if info.graph is not info.graph_:
        attrs.pop("_class", None)  # operations beside which it stood are elsewhere
    with info.graph_.as_default():
        op_ = build.add_operation(
            info.graph_, op.definition, name, list(new_inputs), attrs, device=op.device
        )
    if copy_shape:
        for old, new in zip(op.outputs, op_.outputs, strict=True):
            new.set_shape(old.shape)
    return op_, op_.outputs


# --- the copy ------------------------------------------------------------------------------------


class TransformerInfo:
    """What became of a view.

    Args:
        sgv: the view.
        dst_graph: the graph of the copies.
        dst_scope: their scope.
        src_scope: the scope that is taken off the names of originals.

    Attributes:
        transformed_ops: operation -> its copy.
        transformed_ts: tensor -> its copy.
    """

    def __init__(self, sgv: SubGraphView, dst_graph: Graph, dst_scope: str, src_scope: str) -> None:
        self.sgv = sgv
        self.sgv_inputs_set = frozenset(sgv.inputs)
        self.ops = frozenset(sgv.ops)
        self.control_outputs = ControlOutputs(sgv.graph)
        self.graph = sgv.graph
        self.scope = src_scope
        self.graph_ = dst_graph
        self.scope_ = dst_scope
        self.transformed_ops: dict[Operation, Operation] = {}
        self.transformed_ts: dict[Tensor, Tensor] = {}

    def new_name(self, name: str) -> str:
        """Return the name of a copy.

        Raises:
            ValueError: if the original is not in the scope that is taken off.
        """
        if not name.startswith(self.scope):
            raise ValueError(f"{name} does not belong to source scope: {self.scope}.")
        return self.scope_ + name.removeprefix(self.scope)

    def transformed(self, original: Any, missing_fn: Callable[[Any], Any] | None = None) -> Any:
        """Return the copy of an operation or a tensor, or of each in a structure.

        Args:
            original: them, or their names.
            missing_fn: function of those that were not copied; by default they give None.
        """
        return transform_tree(original, lambda each: self._found(each, missing_fn, of_copy=False))

    def original(self, transformed: Any, missing_fn: Callable[[Any], Any] | None = None) -> Any:
        """Return the original of an operation or a tensor, or of each in a structure.

        Args:
            transformed: copies, or their names.
            missing_fn: function of those that are no copies; by default they give None.
        """
        return transform_tree(transformed, lambda each: self._found(each, missing_fn, of_copy=True))

    def _found(self, wanted: Any, missing_fn: Any, *, of_copy: bool) -> Any:
        is_tensor = isinstance(wanted, Tensor) or (isinstance(wanted, str) and ":" in wanted)
        if not isinstance(wanted, (str, Tensor, Operation)):
            raise TypeError(f"Expected a tf.Tensor or a tf.Operation, got a {type(wanted)}")
        pairs: Any = self.transformed_ts if is_tensor else self.transformed_ops
        for old, new in pairs.items():
            here, there = (new, old) if of_copy else (old, new)
            if here is wanted or here.name == wanted:
                return there
        return None if missing_fn is None else missing_fn(wanted)

    def __str__(self) -> str:
        """List the operations and their copies."""
        lines = ["Transform result info:"]
        if self.graph is self.graph_:
            lines.append(f"  Within graph[{id(self.graph)}]{'' if self.scope_ else ' IN-PLACE'}")
        else:
            lines.append(f"  graph[{id(self.graph)}] => graph[{id(self.graph_)}]")
        if self.scope:
            lines.append(f"  Relative to source scope: {self.scope}")
        if self.scope_:
            lines.append(f"  Scope destination: {self.scope_}")
        lines.append("Operations mapping:")
        lines += [f"  {old.name} => {new.name}" for old, new in self.transformed_ops.items()]
        return "\n".join([*lines, ""])


class Transformer:
    """Copies views; its handlers say how.

    Attributes:
        transform_op_handler: of an operation and its new inputs: the new one and its outputs.
        transform_control_input_handler: of an operation that another one waits for.
        assign_collections_handler: of an original and its copy: adds the latter to collections.
        transform_external_input_handler: of an input of the view: the tensor in its place.
        transform_external_hidden_input_handler: likewise of an input that the view does not list.
        transform_original_op_handler: of the operation that another one is the gradient of.
    """

    def __init__(self) -> None:
        self.transform_op_handler: Callable[..., Any] = copy_op_handler
        self.transform_control_input_handler: Callable[..., Any] = transform_op_if_inside_handler
        self.assign_collections_handler: Callable[..., Any] = assign_renamed_collections_handler
        self.transform_external_input_handler: Callable[..., Any] = (
            replace_t_with_placeholder_handler
        )
        self.transform_external_hidden_input_handler: Callable[..., Any] = (
            keep_t_if_possible_handler
        )
        self.transform_original_op_handler: Callable[..., Any] = transform_op_if_inside_handler

    def __call__(
        self,
        sgv: Any,
        dst_graph: Graph,
        dst_scope: str,
        src_scope: str = "",
        reuse_dst_scope: bool = False,
    ) -> tuple[SubGraphView, TransformerInfo]:
        """Copy a view.

        Args:
            sgv: the view, or what `make_view` makes one of.
            dst_graph: the graph of the copies.
            dst_scope: their scope.
            src_scope: the scope that is taken off the names of originals.
            reuse_dst_scope: whether the scope may exist; else it gets a name of its own.

        Returns:
            A view of the copies, and what became of what.

        Raises:
            TypeError: if `dst_graph` is no graph.
            ValueError: if an original is not in `src_scope`, or a handler returned an original.
        """
        view = make_view(sgv)
        _check_graph(dst_graph)
        scope = scope_finalize(dst_scope)
        if scope and not reuse_dst_scope:
            scope = scope_finalize(dst_graph.unique_name(scope[:-1]))
        info = TransformerInfo(view, dst_graph, scope, scope_finalize(src_scope))
        for op, tensor, place in self._copied(info):
            info.transformed_ops[op]._update_input(place, info.transformed_ts[tensor])
        for op in view.ops:
            before = [
                self.transform_control_input_handler(info, each) for each in op.control_inputs
            ]
            kept = list(dict.fromkeys(each for each in before if each is not None))
            reroute.add_control_inputs(info.transformed_ops[op], kept)
        return _view_of_copies(view, info), info

    def _copied(self, info: TransformerInfo) -> list[tuple[Operation, Tensor, int]]:
        """Copy the operations; return those inputs for which something else stands."""
        waiting: list[tuple[Operation, Tensor, int]] = []
        for op in sorted(info.sgv.ops, key=lambda op: op.index):
            inputs = []
            for i, tensor in enumerate(op.inputs):
                if tensor.op in info.ops and tensor not in info.transformed_ts:
                    waiting.append((op, tensor, i))
                inputs.append(self._input(info, op, tensor))
            op_, outputs = self.transform_op_handler(info, op, inputs)
            if op_ is op:
                raise ValueError("In-place transformation not allowed.")
            info.transformed_ops[op] = op_
            self.assign_collections_handler(info, op, op_)
            for old, new in zip(op.outputs, outputs, strict=True):
                info.transformed_ts[old] = new
                self.assign_collections_handler(info, old, new)
        return waiting

    def _input(self, info: TransformerInfo, op: Operation, tensor: Tensor) -> Tensor:
        """Return what stands where an operation takes a tensor."""
        if tensor in info.transformed_ts:
            return info.transformed_ts[tensor]
        if tensor.op in info.ops:
            if op.type in _MERGES:  # of a loop, whose first input is there before the loop
                return self._input(info, op, op.inputs[0])
            with info.graph_.as_default():
                return make_placeholder_from_tensor(tensor, info.scope_, prefix="geph_tmp")
        if tensor in info.sgv_inputs_set:
            made = self.transform_external_input_handler(info, tensor)
        else:
            made = self.transform_external_hidden_input_handler(info, tensor)
        if made is not tensor:
            self.assign_collections_handler(info, tensor, made)
        info.transformed_ts[tensor] = made
        found: Tensor = made
        return found


_MERGES = ("Merge", "RefMerge")


def _view_of_copies(view: SubGraphView, info: TransformerInfo) -> SubGraphView:
    """Return a view of the copies, with inputs and outputs in the order of the originals'."""
    made = SubGraphView(info.transformed_ops.values())

    def numbers(originals: Sequence[Tensor], copies: Sequence[Tensor]) -> list[int]:
        found = [info.transformed_ts.get(each) for each in originals]
        return list(dict.fromkeys(copies.index(t) for t in found if t is not None and t in copies))

    return made.remap(numbers(view.inputs, made.inputs), numbers(view.outputs, made.outputs))


def _check_graph(graph: Any) -> None:
    if not isinstance(graph, Graph):
        raise TypeError(f"Expected a tf.Graph, got: {type(graph)}")


def copy(
    sgv: Any,
    dst_graph: Graph | None = None,
    dst_scope: str = "",
    src_scope: str = "",
    reuse_dst_scope: bool = False,
) -> tuple[SubGraphView, TransformerInfo]:
    """Copy a view, with placeholders for inputs; see `Transformer`.

    Args:
        sgv: the view, or what `make_view` makes one of.
        dst_graph: the graph of the copies; by default that of the originals.
        dst_scope: see `Transformer.__call__`, and so are the following ones.
    """
    view = make_view(sgv)
    graph = view.graph if dst_graph is None else dst_graph
    return Transformer()(view, graph, dst_scope, src_scope, reuse_dst_scope)


def copy_with_input_replacements(
    sgv: Any,
    replacement_ts: Mapping[Tensor, Tensor],
    dst_graph: Graph | None = None,
    dst_scope: str = "",
    src_scope: str = "",
    reuse_dst_scope: bool = False,
) -> tuple[SubGraphView, TransformerInfo]:
    """Copy a view, with other tensors in the place of some inputs.

    Args:
        sgv: the view, or what `make_view` makes one of.
        replacement_ts: input of the view -> the tensor in its place.
        dst_graph: the graph of the copies; by default that of the originals.
        dst_scope: see `Transformer.__call__`, and so are the following ones.
    """
    view = make_view(sgv)
    graph = view.graph if dst_graph is None else dst_graph
    copier = Transformer()

    def replaced(info: TransformerInfo, tensor: Tensor) -> Tensor:
        found = replacement_ts.get(tensor)
        return keep_t_if_possible_handler(info, tensor) if found is None else found

    copier.transform_external_input_handler = replaced
    return copier(view, graph, dst_scope, src_scope, reuse_dst_scope)


def graph_replace(
    target_ts: Any,
    replacement_ts: Mapping[Tensor, Tensor],
    dst_scope: str = "",
    src_scope: str = "",
    reuse_dst_scope: bool = False,
) -> Any:
    """Return what tensors would be if others were in the place of some.

    Args:
        target_ts: a tensor, or a structure of them.
        replacement_ts: tensor -> the one in its place.
        dst_scope: see `Transformer.__call__`, and so are the following ones.

    Raises:
        ValueError: if the targets do not depend on the tensors that are replaced.
    """
    targets = flatten_tree(target_ts)
    control_ios = ControlOutputs(get_unique_graph(targets, check_types=Tensor))
    between = get_walks_intersection_ops(list(replacement_ts), targets, control_ios=control_ios)
    if not between:
        raise ValueError("Targets and replacements are not connected!")
    _, info = copy_with_input_replacements(
        between, replacement_ts, None, dst_scope, src_scope, reuse_dst_scope
    )
    return info.transformed(target_ts, lambda original: original)
