# `tf.contrib.learn.estimators`: models and how they run, by a longer path.

from minitf.contrib.learn.canned import DNNClassifier as DNNClassifier
from minitf.contrib.learn.canned import DNNLinearCombinedClassifier as DNNLinearCombinedClassifier
from minitf.contrib.learn.canned import DNNRegressor as DNNRegressor
from minitf.contrib.learn.canned import LinearClassifier as LinearClassifier
from minitf.contrib.learn.canned import LinearRegressor as LinearRegressor
from minitf.contrib.learn.canned import infer_real_valued_columns_from_input as infer_real_valued_columns_from_input
from minitf.contrib.learn.engine import Estimator as Estimator
from minitf.contrib.learn.engine import ModelFnOps as ModelFnOps
from minitf.contrib.learn.engine import SKCompat as SKCompat
from minitf.contrib.learn.modes import MetricKey as MetricKey
from minitf.contrib.learn.modes import ModeKeys as ModeKeys
from minitf.contrib.learn.modes import PredictionKey as PredictionKey
from minitf.contrib.learn.run_config import Environment as Environment
from minitf.contrib.learn.run_config import RunConfig as RunConfig
from minitf.contrib.learn.run_config import TaskType as TaskType
from minitf.contrib.learn.skflow import TensorFlowEstimator as TensorFlowEstimator
from minitf.contrib.learn.skflow_graph import NotFittedError as NotFittedError
from minitf.contrib.learn.skflow_kinds import TensorFlowClassifier as TensorFlowClassifier
from minitf.contrib.learn.skflow_kinds import TensorFlowDNNAutoencoder as TensorFlowDNNAutoencoder
from minitf.contrib.learn.skflow_kinds import TensorFlowDNNClassifier as TensorFlowDNNClassifier
from minitf.contrib.learn.skflow_kinds import TensorFlowDNNRegressor as TensorFlowDNNRegressor
from minitf.contrib.learn.skflow_kinds import TensorFlowLinearClassifier as TensorFlowLinearClassifier
from minitf.contrib.learn.skflow_kinds import TensorFlowLinearRegressor as TensorFlowLinearRegressor
from minitf.contrib.learn.skflow_kinds import TensorFlowRNNClassifier as TensorFlowRNNClassifier
from minitf.contrib.learn.skflow_kinds import TensorFlowRNNRegressor as TensorFlowRNNRegressor
from minitf.contrib.learn.skflow_kinds import TensorFlowRegressor as TensorFlowRegressor
__all__ = ['DNNClassifier', 'DNNLinearCombinedClassifier', 'DNNRegressor', 'Environment', 'Estimator', 'LinearClassifier', 'LinearRegressor', 'MetricKey', 'ModeKeys', 'ModelFnOps', 'NotFittedError', 'PredictionKey', 'RunConfig', 'SKCompat', 'TaskType', 'TensorFlowClassifier', 'TensorFlowDNNAutoencoder', 'TensorFlowDNNClassifier', 'TensorFlowDNNRegressor', 'TensorFlowEstimator', 'TensorFlowLinearClassifier', 'TensorFlowLinearRegressor', 'TensorFlowRNNClassifier', 'TensorFlowRNNRegressor', 'TensorFlowRegressor', 'infer_real_valued_columns_from_input']
