# `tf.contrib.learn`: data sets, preprocessing, and models by their older names.

from minitf.contrib.learn.estimators import DNNClassifier as DNNClassifier
from minitf.contrib.learn.estimators import DNNLinearCombinedClassifier as DNNLinearCombinedClassifier
from minitf.contrib.learn.estimators import DNNRegressor as DNNRegressor
from minitf.contrib.learn.estimators import Estimator as Estimator
from minitf.contrib.learn.estimators import LinearClassifier as LinearClassifier
from minitf.contrib.learn.estimators import LinearRegressor as LinearRegressor
from minitf.contrib.learn.estimators import infer_real_valued_columns_from_input as infer_real_valued_columns_from_input
from minitf.contrib.learn.modes import ModeKeys as ModeKeys
from minitf.estimator.run_config import RunConfig as RunConfig
from minitf.contrib.learn import datasets as datasets
from minitf.contrib.learn import preprocessing as preprocessing
__all__ = ['DNNClassifier', 'DNNLinearCombinedClassifier', 'DNNRegressor', 'Estimator', 'LinearClassifier', 'LinearRegressor', 'ModeKeys', 'RunConfig', 'datasets', 'infer_real_valued_columns_from_input', 'preprocessing']
