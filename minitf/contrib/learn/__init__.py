"""`tf.contrib.learn`: data sets, preprocessing, and models by their older names."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.learn.estimators": (
        "DNNClassifier DNNLinearCombinedClassifier DNNRegressor Estimator LinearClassifier "
        "LinearRegressor infer_real_valued_columns_from_input"
    ),
    "minitf.contrib.learn.modes": "ModeKeys",
    "minitf.estimator.run_config": "RunConfig",
}
_SUBMODULES = "datasets preprocessing"

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
