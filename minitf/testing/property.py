"""A property: one law that ops must satisfy, checked case by case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from minitf import ops
from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.op_catalogue import cases_of, catalogue, has_cases

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(frozen=True)
class Property:
    """One law that ops must satisfy.

    Attributes:
        name: a word or two, for reports.
        law: the law as a sentence.
        not_for: (op) -> why the law does not apply to an op as a whole; empty if it applies.
        check: (op, case, draw) -> why this case was not compared; empty if it was.  It raises
            AssertionError if the law is broken.
        needs_tensorflow: whether TensorFlow is one side of the comparison.
    """

    name: str
    law: str
    not_for: Callable[[Any], str]
    check: Callable[[Any, Case, Draw], str]
    needs_tensorflow: bool = False

    def ops(self) -> list[str]:
        """Return the registry names of the ops to which the law applies."""
        return [name for name, op_def in catalogue().items() if not self.not_for(op_def)]

    def run(self, name: str, examples: int, *, shrink: bool = True) -> Counter[str]:
        """Check one op on drawn cases, the same ones every time.

        Args:
            name: the op's registry name.
            examples: how many cases are drawn.
            shrink: look for the smallest case that breaks the law.

        Returns:
            How many cases were not compared, by reason; those that were, under "".

        Raises:
            AssertionError: if a case breaks the law.
        """
        return self.run_on(ops.find_op(name), cases_of(name), examples, shrink=shrink)

    def run_on(
        self, op_def: Any, cases: st.SearchStrategy[Case], examples: int, *, shrink: bool = True
    ) -> Counter[str]:
        """Check an op on cases that are given, as `run` does."""
        outcomes: Counter[str] = Counter()

        @settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            database=None,
            report_multiple_bugs=False,
            phases=[Phase.generate, *([Phase.shrink] if shrink else [])],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.data())
        def check_cases(data: Any) -> None:
            outcomes[self.check(op_def, data.draw(cases), data.draw)] += 1

        check_cases()
        return outcomes


def not_a_function(op_def: Any) -> str:
    """Return why an op's outputs are no function of its inputs alone; empty if they are."""
    handles = any(
        arg.is_ref or arg.name == "handle" or (arg.dtype and not arg.dtype.is_numpy_compatible)
        for arg in (*op_def.inputs, *op_def.outputs)
    )
    if handles:
        return skips.STATE
    is_own = op_def.name in ops.names()
    if op_def.takes_context or (op_def.is_stateful and not (is_own and has_cases(op_def.name))):
        is_random = ".random." in op_def.__module__ or "seed" in op_def.attrs
        return skips.RANDOM if is_random else skips.EFFECT
    if op_def.__module__ == "minitf.ops.control_flow":
        return skips.TOKENS
    return "" if op_def.inputs else skips.NO_INPUTS
