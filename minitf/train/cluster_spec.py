"""ClusterSpec: which jobs a cluster has, and where their tasks are.

    cluster = tf.train.ClusterSpec({"ps": ["ps0:2222"], "worker": ["w0:2222", "w1:2222"]})
    cluster.task_address("worker", 1)       # "w1:2222"

Of a job whose tasks are not all known here, a dict tells some: `{"worker": {1: "w1:2222"}}`.

Source: OSDI §3.3, §5 (tasks of jobs, named by the user); TensorFlow 1.15's tf.train.ClusterSpec.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from minitf import protos
from minitf.api.graph_io import as_message

Tasks = dict[int, str]


class ClusterSpec:
    """The tasks of a cluster, by job and number.

    Args:
        cluster: a dict from the name of a job to a list of addresses, or to a dict from numbers to
            them; or a ClusterDef, or a ClusterSpec.

    Raises:
        TypeError: if it is something else.
    """

    _jobs: dict[str, Tasks]

    def __init__(self, cluster: Any) -> None:
        if isinstance(cluster, ClusterSpec):
            cluster = cluster.as_cluster_def()
        if isinstance(cluster, dict):
            self._jobs = {job: _tasks(job, tasks) for job, tasks in cluster.items()}
            for job, tasks in self._jobs.items():
                _check_texts(job, tasks.values())
        elif hasattr(cluster, "DESCRIPTOR"):
            message = as_message(cluster, protos.ClusterDef, "cluster")
            self._jobs = {job.name: dict(job.tasks) for job in message.job}
        else:
            raise TypeError(
                "`cluster` must be a dictionary mapping one or more job names to lists of network "
                "addresses, or a `ClusterDef` protocol buffer"
            )

    def __bool__(self) -> bool:
        """Tell whether there are jobs."""
        return bool(self._jobs)

    def __eq__(self, other: object) -> bool:
        """Compare with another cluster, or a dict from jobs to dicts from numbers to addresses."""
        return self._jobs == (other._jobs if isinstance(other, ClusterSpec) else other)

    __hash__ = None  # type: ignore[assignment]  # equal to dicts, which have none

    def __repr__(self) -> str:
        """Show all jobs."""
        jobs = self.as_dict()
        return f"ClusterSpec({{{', '.join(f'{job!r}: {jobs[job]!r}' for job in sorted(jobs))}}})"

    def as_dict(self) -> dict[str, list[str] | Tasks]:
        """Return a dict from jobs to lists of addresses, or to dicts where numbers are left out."""
        return {
            job: list(tasks.values()) if tasks and [*tasks] == [*range(len(tasks))] else tasks
            for job, tasks in ((job, dict(sorted(t.items()))) for job, t in self._jobs.items())
        }

    def as_cluster_def(self) -> Any:
        """Return the ClusterDef."""
        message = protos.ClusterDef()
        for job, tasks in sorted(self._jobs.items()):
            made = message.job.add(name=job)
            for number, address in tasks.items():
                made.tasks[number] = address
        return message

    @property
    def jobs(self) -> list[str]:
        """The names of the jobs."""
        return list(self._jobs)

    def num_tasks(self, job_name: str) -> int:
        """Return how many tasks of a job there are.

        Args:
            job_name: the job.

        Raises:
            ValueError: if there is no such job.
        """
        return len(self._job(job_name))

    def task_indices(self, job_name: str) -> list[int]:
        """Return the numbers of the tasks of a job, in order.

        Args:
            job_name: the job.

        Raises:
            ValueError: if there is no such job.
        """
        return sorted(self._job(job_name))

    def task_address(self, job_name: str, task_index: int) -> str:
        """Return the address of a task.

        Args:
            job_name: its job.
            task_index: its number.

        Raises:
            ValueError: if there is no such task.
        """
        tasks = self._job(job_name)
        if task_index not in tasks:
            raise ValueError(f"No task with index {task_index!r} in job {job_name!r}")
        return tasks[task_index]

    def job_tasks(self, job_name: str) -> list[str | None]:
        """Return the addresses of the tasks of a job by number, None where there is no task.

        Args:
            job_name: the job.

        Raises:
            ValueError: if there is no such job.
        """
        tasks = self._job(job_name)
        return [tasks.get(number) for number in range(max(tasks, default=-1) + 1)]

    def _job(self, name: str) -> Tasks:
        if name not in self._jobs:
            raise ValueError(f"No such job in cluster: {name!r}")
        return self._jobs[name]


def _tasks(job: Any, tasks: Any) -> Tasks:
    if isinstance(tasks, (list, tuple)):
        return dict(enumerate(tasks))
    if isinstance(tasks, dict):
        return {int(number): address for number, address in tasks.items()}
    raise TypeError(
        f"The tasks for job {job!r} must be a list or a dictionary from integers to strings."
    )


def _check_texts(job: Any, addresses: Iterable[Any]) -> None:
    if not isinstance(job, str):
        raise TypeError(f"Job name {job!r} must be bytes or unicode")
    for address in addresses:
        if not isinstance(address, str):
            raise TypeError(f"Task address {address!r} must be bytes or unicode")
