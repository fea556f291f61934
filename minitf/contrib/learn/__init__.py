"""`tf.contrib.learn`: data sets, preprocessing, and models by their older names."""

from minitf import lazy
from minitf.contrib.learn.model_names import MODELS as _MODELS

_NAMES = {
    **_MODELS,
    "minitf.contrib.learn.experiment": "Experiment",
    "minitf.contrib.learn.metric_spec": "MetricSpec",
    "minitf.train.watching_hooks": "NanLossDuringTrainingError",
}
_SUBMODULES = "datasets estimators learn_runner models monitors ops preprocessing"

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
