"""Operation: a vertex of the graph: an op with a name, inputs and attributes.

Source: 2015 §2 "Operations and Kernels".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from minitf import source
from minitf.tensor import Tensor, session_for

if TYPE_CHECKING:
    from minitf.graph import Graph
    from minitf.op_def import OpDef


class Operation:
    """One use of an op in a Graph.  Made by calling an OpDef, never by hand.

    Attributes:
        graph: the Graph that holds it.
        definition: its OpDef.
        name: unique in the graph, with the name scopes.
        inputs: Tensors, flat, in the OpDef's order.
        control_inputs: Operations that must finish first.
        outputs: Tensors.
        attrs: every attribute by name, inferred ones included.
        device: the requested device, "" if none.
        context: the branch or loop that it belongs to (`minitf.contexts`), None if none.
        site: the user's frames that made it (`minitf.source`).
        index: how many operations the graph held before it.
        origin: in an executor's copy of an operation, the one copied; else None.

    Source: 2015 §2.
    """

    __slots__ = (
        "__weakref__",
        "attrs",
        "context",
        "control_inputs",
        "definition",
        "device",
        "graph",
        "index",
        "inputs",
        "name",
        "origin",
        "outputs",
        "site",
        "static_values",
    )

    def __init__(
        self,
        graph: Graph,
        definition: OpDef,
        name: str,
        inputs: tuple[Tensor, ...],
        attrs: dict[str, Any],
    ) -> None:
        self.graph = graph
        self.definition = definition
        self.name = name
        self.inputs = inputs
        self.attrs = attrs
        self.control_inputs: list[Operation] = []
        self.outputs: list[Tensor] = []
        self.device = ""
        self.context: Any = None
        self.site: source.Site = ()
        self.index = -1
        self.origin: Operation | None = None
        self.static_values: dict[int, Any] | None = None  # memo of graph.static_value

    @property
    def type(self) -> str:
        """The op's registry name, e.g. "MatMul"."""
        return self.definition.name

    @property
    def arguments(self) -> dict[str, Any]:
        """Inputs by argument name; a list argument is a list of Tensors."""
        return self.definition.arguments(self)

    def values(self) -> tuple[Tensor, ...]:
        """Return the outputs."""
        return tuple(self.outputs)

    def get_attr(self, name: str) -> Any:
        """Return an attribute as TensorFlow does: strings as bytes, arrays as messages.

        Raises:
            ValueError: if the operation has no such attribute.
        """
        if name not in self.attrs:
            raise ValueError(f"Operation '{self.name}' has no attr named '{name}'.")
        from minitf.attr_value import public_value

        return public_value(self.attrs[name])

    @property
    def op_def(self) -> Any:
        """The op's OpDef message."""
        from minitf.graph_def import op_def_message

        return op_def_message(self.definition)

    @property
    def node_def(self) -> Any:
        """The NodeDef message of this operation."""
        from minitf.graph_def import node_def

        return node_def(self)

    @property
    def traceback(self) -> list[tuple[str, int, str, str]]:
        """The user's frames that made it, outermost first: file, line, function, text."""
        return source.lines(self.site)[::-1]

    @property
    def traceback_with_start_lines(self) -> list[tuple[str, int, str, str, int]]:
        """Like `traceback`, with the first line of each function."""
        starts = [code.co_firstlineno for code, _ in source.frames(self.site)[::-1]]
        return [(*line, start) for line, start in zip(self.traceback, starts, strict=True)]

    def colocation_groups(self) -> list[bytes]:
        """Return the names of the groups whose members share a device."""
        groups = self.attrs.get("_class", ())
        return [group.encode() for group in groups] or [f"loc:@{self.name}".encode()]

    def run(self, feed_dict: Any = None, session: Any = None) -> None:
        """Run it in a session (the default one if None is given)."""
        session_for(self.graph, session, "operation").run(self, feed_dict)

    def __repr__(self) -> str:
        """Show name and type."""
        return f"<tf.Operation {self.name!r} type={self.type}>"

    def __str__(self) -> str:
        """Show the NodeDef in text form, as TensorFlow does."""
        return str(self.node_def)

    def _repr_html_(self) -> str:
        from minitf.viewer.notebook import operation_html

        return operation_html(self)

    # --- mutation: only while a graph is being built; each tells the graph ------------------

    def _set_device(self, device: Any) -> None:
        """Request a device, as TensorFlow's private method that programs call."""
        self.graph.check_not_finalized()
        self.device = device if isinstance(device, str) else device.to_string()
        self.graph.structure_changed()

    def _set_attr(self, name: str, value: Any) -> None:
        """Set an attribute to an AttrValue or a Python value."""
        from minitf.attr_value import attribute_value

        self.graph.check_not_finalized()
        self.attrs[name] = attribute_value(value)
        self.graph.structure_changed()

    def _add_control_inputs(self, operations: Any) -> None:
        """Make it wait for more operations."""
        self.graph.check_not_finalized()
        new = dict.fromkeys(operations)
        self.control_inputs += [op for op in new if op not in self.control_inputs]
        self.graph.structure_changed()

    def _add_control_input(self, operation: Operation) -> None:
        """Make it wait for one more operation."""
        self._add_control_inputs([operation])

    def _remove_all_control_inputs(self) -> None:
        """Let it wait for its inputs only."""
        self.graph.check_not_finalized()
        self.control_inputs = []
        self.graph.structure_changed()

    @property
    def _control_outputs(self) -> list[Operation]:
        """The operations that wait for it."""
        return [op for op in self.graph.get_operations() if self in op.control_inputs]

    def _update_input(self, index: int, tensor: Tensor) -> None:
        """Replace an input by a Tensor of the same type."""
        self.graph.check_not_finalized()
        self._connect(index, tensor)
        self.graph.structure_changed()

    def extend(
        self, inputs: Iterable[Tensor], outputs: Iterable[tuple[Any, Any]], **attrs: Any
    ) -> None:
        """Take further inputs and give further outputs, of those types and shapes.

        What it gave before stays what it was: attributes say what it does besides.
        """
        for tensor in inputs:
            self.inputs = (*self.inputs, tensor)
            tensor._consumers.append(self)
        for dtype, shape in outputs:
            self.outputs.append(Tensor(self, len(self.outputs), dtype, shape))
        self.attrs.update(attrs)
        self.graph.structure_changed()

    def _connect(self, index: int, tensor: Tensor) -> None:
        """Replace an input while it is being built: no step can have been made of it yet."""
        self.inputs[index]._consumers.remove(self)
        self.inputs = (*self.inputs[:index], tensor, *self.inputs[index + 1 :])
        tensor._consumers.append(self)

    def _get_control_flow_context(self) -> Any:
        """Return the branch or loop that it belongs to, as TensorFlow's private method."""
        return self.context

    def _set_control_flow_context(self, ctxt: Any) -> None:
        """Move it to another branch or loop."""
        self.context = ctxt
