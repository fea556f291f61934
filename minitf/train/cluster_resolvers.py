"""Cluster resolvers: where a program learns which tasks its cluster has.

    resolver = tf.distribute.cluster_resolver.TFConfigClusterResolver()     # reads TF_CONFIG
    server = tf.train.Server(resolver.cluster_spec(), resolver.task_type, resolver.task_id)
    resolver.master("worker", 1)            # the address of a task

Resolvers that ask a cloud for its machines are not here.

Source: TensorFlow 1.15's `tf.distribute.cluster_resolver`.
"""

from __future__ import annotations

import abc
from typing import Any

from minitf.errors import UnimplementedError
from minitf.train.cluster_environment import read_environment
from minitf.train.cluster_spec import ClusterSpec


def _target(address: str, rpc_layer: str | None) -> str:
    """Return what a session names: an address behind a protocol."""
    return f"{rpc_layer}://{address}" if rpc_layer else address


class ClusterResolver(abc.ABC):
    """Tells the tasks of a cluster; subclasses say where from.

    Source: TensorFlow 1.15.
    """

    task_type: str | None = None
    task_id: int | None = None

    @abc.abstractmethod
    def cluster_spec(self) -> ClusterSpec:
        """Return the tasks."""

    @abc.abstractmethod
    def master(
        self,
        task_type: str | None = None,
        task_id: int | None = None,
        rpc_layer: str | None = None,
    ) -> str:
        """Return what a session of a task names as its target.

        Args:
            task_type: the task's job.
            task_id: its number.
            rpc_layer: the protocol; that of the resolver if None.
        """

    def num_accelerators(
        self,
        task_type: str | None = None,
        task_id: int | None = None,
        config_proto: Any = None,
    ) -> dict[str, int]:
        """Return how many devices of each kind beside CPUs a task has: MiniTF has none.

        Args:
            task_type: the task's job.
            task_id: its number.
            config_proto: a ConfigProto.
        """
        return {}

    @property
    @abc.abstractmethod
    def environment(self) -> str | None:
        """Where it runs: "", "google", or what it was given."""


class SimpleClusterResolver(ClusterResolver):
    """Tells the tasks that it was given.

    Args:
        cluster_spec: the tasks.
        master: the address that sessions name where no task is asked for.
        task_type: the job of this process.
        task_id: its number.
        environment: where it runs.
        num_accelerators: how many devices each task has, by kind.
        rpc_layer: the protocol that targets begin with.

    Raises:
        TypeError: if `cluster_spec` is no ClusterSpec.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        cluster_spec: ClusterSpec,
        master: str = "",
        task_type: str | None = None,
        task_id: int | None = None,
        environment: str = "",
        num_accelerators: dict[str, int] | None = None,
        rpc_layer: str | None = None,
    ) -> None:
        if not isinstance(cluster_spec, ClusterSpec):
            raise TypeError("cluster_spec must be a `tf.train.ClusterSpec`.")
        self._cluster_spec = cluster_spec
        self._master = master
        self.task_type = task_type
        self.task_id = task_id
        self._environment = environment
        self._num_accelerators = num_accelerators
        self.rpc_layer = rpc_layer

    def cluster_spec(self) -> ClusterSpec:
        """Return the tasks."""
        return self._cluster_spec

    def master(
        self,
        task_type: str | None = None,
        task_id: int | None = None,
        rpc_layer: str | None = None,
    ) -> str:
        """Return the target of a task, or of the master.

        Args:
            task_type: the task's job; None for the master.
            task_id: its number; likewise.
            rpc_layer: the protocol; that of the resolver if None.

        Raises:
            ValueError: if there is no such task.
        """
        address = self._master
        if task_type is not None and task_id is not None:
            address = self._cluster_spec.task_address(task_type, task_id)
        return _target(address, rpc_layer or self.rpc_layer)

    def num_accelerators(
        self,
        task_type: str | None = None,
        task_id: int | None = None,
        config_proto: Any = None,
    ) -> dict[str, int]:
        """Return how many devices a task has, as it was told.

        Args:
            task_type: the task's job.
            task_id: its number.
            config_proto: a ConfigProto.
        """
        return self._num_accelerators or {}

    @property
    def environment(self) -> str:
        """Where it runs."""
        return self._environment


class TFConfigClusterResolver(ClusterResolver):
    """Tells the tasks that the environment variable TF_CONFIG names.

    Args:
        task_type: the job of this process; what TF_CONFIG says if None.
        task_id: its number; likewise.
        rpc_layer: the protocol that targets begin with; likewise.
        environment: where it runs.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        task_type: str | None = None,
        task_id: int | None = None,
        rpc_layer: str | None = None,
        environment: str | None = None,
    ) -> None:
        self._task_type = task_type
        self._task_id = task_id
        self._rpc_layer = rpc_layer
        self._environment = environment

    @property
    def task_type(self) -> str | None:
        """The job of this process."""
        if self._task_type is not None:
            return self._task_type
        found = read_environment().get("task", {}).get("type")
        return None if found is None else str(found)

    @task_type.setter
    def task_type(self, value: str | None) -> None:
        self._task_type = value

    @property
    def task_id(self) -> int | None:
        """The number of this process in its job."""
        if self._task_id is not None:
            return self._task_id
        found = read_environment().get("task", {}).get("index")
        return None if found is None else int(found)

    @task_id.setter
    def task_id(self, value: int | None) -> None:
        self._task_id = value

    @property
    def rpc_layer(self) -> str | None:
        """The protocol that targets begin with."""
        found = self._rpc_layer or read_environment().get("rpc_layer")
        return None if found is None else str(found)

    @rpc_layer.setter
    def rpc_layer(self, value: str | None) -> None:
        self._rpc_layer = value

    @property
    def environment(self) -> str | None:
        """Where it runs."""
        return self._environment

    def cluster_spec(self) -> ClusterSpec:
        """Return the tasks: none if TF_CONFIG names none."""
        return ClusterSpec(read_environment().get("cluster", {}))

    def master(
        self,
        task_type: str | None = None,
        task_id: int | None = None,
        rpc_layer: str | None = None,
    ) -> str:
        """Return the target of a task: "" where there is one task at most.

        Args:
            task_type: the task's job; that of this process if None.
            task_id: its number; likewise.
            rpc_layer: the protocol; that of the resolver if None.

        Raises:
            ValueError: if there is no such task.
        """
        named = read_environment().get("session_master")
        if named is not None:
            return str(named)
        cluster = self.cluster_spec()
        if sum(map(cluster.num_tasks, cluster.jobs)) <= 1:
            return ""
        job = self.task_type if task_type is None else task_type
        number = self.task_id if task_id is None else task_id
        address = cluster.task_address(job, number)  # type: ignore[arg-type]  # it raises
        return _target(address, rpc_layer or self.rpc_layer)


