"""`tf.estimator.tpu`: Estimators written for TPUs, which run on the CPU with `use_tpu=False`."""

from minitf import lazy

_NAMES = {
    "minitf.estimator.tpu.settings": "InputPipelineConfig RunConfig TPUConfig",
    "minitf.estimator.tpu.spec": "TPUEstimatorSpec",
    "minitf.estimator.tpu.tpu_estimator": "TPUEstimator",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
