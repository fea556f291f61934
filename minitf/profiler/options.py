"""ProfileOptionBuilder: which operations a profile shows, and which numbers of them.

    options = (
        ProfileOptionBuilder(ProfileOptionBuilder.time_and_memory())
        .with_node_names(show_name_regexes=[".*Conv.*"]).order_by("micros").build()
    )

Source: TensorFlow 1.15's tf.profiler.ProfileOptionBuilder.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, Self

_DEFAULTS: dict[str, Any] = {
    "max_depth": 100,
    "min_bytes": 0,
    "min_peak_bytes": 0,
    "min_residual_bytes": 0,
    "min_output_bytes": 0,
    "min_micros": 0,
    "min_accelerator_micros": 0,
    "min_cpu_micros": 0,
    "min_params": 0,
    "min_float_ops": 0,
    "min_occurrence": 0,
    "order_by": "name",
    "account_type_regexes": [".*"],
    "start_name_regexes": [".*"],
    "trim_name_regexes": [],
    "show_name_regexes": [".*"],
    "hide_name_regexes": [],
    "account_displayed_op_only": False,
    "select": ["micros"],
    "step": -1,
    "output": "stdout",
}
_DEEP = {"max_depth": 10000, "account_displayed_op_only": True}
_SHORTEST = ("min_micros", "min_accelerator_micros", "min_cpu_micros")
_SMALLEST = ("min_bytes", "min_peak_bytes", "min_residual_bytes", "min_output_bytes")


def complete(options: Any) -> dict[str, Any]:
    """Return options with the defaults of what they leave out; None, 0 and {} leave out all."""
    return {**copy.deepcopy(_DEFAULTS), **(options or {})}


class ProfileOptionBuilder:
    """Builds the options of `tf.profiler.profile` and of a Profiler, a dict; methods chain.

    Args:
        options: where it starts, as `build` returns it; by default nothing is left out, and times
            are shown.
    """

    def __init__(self, options: dict[str, Any] | None = None) -> None:
        self._options = copy.deepcopy(_DEFAULTS if options is None else options)

    @staticmethod
    def trainable_variables_parameter() -> dict[str, Any]:
        """Return options that count the elements of trainable variables."""
        return complete(
            {**_DEEP, "account_type_regexes": ["_trainable_variables"], "select": ["params"]}
        )

    @staticmethod
    def float_operation() -> dict[str, Any]:
        """Return options that count floating-point operations.

        Only ops with registered statistics count, and only where their static shapes are known.
        """
        return complete(
            {**_DEEP, "min_float_ops": 1, "select": ["float_ops"], "order_by": "float_ops"}
        )

    @staticmethod
    def time_and_memory(
        min_micros: int = 1,
        min_bytes: int = 1,
        min_accelerator_micros: int = 0,
        min_cpu_micros: int = 0,
        min_peak_bytes: int = 0,
        min_residual_bytes: int = 0,
        min_output_bytes: int = 0,
    ) -> dict[str, Any]:
        """Return options that show times and bytes of what takes at least so much of them."""
        smallest = (min_bytes, min_peak_bytes, min_residual_bytes, min_output_bytes)
        shortest = (min_micros, min_accelerator_micros, min_cpu_micros)
        return complete(
            {
                **_DEEP,
                **dict(zip(_SMALLEST, smallest, strict=True)),
                **dict(zip(_SHORTEST, shortest, strict=True)),
                "select": ["micros", "bytes"],
                "order_by": "micros",
            }
        )

    def build(self) -> dict[str, Any]:
        """Return a copy of the options."""
        return copy.deepcopy(self._options)

    def with_max_depth(self, max_depth: int) -> Self:
        """Show so many levels of the profile."""
        return self._set(max_depth=max_depth)

    def with_min_memory(
        self,
        min_bytes: int = 0,
        min_peak_bytes: int = 0,
        min_residual_bytes: int = 0,
        min_output_bytes: int = 0,
    ) -> Self:
        """Show what takes so many bytes: all that it asked for, at once, at its end, as output."""
        smallest = (min_bytes, min_peak_bytes, min_residual_bytes, min_output_bytes)
        return self._set(**dict(zip(_SMALLEST, smallest, strict=True)))

    def with_min_execution_time(
        self, min_micros: int = 0, min_accelerator_micros: int = 0, min_cpu_micros: int = 0
    ) -> Self:
        """Show what takes so many microseconds: in all, of accelerators, of CPUs."""
        shortest = (min_micros, min_accelerator_micros, min_cpu_micros)
        return self._set(**dict(zip(_SHORTEST, shortest, strict=True)))

    def with_min_parameters(self, min_params: int) -> Self:
        """Show variables of so many elements."""
        return self._set(min_params=min_params)

    def with_min_occurrence(self, min_occurrence: int) -> Self:
        """Show op types that the graph has so often; for the view of types and of code."""
        return self._set(min_occurrence=min_occurrence)

    def with_min_float_operations(self, min_float_ops: int) -> Self:
        """Show what does so many floating-point operations."""
        return self._set(min_float_ops=min_float_ops)

    def with_accounted_types(self, account_type_regexes: Sequence[str]) -> Self:
        """Count operations whose type, device or mark (`_trainable_variables`) matches one."""
        return self._set(account_type_regexes=list(account_type_regexes))

    def with_node_names(
        self,
        start_name_regexes: Sequence[str] | None = None,
        show_name_regexes: Sequence[str] | None = None,
        hide_name_regexes: Sequence[str] | None = None,
        trim_name_regexes: Sequence[str] | None = None,
    ) -> Self:
        """Choose by name where the profile starts, what it shows and hides, where it ends.

        What is None stays as it is.
        """
        given = {
            "start_name_regexes": start_name_regexes,
            "show_name_regexes": show_name_regexes,
            "hide_name_regexes": hide_name_regexes,
            "trim_name_regexes": trim_name_regexes,
        }
        return self._set(**{name: list(each) for name, each in given.items() if each is not None})

    def account_displayed_op_only(self, is_true: bool) -> Self:
        """Let totals count only what is shown."""
        return self._set(account_displayed_op_only=is_true)

    def with_empty_output(self) -> Self:
        """Return the profile without printing it."""
        return self._set(output="none")

    def with_stdout_output(self) -> Self:
        """Print the profile."""
        return self._set(output="stdout")

    def with_file_output(self, outfile: str) -> Self:
        """Write the profile to a file."""
        return self._set(output=f"file:outfile={outfile}")

    def with_timeline_output(self, timeline_file: str) -> Self:
        """Write the profile for chrome://tracing, to `{timeline_file}_{step}`."""
        return self._set(output=f"timeline:outfile={timeline_file}")

    def with_pprof_output(self, pprof_file: str) -> Self:
        """Write the profile in pprof's form; profiles here are not written so."""
        return self._set(output=f"pprof:outfile={pprof_file}")

    def order_by(self, attribute: str) -> Self:
        """Sort by "name", or by a number, the largest first."""
        return self._set(order_by=attribute)

    def select(self, attributes: Sequence[str]) -> Self:
        """Choose the columns."""
        return self._set(select=list(attributes))

    def with_step(self, step: int) -> Self:
        """Profile one step; -1 is the mean of all."""
        return self._set(step=step)

    def _set(self, **options: Any) -> Self:
        self._options.update(options)
        return self
