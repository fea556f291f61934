"""TPUEstimator: an Estimator that is told its batch sizes, written for TPUs.

    estimator = tf.estimator.tpu.TPUEstimator(
        model_fn, config=tf.estimator.tpu.RunConfig(model_dir="model"), use_tpu=False,
        train_batch_size=32, eval_batch_size=8, predict_batch_size=8)
    estimator.train(input_fn, max_steps=1000)           # input_fn gets params["batch_size"]

With `use_tpu=False` it runs on the CPU as TensorFlow's does.  MiniTF has no TPU system yet: what
would need one raises, as TensorFlow does where there is no TPU.

**Departure**: `export_saved_model` writes the graph for CPUs alone, never one for a TPU beside it.

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

import enum
import logging
from collections.abc import Callable, Mapping
from typing import Any

from minitf.errors import UnimplementedError
from minitf.estimator.arguments import call_model_fn
from minitf.estimator.estimators import Estimator
from minitf.estimator.input_functions import arguments_of, call_input_fn
from minitf.estimator.model_spec import EstimatorSpec, ModeKeys
from minitf.estimator.tpu.hooks import ExamplesPerSecondHook
from minitf.estimator.tpu.settings import RunConfig
from minitf.estimator.tpu.spec import TPUEstimatorSpec

_LOG = logging.getLogger("tensorflow")
_BATCH_SIZE, _USE_TPU = "batch_size", "use_tpu"
_RESERVED = [_BATCH_SIZE, "context"]
_NEEDS_PARAMS = (
    "does not include params argument, required by TPUEstimator to pass batch size as "
    'params["batch_size"]'
)
NO_SYSTEM = (
    "Cannot find any TPU cores in the system. MiniTF has no TPU system yet: "
    "TPUEstimator(..., use_tpu=False) runs on the CPU"
)


class ExportSavedModelApiVersion(enum.Enum):
    """How a graph for a TPU is exported; of no effect.

    Source: TensorFlow 1.15.
    """

    V1 = 1
    V2 = 2


class TPUEstimator(Estimator):
    """An Estimator written for TPUs.

    Args:
        model_fn: builds the model: a function of `features`, `labels`, `mode`, `params` and
            `config` that returns a TPUEstimatorSpec or an EstimatorSpec.
        model_dir: the folder of checkpoints and summaries.
        config: a RunConfig of `tf.estimator.tpu`.
        params: what both functions get as `params`, besides "batch_size"; the model function gets
            "use_tpu" too.
        use_tpu: must be False where something is run: there is no TPU.
        train_batch_size: how many examples a step trains with.
        eval_batch_size: how many examples a batch of an evaluation has.
        predict_batch_size: how many examples a batch of predictions has.
        batch_axis: accepted: of a TPU's input.
        eval_on_tpu: whether evaluations, too, need the TPU of `use_tpu=True`.
        export_to_tpu: accepted, with a warning at exports.
        export_to_cpu: must be True where a model is exported.
        warm_start_from: as of Estimator.
        embedding_config_spec: must be None: it tells embeddings that a TPU keeps.
        export_saved_model_api_version: accepted.

    Raises:
        ValueError: if the RunConfig is another one, `params` has a reserved key, or a TPU has no
            batch size.
        UnimplementedError: if there are embeddings.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        model_fn: Any = None,
        model_dir: Any = None,
        config: Any = None,
        params: Any = None,
        use_tpu: bool = True,
        train_batch_size: int | None = None,
        eval_batch_size: int | None = None,
        predict_batch_size: int | None = None,
        batch_axis: Any = None,
        eval_on_tpu: bool = True,
        export_to_tpu: bool = True,
        export_to_cpu: bool = True,
        warm_start_from: Any = None,
        embedding_config_spec: Any = None,
        export_saved_model_api_version: Any = ExportSavedModelApiVersion.V1,
    ) -> None:
        if not isinstance(config, RunConfig):
            raise ValueError("`config` must be provided with type `tpu_config.RunConfig`")
        if params is not None and any(key in params for key in _RESERVED):
            raise ValueError(f"{_RESERVED} are reserved keys but existed in params {params}.")
        if embedding_config_spec is not None:
            raise UnimplementedError(
                None, None, "MiniTF has no TPU system yet: embedding_config_spec must be None"
            )
        if use_tpu and train_batch_size is None:
            raise ValueError("`train_batch_size` cannot be `None`")
        self._batch_sizes = {
            ModeKeys.TRAIN: train_batch_size,
            ModeKeys.EVAL: eval_batch_size,
            ModeKeys.PREDICT: predict_batch_size,
        }
        for name, value in self._batch_sizes.items():
            if use_tpu and value is not None and value <= 0:
                raise ValueError(f"the batch size of mode {name!r} must be positive, got {value}")
        ExportSavedModelApiVersion(export_saved_model_api_version)
        self._use_tpu = use_tpu
        self._eval_on_tpu = eval_on_tpu
        self._export_to_tpu = export_to_tpu
        self._export_to_cpu = export_to_cpu
        self._log_every_n_steps = config.log_step_count_steps
        # A hook of its own tells the rates.
        config = config.replace(log_step_count_steps=None)
        super().__init__(model_fn, model_dir, config, params, warm_start_from)

    def _check_system(self, mode: str) -> None:
        """Raise RuntimeError if a mode needs a TPU."""
        if self._use_tpu and (mode != ModeKeys.EVAL or self._eval_on_tpu):
            raise RuntimeError(NO_SYSTEM)

    def _params_with(self, **values: Any) -> Any:
        """Return a copy of the parameters with more of them."""
        params = self.params
        for name, value in values.items():
            if hasattr(params, "set_hparam"):
                add = params.set_hparam if name in params else params.add_hparam
                add(name, value)
            else:
                params[name] = value
        return params

    def _size_of(self, mode: str) -> dict[str, int]:
        size = self._batch_sizes[mode]
        return {} if size is None else {_BATCH_SIZE: size}

    def _inputs(self, input_fn: Callable[..., Any], mode: str) -> tuple[Any, Any, list[Any]]:
        """Return features, labels and the hooks that they need."""
        self._check_system(mode)
        if "params" not in arguments_of(input_fn):
            raise ValueError(f"input_fn ({input_fn}) {_NEEDS_PARAMS}")
        params = self._params_with(**self._size_of(mode))
        return call_input_fn(input_fn, mode, {"params": params, "config": self.config})

    def _call_model_fn(self, features: Any, labels: Any, mode: str, config: Any) -> EstimatorSpec:
        """Build the model."""
        spec = self._build(features, labels, mode, config, self._size_of(mode))
        if self._log_every_n_steps is None:
            return spec
        hook = ExamplesPerSecondHook(
            self._batch_sizes[ModeKeys.TRAIN],
            self._log_every_n_steps,
            output_dir=self._model_dir if self._config.save_summary_steps else None,
        )
        return spec._replace(training_hooks=(*spec.training_hooks, hook))

    def _call_exported_model_fn(self, features: Any, labels: Any, config: Any) -> EstimatorSpec:
        """Build the model to be exported: for any batch size."""
        return self._build(features, labels, ModeKeys.PREDICT, config, {})

    def _build(
        self, features: Any, labels: Any, mode: str, config: Any, size: Mapping[str, int]
    ) -> EstimatorSpec:
        if "params" not in arguments_of(self._model_fn):
            raise ValueError(f"model_fn ({self._model_fn}) {_NEEDS_PARAMS}")
        _LOG.info("Running %s on CPU", mode)
        params = self._params_with(**size, **{_USE_TPU: False})
        spec = call_model_fn(self._model_fn, features, labels, mode, params, config)
        if isinstance(spec, TPUEstimatorSpec):
            return spec.as_estimator_spec()
        if not isinstance(spec, EstimatorSpec):
            raise ValueError("model_fn should return a TPUEstimatorSpec or an EstimatorSpec.")
        return spec

    def _export(self, *args: Any, **kwargs: Any) -> bytes:
        if not self._export_to_cpu:
            raise UnimplementedError(
                None, None, "MiniTF has no TPU system yet: export_to_cpu must be True"
            )
        if self._export_to_tpu:
            _LOG.warning("MiniTF has no TPU system yet: the model is exported for CPUs alone.")
        return super()._export(*args, **kwargs)


def export_estimator_savedmodel(
    estimator: Estimator,
    export_dir_base: Any,
    serving_input_receiver_fn: Callable[[], Any],
    assets_extra: Mapping[str, Any] | None = None,
    as_text: bool = False,
    checkpoint_path: str | None = None,
) -> bytes:
    """Write a model as a SavedModel; return its folder.

    Args:
        estimator: the Estimator.
        export_dir_base: as of `Estimator.export_saved_model`, likewise the rest.
        serving_input_receiver_fn: see there.
        assets_extra: see there.
        as_text: see there.
        checkpoint_path: see there.

    Raises:
        ValueError: if there is no checkpoint, or no output can be served.
    """
    return estimator.export_saved_model(
        export_dir_base, serving_input_receiver_fn, assets_extra, as_text, checkpoint_path
    )
