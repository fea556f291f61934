"""A Routine as the text of one function that makes all its calls.

    def fused(x0, x1, v0, v1, out0):
        if not (is_packed(x0) and is_packed(x1) and v0.shape == (10, 16) and v1.shape == (16,)):
            return 1
        t2 = empty((32, 16), float32)
        product(x0, v0, t2)
        t3 = empty((32, 16), float32)
        cluster(-1, 0, 0, 0, 32, 16, t2, v1, t3)
        ...
        if cluster_7(-1, 0, 0, 0, 32, 10, t7, x1, t8, t9) != 0:  # labels may be out of range
            return 1
        apply_gradient_descent(0, 160, (lr,), t9.reshape(-1), (), v0.reshape(-1))
        return 0

Parameters are fed arrays x, variables v, constant arrays c and the arrays of results.  It returns
0, or 1 if it has changed nothing and the step must be run otherwise.

**Invariant.** After the first line that changes a variable no line may return 1.

Source: 2015 §10.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from minitf.devices import Call, Routine
from minitf.kernels_cpu.fusion.calls import TYPES
from minitf.kernels_cpu.fusion.runtime import is_packed
from minitf.kernels_cpu.native.loops import copied
from minitf.resources import Handle, Variable, variable_of

INDENT = "    "
_NUMPY_TYPES = frozenset(dtype.numpy for dtype in TYPES)


class NotNativeError(Exception):
    """A step has something for which machine code is not made."""


class Operand(NamedTuple):
    """What a name in the text stands for.

    Attributes:
        name: of an array, or of a number.
        dtype: of its elements.
        shape: of the array.
        is_lasting: whether it is a variable's, which later lines may change.
        is_number: whether it is a number, no array.
    """

    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    is_lasting: bool = False
    is_number: bool = False

    @property
    def size(self) -> int:
        """How many elements it has."""
        return int(np.prod(self.shape, dtype=np.int64))


class Parameter(NamedTuple):
    """A parameter of the function.

    Attributes:
        operand: its name, type and shape.
        source: the number of a feed, a Variable, a constant array; None for a result's array.
    """

    operand: Operand
    source: Any


class Body:
    """The text under construction.

    Attributes:
        parameters: by name.
        names: the global names of the text.
        lines: of the function's body.
        changed: the variables that are changed so far.
        work: about how many simple instructions it takes.
        has_loops: whether lines may be in loops.
    """

    has_loops = False

    def __init__(self, routine: Routine) -> None:
        self.parameters: dict[str, Parameter] = {}
        self.names: dict[str, Any] = {"empty": np.empty, "is_packed": is_packed}
        self.lines: list[str] = []
        self.changed: list[Variable] = []
        self.work = 0
        self.values: dict[int, Any] = {}  # an Operand, a Variable or a constant array
        self._names_made = 0
        self._results = {each for each in routine.results if isinstance(each, int)}
        for number, (dtype, shape) in enumerate(routine.feeds):
            self.values[number] = self._parameter(f"x{number}", dtype, shape, number)
        self._fed = len(routine.feeds)

    def source(self) -> str:
        """Return the text of the function."""
        checks = []
        for name, (operand, source) in self.parameters.items():
            if isinstance(source, Variable):
                checks.append(f"{name}.shape == {operand.shape!r}")
            elif isinstance(source, int) and not operand.is_number:
                checks.append(f"is_packed({name})")
        body = [f"if not ({' and '.join(checks)}):", f"{INDENT}return 1"] if checks else []
        lines = [*body, *self.lines, "return 0"]
        return f"def fused({', '.join(self.parameters)}):\n" + "".join(
            f"{INDENT}{line}\n" for line in lines
        )

    # --- what lines are made of -------------------------------------------------------------------

    def value(self, operand: Any) -> Operand:
        """Return the array of an operand; of a Variable, its value."""
        found = self.known(operand)
        if not found.is_number:
            return found
        made = self.scratch(self.unique("number"), found.dtype, ())
        self.lines.append(f"{made.name}[()] = {found.name}")
        return made

    def known(self, operand: Any) -> Operand:
        """Return the array or number of an operand; of a Variable, its value."""
        found = self.values.get(operand) if isinstance(operand, int) else operand
        if isinstance(found, Operand):
            return found
        if isinstance(found, (Variable, Handle)):
            return self._of_variable(self.variable(found))
        if isinstance(found, np.ndarray):
            return self._of_constant(found)
        raise NotNativeError(f"{found!r} is no array")

    def constant(self, operand: Any) -> np.ndarray[Any, Any] | None:
        """Return the array that an operand is known to be, None if it is not known."""
        found = self.values.get(operand) if isinstance(operand, int) else operand
        return found if isinstance(found, np.ndarray) else None

    def variable(self, operand: Any) -> Variable:
        """Return the Variable that an operand stands for."""
        found = self.values.get(operand) if isinstance(operand, int) else operand
        if isinstance(found, Variable):
            return found
        if isinstance(found, Handle) and isinstance(found.resource, Variable):
            return variable_of(found)
        raise NotNativeError(f"{found!r} is no variable")

    def changes(self, operand: Any) -> Operand:
        """Return the array of a Variable, which the next line changes."""
        variable = self.variable(operand)
        if variable not in self.changed:
            self.changed.append(variable)
        return self._of_variable(variable)

    def array(self, number: int, dtype: np.dtype[Any], shape: Sequence[int]) -> Operand:
        """Return a new array for a value; one that is a result comes from outside."""
        sizes = tuple(shape)
        if number in self._results:
            made = self._parameter(f"out{number}", dtype, sizes, None)
        else:
            made = self.scratch(f"t{number}", dtype, sizes)
        self.values[number] = made
        return made

    def scratch(self, name: str, dtype: np.dtype[Any], shape: tuple[int, ...]) -> Operand:
        """Return a new array that the function makes itself."""
        self.lines.append(f"{name} = empty({shape!r}, {self.type(dtype)})")
        return Operand(name, dtype, shape)

    def once(self, operand: Operand, loops: Any, shape: tuple[int, ...]) -> Operand:
        """Return a new array that some loops make of another, and of nothing else."""
        made = self.scratch(self.unique("made"), operand.dtype, shape)
        self.lines.append(f"{self.callee(loops, 'made')}({operand.name}, {made.name})")
        return made

    def stands_for(self, number: int, operand: Operand, shape: tuple[int, ...]) -> None:
        """Let a value be an array that is there, in another shape."""
        if number in self._results or operand.is_lasting:
            made = self.array(number, operand.dtype, shape)
            copy = self.callee(copied, "copied")
            self.lines.append(f"{copy}({operand.name}.reshape(-1), {made.name}.reshape(-1))")
            return
        name = operand.name
        if operand.shape != shape:
            name = f"t{number}"
            self.lines.append(f"{name} = {operand.name}.reshape({shape!r})")
        self.values[number] = Operand(name, operand.dtype, shape)

    def scalar(self, operand: Any) -> str:
        """Return an expression for the one element of an operand."""
        known = self.constant(operand)
        if known is not None and known.size == 1 and _is_plain(known):
            return f"{self.type(known.dtype)}({known.item()!r})"
        found = self.known(operand)
        if found.size != 1:
            raise NotNativeError(f"{found} is no scalar")
        return found.name if found.is_number else f"{found.name}.item()"

    def let(self, number: int, dtype: np.dtype[Any], expression: str) -> None:
        """Let a value be a number."""
        name = f"t{number}"
        self.lines.append(f"{name} = {self.type(dtype)}({expression})")
        self.values[number] = Operand(name, dtype, (), is_number=True)

    def unique(self, stem: str) -> str:
        """Return a name for something that only the next lines use."""
        self._names_made += 1
        return f"{stem}_{self._names_made}"

    def number(self, number: Any, dtype: np.dtype[Any]) -> str:
        """Return a number of an element type."""
        array = np.asarray(number)
        if not _is_plain(array):
            raise NotNativeError(f"{number} is no literal")
        return f"{self.type(dtype)}({array.item()!r})"

    def callee(self, function: Any, name: str) -> str:
        """Return the name of something that is called."""
        for known, value in self.names.items():
            if value is function:
                return known
        word = name if name not in self.names else f"{name}_{len(self.names)}"
        self.names[word] = function
        return word

    def must_succeed(self, call: str) -> None:
        """Write a call that says by a number whether it could compute."""
        if self.changed:
            raise NotNativeError("something may fail after a variable was changed")
        self.lines += [f"if {call} != 0:", f"{INDENT}return 1"]

    # --- parameters -------------------------------------------------------------------------------

    def _of_variable(self, variable: Variable) -> Operand:
        for operand, source in self.parameters.values():
            if source is variable:
                return operand
        sizes = variable.shape.dims if variable.shape.is_full else None
        if sizes is None:
            raise NotNativeError(f"the shape of {variable.name} is not known")
        name = f"v{len(self.parameters)}"
        shape: Any = tuple(sizes)
        return self._parameter(name, variable.dtype.base_dtype.numpy, shape, variable)

    def _of_constant(self, array: np.ndarray[Any, Any]) -> Operand:
        for operand, source in self.parameters.values():
            if source is array:
                return operand
        return self._parameter(f"c{len(self.parameters)}", array.dtype, array.shape, array)

    def _parameter(
        self, name: str, dtype: np.dtype[Any], shape: tuple[int, ...], source: Any
    ) -> Operand:
        self.type(dtype)
        made = Operand(name, dtype, tuple(shape), isinstance(source, Variable))
        self.parameters[name] = Parameter(made, source)
        return made

    def type(self, dtype: np.dtype[Any]) -> str:
        """Return the name of an element type."""
        if dtype not in _NUMPY_TYPES:
            raise NotNativeError(f"no loops are made for {dtype}")
        word = f"{dtype.name}_" if dtype.kind == "b" else dtype.name
        self.names[word] = dtype.type
        return word


def _is_plain(number: np.ndarray[Any, Any]) -> bool:
    """Tell whether a number can be written down."""
    return number.dtype.kind in "iub" or bool(number.dtype.kind == "f" and np.isfinite(number))


def text_of(routine: Routine) -> Body:
    """Return the text of a routine.

    Raises:
        NotNativeError: if it has something for which machine code is not made.
    """
    from minitf.kernels_cpu.native.forms import cluster, form_of

    body = Body(routine)
    for call in routine.block:
        assert isinstance(call, Call), "a step with loops is not native as a whole"
        if call.operation is None:
            cluster(body, call)
            continue
        form = form_of(call.operation)
        if form is None:
            raise NotNativeError(f"{call.operation.type} has no form")
        form(body, call.operation, call)
    for result in routine.results:
        if isinstance(result, int) and not isinstance(body.values.get(result), Operand):
            raise NotNativeError("a variable is fetched")
    return body
