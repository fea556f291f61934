"""The backward walk: from ys to xs, one gradient rule per operation on the way.

For each operation between xs and ys, after all that take from it, the gradients of its outputs are
added up and its rule adds operations that compute the gradients of its inputs (2015 Figure 5):

    C = f(...)             gradients/grad_ys_0, Fill     dC/dC = 1
    ReLU = relu(Add)       gradients/ReLU_grad/ReluGrad  dC/dAdd
    Add = MatMul + b       gradients/Add_grad/...        dC/dMatMul, dC/db
    MatMul = W @ x         gradients/MatMul_grad/...     dC/dW, dC/dx

**State** of one walk (`_Walk`): `partials`, Tensor -> the gradients that have reached it; `sums`,
Tensor -> their sum, of the operations that are done; `loops`, what there is to know of loops on the
way, None if there are none; in `run`, `pending`, how often each operation between xs and ys
(`between`) has still to be reached from later ones.

**Invariants**
1. An operation is differentiated when everything after it was: `pending` is 0.  A loop is entered
   from its results, so the Switch of a loop variable comes twice: from the Exit and from the body.
2. Only operations on a path from an x to a y through real or complex tensors are touched.
3. Names, and the order in which operations are made, are TensorFlow's.

Forward values that a rule needs stay in memory until the backward part has used them; gradients
are made in the reverse order of construction, so the earliest values wait longest.  The executor
frees what it can by running ready operations in construction order (2015 §4.1).

Source: 2015 §4.1; OSDI §4.1.
"""

from __future__ import annotations

import collections
import contextlib
import enum
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any

from minitf import dtypes, source
from minitf.autodiff.aggregation import Gradient, check_method, total
from minitf.autodiff.between import (
    carries_gradients,
    operations_between,
    pending_counts,
    stopped,
)
from minitf.autodiff.loops import LoopGradients, refuse_initial_values
from minitf.autodiff.registry import Rule, find_rule
from minitf.autodiff.starts import start, zeros_like
from minitf.autodiff.zeros import zeros_of
from minitf.composite import IndexedSlices
from minitf.contexts.base import EXITS, SWITCHES
from minitf.convert import convert_to_tensor
from minitf.default_graph import entered, graph_of
from minitf.function_graph import FunctionGraph
from minitf.graph import Graph
from minitf.operation import Operation
from minitf.tensor import Tensor

_HERE = nullcontext()  # where the walk began


class UnconnectedGradients(enum.Enum):
    """What `gradients` gives for an x on which no y depends.

    Attributes:
        NONE: None.
        ZERO: zeros of the shape of x.
    """

    NONE = "none"
    ZERO = "zero"


def gradients(
    ys: Any,
    xs: Any,
    grad_ys: Any = None,
    name: str = "gradients",
    *,
    colocate: bool = False,
    gate: Callable[[list[Any]], list[Any]] | None = None,
    aggregation_method: int | None = None,
    stop_gradients: Any = None,
    unconnected: UnconnectedGradients = UnconnectedGradients.NONE,
    is_constant: Callable[[Operation], bool] | None = None,
) -> list[Gradient | None]:
    """Add operations for the derivative of the sum of ys to each x.

    Args:
        ys: a Tensor or a list of them.
        xs: a Tensor or Variable, or a list of them.
        grad_ys: a gradient for each y, None for ones.
        name: name scope of what is added.
        colocate: place gradients on the devices of the operations that they differentiate.
        gate: makes the gradients of one operation's inputs wait for each other.
        aggregation_method: how gradients of one tensor are added (`AggregationMethod`).
        stop_gradients: Tensors that count as constants.
        unconnected: what an x gets on which no y depends.
        is_constant: tells of an operation whether nothing flows through it.

    Returns:
        A gradient for each x: a Tensor, IndexedSlices or None.

    Raises:
        LookupError: if an operation between has no gradient rule.
        TypeError: if a y, or the gradient given for it, has no suitable type.
        ValueError: if the number of `grad_ys` is not that of `ys`, or a rule's result does not fit.

    Source: 2015 §4.1.
    """
    ys, xs, stops = _as_list(ys), _as_list(xs), _as_list(stop_gradients, none=())
    given = [None] * len(ys) if grad_ys is None else _as_list(grad_ys)
    graph = graph_of([getattr(each, "op", each) for each in (*ys, *xs, *stops, *given)])
    try:
        unconnected = UnconnectedGradients(unconnected)
    except ValueError:
        message = f"Unknown value for unconnected_gradients: {unconnected!r}"
        raise ValueError(message) from None
    with entered(graph), graph.name_scope(name or "gradients"):
        graph.unique_name("uid")  # TensorFlow takes it, so later names in this scope agree
        ys = [convert_to_tensor(y, name=f"y_{i}") for i, y in enumerate(ys)]
        xs = [_differentiated(x, f"x_{i}") for i, x in enumerate(xs)]
        if isinstance(graph, FunctionGraph) and all(y.graph is graph for y in ys):
            xs = [x if (own := graph.stand_in(x)) is None else own for x in xs]
        stops = [convert_to_tensor(t, name=f"stop_gradients_{i}") for i, t in enumerate(stops)]
        check_method(aggregation_method)
        walk = _Walk(graph, colocate=colocate, gate=gate, aggregation_method=aggregation_method)
        walk.is_constant = is_constant
        walk.run(ys, xs, stops, walk.starts(ys, given))
        results = [walk.result(x, unconnected) for x in xs]
    with entered(graph):  # in no scope of its own, as in TensorFlow
        walk.finish()
    return results


