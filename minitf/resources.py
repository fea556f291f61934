"""State that outlives a step: named containers of resources, and variables among them.

**State**
- `ResourceStore`: container name -> (kind, resource name) -> resource.  One per session target.
- `Variable`: type and declared shape; the present version (None before the first write), a lock.

**Invariants**
1. Whoever reads holds a snapshot: what it sees never changes, and it is read-only.
2. A write makes a new version.  It reuses the old version's memory only while nobody holds it
   (its reference count says so) and it is the variable's own, else it takes fresh memory.
3. Reads, writes and updates of one variable exclude each other (its lock).  Whoever needs several
   locks takes them in the order in which the variables were made, so nobody waits in a circle.
4. A stored array never aliases one that anybody else can write to: what is written is copied,
   unless it lies in `bytes`, as what a checkpoint gives does; they never change.

Worked example:

    store = ResourceStore()
    w = store.find_or_create("", "w", lambda: Variable("w", dtypes.float32), Variable)
    w.write(np.ones(3, np.float32))
    before = w.read()
    w.update(lambda old, out: np.add(old, 1, out=out))    # `before` is still ones

**Departure**: TensorFlow's ref reads alias the buffer and may show a later write; ours do not.

Source: 2015 §2 "Variables", §4.7 "Containers"; OSDI §3.1.
"""

from __future__ import annotations

import itertools
import operator
import sys
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import numpy as np

from minitf.constant_memory import is_constant
from minitf.devices import MemoryUse
from minitf.dtypes import DType, float32
from minitf.errors import FailedPreconditionError, InvalidArgumentError
from minitf.shapes import Shape

R = TypeVar("R")
Array = np.ndarray[Any, Any]


DEFAULT_CONTAINER = "localhost"  # TensorFlow's name of the container that graphs call ""
_SERIAL = itertools.count()


class Variable:
    """A persistent mutable tensor: the object behind a ref tensor or a resource handle.

    Attributes:
        name: for messages.
        dtype: type of its elements.
        shape: what the operation that made it declares.
        lock: who writes holds it; of several, in the order of `by_age`.

    Source: 2015 §2 "Variables"; OSDI §3.1 (State'[r] = State[r] + x).
    """

    __slots__ = ("_serial", "_value", "dtype", "lock", "name", "shape")

    def __init__(self, name: str, dtype: DType, shape: Shape = Shape.unknown()) -> None:
        self.name = name
        self.dtype = dtype
        self.shape = shape
        self._value: Array | None = None
        self.lock = threading.RLock()
        self._serial = next(_SERIAL)

    @property
    def is_initialized(self) -> bool:
        """Whether it has a value."""
        return self._value is not None

    @property
    def present_shape(self) -> Shape:
        """The shape of its value; before the first write, what was declared."""
        value = self._value
        return self.shape if value is None else Shape(value.shape)

    def accepts(self, sizes: tuple[int, ...]) -> bool:
        """Tell whether an array of these sizes has the shape of its value, or what was declared."""
        value = self._value
        return self.shape.accepts(sizes) if value is None else value.shape == sizes

    def read(self) -> Array:
        """Return the present version: a read-only snapshot.

        Raises:
            FailedPreconditionError: if nothing was written yet.
        """
        with self.lock:
            if self._value is None:
                raise FailedPreconditionError(
                    None, None, f"Attempting to use uninitialized value {self.name}"
                )
            return self._value

    def write(self, value: Any) -> None:
        """Make a new version that holds `value`, in C order."""
        if is_constant(value) and value.dtype == self.dtype.numpy and value.flags.c_contiguous:
            array: Array = value
        else:
            array = np.array(value, self.dtype.numpy, order="C")
            array.flags.writeable = False
        with self.lock:
            self._value = array

    def update(self, change: Callable[[Array, Array], Any]) -> None:
        """Make a new version of the same shape by `change(old, out)`, atomically.

        `change` fills `out` elementwise from `old`; both are one array if nobody else holds it.
        """
        with self.lock:  # `updating` for one variable, without the stack of locks: the hot path
            out = self._next_version()
            try:
                change(self._value, out)  # type: ignore[arg-type]  # it has a value: read() checked
                self._value = out
            finally:
                out.flags.writeable = False

    def modify(self, change: Callable[[Array], Any]) -> None:
        """Make a new version by `change(array)`, which writes some elements in place; atomic."""
        with modifying(self) as (array,):
            change(array)

    def exclusive(self) -> Array:
        """Return its array, which nobody else holds: compiled code may write there.

        The caller has entered `lock`, and leaves the array alone when it leaves that.

        Raises:
            FailedPreconditionError: if nothing was written yet.
        """
        if self._value is None or not self._is_own():
            self._value = np.array(self.read())
            self._value.flags.writeable = False
        return self._value

    def clear(self) -> None:
        """Forget the value: the variable is uninitialised again."""
        with self.lock:
            self._value = None

    def _next_version(self) -> Array:
        """Return the array that the next version may be written to; the lock is held."""
        self.read()
        out = self._value if self._is_own() else np.empty_like(self._value)
        out.flags.writeable = True  # type: ignore[union-attr]  # read() has checked
        return out  # type: ignore[return-value]

    def _is_own(self) -> bool:
        """Tell whether nobody else holds its array, nor the memory that it lies in."""
        return self._references() == _UNSHARED and self._value.base is None  # type: ignore[union-attr]

    def _references(self) -> int:
        return sys.getrefcount(self._value)


