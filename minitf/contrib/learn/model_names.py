"""Where the models of `tf.contrib.learn` stand, which have two public paths."""

MODELS = {
    "minitf.contrib.learn.canned": (
        "DNNClassifier DNNLinearCombinedClassifier DNNRegressor LinearClassifier LinearRegressor "
        "infer_real_valued_columns_from_input"
    ),
    "minitf.contrib.learn.engine": "Estimator ModelFnOps SKCompat",
    "minitf.contrib.learn.modes": "MetricKey ModeKeys PredictionKey",
    "minitf.contrib.learn.run_config": "Environment RunConfig TaskType",
    "minitf.contrib.learn.skflow": "TensorFlowEstimator",
    "minitf.contrib.learn.skflow_graph": "NotFittedError",
    "minitf.contrib.learn.skflow_kinds": (
        "TensorFlowClassifier TensorFlowDNNAutoencoder TensorFlowDNNClassifier "
        "TensorFlowDNNRegressor TensorFlowLinearClassifier TensorFlowLinearRegressor "
        "TensorFlowRNNClassifier TensorFlowRNNRegressor TensorFlowRegressor"
    ),
}
