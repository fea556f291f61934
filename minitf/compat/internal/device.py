"""`tensorflow.python.framework.device`: names of devices.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.devices import DeviceSpec

__all__ = ["DeviceSpec", "canonical_name", "check_valid", "merge_device"]


def canonical_name(device: Any) -> str:
    """Return a device's name in its usual spelling: `/cpu:0` is `/device:CPU:0`.

    Args:
        device: a name, a DeviceSpec, or None for none.
    """
    if isinstance(device, DeviceSpec):
        return device.to_string()
    return DeviceSpec.from_string(device or "").to_string()


def check_valid(spec: str) -> None:
    """Check a device's name.

    Raises:
        ValueError: if it is none.
    """
    DeviceSpec.from_string(spec)


def merge_device(spec: Any) -> Callable[[Any], str]:
    """Return a device function: an operation's device, and from `spec` what that leaves open.

    Args:
        spec: a name or a DeviceSpec.
    """
    wanted = DeviceSpec.from_string(canonical_name(spec))
    return lambda operation: wanted.merged(operation.device).to_string()
