"""Measuring MiniTF beside TensorFlow: the same program on both, interleaved, told as a ratio.

Timings of a shared machine are noisy; the ratio of medians of interleaved rounds is what holds.
"""

from __future__ import annotations

import os
import statistics
import time
import warnings
from collections.abc import Callable
from types import ModuleType

from rich.console import Console
from rich.table import Table

ROUNDS = 7


def backends(*names: str) -> dict[str, ModuleType]:
    """Return the two modules with TensorFlow's 1.x API, or those that are named."""
    if names == ("MiniTF",):
        import minitf

        return {"MiniTF": minitf}
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import tensorflow.compat.v1 as tensorflow

        tensorflow.disable_v2_behavior()
    import minitf

    both = {"TensorFlow": tensorflow, "MiniTF": minitf}
    return {name: both[name] for name in names or both}


def compare(title: str, rows: dict[str, dict[str, Callable[[], float]]], unit: str) -> None:
    """Measure every row on all backends, interleaved, and print the medians and their ratio.

    Args:
        title: what the table says.
        rows: what is measured -> backend -> a call that returns seconds per unit of work.  Several
            columns may be TensorFlow in different settings: the best of them counts.
        unit: "us" for time per unit, "1/s" for a rate.
    """
    columns = list(dict.fromkeys(name for calls in rows.values() for name in calls))
    table = Table("", *columns, "MiniTF is faster by", title=f"{title}, {unit}")
    for what, calls in rows.items():
        seconds: dict[str, list[float]] = {name: [] for name in calls}
        for _ in range(ROUNDS):
            for name, call in calls.items():
                seconds[name].append(call())
        median = {name: statistics.median(values) for name, values in seconds.items()}
        best = min(taken for name, taken in median.items() if name != "MiniTF")
        shown = [_shown(median[name], unit) if name in median else "" for name in columns]
        table.add_row(what, *shown, f"{best / median['MiniTF']:.1f}x")
    Console(width=120).print(table)


def _shown(seconds: float, unit: str) -> str:
    return f"{1e6 * seconds:.1f}" if unit == "us" else f"{1 / seconds:,.0f}"


def settings(tf: ModuleType, name: str) -> dict[str, object]:
    """Return the configurations to measure a backend in: column -> ConfigProto.

    TensorFlow runs small steps best in the calling thread (`inter_op_parallelism_threads=-1`).
    """
    if name == "MiniTF":
        return {name: None}
    return {
        name: None,
        f"{name}, in the calling thread": tf.ConfigProto(inter_op_parallelism_threads=-1),
    }


def seconds_per_call(call: Callable[[], object], at_least_s: float = 0.05) -> float:
    """Return the mean seconds of a call over enough calls to fill `at_least_s`."""
    call()
    calls, elapsed = 1, 0.0
    while elapsed < at_least_s:
        start = time.perf_counter()
        for _ in range(calls):
            call()
        elapsed = time.perf_counter() - start
        if elapsed < at_least_s:
            calls *= 2
    return elapsed / calls