def _as_list(value: Any, none: Any = (None,)) -> list[Any]:
    if value is None:
        return list(none)
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _converted(grad: Any, name: str) -> Gradient | None:
    if grad is None or isinstance(grad, IndexedSlices):
        return grad
    return convert_to_tensor(grad, name=name)


def _differentiated(x: Any, name: str) -> Tensor:
    """Return the Tensor that stands for an x: a resource variable's handle, a variable's ref."""
    handle = getattr(x, "handle", None)
    if isinstance(handle, Tensor) and handle.dtype is dtypes.resource:
        return handle
    return convert_to_tensor(x, name=name, as_ref=True)


class _Walk:
    """One backward walk; the module's docstring tells its state and invariants."""

    def __init__(
        self,
        graph: Graph,
        *,
        colocate: bool,
        gate: Callable[[list[Any]], list[Any]] | None,
        aggregation_method: int | None,
    ) -> None:
        self.graph = graph
        self.colocate = colocate
        self.gate = gate
        self.aggregation_method = aggregation_method
        self.partials: dict[Tensor, list[Gradient]] = collections.defaultdict(list)
        self.sums: dict[Tensor, Gradient | None] = {}
        self.loops: LoopGradients | None = None
        self.is_constant: Callable[[Operation], bool] | None = None

    def run(
        self, ys: list[Tensor], xs: list[Tensor], stops: list[Tensor], starts: list[Gradient]
    ) -> None:
        """Differentiate everything between xs and ys; fills `sums`."""
        between = operations_between(ys, xs)
        if any(op.type in EXITS for op in between):
            self.loops = LoopGradients(self.graph, between, self._placed_with)
        pending = pending_counts(between)
        for y, grad in zip(ys, starts, strict=True):
            self.partials[y].append(grad)
        ready = collections.deque(
            dict.fromkeys(y.op for y in ys if pending.get(y.op) == 0)  # each once, in order
        )
        if self.loops is not None:
            for op, zeros in self.loops.unused_exits(pending, set(ready)):
                self.partials[op.outputs[0]].append(zeros)
                ready.append(op)
        constants = stopped(xs, stops, pending)
        if self.is_constant is not None:
            constants |= {op for op in pending if self.is_constant(op)}
        is_in_loop = self.graph.scopes.context is not None
        while ready:
            op = ready.popleft()
            if is_in_loop:
                refuse_initial_values(op, (x.op for x in xs))
            with self._placed_with(op):
                self._differentiate(op, is_constant=op in constants)
            for tensor in op.inputs:
                if tensor.op in pending:
                    pending[tensor.op] -= 1
                    ready.extend(self._reached(tensor, pending[tensor.op]))

    def _reached(self, tensor: Tensor, left: int) -> list[Operation]:
        """Return what is ready after an input was reached: what makes it, if all after it is done.

        `left` tells how often that has still to be reached.  Loops have an order of their own.
        """
        if self.loops is None:
            return [] if left else [tensor.op]
        ready = []
        for op, zeros in self.loops.reached(tensor, left, lambda each: bool(self.partials[each])):
            if zeros is not None:
                self.partials[op.outputs[0]].append(zeros)
            ready.append(op)
        return ready

    def finish(self) -> None:
        """Do what is left to do when everything is differentiated."""
        if self.loops is not None:
            self.loops.finish()

    def result(self, x: Tensor, unconnected: UnconnectedGradients) -> Gradient | None:
        """Return the gradient of an x."""
        found = self.sums.get(x)
        if found is None and unconnected is UnconnectedGradients.ZERO:
            return zeros_like(x)
        return found

    def starts(self, ys: list[Tensor], given: list[Any]) -> list[Gradient]:
        """Return the gradient to start with at each y."""
        if len(given) != len(ys):
            raise ValueError(f"Passed {len(given)} grad_ys for {len(ys)} ys")
        given = [_converted(grad, f"grad_y_{i}") for i, grad in enumerate(given)]
        made = []
        for i, (y, grad) in enumerate(zip(ys, given, strict=True)):
            with self._placed_with(y.op):
                made.append(start(y, grad, i))
        return made

    def _differentiate(self, op: Operation, *, is_constant: bool) -> None:
        """Add up the gradients of an operation's outputs and pass them on to its inputs."""
        scope = f"{op.name}_gradient_sum"
        with self._in_loop(op, sums=True):
            for tensor in op.outputs:
                partials = self.partials.pop(tensor, [])
                self.sums[tensor] = total(self.graph, partials, self.aggregation_method, scope)
        out_grads = [self.sums[tensor] for tensor in op.outputs]
        if is_constant or all(grad is None for grad in out_grads):
            return
        rule = find_rule(op)
        if rule is None:
            return
        with self._in_loop(op):
            if rule.wants_zeros or op.type in SWITCHES:
                out_grads = self._with_zeros(op, out_grads)
            with self.graph.name_scope(f"{op.name}_grad"):
                in_grads = _checked_gradients(op, rule, out_grads)
                if self.gate is not None and sum(grad is not None for grad in in_grads) > 1:
                    with self.graph.device(None), self.graph.colocate_with(None, True):
                        in_grads = self.gate(in_grads)
        for tensor, grad in zip(op.inputs, in_grads, strict=True):
            if grad is not None:
                self.partials[tensor].append(grad)

    def _with_zeros(self, op: Operation, grads: list[Any]) -> list[Any]:
        """Replace the gradients of outputs through which nothing flowed by zeros."""
        make = zeros_of if self.loops is None else self.loops.zeros_of
        return [
            make(op, i) if grad is None and carries_gradients(op.outputs[i].dtype) else grad
            for i, grad in enumerate(grads)
        ]

    def _in_loop(
        self, op: Operation, *, sums: bool = False
    ) -> contextlib.AbstractContextManager[None]:
        """Make gradients of an operation in a loop belong to the loop that runs backwards."""
        return _HERE if self.loops is None else self.loops.entered(op, sums=sums)

    def _placed_with(self, op: Operation) -> contextlib.AbstractContextManager[None]:
        return self.graph.colocate_with(op) if self.colocate else _HERE


