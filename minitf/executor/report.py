"""What a run reports when it is asked: RunOptions in, RunMetadata out.

Source: 2015 §9.2 (tracing); TensorFlow 1.15's config.proto.
"""

from __future__ import annotations

from typing import Any

from minitf.devices import Device
from minitf.executor.dataflow import Observer
from minitf.executor.step import AnyStep
from minitf.executor.trace import Trace, step_stats


class Report:
    """What the RunOptions of one run ask for.

    Args:
        options: a RunOptions or None.
        run_metadata: a RunMetadata or None.
        device: where the run takes place.

    Attributes:
        observer: is told of the run, None if nobody asked.
        trace: records the run, None if nobody asked.
        timeout_s: how long the run may take, None for the session's limit.

    Raises:
        TypeError: if the arguments are no RunOptions and RunMetadata.
    """

    def __init__(self, options: Any, run_metadata: Any, device: Device) -> None:
        from minitf import protos

        options = checked_options(options, run_metadata)
        self._options = options
        traces = run_metadata is not None and options.trace_level != protos.RunOptions.NO_TRACE
        self.trace = Trace(device) if traces else None
        self.observer: Observer | None = self.trace
        self.timeout_s = options.timeout_in_ms / 1000 if options.timeout_in_ms > 0 else None
        self._metadata = run_metadata
        self._wants_graphs = options.output_partition_graphs

    @property
    def is_debugged(self) -> bool:
        """Whether outputs are to be watched."""
        return bool(self._options.debug_options.debug_tensor_watch_opts)

    def watch(self, step: AnyStep, run: int) -> None:
        """Let outputs be written as the options ask for.

        Args:
            step: what is about to run, made without optimizations.
            run: its number.

        Raises:
            FailedPreconditionError: if an output cannot be watched as asked.
        """
        from minitf.executor.debug_dumps import Dumps

        self.observer = Dumps(self._options.debug_options, step, run, self.trace)

    def fill(self, step: AnyStep) -> None:
        """Fill the RunMetadata after the run."""
        if self._metadata is None:
            return
        self._metadata.Clear()
        if self.trace is not None:
            stats = step_stats(self.trace, step.device.name, step.placed)
            self._metadata.step_stats.CopyFrom(stats)
        if self._wants_graphs:
            from minitf.executor.partition_graphs import partition_graphs

            self._metadata.partition_graphs.extend(partition_graphs(step))


def checked_options(options: Any, run_metadata: Any) -> Any:
    """Return the RunOptions, the defaults for None.

    Raises:
        TypeError: if the arguments are no RunOptions and RunMetadata.
    """
    from minitf import protos

    if options is not None and not isinstance(options, protos.RunOptions):
        raise TypeError(f"options must be a tf.RunOptions, but got {type(options)}")
    if run_metadata is not None and not isinstance(run_metadata, protos.RunMetadata):
        raise TypeError(f"run_metadata must be a tf.RunMetadata, but got {type(run_metadata)}")
    return protos.RunOptions() if options is None else options
