"""Clusters: jobs, tasks, the devices of a task.

Source: TensorFlow 1.15, `cluster.proto`, `device_attributes.proto`, `device_properties.proto`.
"""

from __future__ import annotations

from minitf.schema.grammar import Message, fixed64, int32, int64, mapping, repeated, string


class JobDef(Message):
    """A job: the address of each of its tasks."""

    name = string(1)
    tasks = mapping(int32, string(2))


class ClusterDef(Message):
    """The jobs of a cluster."""

    job = repeated(JobDef(1))


class InterconnectLink(Message):
    """A link to another device."""

    device_id = int32(1)
    type = string(2)
    strength = int32(3)


class LocalLinks(Message):
    """The links of one device."""

    link = repeated(InterconnectLink(1))


class DeviceLocality(Message):
    """Where a device sits in its machine."""

    bus_id = int32(1)
    numa_node = int32(2)
    links = LocalLinks(3)


class DeviceAttributes(Message):
    """A device as `list_devices` reports it."""

    name = string(1)
    device_type = string(2)
    memory_limit = int64(4)
    locality = DeviceLocality(5)
    incarnation = fixed64(6)  # changes when the task restarts
    physical_device_desc = string(7)


class DeviceProperties(Message):
    """What a cost model wants to know of a device; sizes in bytes, MHz, KiB/s."""

    type = string(1)
    vendor = string(2)
    model = string(3)
    frequency = int64(4)
    num_cores = int64(5)
    environment = mapping(string, string(6))
    num_registers = int64(7)
    l1_cache_size = int64(8)
    l2_cache_size = int64(9)
    l3_cache_size = int64(10)
    shared_memory_size_per_multiprocessor = int64(11)
    memory_size = int64(12)
    bandwidth = int64(13)


class NamedDevice(Message):
    """A device's name with its properties."""

    name = string(1)
    properties = DeviceProperties(2)
