"""`tf.estimator`: models that train, evaluate and predict by themselves."""

from minitf import lazy

_NAMES = {
    "minitf.estimator.baseline": "BaselineClassifier BaselineRegressor",
    "minitf.estimator.dnn": "DNNClassifier DNNRegressor",
    "minitf.estimator.estimators": "Estimator",
    "minitf.estimator.exporters": "BestExporter Exporter FinalExporter LatestExporter",
    "minitf.estimator.extenders": "add_metrics",
    "minitf.estimator.linear": "LinearClassifier LinearRegressor",
    "minitf.estimator.model_spec": "EstimatorSpec ModeKeys",
    "minitf.estimator.parsing": "classifier_parse_example_spec regressor_parse_example_spec",
    "minitf.estimator.run_config": "RunConfig",
    "minitf.estimator.training": "EvalSpec TrainSpec train_and_evaluate",
    "minitf.estimator.warm_starting": "WarmStartSettings",
    "minitf.train.warm_starting": "VocabInfo",
    "minitf.estimator.wide_deep": "DNNLinearCombinedClassifier DNNLinearCombinedRegressor",
    "minitf.train.checkpoint_saver_hook": "CheckpointSaverHook CheckpointSaverListener",
    "minitf.train.profiler_hook": "ProfilerHook",
    "minitf.train.session_run_hook": (
        "SessionRunArgs SessionRunContext SessionRunHook SessionRunValues"
    ),
    "minitf.train.step_hooks": (
        "FeedFnHook FinalOpsHook GlobalStepWaiterHook SecondOrStepTimer StopAtStepHook"
    ),
    "minitf.train.summary_saver_hook": "SummarySaverHook",
    "minitf.train.watching_hooks": (
        "LoggingTensorHook NanLossDuringTrainingError NanTensorHook StepCounterHook"
    ),
}
_SUBMODULES = "experimental export inputs tpu"

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
