"""The scopes of a graph: names, control dependencies, devices, branches and loops, and others.

**State** (`Scopes`, one per graph and thread): what the `with` statements around the present line
say.  An operation takes a copy of it when it is made; a scope never changes one that exists.

**Invariants**
1. Leaving a `with` restores exactly what was there when it was entered.
2. Scopes of one thread are not seen by another.

Source: 2015 §2 (control dependencies), §4.3 (devices, colocation), §4.4 (control flow), §4.7
(containers).
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from minitf.devices import DeviceSpec

if TYPE_CHECKING:
    from minitf.operation import Operation

DeviceFunction = Callable[["Operation"], Any]


class ControlScope:
    """One `control_dependencies` block: what it adds, and which operations were made inside it.

    Used in one `with` statement.  None for `operations` forgets every enclosing block, and that a
    branch or loop is being built.
    """

    __slots__ = ("_outer", "_scopes", "clears", "control_inputs", "seen")

    def __init__(self, scopes: Scopes, operations: tuple[Operation, ...] | None) -> None:
        self.control_inputs = operations or ()
        self.clears = operations is None
        self.seen: set[Operation] = set()
        self._scopes = scopes

    def __enter__(self) -> None:
        scopes = self._scopes
        self._outer = scopes.control, scopes.context
        if self.clears:
            scopes.control, scopes.context = [self], None
        else:
            scopes.control = [*scopes.control, self]

    def __exit__(self, *exception: object) -> None:
        self._scopes.control, self._scopes.context = self._outer


class Scopes(threading.local):
    """The present scopes of one graph in one thread."""

    def __init__(self) -> None:
        self.name = ""  # "a/b" without the last slash
        self.control: list[ControlScope] = []
        self.context: Any = None  # the branch or loop (`minitf.contexts`)
        self.devices: list[str | DeviceFunction | None] = []
        self.colocation: list[Operation] = []
        self.container = ""
        self.attributes: dict[str, Any] = {}
        self.gradient_overrides: dict[str, str] = {}
        self.op_types: dict[str, str] = {}

    @contextlib.contextmanager
    def named(self, name: str) -> Iterator[str]:
        """Enter the name scope of that full name ("" is the root); yields it with a slash."""
        outer, self.name = self.name, name
        try:
            yield f"{name}/" if name else ""
        finally:
            self.name = outer

    @contextlib.contextmanager
    def on_device(self, device: str | DeviceFunction | None) -> Iterator[None]:
        """Request a device; inner requests add to outer ones; None forgets the outer ones."""
        outer = self.devices
        self.devices = [*outer, device]
        try:
            yield
        finally:
            self.devices = outer

    @contextlib.contextmanager
    def colocated(self, operation: Operation | None, *, ignore_existing: bool) -> Iterator[None]:
        """Place new operations where `operation` is; its device replaces the requested one."""
        outer = self.colocation, self.devices
        self.colocation = [] if ignore_existing else list(self.colocation)
        if operation is not None:
            self.colocation.append(operation)
            self.devices = [None]
        elif ignore_existing:
            self.devices = [None]
        try:
            yield
        finally:
            self.colocation, self.devices = outer

    @contextlib.contextmanager
    def changed(self, **values: Any) -> Iterator[None]:
        """Set any of the other fields for the block; a mapping is merged into the outer one."""
        outer = {key: getattr(self, key) for key in values}
        for key, value in values.items():
            merged = {**outer[key], **value} if isinstance(value, Mapping) else value
            setattr(self, key, merged)
        try:
            yield
        finally:
            for key, value in outer.items():
                setattr(self, key, value)

    # --- what a new operation takes from the scopes -------------------------------------------

    def apply(self, operation: Operation) -> None:
        """Give a new operation what the enclosing blocks say."""
        operation.context = self.context
        if self.control:
            sources = tuple([tensor.op for tensor in operation.inputs])
            operation.control_inputs += self.control_inputs_for(sources)
            for scope in self.control:
                scope.seen.add(operation)
        if self.devices:
            self.apply_device(operation)
        if self.colocation:
            self.apply_colocation(operation)
        if self.attributes:
            operation.attrs = self.attributes | operation.attrs
        if self.container and operation.attrs.get("container") == "":
            operation.attrs["container"] = self.container
        if operation.type in self.gradient_overrides:
            operation.attrs["_gradient_op_type"] = self.gradient_overrides[operation.type]

    def control_inputs_for(self, data_inputs: tuple[Operation, ...]) -> list[Operation]:
        """Return the operations to wait for, less those that the inputs wait for already.

        An input made inside a block has waited for that block's operations (TensorFlow's rule).
        """
        found: dict[Operation, None] = {}
        for scope in self.control:
            if not data_inputs:
                found.update(dict.fromkeys(scope.control_inputs))
            elif scope.seen.isdisjoint(data_inputs):
                found.update((op, None) for op in scope.control_inputs if op not in data_inputs)
        return list(found)

    def apply_device(self, operation: Operation) -> None:
        """Give a new operation the device that the enclosing blocks request.

        From the innermost block outwards: a name fills what is still open, a function sees what is
        there and replaces it.
        """
        start = next(
            (i + 1 for i in reversed(range(len(self.devices))) if self.devices[i] is None), 0
        )
        for device in self.devices[start:][::-1]:
            if callable(device):
                chosen = device(operation)
                if chosen is not None:
                    spec = chosen if isinstance(chosen, str) else chosen.to_string()
                    operation.device = DeviceSpec.from_string(spec).to_string()
            elif device:
                merged = DeviceSpec.from_string(device).merged(operation.device)
                operation.device = merged.to_string()

    def apply_colocation(self, operation: Operation) -> None:
        """Record `loc:@name` of the enclosing colocation blocks in the attribute `_class`."""
        groups = dict.fromkeys(operation.attrs.get("_class", ()))
        for other in self.colocation:
            groups.update(dict.fromkeys(other.attrs.get("_class") or (f"loc:@{other.name}",)))
            if other.device:
                operation.device = other.device
        operation.attrs["_class"] = tuple(sorted(groups))


def checked_scope_name(name: str, *, root: bool) -> str:
    """Return a scope name if its characters are allowed; ValueError names it if not."""
    allowed = _ROOT_CHARACTERS if root else _CHARACTERS
    if name and not (name[0] in allowed and all(c in _CHARACTERS for c in name)):
        raise ValueError(f"'{name}' is not a valid scope name")
    return name


_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_ROOT_CHARACTERS = _LETTERS | {"."}
_CHARACTERS = _LETTERS | set("._-/\\>")
