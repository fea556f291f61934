# `tf.estimator.tpu`: Estimators written for TPUs, which run on the CPU with `use_tpu=False`.

from minitf.estimator.tpu.settings import InputPipelineConfig as InputPipelineConfig
from minitf.estimator.tpu.settings import RunConfig as RunConfig
from minitf.estimator.tpu.settings import TPUConfig as TPUConfig
from minitf.estimator.tpu.spec import TPUEstimatorSpec as TPUEstimatorSpec
from minitf.estimator.tpu.tpu_estimator import TPUEstimator as TPUEstimator
__all__ = ['InputPipelineConfig', 'RunConfig', 'TPUConfig', 'TPUEstimator', 'TPUEstimatorSpec']
