"""What a ConfigProto and RunOptions mean here.  `docs/config.md` lists every field.

Source: TensorFlow 1.15's config.proto.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from minitf.executor.optimize import MOST_FOLDED_BYTES
from minitf.executor.step_options import StepOptions
from minitf.executor.tiers import MODES

_PLACEMENTS = ("first", "simulated")


class SessionOptions(NamedTuple):
    """A ConfigProto, read.

    Attributes:
        step: how steps are made.
        device_counts: device type -> how many the session has.
        timeout_s: how long a run may take; None for ever.
        isolated: whether the session keeps its state to itself, whatever its target.
        adds_shapes: whether its `graph_def` has the static shapes.
    """

    step: StepOptions
    device_counts: Mapping[str, int] = MappingProxyType({})
    timeout_s: float | None = None
    isolated: bool = False
    adds_shapes: bool = False


def read_config(config: Any) -> SessionOptions:
    """Read a ConfigProto, None for the defaults.

    Raises:
        TypeError: if it is something else.
    """
    if config is None:
        return SessionOptions(
            StepOptions(
                threads=_default_threads(), jit=_jit_mode(), simulate_placement=_is_simulated()
            )
        )
    from minitf import protos

    if not isinstance(config, protos.ConfigProto):
        raise TypeError(f"config must be a tf.ConfigProto, but got {type(config)}")
    optimizer = config.graph_options.optimizer_options
    all_passes = optimizer.opt_level >= protos.OptimizerOptions.L1
    threads = config.inter_op_parallelism_threads
    kernel_threads = config.intra_op_parallelism_threads
    if config.experimental.executor_type == "SINGLE_THREADED_EXECUTOR":
        threads = 1
    step = StepOptions(
        merge_equal=all_passes or optimizer.do_common_subexpression_elimination,
        fold_constants=all_passes or optimizer.do_constant_folding,
        delay_large=all_passes,
        elide=all_passes,
        jit=_jit_mode(),
        most_folded_bytes=optimizer.max_folded_constant_in_bytes or MOST_FOLDED_BYTES,
        simulate_placement=_is_simulated(),
        soft_placement=config.allow_soft_placement,
        log_placement=config.log_device_placement,
        kernel_threads=max(1, kernel_threads) if kernel_threads else None,
        threads=_default_threads() if threads == 0 else max(1, threads),
    )
    timeout_ms = config.operation_timeout_in_ms
    return SessionOptions(
        step,
        dict(config.device_count),
        timeout_ms / 1000 if timeout_ms else None,
        config.isolate_session_state,
        config.graph_options.infer_shapes,
    )


def _jit_mode() -> str:
    """Return when steps are compiled.

    Raises:
        ValueError: if MINITF_JIT is no mode.
    """
    mode = os.environ.get("MINITF_JIT") or MODES[0]
    if mode not in MODES:
        raise ValueError(f"MINITF_JIT must be one of {', '.join(MODES)}, not {mode!r}")
    return mode


def _is_simulated() -> bool:
    """Tell whether a simulated run chooses devices.

    Raises:
        ValueError: if MINITF_PLACEMENT is no way to choose.
    """
    found = os.environ.get("MINITF_PLACEMENT") or _PLACEMENTS[0]
    if found not in _PLACEMENTS:
        raise ValueError(f"MINITF_PLACEMENT must be one of {', '.join(_PLACEMENTS)}, not {found!r}")
    return found == _PLACEMENTS[1]


def _default_threads() -> int:
    """Return how many threads run one step where the program does not say."""
    return int(os.environ.get("MINITF_INTER_OP_THREADS", "1"))
