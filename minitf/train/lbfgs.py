"""L-BFGS on variables that stay where they are: a coordinator that sees scalars only.

The parameters, their gradient and the history of steps live in variables on the devices of the
parameters (the shards).  The coordinator, plain Python, sends them four commands: set a vector to a
multiple of another, add a multiple, give a scalar product, compute loss and gradient.  What comes
back is one number per shard, however many parameters there are.

    optimizer = LBFGS(loss)                                  builds all commands
    session.run(tf.global_variables_initializer())
    result = optimizer.minimize(session, feed_dict={x: ..., y: ...})

**State**, a vector in slots of each shard: `x` the parameters themselves; `x0`, `g0` where the step
began and its gradient; `g` the present gradient; `d` the direction; `s<i>`, `y<i>` the differences
of parameters and of gradients of one of the last `history` steps.  The coordinator keeps which
pairs there are, from old to new, and 1 / (s . y) of each.

**Invariants**
1. s . y > 0 for every pair kept: the line search ends where the slope has risen.
2. After an iteration `g` is the gradient at `x`.

The direction is -H g, with H the inverse Hessian that the pairs describe, by two loops over them:

    d = -g
    for each pair from new to old:  a = (s . d) / (s . y);  d -= a y
    d *= (s . y) / (y . y) of the newest pair
    for each pair from old to new:  b = (y . d) / (s . y);  d += (a - b) s

Source: OSDI §4.1 (L-BFGS); Dean et al. 2012, algorithm 2 (Sandblaster); Nocedal 1980.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from minitf.api.casting import cast
from minitf.api.constants import placeholder, zeros_like
from minitf.api.control import group
from minitf.api.framework import colocate_with, control_dependencies, name_scope
from minitf.api.gradients import gradients
from minitf.api.math import abs
from minitf.api.reductions import reduce_max, reduce_sum
from minitf.api.state import assign, assign_add, trainable_variables
from minitf.convert import convert_to_tensor
from minitf.dtypes import float64
from minitf.tensor import Tensor
from minitf.train.slots import Slots

Pair = tuple[str, str]  # names of vectors
SUFFICIENT = 1e-4  # of the decrease that the slope promises: where a step is short enough
FLATTER = 0.9  # of the slope: where a step is long enough
MOST_TRIALS = 40  # of step lengths: 2^-40 of a step changes nothing in float32


@dataclass(frozen=True)
class Result:
    """Where a minimisation ended.

    Attributes:
        loss: the loss there.
        iterations: how many steps were made.
        evaluations: how often loss and gradient were computed.
        converged: whether the gradient became small, or the loss stood still.
        message: why it ended.
    """

    loss: float
    iterations: int
    evaluations: int
    converged: bool
    message: str


@dataclass
class Commands:
    """The operations by which a coordinator works on the shards of its vectors.

    Attributes:
        loss: the loss.
        evaluate: takes the gradient into `g`.
        steepest: the greatest element of `g`, per shard.
        scalar: the number that comes with the next two.
        set: (target, source) -> target = scalar * source.
        add: (target, source) -> target += scalar * source.
        dot: (one, other) -> their scalar product, per shard.
    """

    loss: Tensor
    evaluate: Any
    steepest: list[Tensor]
    scalar: Tensor
    set: dict[Pair, Any]
    add: dict[Pair, Any]
    dot: dict[Pair, list[Tensor]]


class LBFGS(Slots):
    """Minimises a loss by the limited-memory BFGS method.

    Args:
        loss: a scalar Tensor, the same in every run for the same variables and feeds.
        var_list: the variables to change, of floats; all trainable ones by default.
        history: how many steps the inverse Hessian is made of.
        name: of the slots, and of the scope of the commands.

    Raises:
        ValueError: if there are no variables.

    Source: OSDI §4.1; Dean et al. 2012, algorithm 2.
    """

    def __init__(
        self,
        loss: Tensor,
        var_list: Iterable[Any] | None = None,
        history: int = 10,
        name: str = "LBFGS",
    ) -> None:
        super().__init__()
        self._vars = trainable_variables() if var_list is None else list(var_list)
        if not self._vars:
            raise ValueError("No variables to optimize.")
        self._loss = loss
        self._pairs = [(f"s{i}", f"y{i}") for i in range(history)]
        with control_dependencies(None):
            for vector in ("x0", "g0", "g", "d", *[v for pair in self._pairs for v in pair]):
                for var in self._vars:
                    self._zeros_slot(var, vector, f"{name}/{vector}")
        with name_scope(name):
            self._commands = self._built()

    def minimize(
        self,
        session: Any,
        feed_dict: Mapping[Any, Any] | None = None,
        max_iterations: int = 100,
        gradient_tolerance: float = 1e-5,
        loss_tolerance: float = 1e-9,
        callback: Callable[[int, float], Any] | None = None,
    ) -> Result:
        """Change the variables until the loss is at a minimum.

        Args:
            session: holds the variables and this object's slots, all with values.
            feed_dict: what the loss needs.
            max_iterations: after how many steps to stop in any case.
            gradient_tolerance: the greatest element of a gradient that counts as 0.
            loss_tolerance: the least decrease in a step, as a share of the loss, to go on for.
            callback: called after each step with its number and the loss.
        """
        run = _Coordinator(self._commands, session, dict(feed_dict or {}))
        loss = run.evaluate()
        kept: list[Pair] = []  # from old to new
        inverse: dict[Pair, float] = {}  # of a pair: 1 / (s . y)
        for iteration in range(max_iterations):
            if run.steepest() <= gradient_tolerance:
                return Result(loss, iteration, run.evaluations, True, "the gradient is 0")
            slope = run.find_direction(kept, inverse)
            if kept and not slope < 0:  # rounding has spoilt the pairs
                kept.clear()
                slope = run.find_direction(kept, inverse)
            run.set("x0", "x")
            run.set("g0", "g")
            # H is 1 until there is a pair: a step of length 1 may be far too long
            length = 1.0 if kept else min(1.0, 1.0 / math.sqrt(-slope))
            found = run.search(loss, slope, length)
            if found is None:
                message = "no step along the direction lowers the loss"
                return Result(loss, iteration, run.evaluations, False, message)
            decrease, loss = loss - found, found
            pair = self._pairs[iteration % len(self._pairs)]
            run.remember(pair, kept, inverse)
            if callback is not None:
                callback(iteration + 1, loss)
            if decrease <= loss_tolerance * max(math.fabs(loss), 1.0):
                message = "the loss stands still"
                return Result(loss, iteration + 1, run.evaluations, True, message)
        return Result(loss, max_iterations, run.evaluations, False, "as many steps as allowed")

    def _built(self) -> Commands:
        """Add to the graph all that the coordinator may send."""
        grads = gradients(self._loss, self._vars)
        grads = [zeros_like(v) if g is None else g for g, v in zip(grads, self._vars, strict=True)]
        # the shards take the gradient when all of it is computed: each is of the same parameters
        with control_dependencies([self._loss, *grads]):
            taken = self._on_shards(lambda var, grad: assign(self.get_slot(var, "g"), grad), grads)
        steepest = self._on_shards(
            lambda var: reduce_max(abs(cast(self.get_slot(var, "g"), float64)))
        )
        scalar = placeholder(float64, [], name="scalar")
        made = Commands(self._loss, group(*taken), steepest, scalar, {}, {}, {})
        for target, source in (("x0", "x"), ("g0", "g"), ("x", "x0"), ("d", "g"), ("d", "d")):
            self._build_write(made.set, assign, target, source, scalar)
        self._build_write(made.add, assign_add, "x", "d", scalar)
        self._build_dot(made, "g", "d")
        for s, y in self._pairs:
            for vector, now, before in ((s, "x", "x0"), (y, "g", "g0")):
                self._build_write(made.set, assign, vector, now, scalar)
                self._build_write(made.add, assign_add, vector, before, scalar)
                self._build_write(made.add, assign_add, "d", vector, scalar)
                self._build_dot(made, vector, "d")
            self._build_dot(made, s, y)
            self._build_dot(made, y, y)
        return made

    def _build_write(
        self,
        table: dict[Pair, Any],
        write: Callable[[Any, Tensor], Any],
        target: str,
        source: str,
        scalar: Tensor,
    ) -> None:
        def written(var: Any) -> Any:
            shard = convert_to_tensor(self._vector(var, source))
            return write(self._vector(var, target), shard * cast(scalar, shard.dtype))

        table[target, source] = group(*self._on_shards(written))

    def _build_dot(self, commands: Commands, one: str, other: str) -> None:
        def product(var: Any) -> Tensor:
            x, y = (cast(self._vector(var, each), float64) for each in (one, other))
            total: Tensor = reduce_sum(x * y)
            return total

        commands.dot[one, other] = self._on_shards(product)

    def _vector(self, var: Any, name: str) -> Any:
        """Return a shard of a vector."""
        return var if name == "x" else self.get_slot(var, name)

    def _on_shards(self, make: Callable[..., Any], *others: list[Any]) -> list[Any]:
        made = []
        for var, *rest in zip(self._vars, *others, strict=True):
            with colocate_with(var):
                made.append(make(var, *rest))
        return made


class _Coordinator:
    """Sends the commands of one minimisation; holds scalars only."""

    def __init__(self, commands: Commands, session: Any, feeds: dict[Any, Any]) -> None:
        self._send = commands
        self._session = session
        self._feeds = feeds
        self.evaluations = 0

    def evaluate(self) -> float:
        """Return the loss; `g` is its gradient."""
        self.evaluations += 1
        wanted = [self._send.loss, self._send.evaluate]
        return float(self._session.run(wanted, feed_dict=self._feeds)[0])

    def set(self, target: str, source: str, factor: float = 1.0) -> None:
        """Do target = factor * source."""
        self._session.run(self._send.set[target, source], {self._send.scalar: factor})

    def add(self, target: str, source: str, factor: float) -> None:
        """Do target += factor * source."""
        self._session.run(self._send.add[target, source], {self._send.scalar: factor})

    def dot(self, one: str, other: str) -> float:
        """Return the scalar product of two vectors."""
        return math.fsum(self._session.run(self._send.dot[one, other]))

    def steepest(self) -> float:
        """Return the greatest element of the gradient."""
        return float(max(self._session.run(self._send.steepest)))

    def find_direction(self, kept: list[Pair], inverse: dict[Pair, float]) -> float:
        """Set `d` to -H g; return the slope along it."""
        self.set("d", "g", -1.0)
        shares = {}
        for s, y in reversed(kept):
            shares[s, y] = inverse[s, y] * self.dot(s, "d")
            self.add("d", y, -shares[s, y])
        if kept:
            y = kept[-1][1]
            self.set("d", "d", 1.0 / (inverse[kept[-1]] * self.dot(y, y)))
        for s, y in kept:
            self.add("d", s, shares[s, y] - inverse[s, y] * self.dot(y, "d"))
        return self.dot("g", "d")

    def search(self, loss: float, slope: float, length: float) -> float | None:
        """Move `x` along `d` until the loss is lower and the slope flatter; return the loss.

        Returns None, with `x` where it was, if no length lowers the loss.
        """
        low, high = 0.0, math.inf
        for _ in range(MOST_TRIALS):
            found = self._move(length)
            if not found <= loss + SUFFICIENT * length * slope:  # NaN is too far as well
                high = length
            elif self.dot("g", "d") < FLATTER * slope:
                low = length
            else:
                return found
            length = (low + high) / 2 if high < math.inf else 2 * low
        found = self._move(low)
        return found if low else None

    def _move(self, length: float) -> float:
        """Set `x` to x0 + length * d; return the loss there."""
        self.set("x", "x0")
        self.add("x", "d", length)
        return self.evaluate()

    def remember(
        self,
        pair: Pair,
        kept: list[Pair],
        inverse: dict[Pair, float],
    ) -> None:
        """Put the last step in the place of a pair, the oldest; leave it out if it is no use."""
        if pair in kept:
            kept.remove(pair)
        for vector, now, before in zip(pair, ("x", "g"), ("x0", "g0"), strict=True):
            self.set(vector, now)
            self.add(vector, before, -1.0)
        curvature = self.dot(*pair)
        if curvature > 0:
            kept.append(pair)
            inverse[pair] = 1.0 / curvature
