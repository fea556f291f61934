"""Accumulators: gradients are gathered until there are enough, and leave as their mean or sum.

They are what synchronous training waits at: every worker applies its gradient with the step that it
has computed it for, and the chief takes the mean of `num_required` of them.

**State**
- constant: `name`, type, declared shape, whether the mean or the sum is given.
- `step`: the time, which a take advances; `count`: gradients since the last take; their sum.
- `takers`: the operations that wait, first come, first served.

**Invariants**
1. A gradient of a step before `step` is stale: it is dropped without a word.
2. A take waits for its number of gradients, gives the mean of all that have come, and advances
   `step` by one.
3. Gradients are added in order of arrival, 16-bit floats in float32: the same arrivals give the
   same bits.
4. A take that is cancelled after it was served gives its gradients back, and its step.

Worked example: two of three workers count.

    a.apply(0, g1)       a.take(2) waits        a.apply(0, g2): take gives (g1 + g2) / 2
    a.apply(0, g3)       dropped: step is 1 by now

Source: OSDI §4.4 (synchronous replica coordination, backup workers).
"""

from collections import deque
from typing import Any, Literal, NamedTuple, TypeVar

from minitf.dtypes import DType, by_numpy, c_name
from minitf.errors import InvalidArgumentError, invalid
from minitf.ops.queue.sharing import find_handle, plain_name
from minitf.resources import Context, Handle
from minitf.shapes import Shape
from minitf.waiting import Attempt, Line, Monitor, Turn

Reduction = Literal["MEAN", "SUM"]


class Gathered(NamedTuple):
    """What a take removes: the sum, of how many gradients it is, and the step before it."""

    total: Any
    number: int
    step: int


class Accumulator(Monitor):
    """Gathers gradients and gives their mean or sum.

    Args:
        name: its name, for messages.
        dtype: the gradients' type.
        shape: the gradients' shape; may be unknown in part.
        reduction: "MEAN" or "SUM".

    Source: OSDI §4.4.
    """

    def __init__(self, name: str, dtype: DType, shape: Shape, reduction: Reduction) -> None:
        self.takers: Line = deque()
        super().__init__(self.takers)
        self.name = name
        self.spec = (dtype, shape, reduction)
        self.dtype = dtype
        self.shape = shape
        self.is_mean = reduction == "MEAN"
        self.step = 0
        self.count = 0
        self.total: Any = None

    # --- what each kind supplies -----------------------------------------------------------------

    def check(self, gradient: Any) -> None:
        """Check that a gradient fits.

        Raises:
            InvalidArgumentError: if it does not.
        """
        raise NotImplementedError

    def added(self, total: Any, gradient: Any) -> Any:
        """Return the sum of a sum and one more; it may be the same object, changed."""
        raise NotImplementedError

    def first(self, gradient: Any) -> Any:
        """Return the sum of one gradient, which shares no memory with it."""
        raise NotImplementedError

    def reduced(self, gathered: Gathered) -> Any:
        """Return what a take gives."""
        raise NotImplementedError

    # --- what operations do -----------------------------------------------------------------------

    def apply(self, local_step: int, gradient: Any) -> None:
        """Add a gradient, unless it is stale.

        Raises:
            InvalidArgumentError: if it does not fit.
        """
        with self.changing():
            if local_step >= self.step:
                self.check(gradient)
                first = self.first(gradient)
                self.total = first if self.total is None else self.added(self.total, first)
                self.count += 1

    def take(self, required: int) -> Any:
        """Give the mean or sum of what has come; a Waiting until there are enough.

        Raises:
            InvalidArgumentError: if none is required.
        """
        if required <= 0:
            raise invalid(f"Argument num_required must be positive, but was {required}")
        return self.ask(self.takers, Take(self, required))

    def set_step(self, step: int) -> None:
        """Set the time: gradients of earlier steps are stale from here on."""
        with self.changing():
            self.step = step

    def remove(self) -> Gathered:
        """Remove what has been gathered, and advance the step.  The lock is held."""
        gathered = Gathered(self.total, self.count, self.step)
        self.total, self.count = None, 0
        self.step += 1
        return gathered

    def restore(self, gathered: Gathered) -> None:
        """Undo `remove`; what has come since is kept.  The lock is held."""
        newer = self.total
        self.total = gathered.total if newer is None else self.added(gathered.total, newer)
        self.count += gathered.number
        if self.step == gathered.step + 1:
            self.step = gathered.step


class Take(Attempt):
    """An operation that takes what has been gathered."""

    __slots__ = ("_accumulator", "_required", "_taken")

    def __init__(self, accumulator: Accumulator, required: int) -> None:
        super().__init__()
        self._accumulator = accumulator
        self._required = required
        self._taken: Gathered | None = None

    def advance(self) -> Turn:
        """Take it if there is enough."""
        if self._taken is None:
            if self._accumulator.count < self._required:
                return Turn.STUCK
            self._taken = self._accumulator.remove()
        return Turn.OVER

    def undo(self) -> None:
        """Give back what was taken."""
        if self._taken is not None:
            self._accumulator.restore(self._taken)
            self._taken = None

    def outputs(self) -> Any:
        """Return the mean or sum."""
        assert self._taken is not None
        return self._accumulator.reduced(self._taken)

    def reason(self) -> str:
        """Say how many gradients have come."""
        accumulator = self._accumulator
        return (
            f"accumulator '{plain_name(accumulator.name)}' has {accumulator.count} of "
            f"{self._required} gradients"
        )


A = TypeVar("A", bound=Accumulator)


def accumulator_handle(
    context: Context,
    container: str,
    shared_name: str,
    kind: type[A],
    spec: tuple[DType, Shape, Reduction],
) -> Handle:
    """Return the handle of an accumulator, made at first use.

    Raises:
        InvalidArgumentError: if it exists with another type, shape or reduction.
    """
    handle = find_handle(
        context, container, shared_name, Accumulator, lambda name: kind(name, *spec)
    )
    found = handle.resource
    if type(found) is not kind or found.spec != spec:
        raise invalid(
            f"Shared accumulator '{shared_name}' is of another type, shape or reduction",
            found=f"{type(found).__name__}{found.spec}",
            wanted=f"{kind.__name__}{spec}",
        )
    return handle


def check_type(accumulator: Accumulator, found: Any) -> None:
    """Check that something has the accumulator's type.

    Args:
        accumulator: the accumulator.
        found: a DType, or NumPy's.

    Raises:
        InvalidArgumentError: if it has not.
    """
    if found != accumulator.dtype.numpy:
        raise invalid(
            f"Type mismatch: expected {c_name(accumulator.dtype)}, got {c_name(by_numpy(found))}"
        )


def shape_mismatch(wanted: Shape, found: Any) -> InvalidArgumentError:
    """Say that a gradient has another shape than the accumulator."""
    texts = [str(shape).replace(" ", "") for shape in (wanted, Shape(found))]
    return invalid(f"Shape mismatch: expected {texts[0]}, got {texts[1]}")