def _references_of_an_unshared_version() -> int:
    """Measure what `_references` says where only the variable holds its value."""
    probe = Variable("", float32)
    probe.write(0)
    return probe._references()


_UNSHARED = _references_of_an_unshared_version()
by_age = operator.attrgetter("_serial")


class updating:  # noqa: N801 used as a function, in `with`
    """Give new versions of the same shapes to several variables in one atomic step.

    Enters to (old, out) of each variable: `out` is to be filled, elementwise from the old ones; it
    is `old` itself where nobody else holds that.  Check everything before the first write: a block
    that raises leaves an array that it has begun to fill as it is.

    Raises:
        FailedPreconditionError: if one of them has no value.
    """

    __slots__ = ("_held", "_outs", "_variables")

    def __init__(self, *variables: Variable) -> None:
        self._variables = variables

    def __enter__(self) -> list[tuple[Array, Array]]:
        """Lock the variables, in the order in which they were made, and find new memory."""
        variables = self._variables
        if len(variables) > 1:
            variables = tuple(sorted(variables, key=by_age))
        self._held: list[Any] = []
        self._outs: list[Array] = []
        try:
            for variable in variables:
                variable.lock.acquire()
                self._held.append(variable.lock)
            for variable in self._variables:
                variable.read()
            self._outs += [variable._next_version() for variable in self._variables]
        except BaseException:
            self._leave()
            raise
        return [(v.read(), out) for v, out in zip(self._variables, self._outs, strict=True)]

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        """Make the new versions the present ones, unless the block has failed."""
        if kind is None:
            for variable, out in zip(self._variables, self._outs, strict=True):
                variable._value = out
        self._leave()

    def _leave(self) -> None:
        for out in self._outs:
            out.flags.writeable = False
        self._outs = []
        while self._held:
            self._held.pop().release()


class modifying:  # noqa: N801 used as a function, in `with`
    """Change some elements of several variables in one atomic step.

    Enters to an array of each variable, which holds its value and may be written to.

    Raises:
        FailedPreconditionError: if one of them has no value.
    """

    __slots__ = ("_arrays", "_held", "_variables")

    def __init__(self, *variables: Variable) -> None:
        self._variables = variables

    def __enter__(self) -> list[Array]:
        """Lock the variables, in the order in which they were made, and make them writable."""
        variables = self._variables
        self._held: list[Any] = []
        self._arrays: list[Array] = []
        try:
            for variable in variables if len(variables) == 1 else sorted(variables, key=by_age):
                variable.lock.acquire()
                self._held.append(variable.lock)
            for variable in variables:
                array = variable.exclusive()
                array.flags.writeable = True
                self._arrays.append(array)
        except BaseException:
            self.__exit__()
            raise
        return self._arrays

    def __exit__(self, *_: object) -> None:
        """Unlock the variables."""
        for array in self._arrays:
            array.flags.writeable = False
        self._arrays = []
        while self._held:
            self._held.pop().release()


