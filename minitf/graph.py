"""Graph: the container of Operations.

**State**
- constant: `site` (where it was made).
- growing: `_operations` (by name, in order of construction), `_names` (lower-case name -> how
  often it was asked for), the collections (`minitf.graph_keys`).
- per thread: `scopes` (`minitf.scopes`).
- `structure_version`: counts changes to operations that exist; adding one does not count, so the
  steps that a Session has cached stay valid when the graph grows.

**Invariants**
1. Names are unique without regard to case.
2. An Operation's inputs were made before it, in the same graph.  Afterwards a branch or loop that
   it belongs to puts what lets them in between, and a loop closes its cycle.
3. A finalized graph never changes.

Source: 2015 §2; OSDI §3.1.
"""

from __future__ import annotations

import contextlib
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from minitf import source
from minitf.default_graph import default_graph, entered, graph_of, reset_default_graph
from minitf.errors import GraphBuildError
from minitf.function_library import FunctionLibrary
from minitf.graph_keys import Collections, GraphKeys
from minitf.operation import Operation
from minitf.scopes import ControlScope, Scopes, checked_scope_name
from minitf.tensor import Tensor, hooks

__all__ = [
    "Graph",
    "GraphKeys",
    "Operation",
    "Tensor",
    "default_graph",
    "graph_of",
    "hooks",
    "reset_default_graph",
]

_SERIAL = itertools.count()
_VALID_NAME = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*")


