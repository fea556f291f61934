"""Devices of a graph that several workers run: variables to parameter servers, the rest to workers.

    with tf.device(tf.train.replica_device_setter(cluster=cluster)):
        v = tf.Variable(...)        # /job:ps/task:0
        w = tf.Variable(...)        # /job:ps/task:1
        y = v + w                   # /job:worker

Source: OSDI §4.1, §6.3 (parameters on PS tasks, in turn); TensorFlow 1.15's
tf.train.replica_device_setter.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterable
from typing import Any

from minitf.devices import DeviceSpec
from minitf.operation import Operation
from minitf.train.cluster_spec import ClusterSpec

Strategy = Callable[[Operation], int]  # chooses the task of a parameter server

_LOG = logging.getLogger("tensorflow")
STATE_OPS = (
    *("Variable", "VariableV2", "VarHandleOp", "AutoReloadVariable"),
    *("MutableHashTable", "MutableHashTableV2", "MutableHashTableOfTensors"),
    *("MutableHashTableOfTensorsV2", "MutableDenseHashTable", "MutableDenseHashTableV2"),
    *("BoostedTreesEnsembleResourceHandleOp", "BoostedTreesQuantileStreamResourceHandleOp"),
)


def replica_device_setter(
    ps_tasks: int = 0,
    ps_device: str = "/job:ps",
    worker_device: str = "/job:worker",
    merge_devices: bool = True,
    cluster: Any = None,
    ps_ops: Iterable[str] | None = None,
    ps_strategy: Strategy | None = None,
) -> Callable[[Operation], str] | None:
    """Return a function for `tf.device` that places state on parameter servers.

    Args:
        ps_tasks: how many parameter servers there are; of no effect if `cluster` is given.
        ps_device: the device of their job; "" to place nothing there.
        worker_device: the device of all else; "" leaves it open.
        merge_devices: whether what an inner block requests is filled up, rather than kept as it is.
        cluster: a ClusterSpec, or what one is made of.
        ps_ops: registry names of what is placed there; by default variables and tables.
        ps_strategy: gives the number of the task for an operation; by default one after the other.

    Returns:
        The function; None, which requests nothing, if there are no parameter servers.

    Raises:
        TypeError: if the strategy is no function, or the cluster is no cluster.
    """
    if cluster is not None:
        jobs = ClusterSpec(cluster).as_dict()
        ps_tasks = len(jobs.get(DeviceSpec.from_string(ps_device).job or "", ()))
    if ps_tasks == 0:
        return None
    if not merge_devices:
        _LOG.warning(
            "DEPRECATION: It is recommended to set merge_devices=true in replica_device_setter"
        )
    turns = itertools.cycle(range(ps_tasks))
    strategy = ps_strategy or (lambda _: next(turns))
    if not callable(strategy):
        raise TypeError("ps_strategy must be callable")
    kept_there = frozenset(STATE_OPS if ps_ops is None else ps_ops)

    def device_of(operation: Operation) -> str:
        if not merge_devices and operation.device:
            return operation.device
        requested = DeviceSpec.from_string(operation.device or "")
        if not (ps_device and operation.type in kept_there):
            return DeviceSpec.from_string(worker_device or "").merged(requested).to_string()
        server = DeviceSpec.from_string(ps_device)
        if server.job and requested.job in (None, server.job):
            server = server.replace(task=strategy(operation))
        return server.merged(requested).to_string()

    return device_of
