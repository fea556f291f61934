"""What a session says of its devices.

Source: 2015 §3 "Devices"; TensorFlow 1.15's Session.list_devices.
"""

from __future__ import annotations

from typing import NamedTuple

from minitf.devices import Device, DeviceSpec, incarnation_of


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
