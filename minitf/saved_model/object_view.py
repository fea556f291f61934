"""The objects that `tf.saved_model.save` writes, numbered, and what each is.

**State** of a View
- `objects`: those of a checkpoint (the root first) in its order, but no slots of optimizers, which
  TensorFlow has no class to load into; then functions, the map of signatures, and constants that
  functions captured.
- `concrete`: the graphs of the functions by name.

**Invariants**
1. An object of the checkpoint has there the number that it has here.
2. What a function captured is an object; `numbers` has its number by the captured tensor's id.

Source: TensorFlow 1.15, `saved_model/save.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from minitf.dtypes import resource, variant
from minitf.functional.concrete import ConcreteFunction
from minitf.functional.def_function import Function, function
from minitf.object_checkpoint.graph_view import ObjectGraphView
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.trackable.auto import CapturableResource, TrackableAsset
from minitf.trackable.base import Trackable
from minitf.variables.base import Variable


class Signatures(dict[str, ConcreteFunction]):
    """The signatures that are written with an object, by name."""


class Constant:
    """A value that functions captured.

    Args:
        tensor: the captured Tensor.
        value: its value.
    """

    def __init__(self, tensor: Tensor, value: Any) -> None:
        self.tensor = tensor
        self.value = value


class View:
    """The objects below a root, with their functions.

    Args:
        root: the root.
        signatures: what it can be asked.

    Raises:
        AssertionError: if a function captured what no object of these holds.
    """

    def __init__(self, root: Any, signatures: Signatures) -> None:
        self.graph_view = ObjectGraphView(root)
        self._signatures = signatures
        known, _, slots = self.graph_view.objects_ids_and_slot_variables()
        count = len(known) - sum(map(len, slots.values()))
        self.objects = known[:count]
        self._ids = {id(each): number for number, each in enumerate(self.objects)}
        self._trackables = list(self.objects)
        self._functions: dict[int, dict[str, Any]] = {}
        for each in self._trackables:
            self._functions[id(each)] = found = functions_of(each)
            for each_function in found.values():
                self._add(each_function)
        self._add(signatures)
        for each in signatures.values():
            self._add(each)
        self.concrete: dict[str, ConcreteFunction] = {}
        self._graphs = {id(each): graphs_of(each) for each in self.objects}
        for graphs in self._graphs.values():
            self.concrete |= {graph.name: graph for graph in graphs}
        self.numbers = {id(tensor): self._ids[id(each)] for each, tensor in self._held()}
        for graph in self.concrete.values():
            for tensor in graph.captured_inputs:
                self._capture(graph, tensor)

    def _add(self, obj: Any) -> None:
        if id(obj) not in self._ids:
            self._ids[id(obj)] = len(self.objects)
            self.objects.append(obj)

    def number(self, obj: Any) -> int:
        """Return the number of an object."""
        return self._ids[id(obj)]

    def graphs(self, obj: Any) -> list[ConcreteFunction]:
        """Return the graphs of an object that is a function."""
        return self._graphs[id(obj)]

    def children(self, obj: Any) -> Iterator[tuple[str, Any]]:
        """Yield the parts of an object by name, its functions included."""
        if isinstance(obj, Signatures):
            yield from obj.items()
        elif isinstance(obj, Trackable):
            if obj is self.graph_view.root:
                yield "signatures", self._signatures
            yield from self.graph_view.list_dependencies(obj)
            yield from self._functions[id(obj)].items()

    def bound_inputs(self, concrete: ConcreteFunction) -> list[int]:
        """Return the numbers of the objects that a function captured."""
        return [self.numbers[id(tensor)] for tensor in concrete.captured_inputs]

    # --- what functions capture ------------------------------------------------------------------

    def _held(self) -> Iterator[tuple[Any, Tensor]]:
        """Yield objects with the tensors by which functions capture them."""
        for each in self._trackables:
            if isinstance(each, Variable):
                yield each, each.handle
            elif isinstance(each, TrackableAsset):
                yield each, each.asset_path
            elif isinstance(each, CapturableResource):
                yield each, each.resource_handle

    def _capture(self, concrete: ConcreteFunction, tensor: Tensor) -> None:
        if id(tensor) in self.numbers:
            return
        holds = tensor.dtype.base_dtype not in (resource, variant)
        value = constant_value(tensor) if holds else None
        if value is None:
            what = "a value that only a run knows" if holds else "an untracked object"
            raise AssertionError(
                f"Tried to export a function which references {what}: {tensor}, captured by "
                f"{concrete.name}. TensorFlow objects (e.g. tf.Variable) captured by functions "
                "must be tracked by assigning them to an attribute of a tracked object or assigned "
                "to an attribute of the main object directly."
            )
        made = Constant(tensor, value)
        self._add(made)
        self.numbers[id(tensor)] = self._ids[id(made)]


def functions_of(obj: Any) -> dict[str, Any]:
    """Return the functions that are attributes of an object or that it lists, by name."""
    kinds = Function, ConcreteFunction
    own = vars(obj) if hasattr(obj, "__dict__") else {}
    found = {name: value for name, value in own.items() if isinstance(value, kinds)}
    for cls in type(obj).__mro__:
        for name, value in vars(cls).items():
            if isinstance(value, kinds) and name not in found:
                found[name] = getattr(obj, name)
    if isinstance(obj, CapturableResource):
        found = _of_resource(obj) | found
    listed: dict[str, Any] = obj._list_functions_for_serialization()  # noqa: SLF001 TensorFlow's name
    return listed | found


def _of_resource(resource_: CapturableResource) -> dict[str, Any]:
    """Return the functions that make a resource, fill it and end it."""

    def creator() -> Any:
        return resource_._create_resource()  # noqa: SLF001 TensorFlow's names, here and below

    def initializer() -> Any:
        resource_._initialize()  # noqa: SLF001
        return 1

    def destroyer() -> Any:
        return 1

    return {
        "_create_resource": function(creator, input_signature=[]),
        "_initialize": function(initializer, input_signature=[]),
        "_destroy_resource": function(destroyer, input_signature=[]),
    }


def graphs_of(obj: Any) -> list[ConcreteFunction]:
    """Return the graphs of an object that is a function; none of another one."""
    if isinstance(obj, ConcreteFunction):
        return [obj]
    if not isinstance(obj, Function):
        return []
    if obj.input_signature is not None:
        obj.get_concrete_function()
    return obj._list_all_concrete_functions_for_serialization()  # noqa: SLF001 TensorFlow's name
