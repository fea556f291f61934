"""How a TPUEstimator runs: a RunConfig, and what only a TPU needs to know.

Source: TensorFlow 1.15's `tf.estimator.tpu`.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, NamedTuple, Self

from minitf.estimator.run_config import RunConfig as Engine

_DURATION = re.compile(r"[1-9][0-9]*[smh]")
_CORES = (1, 2, 4, 8, 16, 32, 64, 128)


class InputPipelineConfig:
    """Where the input of a TPU's training is built.

    Source: TensorFlow 1.15.
    """

    PER_SHARD_V1: ClassVar[int] = 1
    PER_HOST_V1: ClassVar[int] = 2
    PER_HOST_V2: ClassVar[int] = 3
    BROADCAST: ClassVar[int] = 4
    SLICED: ClassVar[int] = 5


class _Fields(NamedTuple):
    iterations_per_loop: int | str
    num_shards: int | None
    num_cores_per_replica: int | None
    per_host_input_for_training: int
    tpu_job_name: str | None
    initial_infeed_sleep_secs: float | None
    input_partition_dims: Any
    eval_training_input_configuration: int
    experimental_host_call_every_n_steps: int


class TPUConfig(_Fields):
    """What a TPU's training needs to know; without a TPU nothing of it has an effect.

    Args:
        iterations_per_loop: steps that a TPU does in one call of `Session.run`, or a time: "60s".
        num_shards: how many cores train.
        num_cores_per_replica: among how many of them one model is divided.
        per_host_input_for_training: a key of InputPipelineConfig; True is PER_HOST_V1, False is
            PER_SHARD_V1.
        tpu_job_name: the job of the TPU in its cluster.
        initial_infeed_sleep_secs: how long the input waits at first.
        input_partition_dims: how features, or features and labels, are divided.
        eval_training_input_configuration: where the input of an evaluation between trainings is
            built.
        experimental_host_call_every_n_steps: after how many steps `host_call` is called.

    Raises:
        ValueError: if something does not fit.

    Source: TensorFlow 1.15.
    """

    __slots__ = ()

    def __new__(
        cls,
        iterations_per_loop: int | str = 2,
        num_shards: int | None = None,
        num_cores_per_replica: int | None = None,
        per_host_input_for_training: int = True,
        tpu_job_name: str | None = None,
        initial_infeed_sleep_secs: float | None = None,
        input_partition_dims: Any = None,
        eval_training_input_configuration: int = InputPipelineConfig.PER_HOST_V1,
        experimental_host_call_every_n_steps: int = 1,
    ) -> Self:
        """Check what is given."""
        _check_iterations(iterations_per_loop)
        for name, value, is_right in (
            ("num_shards", num_shards, num_shards is None or num_shards > 0),
            (
                "initial_infeed_sleep_secs",
                initial_infeed_sleep_secs,
                initial_infeed_sleep_secs is None or initial_infeed_sleep_secs >= 0,
            ),
        ):
            if not is_right:
                raise ValueError(f"TPUConfig {name} must be positive, got {value}")
        if num_cores_per_replica is not None and num_cores_per_replica not in _CORES:
            raise ValueError(
                f"num_cores_per_replica must be {', '.join(map(str, _CORES))}; "
                f"got {num_cores_per_replica}"
            )
        place = {True: InputPipelineConfig.PER_HOST_V1, False: InputPipelineConfig.PER_SHARD_V1}
        if isinstance(per_host_input_for_training, bool):
            per_host_input_for_training = place[per_host_input_for_training]
        _check_partition(input_partition_dims, per_host_input_for_training)
        if eval_training_input_configuration not in {
            InputPipelineConfig.PER_HOST_V1,
            InputPipelineConfig.SLICED,
        }:
            raise ValueError(
                "eval_training_input_configuration must be PER_HOST_V1 or SLICED; "
                f"got {eval_training_input_configuration}"
            )
        return super().__new__(
            cls,
            *(iterations_per_loop, num_shards, num_cores_per_replica, per_host_input_for_training),
            *(tpu_job_name, initial_infeed_sleep_secs, input_partition_dims),
            *(eval_training_input_configuration, experimental_host_call_every_n_steps),
        )


def _check_iterations(value: Any) -> None:
    if isinstance(value, str):
        is_right = _DURATION.fullmatch(value) is not None
    else:
        is_right = isinstance(value, int) and value > 0
    if not is_right:
        raise ValueError(
            "Invalid TPUConfig `iterations_per_loop` value. Value must be positive integer value "
            "or time-based value `<N><s|m|h>` where <N> is any positive integer and `s`, `m`, `h` "
            "are unit of time in seconds, minutes, hours respectively. Examples of valid values: "
            f"`3600s`, `60m`, `1h`. Got {value!r}"
        )


def _check_partition(dims: Any, where: int) -> None:
    if dims is None:
        return
    if not isinstance(dims, (list, tuple)) or len(dims) not in {1, 2}:
        raise ValueError("input_partition_dims must be a list/tuple with one or two elements.")
    if where != InputPipelineConfig.PER_HOST_V2:
        raise ValueError("input_partition_dims is only supported in PER_HOST_V2 mode.")


class RunConfig(Engine):
    """How a TPUEstimator runs.

    Args:
        tpu_config: TPUConfig; the default one if None.
        evaluation_master: the target of evaluations; `master` if None.
        master: the target of trainings; what TF_CONFIG says if None.
        cluster: a ClusterResolver, which tells the target and the tasks instead.
        **kwargs: as of `tf.estimator.RunConfig`.

    Raises:
        ValueError: if both `master` and `cluster` are given, or as of that one.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        tpu_config: TPUConfig | None = None,
        evaluation_master: str | None = None,
        master: str | None = None,
        cluster: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if cluster is not None and master is not None:
            raise ValueError("Both master and cluster are set.")
        self._tpu_config = tpu_config or TPUConfig()
        self._cluster = cluster
        task = self._task
        if cluster is not None:
            task = task._replace(master=cluster.master(), cluster_spec=cluster.cluster_spec())
        elif master is not None:
            task = task._replace(master=master)
        target = task.master if evaluation_master is None else evaluation_master
        self._task = task._replace(evaluation_master=target)

    @property
    def tpu_config(self) -> TPUConfig:
        """What a TPU's training needs to know."""
        return self._tpu_config

    @property
    def cluster(self) -> Any:
        """The ClusterResolver, or None."""
        return self._cluster

    def replace(self, **kwargs: Any) -> RunConfig:
        """Return a copy with other values, of which `tpu_config` may be one.

        Raises:
            ValueError: if there is no such value, or as of the constructor.
        """
        tpu_config = kwargs.pop("tpu_config", self._tpu_config)
        made = super().replace(**kwargs)
        assert isinstance(made, RunConfig)  # a copy of its own class
        made._tpu_config = tpu_config  # noqa: SLF001 likewise
        return made
