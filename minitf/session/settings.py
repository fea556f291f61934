"""`tf.config`: what sessions without a ConfigProto run with.

    tf.config.threading.set_intra_op_parallelism_threads(4)
    tf.config.experimental.set_virtual_device_configuration(cpu, [VirtualDeviceConfiguration()] * 2)
    tf.Session()                      # four threads, and /device:CPU:0 and /device:CPU:1

**State**: what was set, for the whole process; a session reads it when it is made, and one with a
ConfigProto of its own does not.  As long as nothing was set there is no message at all, so that
such a session loads no protobuf.

There is one physical device, the processor.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from minitf.errors import UnimplementedError

_TOGGLES = (
    "layout_optimizer",
    "constant_folding",
    "shape_optimization",
    "remapping",
    "arithmetic_optimization",
    "dependency_optimization",
    "loop_optimization",
    "function_optimization",
    "debug_stripper",
    "scoped_allocator_optimization",
    "pin_to_host_optimization",
    "implementation_selector",
    "auto_mixed_precision",
)
_BOOLS = ("disable_model_pruning", "disable_meta_optimizer")
_POLICIES = ("silent", "silent_for_int32", "warn", "explicit")


class PhysicalDevice(NamedTuple):
    """A device of this machine."""

    name: str
    device_type: str


class LogicalDevice(NamedTuple):
    """A device as operations are placed on it."""

    name: str
    device_type: str


class VirtualDeviceConfiguration(NamedTuple):
    """One of several devices that a physical one is shown as.

    Attributes:
        memory_limit: megabytes, of a GPU alone.
    """

    memory_limit: int | None = None


_CPU = PhysicalDevice("/physical_device:CPU:0", "CPU")


class Settings:
    """What was set.

    Attributes:
        fields: field of a ConfigProto -> value.
        jit: whether graphs are compiled; nobody said so if it is None.
        optimizers: what was said of single optimizers.
        visible: the physical devices that sessions use.
        virtual: what physical devices are shown as.
        policy: what becomes of inputs on another device, where operations run eagerly.
        is_synchronous: whether operations that run eagerly are waited for.
    """

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self.jit: bool | None = None
        self.optimizers: dict[str, Any] = {}
        self.visible: list[PhysicalDevice] = [_CPU]
        self.virtual: dict[PhysicalDevice, list[VirtualDeviceConfiguration]] = {}
        self.policy = "silent"
        self.is_synchronous = True

    def config(self) -> Any:
        """Return the ConfigProto of a session that has none; None if nothing was set."""
        if not (self.fields or self.optimizers or self.virtual) and (
            self.jit is None and self.visible == [_CPU]
        ):
            return None
        return self.message()

    def message(self) -> Any:
        """Return a ConfigProto of all that was set."""
        from minitf import protos

        made = protos.ConfigProto(**self.fields)
        if self.jit is not None:
            options = made.graph_options.optimizer_options
            options.global_jit_level = options.ON_1 if self.jit else options.OFF
        rewriting = made.graph_options.rewrite_options
        for name, value in self.optimizers.items():
            if name in _TOGGLES:
                value = rewriting.ON if value else rewriting.OFF  # noqa: PLW2901 the field's own
            setattr(rewriting, name, value)
        made.device_count["CPU"] = len(self.virtual.get(_CPU, [None])) * (_CPU in self.visible)
        made.device_count["GPU"] = 0
        return made


_SETTINGS = Settings()
present_config: Callable[[], Any] = _SETTINGS.config

# --- threads and placement -----------------------------------------------------------------------


def _field(name: str) -> Any:
    return getattr(_SETTINGS.message(), name)


def get_intra_op_parallelism_threads() -> int:
    """Return how many threads one operation uses; 0 lets the session choose."""
    found: int = _field("intra_op_parallelism_threads")
    return found


def set_intra_op_parallelism_threads(num_threads: int) -> None:
    """Set how many threads one operation uses."""
    _SETTINGS.fields["intra_op_parallelism_threads"] = num_threads


def get_inter_op_parallelism_threads() -> int:
    """Return how many operations run at once; 0 lets the session choose."""
    found: int = _field("inter_op_parallelism_threads")
    return found


def set_inter_op_parallelism_threads(num_threads: int) -> None:
    """Set how many operations run at once."""
    _SETTINGS.fields["inter_op_parallelism_threads"] = num_threads


def get_soft_device_placement() -> bool:
    """Tell whether an operation may run on a device that was not asked for."""
    found: bool = _field("allow_soft_placement")
    return found


def set_soft_device_placement(enabled: bool) -> None:
    """Set whether an operation may run on a device that was not asked for."""
    _SETTINGS.fields["allow_soft_placement"] = enabled


def get_log_device_placement() -> bool:
    """Tell whether sessions log on which device each operation runs."""
    found: bool = _field("log_device_placement")
    return found


def set_log_device_placement(enabled: bool) -> None:
    """Set whether sessions log on which device each operation runs."""
    _SETTINGS.fields["log_device_placement"] = enabled


# --- optimizers ----------------------------------------------------------------------------------


def get_optimizer_jit() -> bool:
    """Tell whether graphs are compiled as a whole."""
    return bool(_SETTINGS.jit)


def set_optimizer_jit(enabled: bool | None) -> None:
    """Set whether graphs are compiled as a whole; None for what sessions do by themselves."""
    _SETTINGS.jit = enabled


def get_optimizer_experimental_options() -> dict[str, Any]:
    """Return what was said of single optimizers: name -> value."""
    said = dict.fromkeys(_BOOLS, False) | _SETTINGS.optimizers
    return {name: value for name, value in said.items() if value is not None}


def set_optimizer_experimental_options(options: dict[str, Any]) -> None:
    """Set whether single optimizers work.

    Raises:
        ValueError: if there is none of that name.
    """
    unknown = options.keys() - {*_TOGGLES, *_BOOLS, "min_graph_nodes"}
    if unknown:
        raise ValueError(f"No such optimizer option: {', '.join(sorted(unknown))}")
    _SETTINGS.optimizers.update(options)


# --- devices -------------------------------------------------------------------------------------


def list_physical_devices(device_type: str | None = None) -> list[PhysicalDevice]:
    """Return the devices of this machine: its processor."""
    return [_CPU] if device_type in (None, _CPU.device_type) else []


def list_logical_devices(device_type: str | None = None) -> list[LogicalDevice]:
    """Return the devices that a session has."""
    if _CPU not in _SETTINGS.visible or device_type not in (None, _CPU.device_type):
        return []
    prefix = "/job:localhost/replica:0/task:0/device:CPU"
    count = len(_SETTINGS.virtual.get(_CPU, [None]))
    return [LogicalDevice(f"{prefix}:{i}", _CPU.device_type) for i in range(count)]


def list_devices() -> list[str]:
    """Return the names of the devices that a session has."""
    return [each.name for each in list_logical_devices()]


def get_visible_devices(device_type: str | None = None) -> list[PhysicalDevice]:
    """Return the physical devices that sessions use."""
    return [each for each in _SETTINGS.visible if device_type in (None, each.device_type)]


def set_visible_devices(devices: Any, device_type: str | None = None) -> None:
    """Set the physical devices that sessions use.

    Args:
        devices: one or a list.
        device_type: those of other types are left as they are.

    Raises:
        ValueError: if there is no such device.
    """
    devices = devices if isinstance(devices, list) else [devices]
    for each in devices:
        _check_device(each)
        if device_type not in (None, each.device_type):
            raise ValueError(f"Unrecognized device: {each!r}")
    kept = [
        each
        for each in _SETTINGS.visible
        if device_type is not None and each.device_type != device_type
    ]
    _SETTINGS.visible = [*kept, *devices]


def get_memory_growth(device: Any) -> bool | None:
    """Tell whether a GPU takes memory as it needs it.

    Raises:
        ValueError: if there is no such GPU.
    """
    _check_device(device)
    raise ValueError(f"Memory growth is a matter of GPUs, not of {device!r}")


def set_memory_growth(device: Any, enable: bool) -> None:
    """Set whether a GPU takes memory as it needs it.

    Raises:
        ValueError: if there is no such GPU.
    """
    _check_device(device)
    raise ValueError("Cannot set memory growth on non-GPU devices")


def get_virtual_device_configuration(device: Any) -> list[VirtualDeviceConfiguration] | None:
    """Return what a physical device is shown as, if somebody said so.

    Raises:
        ValueError: if there is no such device.
    """
    _check_device(device)
    return _SETTINGS.virtual.get(device)


def set_virtual_device_configuration(device: Any, virtual_devices: Any) -> None:
    """Let a physical device be shown as several.

    Args:
        device: the device.
        virtual_devices: a VirtualDeviceConfiguration for each that it is shown as.

    Raises:
        ValueError: if there is no such device, or a limit to the memory of a processor.
    """
    _check_device(device)
    if any(each.memory_limit is not None for each in virtual_devices):
        raise ValueError("Setting memory limit on CPU virtual devices is currently not supported")
    _SETTINGS.virtual[device] = list(virtual_devices)


def _check_device(device: Any) -> None:
    if device != _CPU:
        raise ValueError(f"Unrecognized device: {device!r}")


# --- eager execution, which there is not ---------------------------------------------------------


def get_device_policy() -> str:
    """Return what was set; it is without effect, as nothing runs eagerly."""
    return _SETTINGS.policy


def set_device_policy(device_policy: str | None) -> None:
    """Set what would become of inputs on another device; without effect.

    Raises:
        ValueError: if there is no such policy.
    """
    if device_policy not in (None, *_POLICIES):
        raise ValueError(f"Not a valid device policy: {device_policy!r}")
    _SETTINGS.policy = device_policy or "silent"


def get_synchronous_execution() -> bool:
    """Return what was set; it is without effect, as nothing runs eagerly."""
    return _SETTINGS.is_synchronous


def set_synchronous_execution(enable: bool | None) -> None:
    """Set whether operations that run eagerly would be waited for; without effect."""
    _SETTINGS.is_synchronous = enable is not False


def connect_to_host(remote_host: Any = None, job_name: str = "worker") -> None:
    """Refuse: only eager execution connects so.

    Raises:
        UnimplementedError: always.
    """
    raise UnimplementedError(
        None,
        None,
        "MiniTF never executes eagerly, so no host can be connected to; a Session takes the "
        "target of a tf.train.Server",
    )


def connect_to_cluster(
    cluster_spec_or_resolver: Any,
    job_name: str = "localhost",
    task_index: int = 0,
    protocol: str | None = None,
) -> None:
    """Refuse: only eager execution connects so.

    Raises:
        UnimplementedError: always.
    """
    connect_to_host()
