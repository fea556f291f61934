"""How an estimator of `tf.contrib.learn` runs: that of `tf.estimator`, with older arguments.

Source: TensorFlow 1.15's `tf.contrib.learn.RunConfig`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from minitf.errors import UnimplementedError
from minitf.estimator.run_config import RunConfig as Engine
from minitf.protos import ConfigProto, GPUOptions

_USE_DEFAULT = object()


class TaskType:
    """What a process is.

    Source: TensorFlow 1.15.
    """

    MASTER: ClassVar[str] = "master"
    PS: ClassVar[str] = "ps"
    WORKER: ClassVar[str] = "worker"


class Environment:
    """Where a process runs.

    Source: TensorFlow 1.15.
    """

    CLOUD: ClassVar[str] = "cloud"
    GOOGLE: ClassVar[str] = "google"
    LOCAL: ClassVar[str] = "local"


class RunConfig(Engine):
    """How an estimator runs.

    Args:
        master: must be None or empty: there is one process.
        num_cores: how many threads a session uses; as many as there are if 0.
        log_device_placement: whether it is logged where operations run.
        gpu_memory_fraction: accepted.
        tf_random_seed: the seed of graphs.
        save_summary_steps: steps between two summaries.
        save_checkpoints_secs: seconds between two checkpoints; 600 if neither is given.
        save_checkpoints_steps: steps between them, instead.
        keep_checkpoint_max: how many checkpoints are kept.
        keep_checkpoint_every_n_hours: how often one is kept for ever.
        log_step_count_steps: steps between two logs of rate and loss.
        protocol: accepted.
        evaluation_master: must be empty: there is one process.
        model_dir: the folder of checkpoints and summaries.
        session_config: ConfigProto, instead of what arguments say.

    Raises:
        ValueError: if another process is named.
        UnimplementedError: if TF_CONFIG names several tasks.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        master: str | None = None,
        num_cores: int = 0,
        log_device_placement: bool = False,
        gpu_memory_fraction: float = 1,
        tf_random_seed: int | None = None,
        save_summary_steps: int = 100,
        save_checkpoints_secs: Any = _USE_DEFAULT,
        save_checkpoints_steps: int | None = None,
        keep_checkpoint_max: int = 5,
        keep_checkpoint_every_n_hours: float = 10000,
        log_step_count_steps: int = 100,
        protocol: str | None = None,
        evaluation_master: str = "",
        model_dir: Any = None,
        session_config: Any = None,
    ) -> None:
        if master or evaluation_master:
            raise ValueError("there is one process: master and evaluation_master must be empty")
        secs = save_checkpoints_secs
        if secs is _USE_DEFAULT:
            secs = None if save_checkpoints_steps else 600
        if session_config is None:
            session_config = ConfigProto(
                log_device_placement=log_device_placement,
                inter_op_parallelism_threads=num_cores,
                intra_op_parallelism_threads=num_cores,
                gpu_options=GPUOptions(per_process_gpu_memory_fraction=gpu_memory_fraction),
            )
        super().__init__(
            model_dir,
            tf_random_seed,
            save_summary_steps,
            save_checkpoints_steps,
            secs,
            session_config,
            keep_checkpoint_max,
            keep_checkpoint_every_n_hours,
            log_step_count_steps,
            protocol=protocol,
        )
        if self.cluster_spec:
            raise UnimplementedError(
                None,
                None,
                f"An estimator of tf.contrib.learn trains in one process, but TF_CONFIG names "
                f"{self.cluster_spec}: tf.estimator.train_and_evaluate trains in several",
            )
