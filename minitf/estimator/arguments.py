"""What an Estimator is given: the checks of it.

Source: TensorFlow 1.15's `tf.estimator.Estimator`.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Sequence
from typing import Any

from minitf.estimator.cluster_task import default_session_config
from minitf.estimator.input_functions import arguments_of
from minitf.estimator.run_config import RunConfig
from minitf.train.device_setter import replica_device_setter
from minitf.train.session_run_hook import SessionRunHook

_LOG = logging.getLogger("tensorflow")
_MODEL_ARGUMENTS = ("features", "labels", "mode", "params", "config")
Hooks = Sequence[SessionRunHook] | None


def check_model_fn(model_fn: Callable[..., Any], params: Any) -> None:
    """Raise ValueError unless a model function takes what it must and nothing else."""
    names = arguments_of(model_fn)
    if "features" not in names:
        raise ValueError(f"model_fn ({model_fn}) must include features argument.")
    if params is not None and "params" not in names:
        raise ValueError(
            f"model_fn ({model_fn}) does not include params argument, but params ({params}) is "
            "passed to Estimator."
        )
    others = sorted(set(names) - set(_MODEL_ARGUMENTS))
    if others:
        raise ValueError(f"model_fn ({model_fn}) has following not expected args: {others}")


def call_model_fn(
    model_fn: Callable[..., Any], features: Any, labels: Any, mode: str, params: Any, config: Any
) -> Any:
    """Return what a model function returns for the arguments that it takes.

    Raises:
        ValueError: if there are labels that it does not take.
    """
    wanted = arguments_of(model_fn)
    values = {"labels": labels, "mode": mode, "params": params, "config": config}
    if labels is not None and "labels" not in wanted:
        raise ValueError("model_fn does not take labels, but input_fn returns labels.")
    _LOG.info("Calling model_fn.")
    spec = model_fn(features=features, **{name: values[name] for name in values if name in wanted})
    _LOG.info("Done calling model_fn.")
    return spec


def complete_config(config: Any, model_dir: Any) -> Any:
    """Return a RunConfig that has a folder and a ConfigProto.

    Raises:
        ValueError: if it is none, or two folders are given.
    """
    if config is None:
        config = RunConfig()
    if not isinstance(config, RunConfig):
        raise ValueError(f"config must be an instance of `RunConfig`, but provided {config}.")
    if config.session_config is None:
        config = config.replace(session_config=default_session_config())
    if model_dir is None and config.model_dir is None:
        made = tempfile.mkdtemp()
        _LOG.warning("Using temporary folder as model directory: %s", made)
        return config.replace(model_dir=made)
    if model_dir is None:
        return config
    if config.model_dir not in {None, str(model_dir)}:
        raise ValueError(
            "`model_dir` are set both in constructor and `RunConfig`, but with different values. "
            f"In constructor: '{model_dir}', in `RunConfig`: '{config.model_dir}' "
        )
    return config.replace(model_dir=model_dir)


def device_fn_of(config: Any) -> Callable[..., Any] | None:
    """Return where operations are placed: as the RunConfig says, or state on parameter servers."""
    if config.device_fn is not None or not config.num_ps_replicas:
        found: Callable[..., Any] | None = config.device_fn
        return found
    return replica_device_setter(
        worker_device=f"/job:{config.task_type}/task:{config.task_id}", cluster=config.cluster_spec
    )


def check_positive(name: str, value: int | None) -> None:
    """Raise ValueError if a number is given that is not above 0."""
    if value is not None and value <= 0:
        raise ValueError(f"Must specify {name} > 0, given: {value}")


def checked_hooks(hooks: Hooks) -> list[SessionRunHook]:
    """Return hooks as a list.

    Raises:
        TypeError: if one is no SessionRunHook.
    """
    checked = list(hooks or ())
    for hook in checked:
        if not isinstance(hook, SessionRunHook):
            raise TypeError(f"Hooks must be a SessionRunHook, given: {hook}")
    return checked
