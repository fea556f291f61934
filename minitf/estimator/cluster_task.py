"""Which task of a cluster an Estimator's process is, and what it may see of the others.

    TF_CONFIG='{"cluster": {"chief": ["host0:2222"], "ps": ["host1:2222"],
                            "worker": ["host2:2222", "host3:2222"]},
                "task": {"type": "worker", "index": 1}}'

The chief trains too, saves and writes summaries; a process of the type `evaluator` is no task of
the cluster: it reads the chief's checkpoints.  A `master`, of programs for Cloud ML, is a chief
that evaluates.  Without a cluster the process is worker 0, and the chief.

Source: TensorFlow 1.15's `tf.estimator.RunConfig`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from minitf.protos import ConfigProto
from minitf.train.cluster_environment import VARIABLE
from minitf.train.cluster_spec import ClusterSpec

_PROTOCOL = "grpc"


class TaskType:
    """What a process of a cluster does.

    Source: TensorFlow 1.15.
    """

    MASTER: ClassVar[str] = "master"
    PS: ClassVar[str] = "ps"
    WORKER: ClassVar[str] = "worker"
    CHIEF: ClassVar[str] = "chief"
    EVALUATOR: ClassVar[str] = "evaluator"


class ClusterTask(NamedTuple):
    """A task of a cluster; the fields have the names of RunConfig's properties.

    Source: TensorFlow 1.15.
    """

    cluster_spec: ClusterSpec
    task_type: str = TaskType.WORKER
    task_id: int = 0
    global_id_in_cluster: int | None = 0
    master: str = ""
    evaluation_master: str = ""
    is_chief: bool = True
    num_worker_replicas: int = 1
    num_ps_replicas: int = 0


def task_of(environment: Mapping[str, Any], protocol: str | None) -> ClusterTask:
    """Return the task that TF_CONFIG says this process is.

    Args:
        environment: what TF_CONFIG says.
        protocol: that of the targets of sessions; "grpc" if None.

    Raises:
        ValueError: if the cluster has no chief, or several, or not this task.
        TypeError: if there is no cluster in what should be one.
    """
    cluster = ClusterSpec(environment.get("cluster", {}))
    task = environment.get("task", {})
    evaluation_master = str(environment.get("eval_session_master", ""))
    if not cluster:
        _check_alone(task)
        return ClusterTask(
            cluster,
            master=str(environment.get("session_master", "")),
            evaluation_master=evaluation_master,
        )
    chief = _chief_of(cluster)
    job, number = _own_task(task)
    if job == TaskType.EVALUATOR:
        if chief == TaskType.MASTER:
            raise ValueError(
                f"If `{chief}` node exists in `cluster`, task_type `{job}` is not supported."
            )
        none: dict[str, Any] = {"num_worker_replicas": 0, "num_ps_replicas": 0, "is_chief": False}
        return ClusterTask(
            *(ClusterSpec({}), job, number, None), evaluation_master=evaluation_master, **none
        )
    address = _own_address(cluster, job, number)
    alone = len(cluster.jobs) == 1 and cluster.num_tasks(cluster.jobs[0]) == 1
    target = "" if alone else f"{protocol or _PROTOCOL}://{address}"
    return ClusterTask(
        cluster,
        job,
        number,
        _number_of_all(cluster, chief, job, number),
        str(environment.get("session_master", target)),
        "",
        job == chief,
        1 + _count(cluster, TaskType.WORKER),
        _count(cluster, TaskType.PS),
    )


def _check_alone(task: Mapping[str, Any]) -> None:
    """Refuse another task than the only one where there is no cluster."""
    if task.get("type", TaskType.WORKER) != TaskType.WORKER:
        raise ValueError(f'If "cluster" is not set in {VARIABLE}, task type must be WORKER.')
    if int(task.get("index", 0)) != 0:
        raise ValueError(f'If "cluster" is not set in {VARIABLE}, task index must be 0.')


def _chief_of(cluster: ClusterSpec) -> str:
    """Return the job whose only task is the chief."""
    chief = TaskType.MASTER if TaskType.MASTER in cluster.jobs else TaskType.CHIEF
    if chief == TaskType.MASTER and TaskType.CHIEF in cluster.jobs:
        raise ValueError(
            f"If `{chief}` node exists in `cluster`, job `{TaskType.CHIEF}` is not supported."
        )
    if chief not in cluster.jobs:
        raise ValueError(f'If "cluster" is set in {VARIABLE}, it must have one "{chief}" node.')
    if cluster.num_tasks(chief) != 1:
        raise ValueError(f'The "cluster" in {VARIABLE} must have only one "{chief}" node.')
    return chief


def _own_task(task: Mapping[str, Any]) -> tuple[str, int]:
    """Return job and number of this process."""
    for key, what in ("type", "type"), ("index", "index"):
        if task.get(key) is None:
            raise ValueError(f'If "cluster" is set in {VARIABLE}, task {what} must be set.')
    number = int(task["index"])
    if number < 0:
        raise ValueError("Task index must be non-negative number.")
    return str(task["type"]), number


def _own_address(cluster: ClusterSpec, job: str, number: int) -> str:
    hint = f"\n\nNote that these values may be coming from the {VARIABLE} environment variable."
    if job not in cluster.jobs:
        raise ValueError(f"{job} is not a valid task_type in the cluster_spec:\n{cluster}{hint}")
    if number not in cluster.task_indices(job):
        raise ValueError(
            f"{number} is not a valid task_id for task_type {job} in the cluster_spec:\n"
            f"{cluster}{hint}"
        )
    return cluster.task_address(job, number)


def _count(cluster: ClusterSpec, job: str) -> int:
    return cluster.num_tasks(job) if job in cluster.jobs else 0


def _number_of_all(cluster: ClusterSpec, chief: str, job: str, number: int) -> int:
    """Return which task of all one is: the chief, the workers, other jobs, parameter servers."""
    first = (chief, TaskType.WORKER)
    others = sorted(set(cluster.jobs) - {*first, TaskType.PS})
    number_of_all = 0
    for each in (*first, *others, TaskType.PS):
        if each == job:
            return number_of_all + number
        number_of_all += _count(cluster, each)
    raise AssertionError(job)  # it is one of the cluster's


def default_session_config(*device_filters: str) -> Any:
    """Return the ConfigProto of an Estimator's sessions where none is given.

    Args:
        *device_filters: what they see of a cluster.
    """
    made = ConfigProto(allow_soft_placement=True, device_filters=device_filters)
    rewriting = made.graph_options.rewrite_options
    rewriting.meta_optimizer_iterations = rewriting.ONE
    return made


def session_config_of(task: ClusterTask) -> Any:
    """Return the ConfigProto of a task's sessions: it sees itself and the parameter servers.

    Returns:
        None for a task that shares no variables with others.
    """
    seen = {
        TaskType.MASTER: ("/job:ps", "/job:master"),
        TaskType.CHIEF: ("/job:ps", "/job:chief"),
        TaskType.WORKER: ("/job:ps", f"/job:worker/task:{task.task_id}"),
        TaskType.PS: ("/job:ps", "/job:worker", "/job:chief", "/job:master"),
    }
    if not task.cluster_spec or task.task_type not in seen:
        return None
    return default_session_config(*seen[task.task_type])
