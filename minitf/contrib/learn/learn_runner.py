"""`tf.contrib.learn.learn_runner`: makes an Experiment and calls one of its methods.

Source: TensorFlow 1.15's `tf.contrib.learn.learn_runner`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.contrib.learn.experiment import Experiment


def run(
    experiment_fn: Callable[..., Any],
    output_dir: Any = None,
    schedule: str | None = None,
    run_config: Any = None,
    hparams: Any = None,
) -> Any:
    """Return what a method of an experiment does.

    Args:
        experiment_fn: makes the Experiment, of `output_dir`, or of `run_config` and `hparams`.
        output_dir: the folder of the model.
        schedule: the name of the method; `train_and_evaluate` if None.
        run_config: RunConfig, instead of `output_dir`.
        hparams: HParams, besides `run_config`.

    Raises:
        ValueError: if there are folder and RunConfig, or neither; or no such method.
        TypeError: if `experiment_fn` is no function, or makes no Experiment.
    """
    if output_dir is not None and run_config is not None:
        raise ValueError("Cannot provide both `output_dir` and `run_config`")
    if not output_dir and run_config is None:
        raise ValueError("Must set value for `output_dir` or `run_config`")
    if not callable(experiment_fn):
        raise TypeError(f'Experiment builder "{experiment_fn}" is not callable.')
    if run_config is not None:
        made = experiment_fn(run_config=run_config, hparams=hparams)
    elif hparams is not None:
        raise ValueError("Must set `hparams` as None for `experiment_fn` with `output_dir`.")
    else:
        made = experiment_fn(output_dir=output_dir)
    if not isinstance(made, Experiment):
        raise TypeError(
            f"Experiment builder did not return an Experiment instance, got {type(made)} instead."
        )
    name = schedule or "train_and_evaluate"
    known = [each for each in dir(made) if not each.startswith("_")]
    if name not in known:
        raise ValueError(f"Schedule references non-existent task {name}; there are {known}")
    task = getattr(made, name)
    if not callable(task):
        raise TypeError(f"Schedule references non-callable member {name}")
    return task()
