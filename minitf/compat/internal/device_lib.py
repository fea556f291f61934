"""`tensorflow.python.client.device_lib`: the devices of this process.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf import protos
from minitf.graph import Graph
from minitf.session.session import Session


def list_local_devices(session_config: Any = None) -> list[Any]:
    """Return a DeviceAttributes message for each device.

    Args:
        session_config: a ConfigProto that says how many there are.
    """
    with Session(graph=Graph(), config=session_config) as session:
        found = session.list_devices()
    return [
        protos.DeviceAttributes(
            name=each.name,
            device_type=each.device_type,
            memory_limit=each.memory_limit_bytes,
            incarnation=each.incarnation,
        )
        for each in found
    ]
