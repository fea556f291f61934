# `tf.experimental`: how functions run.

from minitf.contexts.toggles import function_executor_type as function_executor_type
from minitf.contexts.toggles import output_all_intermediates as output_all_intermediates
__all__ = ['function_executor_type', 'output_all_intermediates']
