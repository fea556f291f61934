"""`tf.contrib.slim`: layers, scopes of their arguments, training, evaluation and whole networks."""

from minitf import lazy
from minitf.contrib.layers import _NAMES as _LAYERS

_OF_FRAMEWORK = {
    "minitf.contrib": "layers losses metrics",
    "minitf.contrib.layers": "utils",
    "minitf.contrib.framework.arguments": (
        "add_arg_scope arg_scope arg_scope_func_key arg_scoped_arguments current_arg_scope "
        "has_arg_scope"
    ),
    "minitf.contrib.framework.assignments": (
        "assign_from_checkpoint assign_from_checkpoint_fn assign_from_values assign_from_values_fn"
    ),
    "minitf.contrib.framework.variables": (
        "add_model_variable filter_variables get_local_variables get_model_variables "
        "get_trainable_variables get_unique_variable get_variable_full_name get_variables "
        "get_variables_by_name get_variables_by_suffix get_variables_to_restore global_variable "
        "local_variable model_variable variable"
    ),
    "minitf.train.training_util": (
        "assert_global_step create_global_step get_global_step get_or_create_global_step"
    ),
}
_NAMES = {**_LAYERS, **_OF_FRAMEWORK}
_SUBMODULES = (
    "data_decoder data_provider dataset dataset_data_provider evaluation learning model_analyzer "
    "nets parallel_reader prefetch_queue queues summaries tfexample_decoder"
)

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