class ResourceStore:
    """Containers of named long-lived resources.

    Attributes:
        removals: how often something was dropped; while it stays the same, a resource once found
            is the one of its name.

    Source: 2015 §4.7.
    """

    def __init__(self) -> None:
        self.removals = 0
        self._containers: dict[str, dict[tuple[type, str], Any]] = {}
        self._lock = threading.RLock()

    def find_or_create(self, container: str, name: str, make: Callable[[], R], kind: type[R]) -> R:
        """Return the resource of that kind and name, made by `make()` the first time."""
        with self._lock:
            resources = self._containers.setdefault(container, {})
            found = resources.get((kind, name))
            if found is None:
                found = resources[kind, name] = make()
            return found

    def find(self, container: str, name: str, kind: type[R]) -> R | None:
        """Return the resource of that kind and name, or None."""
        with self._lock:
            return self._containers.get(container, {}).get((kind, name))

    def remove(self, container: str, name: str, kind: type) -> bool:
        """Drop a resource; tell whether it existed."""
        with self._lock:
            self.removals += 1
            return self._containers.get(container, {}).pop((kind, name), None) is not None

    def reset(self, containers: tuple[str, ...] = ()) -> None:
        """Drop everything in the named containers; in all of them if none is named."""
        with self._lock:
            self.removals += 1
            for name in containers or tuple(self._containers):
                self._containers.pop(name, None)


@dataclass(frozen=True, slots=True)
class Handle:
    """The value of a `resource` tensor, or of a ref tensor of strings: it names a resource.

    It is also the value of the ref tensors of strings that old graphs name queues and readers by.

    Source: OSDI §3.1 "a typed capability".
    """

    resource: Any
    container: str
    name: str
    shape: ClassVar[tuple[int, ...]] = ()  # as an array of it has: handles can be packed

    def read(self) -> Array:
        """Return what a ref tensor of strings shows: the container and the name."""
        parts = (self.container or DEFAULT_CONTAINER, self.name)
        return np.array([part.encode() for part in parts], object)


@dataclass(frozen=True, slots=True)
class VariableSpec:
    """What is known of the variable behind a handle while the graph is built.

    It is the static value of VarHandleOp's output, so it reaches shape rules through operations
    that hand a handle on.

    Source: OSDI §3.1 (a handle is typed).
    """

    dtype: DType
    shape: Shape


class Context:
    """What a stateful body may use besides its inputs: an op's keyword `context: Context`.

    Attributes:
        node_name: the operation's name; the default name of a resource it makes.
        resources: the store that outlives the step.
        local: values that live as long as the session, by key; a key begins with the node name.
        lock: guards `local`.
        function: gives, for an attribute of the kind "func", what calls that function of the graph
            with arrays and returns a list of arrays.
        memory: tells the use of the memory of the device that runs the operation.
    """

    __slots__ = ("function", "local", "lock", "memory", "node_name", "resources")

    def __init__(
        self,
        node_name: str,
        resources: ResourceStore,
        local: dict[Hashable, Any],
        lock: threading.Lock,
        function: Callable[[Any], Callable[..., list[Array]]] | None = None,
        memory: Callable[[], MemoryUse] | None = None,
    ) -> None:
        self.function = function
        self.memory = memory
        self.node_name = node_name
        self.resources = resources
        self.local = local
        self.lock = lock


def variable_of(handle: Any) -> Variable:
    """Return the Variable that a resource handle names.

    Raises:
        InvalidArgumentError: if the handle names something else.
    """
    found = handle.resource if isinstance(handle, Handle) else None
    if not isinstance(found, Variable):
        raise InvalidArgumentError(
            None, None, f"Trying to access resource of the wrong type: {handle}"
        )
    return found
