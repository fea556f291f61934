"""Which device runs an operation: the first that satisfies what its author asked for.

Source: 2015 §3.2.1, §4.3 (device constraints); TensorFlow's SimplePlacer.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from minitf import source
from minitf.devices import Device, DeviceSpec
from minitf.errors import InvalidArgumentError
from minitf.executor.prune import Subgraph
from minitf.operation import Operation

if TYPE_CHECKING:
    from minitf.executor.step_options import StepOptions


def place(
    subgraph: Subgraph, devices: Sequence[Device], options: StepOptions
) -> dict[Operation, Device]:
    """Give each operation a device that satisfies its request.

    Args:
        subgraph: whose operations are placed.
        devices: where they may run.
        options: whether another device will do, and whether to write each choice to stderr.

    Raises:
        InvalidArgumentError: if a device that is asked for does not exist.

    Source: 2015 §4.3.
    """
    chosen: dict[str, Device] = {}
    for operation in subgraph.operations:
        if operation.device not in chosen:
            chosen[operation.device] = _device_for(operation, devices, options)
        if options.log_placement:
            device = chosen[operation.device].name
            sys.stderr.write(f"{operation.name}: ({operation.type}): {device}\n")
    return {operation: chosen[operation.device] for operation in subgraph.operations}


def _device_for(operation: Operation, devices: Sequence[Device], options: StepOptions) -> Device:
    spec = DeviceSpec.from_string(operation.device)
    for device in devices:
        if spec.matches(DeviceSpec.from_string(device.name)):
            return device
    if options.soft_placement:
        return devices[0]
    names = ", ".join(device.name for device in devices)
    raise InvalidArgumentError(
        None,
        operation,
        f"Cannot assign a device for operation {operation.name}: {{{{node {operation.name}}}}} "
        f"was explicitly assigned to {operation.device} but available devices are [ {names} ]. "
        "Make sure the device specification refers to a valid device.\n"
        "  hint: tf.ConfigProto(allow_soft_placement=True) lets it run elsewhere\n"
        f"  created at {source.describe(operation.site)}",
    )
