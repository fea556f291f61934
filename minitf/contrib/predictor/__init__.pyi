# `tf.contrib.predictor`: a SavedModel as a Python function.

from minitf.contrib.predictor.saved_model_predictor import from_saved_model as from_saved_model
__all__ = ['from_saved_model']
