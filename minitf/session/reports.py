"""Runs that are asked to report: traces, graphs, and watched outputs.

**State**: how many debugged runs there were, and the Steps that they go through: no operation is
merged, folded or left out there, so that each output can be seen, and nothing is compiled.

Source: 2015 §9.2 (tracing); TensorFlow 1.15's tfdbg.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any, cast
from weakref import WeakKeyDictionary

from minitf.executor.report import Report
from minitf.executor.step import AnyStep, Steps
from minitf.session.engine import AnySteps
from minitf.session.prepared_run import PreparedRun


class Reports:
    """Runs what is asked to report.

    Args:
        make: makes, of RunOptions and RunMetadata, what a run reports to.
        device_type: of the first device.

    Source: 2015 §9.2.
    """

    def __init__(self, make: Callable[[Any, Any], Any], device_type: str) -> None:
        self._make = make
        self._device_type = device_type
        self._readable: WeakKeyDictionary[Steps, Steps] = WeakKeyDictionary()
        self._debugged = itertools.count(1)

    def run(
        self,
        steps: AnySteps,
        prepared: PreparedRun,
        values: Iterable[Any],
        options: Any,
        run_metadata: Any,
    ) -> Any:
        """Run it, and fill what it is asked to report; returns the fetched structure.

        Args:
            steps: the session's.
            prepared: what to run.
            values: of the feeds.
            options: a RunOptions or None.
            run_metadata: a RunMetadata or None.

        Raises:
            TypeError: if they are others.
            OpError: if an operation fails, or cannot be watched as asked.
        """
        report = self._make(options, run_metadata)
        if isinstance(report, Report) and report.is_debugged:
            assert isinstance(steps, Steps), "others are for servers"
            prepared = prepared.by(self._readable_of(steps))
            report.watch(cast("AnyStep", prepared.step), next(self._debugged))
        result = prepared.run(values, report.observer, report.timeout_s)
        report.fill(prepared.step)
        if isinstance(report, Report) and report.trace is not None and not report.is_debugged:
            assert isinstance(steps, Steps), "others are for servers"
            steps.costs.learn(report.trace.records, self._device_type)
        return result

    def _readable_of(self, steps: Steps) -> Steps:
        if steps not in self._readable:
            self._readable[steps] = steps.twin(
                type(steps),
                merge_equal=False,
                fold_constants=False,
                delay_large=False,
                elide=False,
                jit="off",
            )
        return self._readable[steps]
