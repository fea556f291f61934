"""Loop variables: what is invariant about their shapes, and errors that call them by name.

A loop is built once for all iterations, so the static shape of a loop variable must be true of all
of them: it is that of the first value, or what `shape_invariants` says.

    ValueError: Input tensor 'ones:0' enters the loop with shape (2,), but has shape (4,) after one
    iteration. To allow the shape to vary across iterations, use the `shape_invariants` argument ...
      loop_vars[1], `x` of the body
        enters as 'ones:0', created at train.py:3: x = tf.ones([2])
        becomes 'while/concat:0', created at train.py:5: x = tf.concat([x, x], 0)
      hint: shape_invariants=[tf.TensorShape([]), tf.TensorShape([None])]

Source: TensorFlow 1.15's `tf.while_loop`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from minitf import nest, source
from minitf.composite import IndexedSlices, SparseTensor
from minitf.control_flow.values import tensors
from minitf.shapes import UNKNOWN, Shape, as_shape
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.tensor_shape import TensorShape
from minitf.type_spec import CompositeTensor, TypeSpec


class _Part(NamedTuple):
    """A tensor that a loop carries: its first value, and what is true of its shape throughout."""

    start: Tensor
    shape: Shape


class LoopVariables:
    """The variables of a loop.

    Args:
        variables: their first values; whatever stands before the user's is the library's own.
        invariants: a shape for each, in the same structure; None for those of the first values.
        user_vars: the user's `loop_vars`.
        body: the user's function, whose parameters name the variables.

    Raises:
        ValueError: if a first value does not have the shape that its invariant says.
    """

    def __init__(
        self, variables: Any, invariants: Any, user_vars: Any, body: Callable[..., Any]
    ) -> None:
        values = nest.flatten(variables)
        wanted: list[Any] = [None] * len(values)
        if invariants is not None:
            nest.assert_same_structure(variables, invariants)
            wanted = nest.flatten(invariants)
        self._parts = [_parts(*each) for each in zip(values, wanted, strict=True)]
        self._user_vars = user_vars
        self._names = list(_names(user_vars, body))
        self._names[:0] = ["iteration_counter"] * (len(values) - len(self._names))
        for each in self._flat():
            _check_start(each)

    @property
    def shapes(self) -> list[Shape]:
        """What is true of each tensor's shape in every iteration."""
        return [part.shape for part in self._flat()]

    def _flat(self) -> list[_Part]:
        return [part for parts in self._parts for part in parts]

    def check(self, results: Sequence[Tensor]) -> None:
        """Check what the body makes of the variables.

        Raises:
            TypeError: if a type has changed.
            ValueError: if a shape has changed that is invariant.
        """
        rest = iter(results)
        following = [[next(rest) for _ in parts] for parts in self._parts]
        changed: list[tuple[str, _Part, Tensor]] = []
        for name, parts, values in zip(self._names, self._parts, following, strict=True):
            for part, value in zip(parts, values, strict=True):
                if value.dtype.base_dtype is not part.start.dtype.base_dtype:
                    raise TypeError(
                        _phrase(part, value, "type", lambda t: t.dtype.base_dtype.name)
                        + _made(name, part.start, value)
                    )
                if not is_within(value.static_shape, part.shape):
                    changed.append((name, part, value))
        if changed:
            _, part, value = changed[0]
            message = _phrase(part, value, "shape", lambda t: t.shape) + (
                " To allow the shape to vary across iterations, use the `shape_invariants` "
                "argument of tf.while_loop to specify a less-specific shape."
            )
            message += "".join(_made(name, each.start, after) for name, each, after in changed)
            raise ValueError(f"{message}\n  hint: shape_invariants={self._suggested(following)}")

    def _suggested(self, following: list[list[Tensor]]) -> str:
        """Return the argument that allows each variable the shapes it was seen with."""
        first = len(self._parts) - len(nest.flatten(self._user_vars))
        shapes = [
            _in_common(parts[0].shape, values[0].static_shape)
            for parts, values in zip(self._parts[first:], following[first:], strict=True)
        ]
        return _written(self._user_vars, iter(shapes))


# --- shapes ---------------------------------------------------------------------------------------


