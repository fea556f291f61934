"""A subgraph for fed arrays of known shapes: what depends on shapes alone is computed once.

A program that feeds batches of [100, 784] in every step runs, in every step, operations that ask
for shapes, compare them and sum over no axis at all.  Here the operations are copied with the fed
shapes in place of the unknown ones; shape rules and value rules then say what is constant.

**State**: none; the graph and the subgraph given are not changed.  Copies keep the name, the user's
line and the place in the order of their originals.

**Invariants**
1. For feeds of these shapes the new subgraph gives the same values, bit for bit.
2. What is left out has no effect: pure operations whose values are known, that change nothing (a
   Reshape to the same shape), or that nobody reads and that could not complain.

Worked example, x of unknown batch size fed with [100, 4]:

    s = Shape(x);  n = Cast(s[0]);  y = Sum(x, []);  z = Reshape(y, s) / n
    specialise: z = x / 100.0

Source: 2015 §10 (specialising subgraphs by shape), §5.1; OSDI §5 (constant folding).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf.build import infer_shapes
from minitf.executor.optimize import fold_constants, is_pure, merge_equal, read_only
from minitf.executor.prune import Request, Subgraph
from minitf.executor.variable_reads import stands_for_variable
from minitf.executor.waits import COMPLAINS, drop_needless_waits
from minitf.operation import Operation
from minitf.ops import find_op
from minitf.shapes import Shape, merge
from minitf.static_value import constant_value
from minitf.tensor import Tensor

# Give their first input back if its shape, or type, is what they would make of it.
_RESHAPES = frozenset(("BroadcastTo", "EnsureShape", "ExpandDims", "Reshape", "Squeeze", "Tile"))
_REDUCES = frozenset(("Max", "Mean", "Min", "Prod", "Sum"))
# Give their first input back if their second is this number; `tf.random_uniform` is full of them.
_NEUTRAL = {"Add": 0, "AddV2": 0, "Div": 1, "Mul": 1, "RealDiv": 1, "Sub": 0}


def specialise(subgraph: Subgraph, shapes: Sequence[Any], most_bytes: int) -> Subgraph:
    """Return the subgraph for feeds of these shapes.

    Args:
        subgraph: pruned, merged and folded; without loops or branches.
        shapes: of the fed arrays, in the order of the request's feeds; None for a handle.
        most_bytes: how large a folded constant may be.

    Source: 2015 §10.
    """
    made = _Copy(subgraph, shapes).subgraph
    _fold_known(made)
    fold_constants(made, most_bytes)
    merge_equal(made)
    leave_out_unread(made)
    drop_needless_waits(made)
    return made


class _Copy:
    """Copies operations, their inputs exchanged for copies, and infers shapes anew.

    Pure operations that read no variable wait for nobody: it makes no difference when they run.
    Whoever reads them or waits for them waits in their place.
    """

    def __init__(self, subgraph: Subgraph, shapes: Sequence[Any]) -> None:
        self._old = subgraph
        self._tensors: dict[Tensor, Tensor] = {}
        self._operations: dict[Operation, Operation] = {}
        request = subgraph.request
        for tensor, shape in zip(request.feeds, shapes, strict=True):
            known = Shape.unknown() if shape is None else Shape(shape)
            self._tensors[tensor] = _fed(tensor, known)
        constants = {}
        for tensor, array in subgraph.constants.items():
            if tensor not in self._tensors:
                self._tensors[tensor] = constant = _constant(tensor, array)
                constants[constant] = array
        for operation in subgraph.operations:
            self._copy(operation)
        handed_on: dict[Operation, list[Operation]] = {}  # copy -> what others wait for instead
        for old, new in self._operations.items():
            waits = [self._standing_for(each) for each in subgraph.control_sources(old)]
            found = [each for each in waits if each is not None]
            needed = [*found, *(tensor.op for tensor in new.inputs)]
            found += [each for source in needed for each in handed_on.get(source, ())]
            if not is_pure(old.definition) or any(map(_is_variable, new.inputs)):
                new.control_inputs = list(dict.fromkeys(found))
            elif found:
                handed_on[new] = list(dict.fromkeys(found))
        targets = tuple(dict.fromkeys(map(self._standing_for, request.targets)))
        wanted = Request(
            tuple([self._tensor(t) for t in request.fetches]),
            tuple([target for target in targets if target is not None]),
            tuple([self._tensors[t] for t in request.feeds]),
        )
        self.subgraph = Subgraph(wanted, list(self._operations.values()), constants)

    def _tensor(self, tensor: Tensor) -> Tensor:
        return self._tensors[self._old.source(tensor)]

    def _standing_for(self, operation: Operation) -> Operation | None:
        """Return the copy of an operation that is waited for; None if it has happened."""
        return self._operations.get(self._old.same.get(operation, operation))

    def _copy(self, old: Operation) -> None:
        inputs = tuple([self._tensor(tensor) for tensor in old.inputs])
        new = Operation(old.graph, old.definition, old.name, inputs, old.attrs)
        new.device, new.site, new.index = old.device, old.site, old.index
        new.origin = old
        found = infer_shapes(new, len(old.outputs))
        new.outputs = [
            Tensor(new, t.value_index, t.dtype, merge(t.static_shape, shape))
            for t, shape in zip(old.outputs, found, strict=True)
        ]
        if _has_any_shape(old):
            for tensor in new.outputs:
                tensor.static_shape = Shape.unknown()
        self._operations[old] = new
        for tensor, copied in zip(old.outputs, new.outputs, strict=True):
            self._tensors.setdefault(tensor, copied)  # unless it is fed


def _fed(tensor: Tensor, shape: Shape) -> Tensor:
    """Return a tensor of which nothing is known but its type and shape."""
    return _alone(tensor, "Placeholder", {"dtype": tensor.dtype.base_dtype, "shape": shape}, shape)


def _constant(tensor: Tensor, array: object) -> Tensor:
    attrs = {"dtype": tensor.dtype.base_dtype, "value": array}
    return _alone(tensor, "Const", attrs, Shape(getattr(array, "shape", ())))


def _alone(tensor: Tensor, kind: str, attrs: dict[str, object], shape: Shape) -> Tensor:
    old = tensor.op
    new = Operation(old.graph, find_op(kind), old.name, (), attrs)
    new.site, new.index, new.origin = old.site, old.index, old
    made = Tensor(new, tensor.value_index, tensor.dtype.base_dtype, shape)
    new.outputs = [made]
    return made


def _has_any_shape(operation: Operation) -> bool:
    """Tell whether an operation gives a variable that the program gives values of other shapes."""
    return any(
        tensor.dtype.is_ref
        and any(not each.attrs.get("validate_shape", True) for each in tensor.consumers())
        for tensor in operation.outputs
    )


def _is_variable(tensor: Tensor) -> bool:
    """Tell whether whoever reads a tensor reads a variable, as it is at that moment."""
    return tensor.dtype.is_ref or stands_for_variable(tensor.op)


# --- what is left out ----------------------------------------------------------------------------


def _fold_known(subgraph: Subgraph) -> None:
    """Make constants of values that value rules know; leave out what changes nothing."""
    kept = []
    for operation in subgraph.operations:
        if not is_pure(operation.definition) or not operation.inputs:
            kept.append(operation)
            continue
        values = [constant_value(tensor) for tensor in operation.outputs]
        if all(value is not None for value in values):
            arrays = [read_only(value) for value in values]
            subgraph.constants.update(zip(operation.outputs, arrays, strict=True))
            continue
        unchanged = _unchanged(subgraph, operation)
        if unchanged is None:
            kept.append(operation)
        else:
            subgraph.aliases[operation.outputs[0]] = unchanged
            subgraph.left_out[operation] = [unchanged.op]
    subgraph.operations = kept


def _unchanged(subgraph: Subgraph, operation: Operation) -> Tensor | None:
    """Return the input that an operation gives back as it is, None if it changes it."""
    x, y = subgraph.source(operation.inputs[0]), operation.outputs[0]
    if x.dtype is not y.dtype or not y.static_shape.is_full or _is_variable(x):
        return None
    if not x.static_shape.is_full or x.static_shape != y.static_shape:
        return None
    kind = operation.type
    if kind == "Cast" or kind in _RESHAPES:
        # Where what is asked for is computed it may be wrong, which only the operation can tell.
        known = all(subgraph.source(each) in subgraph.constants for each in operation.inputs[1:])
        return x if known else None
    if kind in _REDUCES:
        axes = subgraph.constants.get(subgraph.source(operation.inputs[1]))
        return x if axes is not None and not axes.size else None
    if kind in _NEUTRAL:
        other = subgraph.constants.get(subgraph.source(operation.inputs[1]))
        return x if other is not None and _is_neutral(kind, other, x) else None
    return None


def _is_neutral(kind: str, other: Any, x: Tensor) -> bool:
    """Tell whether `x kind other` is x to the last bit: x + 0.0 is not, where x may be -0.0."""
    if x.dtype.is_complex or not np.all(other == _NEUTRAL[kind]):
        return False
    if kind == "Sub":
        return not np.any(np.signbit(other))
    if kind in ("Add", "AddV2") and x.dtype.is_floating:
        return x.op.type == "RandomUniform" or bool(np.all(np.signbit(other)))
    return True


def leave_out_unread(subgraph: Subgraph) -> None:
    """Leave out pure operations that others wait for but nobody reads.

    Source: 2015 §5.1.
    """
    request = subgraph.request
    read = {subgraph.source(tensor) for tensor in request.fetches}
    targets = {subgraph.same.get(each, each) for each in request.targets}
    kept = []
    for operation in reversed(subgraph.operations):
        if (
            is_pure(operation.definition)
            and operation.outputs
            and operation.type not in COMPLAINS
            and operation not in targets
            and read.isdisjoint(operation.outputs)
        ):
            waits = subgraph.control_sources(operation)
            made_of = [subgraph.source(tensor).op for tensor in operation.inputs]
            subgraph.left_out[operation] = [*waits, *made_of]
        else:
            kept.append(operation)
            read.update(map(subgraph.source, operation.inputs))
    subgraph.operations = kept[::-1]