class UnionResolver(ClusterResolver):
    """Tells the tasks of several resolvers, job by job.

    Args:
        *args: the resolvers; the first one tells the master, and what is not given here.
        **kwargs: `task_type`, `task_id` and `rpc_layer` of this process.

    Raises:
        ValueError: if there is no resolver, or another argument.
        TypeError: if something is no resolver.

    Source: TensorFlow 1.15.
    """

    def __init__(self, *args: ClusterResolver, **kwargs: Any) -> None:
        given = {name: kwargs.pop(name, None) for name in ("task_type", "task_id", "rpc_layer")}
        if kwargs:
            raise ValueError(f"Unexpected kwargs provided {kwargs!r}")
        if not args:
            raise ValueError("At least one ClusterResolver is required.")
        if not all(isinstance(each, ClusterResolver) for each in args):
            raise TypeError("All arguments must be a sub-class of `ClusterResolver.`")
        self._resolvers = args
        self._rpc_layer = given["rpc_layer"]  # it alone stands in the targets of tasks
        for name in ("task_type", "task_id"):
            setattr(self, name, getattr(args[0], name) if given[name] is None else given[name])

    @property
    def rpc_layer(self) -> str | None:
        """The protocol that it was given, or that of the first resolver."""
        found: str | None = self._rpc_layer or getattr(self._resolvers[0], "rpc_layer", None)
        return found

    @rpc_layer.setter
    def rpc_layer(self, value: str | None) -> None:
        self._rpc_layer = value

    def cluster_spec(self) -> ClusterSpec:
        """Return the tasks: of a job in several clusters those of the first one come first.

        Raises:
            KeyError: if numbered tasks of two clusters have one number.
        """
        specs = [each.cluster_spec() for each in self._resolvers]
        merged: dict[str, Any] = {}
        for job in sorted({job for spec in specs for job in spec.jobs}):
            lists = [spec.as_dict()[job] for spec in specs if job in spec.jobs]
            if all(isinstance(tasks, list) for tasks in lists):
                merged[job] = [address for tasks in lists for address in tasks]
                continue
            numbered: dict[int, str] = {}
            for tasks in lists:
                more = tasks if isinstance(tasks, dict) else dict(enumerate(tasks))
                twice = set(numbered) & set(more)
                if twice:
                    raise KeyError(
                        f"Duplicate keys detected when merging two ClusterSpecs: {twice}"
                    )
                numbered |= more
            merged[job] = numbered
        return ClusterSpec(merged)

    def master(
        self,
        task_type: str | None = None,
        task_id: int | None = None,
        rpc_layer: str | None = None,
    ) -> str:
        """Return the target of a task, or the master of the first resolver.

        Args:
            task_type: the task's job; None for the master.
            task_id: its number; likewise.
            rpc_layer: the protocol; that of the resolver if None.

        Raises:
            ValueError: if there is no such task.
        """
        if task_type is not None and task_id is not None:
            address = self.cluster_spec().task_address(task_type, task_id)
            return _target(address, rpc_layer or self._rpc_layer)
        return self._resolvers[0].master(rpc_layer=rpc_layer)

    def num_accelerators(
        self,
        task_type: str | None = None,
        task_id: int | None = None,
        config_proto: Any = None,
    ) -> dict[str, int]:
        """Return how many devices a task has, as the first resolver says.

        Args:
            task_type: the task's job.
            task_id: its number.
            config_proto: a ConfigProto.
        """
        return self._resolvers[0].num_accelerators(task_type, task_id, config_proto)

    @property
    def environment(self) -> str | None:
        """Where it runs, as the first resolver says."""
        return self._resolvers[0].environment


class TPUClusterResolver:
    """Refuses: it would tell the tasks of a TPU, and MiniTF has none.

    Raises:
        ValueError: if no TPU is named.
        UnimplementedError: otherwise.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        tpu: Any = None,
        zone: str | None = None,
        project: str | None = None,
        job_name: str = "worker",
        coordinator_name: str | None = None,
        coordinator_address: str | None = None,
        credentials: Any = "default",
        service: Any = None,
        discovery_url: str | None = None,
    ) -> None:
        if not tpu:
            raise ValueError("Please provide a TPU Name to connect to.")
        raise UnimplementedError(
            None, None, f"MiniTF has no TPU system yet: there is no TPU called {tpu!r}"
        )
