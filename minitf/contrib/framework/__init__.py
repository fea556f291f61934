"""`tf.contrib.framework`: scopes of arguments; variables by name and from checkpoints."""

from minitf import lazy

_NAMES = {
    "minitf.api.assertions": ("is_non_decreasing is_numeric_tensor is_strictly_increasing"),
    "minitf.api.framework": (
        "convert_to_tensor_or_sparse_tensor is_tensor smart_constant_value=get_static_value"
    ),
    "minitf.api.record_input": "RecordInput",
    "minitf.api.script": "py_func",
    "minitf.api.sizes": "broadcast_to",
    "minitf.api.sorting": "argsort sort",
    "minitf.api.static_checks": "assert_same_float_dtype assert_scalar",
    "minitf.api.weights": "remove_squeezable_dimensions",
    "minitf.collection_def": "prepend_name_scope strip_name_scope",
    "minitf.compat.internal.deprecation": ("deprecated deprecated_arg_values deprecated_args"),
    "minitf.compat.internal.ops": "get_name_scope",
    "minitf.contrib.framework.arguments": (
        "add_arg_scope arg_scope arg_scope_func_key arg_scoped_arguments current_arg_scope "
        "has_arg_scope"
    ),
    "minitf.contrib.framework.assignments": (
        "assign_from_checkpoint assign_from_checkpoint_fn assign_from_values assign_from_values_fn"
    ),
    "minitf.contrib.framework.checks": (
        "VariableDeviceChooser assert_or_get_global_step assert_scalar_int get_placeholders "
        "reduce_sum_n with_same_shape with_shape zero_initializer"
    ),
    "minitf.contrib.framework.variables": (
        "add_model_variable filter_variables get_local_variables get_model_variables "
        "get_trainable_variables get_unique_variable get_variable_full_name get_variables "
        "get_variables_by_name get_variables_by_suffix get_variables_to_restore global_variable "
        "local_variable model_variable variable"
    ),
    "minitf.control_flow.critical_section": "CriticalSection",
    "minitf.default_graph": "get_graph_from_inputs=graph_of",
    "minitf.layers.utils": "smart_cond",
    "minitf.tensor_spec": "BoundedTensorSpec TensorSpec",
    "minitf.train.checkpoint_ops": (
        "load_and_remap_matrix load_and_remap_matrix_initializer load_embedding_initializer "
        "load_linear_multiclass_bias_initializer load_variable_slot_initializer"
    ),
    "minitf.train.checkpoint_reader": "list_variables load_checkpoint load_variable",
    "minitf.train.checkpoint_values": "init_from_checkpoint",
    "minitf.train.training_util": (
        "assert_global_step create_global_step get_global_step get_or_create_global_step"
    ),
    "minitf.variables.convolution_orthogonal": (
        "convolutional_delta_orthogonal=ConvolutionDeltaOrthogonal "
        "convolutional_orthogonal_1d=ConvolutionOrthogonal1D "
        "convolutional_orthogonal_2d=ConvolutionOrthogonal2D "
        "convolutional_orthogonal_3d=ConvolutionOrthogonal3D"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, "nest")
