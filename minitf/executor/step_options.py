"""StepOptions: how a session prepares and runs its steps.

Source: 2015 §5 (optimizations), §10; OSDI §5.
"""

from __future__ import annotations

from dataclasses import dataclass

from minitf.executor.optimize import MOST_FOLDED_BYTES


@dataclass(frozen=True)
class StepOptions:
    """How a session prepares and runs its steps.

    Attributes:
        merge_equal: whether equal operations are merged.
        fold_constants: whether constants are folded.
        most_folded_bytes: how large a folded constant may be.
        delay_large: whether large values are made just before they are read.
        soft_placement: whether a device that does not exist may be replaced by another.
        simulate_placement: whether a simulated run chooses devices where that is left open.
        partition: whether a step on several devices is cut into one partition for each.
        log_placement: whether to write each operation's device to stderr.
        threads: how many threads may run one step.
        kernel_threads: how many threads may run one kernel; None for the device's own number.
        elide: whether operations that only hand their input on may be left out.
        jit: when steps are compiled, one of `tiers.MODES`.
        patience_s: how long a step may do nothing but wait until somebody is told.
    """

    merge_equal: bool = True
    fold_constants: bool = True
    most_folded_bytes: int = MOST_FOLDED_BYTES
    delay_large: bool = True
    soft_placement: bool = False
    simulate_placement: bool = False
    partition: bool = True
    log_placement: bool = False
    threads: int = 1
    kernel_threads: int | None = None
    elide: bool = True
    jit: str = "auto"
    patience_s: float = 5.0
