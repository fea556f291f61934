"""How an Estimator runs: its folder, seed, checkpoints, summaries, and its task in a cluster.

The environment variable TF_CONFIG tells the cluster and the task (`cluster_task.py`).

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from typing import Any

from minitf.errors import UnimplementedError
from minitf.estimator.cluster_task import session_config_of, task_of
from minitf.protos import ConfigProto
from minitf.train.cluster_environment import read_environment
from minitf.train.cluster_spec import ClusterSpec

_USE_DEFAULT = object()
_REPLACEABLE = (
    *("model_dir", "tf_random_seed", "save_summary_steps", "save_checkpoints_steps"),
    *("save_checkpoints_secs", "session_config", "keep_checkpoint_max"),
    *("keep_checkpoint_every_n_hours", "log_step_count_steps", "train_distribute", "device_fn"),
    *("protocol", "eval_distribute", "experimental_distribute"),
    *("experimental_max_worker_delay_secs", "session_creation_timeout_secs"),
)


class RunConfig:
    """How an Estimator runs.

    Args:
        model_dir: the folder of checkpoints and summaries.
        tf_random_seed: the seed of its graphs.
        save_summary_steps: steps between two summaries.
        save_checkpoints_steps: steps between two checkpoints.
        save_checkpoints_secs: seconds between them instead; 600 if neither is given.
        session_config: ConfigProto.
        keep_checkpoint_max: how many checkpoints are kept.
        keep_checkpoint_every_n_hours: how often one is kept for ever.
        log_step_count_steps: steps between two logs of rate and loss.
        train_distribute: must be None: MiniTF has no strategies.
        device_fn: where operations are placed: a function of an Operation.
        protocol: of the targets of sessions: "grpc" (if None) or "grpc+verbs".
        eval_distribute: must be None.
        experimental_distribute: must be None.
        experimental_max_worker_delay_secs: how long `train_and_evaluate` lets a worker wait at most
            before it begins.
        session_creation_timeout_secs: how long a worker waits for its chief.

    Raises:
        ValueError: if a number does not fit, or both intervals of checkpoints are given.
            Likewise if TF_CONFIG describes no cluster with one chief and this task.
        UnimplementedError: if there is a strategy.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        model_dir: Any = None,
        tf_random_seed: int | None = None,
        save_summary_steps: int | None = 100,
        save_checkpoints_steps: Any = _USE_DEFAULT,
        save_checkpoints_secs: Any = _USE_DEFAULT,
        session_config: Any = None,
        keep_checkpoint_max: int | None = 5,
        keep_checkpoint_every_n_hours: float = 10000,
        log_step_count_steps: int | None = 100,
        train_distribute: Any = None,
        device_fn: Any = None,
        protocol: str | None = None,
        eval_distribute: Any = None,
        experimental_distribute: Any = None,
        experimental_max_worker_delay_secs: float | None = None,
        session_creation_timeout_secs: float = 7200,
    ) -> None:
        both = save_checkpoints_steps, save_checkpoints_secs
        if both == (_USE_DEFAULT, _USE_DEFAULT):
            save_checkpoints_steps, save_checkpoints_secs = None, 600
        elif save_checkpoints_secs is _USE_DEFAULT:
            save_checkpoints_secs = None
        elif save_checkpoints_steps is _USE_DEFAULT:
            save_checkpoints_steps = None
        elif None not in both:
            raise ValueError(
                "Can not provide both save_checkpoints_steps and save_checkpoints_secs."
            )
        if train_distribute or eval_distribute or experimental_distribute:
            raise UnimplementedError(
                None,
                None,
                "MiniTF has no tf.distribute strategies: TF_CONFIG tells an Estimator its cluster",
            )
        environment = read_environment()
        self._task = task_of(environment, protocol)
        if session_config is None:
            session_config = session_config_of(self._task)
        self._service = _service_of(environment)
        self._values = {
            "model_dir": _dir_of(environment, model_dir),
            "tf_random_seed": tf_random_seed,
            "save_summary_steps": save_summary_steps,
            "save_checkpoints_steps": save_checkpoints_steps,
            "save_checkpoints_secs": save_checkpoints_secs,
            "session_config": session_config,
            "keep_checkpoint_max": keep_checkpoint_max,
            "keep_checkpoint_every_n_hours": keep_checkpoint_every_n_hours,
            "log_step_count_steps": log_step_count_steps,
            "train_distribute": None,
            "device_fn": device_fn,
            "protocol": protocol,
            "eval_distribute": None,
            "experimental_distribute": None,
            "experimental_max_worker_delay_secs": experimental_max_worker_delay_secs,
            "session_creation_timeout_secs": session_creation_timeout_secs,
        }
        self._check()

    def _check(self) -> None:
        """Raise unless every value fits."""
        for name, least in (
            ("save_summary_steps", 0),
            ("save_checkpoints_steps", 0),
            ("save_checkpoints_secs", 0),
            ("keep_checkpoint_max", 0),
        ):
            value = self._values[name]
            if value is not None and value < least:
                raise ValueError(f"{name} should be >= {least}, found: {value}")
        if self.protocol not in {None, "grpc", "grpc+verbs"}:
            raise ValueError("protocol should be grpc or grpc+verbs")
        for name in (
            *("keep_checkpoint_every_n_hours", "log_step_count_steps"),
            "session_creation_timeout_secs",
        ):
            value = self._values[name]
            if value is not None and value <= 0:
                raise ValueError(f"{name} should be > 0, found: {value}")
        if self.session_config is not None and not isinstance(self.session_config, ConfigProto):
            raise ValueError(
                f"session_config must be instance of ConfigProto, found: {self.session_config}"
            )
        if self.device_fn is not None and not callable(self.device_fn):
            raise ValueError(f"device_fn must be callable with exactly one argument 'op': {self}")

    def __getattr__(self, name: str) -> Any:
        """Return a value that the constructor took."""
        values = self.__dict__.get("_values", {})
        if name not in values:
            raise AttributeError(f"RunConfig has no attribute {name!r}")
        return values[name]

    def replace(self, **kwargs: Any) -> RunConfig:
        """Return a copy with other values.

        Raises:
            ValueError: if there is no such value, or as of the constructor.
        """
        made = copy.copy(self)
        made._values = dict(self._values)  # noqa: SLF001 a copy of its own class
        for name, value in kwargs.items():
            if name not in _REPLACEABLE:
                raise ValueError(
                    f"Replacing {name} is not supported. Allowed properties are {_REPLACEABLE}."
                )
            made._values[name] = _checked_dir(value) if name == "model_dir" else value  # noqa: SLF001
        steps, secs = "save_checkpoints_steps", "save_checkpoints_secs"
        if kwargs.get(steps) is not None and kwargs.get(secs) is not None:
            raise ValueError(
                "Can not provide both save_checkpoints_steps and save_checkpoints_secs."
            )
        if kwargs.get(steps) is not None:
            made._values[secs] = None  # noqa: SLF001
        elif kwargs.get(secs) is not None:
            made._values[steps] = None  # noqa: SLF001
        made._check()  # noqa: SLF001
        return made

    # --- the cluster ------------------------------------------------------------------------------

    @property
    def cluster_spec(self) -> ClusterSpec:
        """The tasks of the cluster: none if TF_CONFIG names none, or this is the evaluator."""
        return self._task.cluster_spec

    @property
    def task_type(self) -> str:
        """The kind of task that this process is: chief, master, worker, ps or evaluator."""
        return self._task.task_type

    @property
    def task_id(self) -> int:
        """Which task of its kind this process is."""
        return self._task.task_id

    @property
    def global_id_in_cluster(self) -> int | None:
        """Which task of all this process is; None for an evaluator."""
        return self._task.global_id_in_cluster

    @property
    def is_chief(self) -> bool:
        """Whether this process is the chief."""
        return self._task.is_chief

    @property
    def master(self) -> str:
        """The target of training sessions; "" is this process."""
        return self._task.master

    @property
    def evaluation_master(self) -> str:
        """The target of other sessions."""
        return self._task.evaluation_master

    @property
    def num_worker_replicas(self) -> int:
        """How many processes train, the chief among them."""
        return self._task.num_worker_replicas

    @property
    def num_ps_replicas(self) -> int:
        """How many parameter servers there are."""
        return self._task.num_ps_replicas

    @property
    def service(self) -> dict[str, Any] | None:
        """What TF_CONFIG says of a service around the cluster."""
        return self._service


def _service_of(environment: Mapping[str, Any]) -> dict[str, Any] | None:
    service = environment.get("service")
    if service is not None and not isinstance(service, dict):
        raise TypeError(
            f'If "service" is set in TF_CONFIG, it must be a dict. Given {type(service)}'
        )
    return service


def _dir_of(environment: Mapping[str, Any], model_dir: Any) -> str | None:
    """Return the folder that is given, or that of TF_CONFIG."""
    told = environment.get("model_dir")
    if told == "":
        raise ValueError("model_dir in TF_CONFIG should be non-empty.")
    found = _checked_dir(model_dir)
    if told is not None and found is not None and found != told:
        raise ValueError(
            "`model_dir` provided in RunConfig construct, if set, must have the same value as the "
            f'model_dir in TF_CONFIG. model_dir: {found}\nTF_CONFIG["model_dir"]: {told}.\n'
        )
    return _checked_dir(told) if found is None else found


def _checked_dir(model_dir: Any) -> str | None:
    if model_dir is None:
        return None
    if not os.fspath(model_dir):
        raise ValueError("model_dir should be non-empty")
    return os.fsdecode(model_dir)
