"""The functions of a SavedModel's library as graphs.

Their names are made new: a model may be loaded twice, and beside functions that have its names.

Source: TensorFlow 1.15, `saved_model/function_deserialization.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from minitf import nest, protos
from minitf.control_flow.func_graph import FuncGraph
from minitf.default_graph import default_graph
from minitf.function_def import function_graph
from minitf.function_library import unique_function_name
from minitf.functional.concrete import ConcreteFunction
from minitf.graph_def import merged_library
from minitf.saved_model.structured_values import decoded
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec

# Tables of several models must not be one because their names are.
_NAMED = re.compile(r"^(Mutable(DenseHashTable|HashTable|HashTableOfTensors)|HashTable)(V2)?$")


class Functions:
    """The functions of a library, in the default graph.

    Args:
        library: the FunctionDefLibrary.
        records: SavedConcreteFunctions by name.
    """

    def __init__(self, library: Any, records: Any) -> None:
        self._graph = default_graph()
        self._records = records
        own = protos.FunctionDefLibrary()
        own.CopyFrom(library)
        self._names = {
            each.signature.name: unique_function_name(_stem(each.signature.name))
            for each in own.function
        }
        self._messages: dict[str, Any] = {}
        serial = unique_function_name("load")
        for each in own.function:
            self._messages[each.signature.name] = each
        for message in self._messages.values():
            _rename(message, self._names, serial)
        for gradient in own.gradient:
            gradient.function_name = self._names.get(gradient.function_name, gradient.function_name)
            gradient.gradient_func = self._names.get(gradient.gradient_func, gradient.gradient_func)
        self._library = own
        self._made: dict[str, FuncGraph] = {}

    def build(self) -> None:
        """Make the graphs, inner functions first."""
        for name, record in self._records.items():
            if name in self._messages:
                _add_shapes(self._messages[name], record)
        self._graph.library = merged_library(self._graph, self._library)
        by_new = {new: old for old, new in self._names.items()}
        for name in self._callees_first(by_new):
            if name not in self._records:
                continue
            made = FuncGraph(self._names[name])
            function_graph(self._graph, self._messages[name], made)
            self._graph.add_function(made)
            self._made[name] = made

    def concrete(self, name: str, bind: Callable[[int], Tensor]) -> ConcreteFunction:
        """Return a function with what it captured.

        Args:
            name: its name in the SavedModel.
            bind: returns what stands for an object by its number.
        """
        graph, record = self._made[name], self._records[name]
        graph.captured = [bind(number) for number in record.bound_inputs]
        args, kwargs = decoded(record.canonicalized_input_signature)
        graph.structured_input_signature = tuple(args), kwargs
        results = iter(graph.outputs)
        graph.structured_outputs = _results(decoded(record.output_signature), results)
        made = ConcreteFunction(graph)
        made.keywords = _keywords(args, kwargs, made.keywords)
        return made

    def _callees_first(self, by_new: dict[str, str]) -> Iterator[str]:
        done: set[str] = set()

        def walk(name: str) -> Iterator[str]:
            if name in done:
                return
            done.add(name)
            for node in self._messages[name].node_def:
                for called in _named_by(node):
                    if called in by_new:
                        yield from walk(by_new[called])
            yield name

        for name in self._messages:
            yield from walk(name)


def _stem(name: str) -> str:
    """Return a function's name without the number that made it unique."""
    return re.sub(r"(_\d+)+$", "", name)


def _named_by(node: Any) -> Iterator[str]:
    """Yield the functions that a NodeDef names."""
    yield node.op
    for attr in node.attr.values():
        if attr.HasField("func"):
            yield attr.func.name
        for each in attr.list.func:
            yield each.name


def _rename(message: Any, names: dict[str, str], serial: str) -> None:
    """Give a FunctionDef, and those that it names, their new names."""
    message.signature.name = names[message.signature.name]
    for node in message.node_def:
        node.op = names.get(node.op, node.op)
        if _NAMED.match(node.op):
            known = node.attr["shared_name"].s or node.name.encode()
            node.attr["shared_name"].s = known + b"_" + serial.encode()
        for key, attr in node.attr.items():
            if attr.HasField("func") and key != "_gradient_op_type":
                attr.func.name = names.get(attr.func.name, attr.func.name)
            for each in attr.list.func:
                each.name = names.get(each.name, each.name)
        # the name of a gradient that TensorFlow registered in the process that saved the model
        node.attr.pop("_gradient_op_type", None)


def _add_shapes(message: Any, record: Any) -> None:
    """Note in a FunctionDef the shapes that a record tells of its arguments."""
    args, kwargs = decoded(record.canonicalized_input_signature)
    leaves = nest.flatten([list(args), [kwargs[key] for key in sorted(kwargs)]])
    specs: list[Any] = []
    for leaf in leaves:
        if isinstance(leaf, TensorSpec):
            specs.append(leaf)
        elif hasattr(leaf, "_flat_tensor_specs"):
            specs += [None] * len(leaf._flat_tensor_specs)  # noqa: SLF001 TensorFlow's name
    for number, spec in enumerate(specs):
        shapes = message.arg_attr[number].attr["_output_shapes"].list.shape
        if spec is not None and not shapes:
            shapes.add().CopyFrom(spec.shape.as_proto())


def _results(structure: Any, results: Iterator[Tensor]) -> Any:
    """Return a structure of specs with the results of a function in their place."""

    def of(leaf: Any) -> Any:
        if leaf is None:
            return None
        if isinstance(leaf, TensorSpec):
            made = next(results)
            made.set_shape(leaf.shape)
            return made
        parts = [next(results) for _ in leaf._flat_tensor_specs]  # noqa: SLF001 TensorFlow's names
        return leaf._from_components(  # noqa: SLF001
            nest.pack_sequence_as(leaf._component_specs, parts)  # noqa: SLF001
        )

    return nest.map_structure(of, structure)


def _keywords(args: Any, kwargs: Any, names: list[str]) -> list[str]:
    """Return the names of arguments as the program gave them, where specs have them."""
    leaves = nest.flatten([list(args), [kwargs[key] for key in sorted(kwargs)]])
    own = [each.name for each in leaves if isinstance(each, TensorSpec)]
    return (
        [given or known for given, known in zip(own, names, strict=True)]
        if len(own) == len(names)
        else names
    )