def _parts(value: Any, invariant: Any) -> list[_Part]:
    """Return the tensors of a leaf, each with its invariant shape."""
    parts = tensors(value)
    if invariant is None or isinstance(value, TensorArray):
        return [_Part(part, part.static_shape) for part in parts]
    if isinstance(value, CompositeTensor) and not isinstance(value, (IndexedSlices, SparseTensor)):
        spec = invariant
        if not isinstance(spec, TypeSpec):
            spec = value._shape_invariant_to_type_spec(invariant)  # noqa: SLF001 TensorFlow's protocol
        shapes = [each.shape.static_shape for each in nest.flatten(spec, expand_composites=True)]
        return [_Part(*each) for each in zip(parts, shapes, strict=True)]
    shape = as_shape(invariant)
    if not isinstance(value, (IndexedSlices, SparseTensor)):
        return [_Part(parts[0], shape)]
    rank = UNKNOWN if shape.rank is None else shape.rank
    if isinstance(value, SparseTensor):
        shapes = [Shape([UNKNOWN, rank]), Shape([UNKNOWN]), Shape([rank])]
    else:
        shapes = [shape, Shape([shape[0]]), Shape([rank])]
    return [_Part(*each) for each in zip(parts, shapes, strict=False)]


def is_within(shape: Shape, allowed: Shape) -> bool:
    """Tell whether whatever has one shape has the other too."""
    mine, theirs = shape.as_list(), allowed.as_list()
    if theirs is None:
        return True
    return (
        mine is not None
        and len(mine) == len(theirs)
        and all(b is None or a == b for a, b in zip(mine, theirs, strict=True))
    )


def _in_common(a: Shape, b: Shape) -> Shape:
    return TensorShape(a).most_specific_compatible_shape(TensorShape(b)).static_shape


def _check_start(part: _Part) -> None:
    if not is_within(part.start.static_shape, part.shape):
        raise ValueError(
            f"The shape invariant specified for {part.start.name} is not compatible with the "
            "initial shape of the loop variable. It enters the loop with shape "
            f"{part.start.shape}, but the specified shape invariant is {TensorShape(part.shape)}."
            f"\n  {part.start.name} created at {source.describe(part.start.op.site)}"
        )


# --- messages -------------------------------------------------------------------------------------


def _phrase(part: _Part, value: Tensor, what: str, of: Callable[[Tensor], Any]) -> str:
    entering = TensorShape(part.shape) if what == "shape" else of(part.start)
    return (
        f"Input tensor '{part.start.name}' enters the loop with {what} {entering}, but has {what} "
        f"{of(value)} after one iteration."
    )


def _made(name: str, start: Tensor, value: Tensor) -> str:
    return (
        f"\n  {name}"
        f"\n    enters as '{start.name}', created at {source.describe(start.op.site)}"
        f"\n    becomes '{value.name}', created at {source.describe(value.op.site)}"
    )


def _names(user_vars: Any, body: Callable[..., Any]) -> Iterator[str]:
    """Name each leaf: where it stands, and the parameter of the body that takes it."""
    try:
        parameters = list(inspect.signature(body).parameters)
    except (TypeError, ValueError):  # a builtin has no signature
        parameters = []
    for i, value in enumerate(user_vars):
        where = f", `{parameters[i]}` of the body" if i < len(parameters) else ""
        for path in _paths(value):
            yield f"loop_vars[{i}]{path}{where}"


def _paths(structure: Any) -> Iterator[str]:
    """Walk the leaves of a structure in the order of `nest.flatten`; yields how to get at each."""
    if isinstance(structure, Mapping):
        steps = [(f"[{key!r}]", structure[key]) for key in sorted(structure)]
    elif hasattr(structure, "_fields"):
        steps = [(f".{key}", getattr(structure, key)) for key in structure._fields]
    elif isinstance(structure, (list, tuple)):
        steps = [(f"[{i}]", each) for i, each in enumerate(structure)]
    else:
        yield ""
        return
    for step, each in steps:
        for rest in _paths(each):
            yield step + rest


def _written(structure: Any, shapes: Iterator[Shape]) -> str:
    """Write a structure of shapes as Python does."""
    if isinstance(structure, Mapping):
        by_key = {key: _written(structure[key], shapes) for key in sorted(structure)}
        return "{" + ", ".join(f"{key!r}: {by_key[key]}" for key in structure) + "}"
    if isinstance(structure, (list, tuple)):
        parts = [_written(each, shapes) for each in structure]
        if hasattr(structure, "_fields"):
            return f"{type(structure).__name__}({', '.join(parts)})"
        if isinstance(structure, list):
            return f"[{', '.join(parts)}]"
        return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
    return f"tf.TensorShape({next(shapes).as_list()})"
