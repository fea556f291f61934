"""A case: one valid call of an op, and how closely two implementations of it must agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from minitf.testing import skips


@dataclass(repr=False)
class Case:
    """One valid call of an op, and how closely two implementations of it must agree.

    Attributes:
        inputs: an array per input, a list of arrays per list input.
        attrs: attributes that are not inferred, as the OpDef takes them (DType objects, tuples).
        terms: how many products or sums one output element adds up.  The bound is then
            (terms + 2) * eps * op(|inputs|): right for ops that are linear in each input.
        ulps: without `terms`, the bound is ulps * eps * max(|result|, scale).
        scale: the size of intermediate results where they exceed the result (cancellation).
        smooth: whether every real input may be perturbed a little, so that derivatives exist.
        twice: whether the second derivative may be compared as well, where the first may.
        constant: names of inputs that are no variables of differentiation although real.
        hermitian: names of inputs whose matrices stay Hermitian when derivatives are measured.
        align: (outputs, others) -> outputs with what is left to choice, such as the signs of
            eigenvectors, chosen as in the others.
        quantized: type attributes whose arrays hold quantized numbers, stored as plain integers.
        unset: outputs, by number, that TensorFlow leaves without a value, or with any.
        oracle: why TensorFlow's op is no oracle for it, a line of `skips`; empty if it is.

    Exact inputs (`terms` with small whole numbers) need no bound: pass `ulps=0`.
    """

    inputs: tuple[Any, ...]
    attrs: dict[str, Any] = field(default_factory=dict)
    terms: int | None = None
    ulps: float = 4
    scale: float = 0
    smooth: bool = False
    twice: bool = True
    constant: tuple[str, ...] = ()
    hermitian: tuple[str, ...] = ()
    align: Callable[[Any, Any], Any] = field(default=lambda outputs, _: outputs, repr=False)
    quantized: tuple[str, ...] = ()
    unset: tuple[int, ...] = ()
    oracle: str = ""

    def __post_init__(self) -> None:
        """Refuse reasons that do not stand in `skips`."""
        assert not self.oracle or self.oracle in skips.ORACLE, self.oracle

    def __repr__(self) -> str:
        """Show the call: inputs and attributes."""
        shown = [repr(value) for value in self.inputs]
        shown += [f"{name}={value!r}" for name, value in self.attrs.items()]
        return f"<call with {', '.join(shown)}>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Show the same where Hypothesis prints a failing case."""
        printer.text(repr(self))

    def run(self, op_def: Any, function: Any = None) -> tuple[Any, ...]:
        """Return the outputs of the op's body (or another implementation), flat."""
        with np.errstate(all="ignore"):  # as the executor does
            made = (function or op_def.body)(*self.inputs, **self.attrs)
        return flat_outputs(op_def, made)

    def assert_agrees(
        self, op_def: Any, got: tuple[Any, ...], want: tuple[Any, ...], *, flushes: bool = False
    ) -> None:
        """Check an implementation's outputs against another's, within the derived bound.

        Args:
            op_def: the op.
            got: the outputs that are checked.
            want: the outputs that they must equal.
            flushes: whether one of them takes subnormal numbers for zero, as TensorFlow does.
        """
        assert len(got) == len(want), f"{len(got)} outputs, not {len(want)}"
        got = self.align(got, want)
        pairs = zip(map(np.asarray, got), map(np.asarray, want), strict=True)
        for i, (one, other) in enumerate(pairs):
            assert one.shape == other.shape, f"shape {one.shape}, not {other.shape}"
            if other.dtype.kind == "O":
                assert one.tolist() == other.tolist()
                continue
            assert one.dtype == other.dtype, f"{one.dtype} numbers, not {other.dtype}"
            if is_inexact(other):
                exact = self.terms is None and not self.ulps
                least = tiny(other) if flushes else 0
                assert_within(one, other, least if exact else self._bound(op_def, other, i))
            else:
                np.testing.assert_array_equal(one, other)

    def _bound(self, op_def: Any, want: np.ndarray, index: int) -> Any:
        eps = epsilon(want)
        if self.terms is None:
            size = np.maximum(np.abs(widened(want)), self.scale)
            return self.ulps * eps * np.nan_to_num(size, posinf=0) + tiny(want)
        positive = tuple(
            [np.abs(x) for x in each] if isinstance(each, list) else magnitude(each)
            for each in self.inputs
        )
        with np.errstate(all="ignore"):
            sizes = flat_outputs(op_def, op_def.body(*positive, **self.attrs))[index]
        return (self.terms + 2) * eps * np.abs(widened(np.asarray(sizes))) + tiny(want)


def flat_outputs(op_def: Any, made: Any) -> tuple[Any, ...]:
    """Return what a body returned as a flat tuple of outputs."""
    if not op_def.outputs:
        return ()
    parts = made if len(op_def.outputs) > 1 else (made,)
    return tuple(
        each for part in parts for each in (part if isinstance(part, (list, tuple)) else (part,))
    )


def magnitude(value: Any) -> Any:
    """Return |x| of numbers that carry rounding errors; indices and the like as they are."""
    return np.abs(value) if is_inexact(np.asarray(value)) else value


def is_inexact(array: np.ndarray) -> bool:
    """Tell whether elements are real or complex floating-point numbers, bfloat16 included."""
    return array.dtype.kind in "fc" or array.dtype.name == "bfloat16"


def widened(array: np.ndarray) -> np.ndarray:
    """Return floating-point numbers in double precision."""
    with np.errstate(invalid="ignore"):  # a signalling NaN becomes a quiet one
        return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def epsilon(array: np.ndarray) -> float:
    """Return the spacing of the type at 1."""
    if array.dtype.name == "bfloat16":
        return 2.0**-7
    return float(np.finfo(array.dtype).eps)


def tiny(array: np.ndarray) -> float:
    """Return the least normal number of the type: below it, rounding is absolute."""
    if array.dtype.name == "bfloat16":
        return 2.0**-126
    return float(np.finfo(array.dtype).tiny)


def assert_within(got: np.ndarray, want: np.ndarray, bound: Any) -> None:
    """Check |got - want| <= bound; NaN matches NaN, an infinity the same infinity."""
    got, want = widened(got), widened(want)
    with np.errstate(invalid="ignore"):
        fine = (got == want) | (np.isnan(got) & np.isnan(want)) | (np.abs(got - want) <= bound)
    if not np.all(fine):
        at = tuple(np.argwhere(~fine)[0])
        limit = np.broadcast_to(bound, want.shape)[at]
        raise AssertionError(f"at {at}: got {got[at]!r}, wanted {want[at]!r} +- {limit:.3g}")