class Graph(Collections, FunctionLibrary):
    """A dataflow graph: Operations joined by Tensors.

    Building is thread-safe; scopes belong to the thread that enters them.

    Source: 2015 §2.
    """

    def __init__(self) -> None:
        super().__init__()
        self.scopes = Scopes()
        self.site = source.creation_site()
        self.serial = next(_SERIAL)
        self._seed: int | None = None
        self.seeds_drawn: Counter[str] | None = None  # by name scope: `tf.debug.set_stable_seed`
        self.structure_version = 0
        self._operations: dict[str, Operation] = {}
        self._names: dict[str, int] = {}
        self._unfeedable: set[Tensor] = set()
        self._unfetchable: set[Operation] = set()
        self.versions: Any = None  # the VersionDef of what was imported

    # --- what it holds -----------------------------------------------------------------------

    def get_operations(self) -> list[Operation]:
        """Return the operations in order of construction."""
        with self.lock:
            return list(self._operations.values())

    @property
    def version(self) -> int:
        """How many operations it holds; grows with each."""
        return len(self._operations)

    @property
    def _c_graph(self) -> Graph:
        """What functions of TensorFlow's library would take for it: the graph."""
        return self

    @property
    def graph_def_versions(self) -> Any:
        """The VersionDef message of its GraphDef."""
        from minitf.graph_def import version_def

        return version_def(self)

    @property
    def building_function(self) -> bool:
        """Whether it is the body of a function: a Graph never is."""
        return False

    def inside(self, tensors: list[Tensor]) -> list[Tensor]:
        """Return tensors as operations of this graph may take them: a function captures them."""
        return tensors

    @property
    def seed(self) -> int | None:
        """The graph-level random seed, None if none was set."""
        return self._seed

    @seed.setter
    def seed(self, seed: int | None) -> None:
        self._seed = seed

    def structure_changed(self) -> None:
        """Note that an existing operation was changed: cached steps are stale."""
        with self.lock:
            self.structure_version += 1

    def as_graph_element(
        self, obj: Any, allow_tensor: bool = True, allow_operation: bool = True
    ) -> Tensor | Operation:
        """Return the Tensor or Operation that `obj` is, names or converts to.

        Raises:
            TypeError: if it cannot be one.
            ValueError: if it is of another graph or a malformed name.
            KeyError: if the graph holds nothing of that name.
        """
        from minitf.elements import find_element

        return find_element(self, obj, allow_tensor=allow_tensor, allow_operation=allow_operation)

    def get_tensor_by_name(self, name: str) -> Tensor:
        """Return the Tensor called `operation:index`."""
        if not isinstance(name, str):
            raise TypeError(f"Tensor names are strings (or similar), not {type(name).__name__}.")
        return self.as_graph_element(name, allow_operation=False)  # type: ignore[return-value]

    def get_operation_by_name(self, name: str) -> Operation:
        """Return the Operation of that name."""
        if not isinstance(name, str):
            raise TypeError(f"Operation names are strings (or similar), not {type(name).__name__}.")
        return self.as_graph_element(name, allow_tensor=False)  # type: ignore[return-value]

    def find_operation(self, name: str) -> Operation | None:
        """Return the Operation of that name, or None."""
        return self._operations.get(name)

    def create_op(
        self,
        op_type: str,
        inputs: Any,
        dtypes: Any = None,
        input_types: Any = None,
        name: str | None = None,
        attrs: dict[str, Any] | None = None,
        op_def: Any = None,
        compute_shapes: bool = True,
        compute_device: bool = True,
    ) -> Operation:
        """Add an operation of a registry name, from a flat list of input Tensors.

        What the op determines by itself (`dtypes`, `input_types`, `op_def`, shapes) is accepted and
        not looked at.

        Raises:
            NotFoundError: if no such op is registered.
        """
        from minitf.create_op import create_operation

        return create_operation(self, op_type, inputs, name, attrs)

    def as_graph_def(self, from_version: int | None = None, add_shapes: bool = False) -> Any:
        """Return the GraphDef message, of the operations from number `from_version` on."""
        from minitf.graph_def import graph_def

        return graph_def(self, from_version=from_version, add_shapes=add_shapes)

    def prevent_feeding(self, tensor: Tensor) -> None:
        """Mark a tensor as one that no feed may replace."""
        self._unfeedable.add(tensor)

    def is_feedable(self, tensor: Tensor) -> bool:
        """Tell whether a feed may replace the tensor."""
        return tensor not in self._unfeedable

    def prevent_fetching(self, op: Operation) -> None:
        """Mark an operation as one that no run may fetch."""
        self._unfetchable.add(op)

    def is_fetchable(self, tensor_or_op: Tensor | Operation) -> bool:
        """Tell whether a run may fetch the element."""
        op = tensor_or_op.op if isinstance(tensor_or_op, Tensor) else tensor_or_op
        return op not in self._unfetchable

    def switch_to_thread_local(self) -> None:
        """Do nothing: the scopes of a graph belong to the thread that enters them anyhow."""

    # --- names -------------------------------------------------------------------------------

    def unique_name(self, name: str, mark_as_used: bool = True) -> str:
        """Return `name` in the present name scope, with `_1`, `_2`, ... if it is taken."""
        scope = self.scopes.name
        if scope:
            name = f"{scope}/{name}"
        key = name.lower()
        names = self._names
        with self.lock:
            count = names.get(key, 0)
            if mark_as_used:
                names[key] = count + 1
            if count == 0:
                return name
            while (unique := f"{key}_{count}") in names:
                count += 1
            if mark_as_used:
                names[unique] = 1
        return f"{name}_{count}"

    @contextlib.contextmanager
    def name_scope(self, name: str | None) -> Iterator[str]:
        """Prefix names of operations made inside; yields the scope's name with a slash.

        Args:
            name: a new scope, made unique; one that ends in "/" is entered again as it is; None
                or "" is the root.

        Raises:
            ValueError: if the name has characters that TensorFlow does not allow.
        """
        with self.scopes.named(self.scope_name(name)) as scope:
            yield scope

    def scope_name(self, name: str | None) -> str:
        """Return the full name, without a slash, that `name_scope(name)` enters; marks it as used.

        Raises:
            ValueError: if the name has characters that TensorFlow does not allow.
        """
        if not name:
            return ""
        if name.endswith("/"):
            return name[:-1]
        return self.unique_name(checked_scope_name(name, root=not self.scopes.name))

    def get_name_scope(self) -> str:
        """Return the present name scope without a slash."""
        return self.scopes.name

    # --- other scopes --------------------------------------------------------------------------

    def control_dependencies(self, control_inputs: Any) -> contextlib.AbstractContextManager[None]:
        """Make operations made inside wait for these; None forgets the enclosing blocks.

        Source: 2015 §2 "control dependencies".
        """
        if control_inputs is None:
            return ControlScope(self.scopes, None)
        operations = []
        for each in control_inputs:
            operation = getattr(each, "op", each)
            if type(operation) is not Operation or operation.graph is not self:
                element = self.as_graph_element(operation)
                operation = element.op if isinstance(element, Tensor) else element
            operations.append(operation)
        return ControlScope(self.scopes, tuple(operations))

    def device(self, device_name_or_function: Any) -> contextlib.AbstractContextManager[None]:
        """Request a device for operations made inside.

        Args:
            device_name_or_function: a name, a DeviceSpec, a function of the Operation that returns
                one of them, or None to forget the enclosing requests.
        """
        device = device_name_or_function
        if device is not None and not callable(device) and not isinstance(device, str):
            device = device.to_string()
        return self.scopes.on_device(device)

    def _apply_device_functions(self, op: Any) -> None:
        """Put an operation where the enclosing requests want it: the package `keras` asks."""
        self.scopes.apply_device(op)

    def colocate_with(
        self, op: Any, ignore_existing: bool = False
    ) -> contextlib.AbstractContextManager[None]:
        """Place operations made inside on the device of `op`."""
        if op is None and not ignore_existing:
            raise ValueError(
                "Trying to reset colocation (op is None) but ignore_existing is not True"
            )
        element = None if op is None else self.as_graph_element(getattr(op, "op", op))
        operation = element.op if isinstance(element, Tensor) else element
        return self.scopes.colocated(operation, ignore_existing=ignore_existing)

    def container(self, container_name: str) -> contextlib.AbstractContextManager[None]:
        """Keep the resources of stateful operations made inside in that container."""
        return self.scopes.changed(container=container_name)

    def gradient_override_map(
        self, op_type_map: dict[str, str]
    ) -> contextlib.AbstractContextManager[None]:
        """Give operations made inside another registered gradient: op type -> gradient's name.

        Source: OSDI §4.1 (users override gradients).
        """
        if not isinstance(op_type_map, dict):
            raise TypeError("op_type_map must be a dictionary mapping strings to strings")
        for key, value in op_type_map.items():
            if not isinstance(key, str) or not isinstance(value, str):
                raise TypeError("op_type_map must be a dictionary mapping strings to strings")
        return self.scopes.changed(gradient_overrides=op_type_map)

    def _attr_scope(self, attr_map: dict[str, Any]) -> contextlib.AbstractContextManager[None]:
        """Give operations made inside attributes (AttrValues), as TensorFlow's private method."""
        from minitf.attr_value import attribute_value

        values = {name: attribute_value(value) for name, value in attr_map.items()}
        return self.scopes.changed(attributes=values)

    def as_default(self) -> contextlib.AbstractContextManager[Graph]:
        """Make this the graph that new operations go to in this thread."""
        return entered(self)

    # --- growing -------------------------------------------------------------------------------

    def add(self, operation: Operation) -> None:
        """Add a new operation, with what the present scopes say; `OpDef` calls this.

        Raises:
            RuntimeError: if the graph is finalized.
            ValueError: if its name is malformed or taken.
        """
        self.check_not_finalized()
        scopes = self.scopes
        scopes.apply(operation)
        for tensor in operation.inputs:
            if tensor.op.context is not None:
                tensor.op.context.check_use(tensor.op, operation)
        operation.site = source.creation_site()
        name = operation.name
        if not is_operation_name(name):
            raise ValueError(f"'{name}' is not a valid node name")
        with self.lock:
            if name in self._operations:
                raise GraphBuildError(None, operation, f"Duplicate node name in graph: '{name}'")
            operation.index = len(self._operations)
            self._operations[name] = operation
            self._names.setdefault(name.lower(), 1)
            for tensor in operation.inputs:
                tensor._consumers.append(operation)
        if scopes.context is not None:
            # what brings its inputs in is called `name/Switch`; a Const opens no scope of its own
            with scopes.named(scopes.name if operation.type == "Const" else name):
                scopes.context.add(operation)

    def _get_control_flow_context(self) -> Any:
        """Return the branch or loop that is being built, as TensorFlow's private method."""
        return self.scopes.context

    def _set_control_flow_context(self, ctxt: Any) -> None:
        """Make new operations belong to a branch or loop."""
        self.scopes.context = ctxt

    @contextlib.contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Take back every operation and function that the block has added if it raises.

        Other threads wait meanwhile with what they want to add.
        """
        with self.lock:
            before, names = len(self._operations), self._names.copy()
            library, traced = self.library, self._traced.copy()
            try:
                yield
            except BaseException:
                for operation in list(self._operations.values())[before:]:
                    for tensor in operation.inputs:
                        tensor._consumers.remove(operation)
                    del self._operations[operation.name]
                self._names.clear()
                self._names.update(names)
                self.library, self._traced = library, traced
                raise

    def _repr_html_(self) -> str:
        from minitf.viewer.notebook import graph_html

        return graph_html(self)


def is_operation_name(name: str) -> bool:
    """Tell whether TensorFlow allows an operation to have that name."""
    return _VALID_NAME.fullmatch(name) is not None
