"""`tf.test.Benchmark`: measuring how long operations take.

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

import inspect
import sys
import time
from typing import Any

import numpy as np

from minitf.protos import ConfigProto
from minitf.session.session import get_default_session


def benchmark_config() -> Any:
    """Return the ConfigProto that benchmarks use."""
    return ConfigProto()


class Benchmark:
    """A base of classes whose methods `benchmark...` measure something."""

    def __init__(self) -> None:
        """Nothing has been measured."""

    @classmethod
    def is_abstract(cls) -> bool:
        """Tell whether this is the base class itself."""
        return cls is Benchmark

    def evaluate(self, tensors: Any) -> Any:
        """Run tensors in the default session."""
        session = get_default_session()
        if session is None:
            raise ValueError("evaluate() needs a default session")
        return session.run(tensors)

    def run_op_benchmark(
        self,
        sess: Any,
        op_or_tensor: Any,
        feed_dict: Any = None,
        burn_iters: int = 2,
        min_iters: int = 10,
        store_trace: bool = False,
        store_memory_usage: bool = True,
        name: str | None = None,
        extras: Any = None,
        mbs: float = 0,
    ) -> dict[str, Any]:
        """Run an operation several times and report the median time.

        Args:
            sess: the Session.
            op_or_tensor: what to run.
            feed_dict: what to feed.
            burn_iters: runs before measuring begins.
            min_iters: runs that are measured.
            store_trace: accepted, without effect.
            store_memory_usage: accepted, without effect.
            name: of the benchmark; the calling method's by default.
            extras: what else to report.
            mbs: megabytes that a run moves, to report a throughput.

        Returns:
            What was reported: iters, wall_time in seconds, throughput, extras, name.
        """
        for _ in range(burn_iters):
            sess.run(op_or_tensor, feed_dict=feed_dict)
        times_s = []
        for _ in range(min_iters):
            start = time.perf_counter()
            sess.run(op_or_tensor, feed_dict=feed_dict)
            times_s.append(time.perf_counter() - start)
        median_s = float(np.median(times_s)) if times_s else -1.0
        report: dict[str, Any] = {
            "iters": min_iters,
            "wall_time": median_s,
            "throughput": mbs / median_s if median_s > 0 else 0.0,
            "extras": dict(extras or {}),
            "name": name or self._caller(),
        }
        self.report_benchmark(**report)
        return report

    def report_benchmark(
        self,
        iters: int | None = None,
        cpu_time: float | None = None,
        wall_time: float | None = None,
        throughput: float | None = None,
        extras: Any = None,
        name: str | None = None,
        metrics: Any = None,
    ) -> None:
        """Write a line with what was measured.

        Args:
            iters: runs.
            cpu_time: seconds of one run on the processors.
            wall_time: seconds of one run.
            throughput: megabytes per second.
            extras: other numbers or texts.
            name: of the benchmark; the calling method's by default.
            metrics: dicts with name and value.
        """
        measured = {
            "iters": iters,
            "cpu_time": cpu_time,
            "wall_time": wall_time,
            "throughput": throughput,
            **(extras or {}),
            **{each["name"]: each["value"] for each in metrics or ()},
        }
        shown = " ".join(f"{key}={value}" for key, value in measured.items() if value is not None)
        sys.stdout.write(f"{name or self._caller()}: {shown}\n")

    def _caller(self) -> str:
        """Return the name of the method `benchmark...` that is running."""
        names = (frame.function for frame in inspect.stack())
        found = next((name for name in names if name.startswith("benchmark")), "benchmark")
        return f"{type(self).__name__}.{found}"
