# `tf.estimator.export`: what a served model receives, and what outputs it serves.

from minitf.estimator.outputs import ClassificationOutput as ClassificationOutput
from minitf.estimator.outputs import ExportOutput as ExportOutput
from minitf.estimator.outputs import PredictOutput as PredictOutput
from minitf.estimator.outputs import RegressionOutput as RegressionOutput
from minitf.estimator.receivers import ServingInputReceiver as ServingInputReceiver
from minitf.estimator.receivers import TensorServingInputReceiver as TensorServingInputReceiver
from minitf.estimator.receivers import build_parsing_serving_input_receiver_fn as build_parsing_serving_input_receiver_fn
from minitf.estimator.receivers import build_raw_serving_input_receiver_fn as build_raw_serving_input_receiver_fn
__all__ = ['ClassificationOutput', 'ExportOutput', 'PredictOutput', 'RegressionOutput', 'ServingInputReceiver', 'TensorServingInputReceiver', 'build_parsing_serving_input_receiver_fn', 'build_raw_serving_input_receiver_fn']
