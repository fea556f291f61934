"""What a run reports when it is asked: RunOptions in, RunMetadata out; and what devices there are.

Source: 2015 §9.2 (tracing); TensorFlow 1.15's config.proto.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from minitf.devices import Device, DeviceSpec, incarnation_of
from minitf.executor.step import AnyStep
from minitf.executor.trace import Trace, step_stats


class Report:
    """What the RunOptions of one run ask for.

    Args:
        options: a RunOptions or None.
        run_metadata: a RunMetadata or None.
        device: where the run takes place.

    Attributes:
        observer: records the run, None if nobody asked.
        timeout_s: how long the run may take, None for the session's limit.

    Raises:
        TypeError: if the arguments are no RunOptions and RunMetadata.
    """

    def __init__(self, options: Any, run_metadata: Any, device: Device) -> None:
        from minitf import protos

        if options is not None and not isinstance(options, protos.RunOptions):
            raise TypeError(f"options must be a tf.RunOptions, but got {type(options)}")
        if run_metadata is not None and not isinstance(run_metadata, protos.RunMetadata):
            raise TypeError(f"run_metadata must be a tf.RunMetadata, but got {type(run_metadata)}")
        options = protos.RunOptions() if options is None else options
        traces = run_metadata is not None and options.trace_level != protos.RunOptions.NO_TRACE
        self.observer = Trace(device) if traces else None
        self.timeout_s = options.timeout_in_ms / 1000 if options.timeout_in_ms > 0 else None
        self._metadata = run_metadata
        self._wants_graphs = options.output_partition_graphs

    def fill(self, step: AnyStep) -> None:
        """Fill the RunMetadata after the run."""
        if self._metadata is None:
            return
        self._metadata.Clear()
        if self.observer is not None:
            stats = step_stats(self.observer, step.device.name, step.placed)
            self._metadata.step_stats.CopyFrom(stats)
        if self._wants_graphs:
            from minitf.executor.partition_graphs import partition_graphs

            self._metadata.partition_graphs.extend(partition_graphs(step))


class DeviceAttributes(NamedTuple):
    """A device as `Session.list_devices` describes it."""

    name: str
    device_type: str
    memory_limit_bytes: int
    incarnation: int

    @classmethod
    def of(cls, device: Device) -> DeviceAttributes:
        """Describe a device."""
        return cls(device.name, device.device_type, _MEMORY, incarnation_of(device.name))

    def __repr__(self) -> str:
        """Show as TensorFlow does."""
        return f"_DeviceAttributes({', '.join(map(str, self))})"


_MEMORY = 256 << 20  # what TensorFlow says of a CPU, which has no limit of its own


def device_attributes(
    name: str, device_type: str, memory_limit_bytes: int, incarnation: int
) -> DeviceAttributes:
    """Describe a device by any spelling of its name."""
    full = DeviceSpec.from_string(name).to_string()
    return DeviceAttributes(full, device_type, memory_limit_bytes, incarnation)
