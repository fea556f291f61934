"""Contexts as messages, so that a graph that is read again can be differentiated.

A GraphDef holds the operations of branches and loops, enough to run them.  That they are a branch
or a loop stands in the collections `cond_context` and `while_context` of a MetaGraphDef: a
CondContextDef or WhileContextDef for each outermost one, with those inside.

Source: TensorFlow 1.15, `control_flow.proto`.
"""

from __future__ import annotations

from typing import Any

from minitf import protos
from minitf.collection_def import prepend_name_scope, register_proto_function, strip_name_scope
from minitf.contexts.base import Context
from minitf.contexts.branch import BranchContext
from minitf.contexts.loop import LoopContext
from minitf.default_graph import default_graph
from minitf.graph import Graph
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor

# --- writing --------------------------------------------------------------------------------------


def to_proto(context: Context, export_scope: str | None = None) -> Any:
    """Return a context as its message.

    Args:
        context: a branch or a loop.
        export_scope: a scope to leave out of names.
    """

    def name_of(item: Any) -> str:
        return strip_name_scope(item.name, export_scope)

    values = protos.ValuesDef(
        values=sorted(map(name_of, context.seen)),
        external_values={name_of(outer): name_of(own) for outer, own in context.stand_ins.items()},
    )
    message = _written(context, name_of)
    message.values_def.CopyFrom(values)
    for inner in context.inner:
        field = "cond_ctxt" if isinstance(inner, BranchContext) else "while_ctxt"
        nested = message.nested_contexts.add()
        getattr(nested, field).CopyFrom(to_proto(inner, export_scope))
    return message


def _written(context: Context, name_of: Any) -> Any:
    if isinstance(context, BranchContext):
        return protos.CondContextDef(
            context_name=name_of(context),
            pred_name=name_of(context.pred),
            pivot_name=name_of(context.pivot),
            branch=context.branch,
        )
    assert isinstance(context, LoopContext)
    most = context.maximum_iterations
    return protos.WhileContextDef(
        context_name=name_of(context),
        parallel_iterations=context.parallel_iterations,
        back_prop=context.back_prop,
        swap_memory=context.swap_memory,
        pivot_name=name_of(context.condition),
        pivot_for_pred_name=name_of(context.pivot_for_pred),
        pivot_for_body_name=name_of(context.pivot_for_body),
        loop_exit_names=map(name_of, context.exits),
        loop_enter_names=map(name_of, context.enters),
        maximum_iterations_name="" if most is None else name_of(most),
    )


# --- reading --------------------------------------------------------------------------------------


class _Reader:
    """Makes contexts of messages, for operations that are in the graph."""

    def __init__(self, graph: Graph, import_scope: str | None) -> None:
        self._graph = graph
        self._scope = import_scope

    def tensor(self, name: str) -> Tensor:
        return self._graph.get_tensor_by_name(prepend_name_scope(name, self._scope))

    def branch(self, message: Any) -> BranchContext:
        made = BranchContext(
            self._graph,
            self.tensor(message.pred_name),
            self.tensor(message.pivot_name),
            message.branch,
            prepend_name_scope(message.context_name, self._scope),
        )
        self._fill(made, message)
        return made

    def loop(self, message: Any) -> LoopContext:
        enters = [self.tensor(name) for name in message.loop_enter_names]
        most = message.maximum_iterations_name
        made = LoopContext(
            self._graph,
            enters[0].op.attrs["frame_name"],  # an import may have given it another
            maximum_iterations=self.tensor(most) if most else None,
            parallel_iterations=message.parallel_iterations,
            back_prop=message.back_prop,
            swap_memory=message.swap_memory,
        )
        made.enters = enters
        made.exits = [self.tensor(name) for name in message.loop_exit_names]
        made.condition = self.tensor(message.pivot_name)
        made.pivot_for_pred = self.tensor(message.pivot_for_pred_name)
        made.pivot_for_body = self.tensor(message.pivot_for_body_name)
        self._fill(made, message)
        return made

    def _fill(self, made: Context, message: Any) -> None:
        """Tell a context what it has seen, and its operations that they belong to it."""
        values = message.values_def
        made.seen = {self.tensor(name) for name in values.values}
        made.stand_ins = {
            self.tensor(outer): self.tensor(own) for outer, own in values.external_values.items()
        }
        for name in set(values.values) - set(values.external_values):
            self.tensor(name).op.context = made
        with made.entered():
            for nested in message.nested_contexts:
                if nested.WhichOneof("ctxt") == "cond_ctxt":
                    self.branch(nested.cond_ctxt)
                else:
                    self.loop(nested.while_ctxt)


def branch_from_proto(message: Any, import_scope: str | None = None) -> BranchContext:
    """Make a branch of a CondContextDef, in the default graph.

    Args:
        message: the CondContextDef.
        import_scope: the scope that its operations were put in.

    Raises:
        KeyError: if the graph lacks a tensor that it names.
    """
    return _Reader(default_graph(), import_scope).branch(message)


def loop_from_proto(message: Any, import_scope: str | None = None) -> LoopContext:
    """Make a loop of a WhileContextDef, in the default graph.

    Args:
        message: the WhileContextDef.
        import_scope: the scope that its operations were put in.

    Raises:
        KeyError: if the graph lacks a tensor that it names.
    """
    return _Reader(default_graph(), import_scope).loop(message)


register_proto_function(GraphKeys.COND_CONTEXT, "CondContextDef", to_proto, branch_from_proto)
register_proto_function(GraphKeys.WHILE_CONTEXT, "WhileContextDef", to_proto, loop_from_proto)
