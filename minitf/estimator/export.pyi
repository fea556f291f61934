# `tf.estimator.export`: what a model says of the outputs that it serves.

from minitf.estimator.outputs import ClassificationOutput as ClassificationOutput
from minitf.estimator.outputs import ExportOutput as ExportOutput
from minitf.estimator.outputs import PredictOutput as PredictOutput
from minitf.estimator.outputs import RegressionOutput as RegressionOutput
__all__ = ['ClassificationOutput', 'ExportOutput', 'PredictOutput', 'RegressionOutput']