def _checked_gradients(op: Operation, rule: Rule, out_grads: Iterable[Any]) -> list[Any]:
    """Call an operation's gradient rule; the result must fit the inputs in number and shape."""
    found = _as_list(rule.function(op, *out_grads))
    if len(found) != len(op.inputs):
        raise ValueError(
            f"Num gradients {len(found)} generated for op {op.name} do not match num inputs "
            f"{len(op.inputs)}{_made(op)}"
        )
    for i, (tensor, grad) in enumerate(zip(op.inputs, found, strict=True)):
        if grad is None or isinstance(grad, IndexedSlices):
            continue
        if not isinstance(grad, Tensor):
            raise TypeError(
                f"gradients have to be either all Tensors or all IndexedSlices; the gradient of "
                f"input {i} of {op.name} is {grad!r}{_made(op)}"
            )
        if tensor.dtype is not dtypes.resource:
            try:
                grad.set_shape(tensor.static_shape)
            except ValueError:
                raise ValueError(
                    "Incompatible shapes between op input and calculated input gradient. Forward "
                    f"operation: {op.name}. Input index: {i}. Original input shape: "
                    f"{tensor.shape}. Calculated input gradient shape: {grad.shape}{_made(op)}"
                ) from None
    return found


def _made(op: Operation) -> str:
    return f"\n  {op.name} ({op.type}) created at {source.describe(op.site)}"
