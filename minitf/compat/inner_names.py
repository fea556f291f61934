"""What import paths of `tensorflow.python` have besides the public names.

Tests and programs of TensorFlow 1.x call functions of its insides.  Those that have a counterpart
here stand in this table: import path -> module -> names, as in `minitf.lazy`.

Source: no paper; what the unit tests of TensorFlow 1.0 to 1.15 import.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from minitf import lazy
from minitf.compat.import_paths import is_folder, own_module
from minitf.compat.inner_columns import OF_COLUMNS
from minitf.compat.inner_data_names import OF_DATA
from minitf.compat.inner_linear_operators import LINEAR_OPERATORS
from minitf.compat.inner_names_v2 import SECOND_VERSIONS
from minitf.compat.inner_ragged import RAGGED
from minitf.compat.inner_recurrent import OF_CONTRIB, OF_RECURRENT
from minitf.compat.inner_saving import OF_SAVING
from minitf.compat.inner_test_tools import DISTRIBUTIONS, PYWRAP, TEST_TOOLS
from minitf.compat.inner_training import OF_TRAINING
from minitf.compat.inner_utilities import OF_UTILITIES

_INITIALIZERS = (
    "Constant GlorotNormal GlorotUniform Identity Initializer Ones RandomNormal RandomUniform "
    "TruncatedNormal UniformUnitScaling VarianceScaling Zeros constant_initializer=Constant "
    "glorot_normal_initializer=GlorotNormal glorot_uniform_initializer=GlorotUniform he_normal "
    "he_uniform identity_initializer=Identity lecun_normal lecun_uniform "
    "ones_initializer=Ones random_normal_initializer=RandomNormal "
    "random_uniform_initializer=RandomUniform truncated_normal_initializer=TruncatedNormal "
    "uniform_unit_scaling_initializer=UniformUnitScaling "
    "variance_scaling_initializer=VarianceScaling zeros_initializer=Zeros"
)
_METRICS = {
    "minitf.api.math": "_safe_scalar_div=div_no_nan",
    "minitf.compat.internal.metrics_impl": (
        "_aggregate_variable=aggregate_variable "
        "_confusion_matrix_at_thresholds=confusion_matrix_at_thresholds metric_variable"
    ),
    "minitf.metrics.average_precision": (
        "_streaming_sparse_average_precision_at_top_k=average_precision_of_best"
    ),
    "minitf.metrics.streaming": "_remove_squeezable_dimensions=fitted",
}

_BELOW_PYTHON: dict[str, dict[str, str]] = {
    "client.session": {
        "minitf.session.conversions": "register_session_run_conversion_functions",
        "minitf.session.described": "_DeviceAttributes=device_attributes",
        "minitf.session.session": "BaseSession SessionInterface=BaseSession",
    },
    "debug.lib.debug_data": {
        "minitf.tfdbg.dump_dir": "DebugDumpDir WatchKeyDoesNotExistInDebugDumpDirError",
    },
    **OF_DATA,
    **OF_COLUMNS,
    "framework.constant_op": {
        "minitf.api.constants": "constant_v1=constant",
    },
    "framework.errors": {"builtins": "OperatorNotAllowedInGraphError=TypeError"},
    "framework.errors_impl": {
        "builtins": "OperatorNotAllowedInGraphError=TypeError",
        "minitf.compat.internal.errors_impl": "_make_specific_exception=make_specific_exception",
    },
    "framework.device_spec": {
        "minitf.devices": "DeviceSpecV1=DeviceSpec DeviceSpecV2=DeviceSpec",
    },
    "framework.indexed_slices": {
        "minitf.compat.internal.ops": "convert_n_to_tensor_or_indexed_slices",
        "minitf.composite": "IndexedSlices IndexedSlicesValue",
        "minitf.composite_specs": "IndexedSlicesSpec",
    },
    "framework.meta_graph": {
        "minitf.compat.internal.meta_graph": (
            "add_collection_def copy_scoped_meta_graph create_meta_graph_def "
            "export_scoped_meta_graph import_scoped_meta_graph "
            "import_scoped_meta_graph_with_return_elements ops_used_by_graph_def "
            "read_meta_graph_file stripped_op_list_for_graph"
        ),
    },
    "framework.ops": {
        "minitf.api.framework": (
            "convert_to_tensor_or_indexed_slices "
            "internal_convert_to_tensor_or_indexed_slices=convert_to_tensor_or_indexed_slices "
            "name_scope_v1=name_scope"
        ),
        "minitf.api.gradients": "no_gradient=NotDifferentiable",
        "minitf.collection_def": "prepend_name_scope strip_name_scope",
        "minitf.compat.internal.ops": (
            "EagerTensor NullContextmanager RegisterShape "
            "convert_n_to_tensor convert_n_to_tensor_or_indexed_slices "
            "convert_to_tensor_or_composite default_session dismantle_graph "
            "executing_eagerly_outside_functions get_all_collection_keys get_collection_proto_type "
            "get_from_proto_function get_gradient_function get_name_scope "
            "get_to_proto_function has_default_graph inside_function internal_convert_to_tensor "
            "is_dense_tensor_like name_from_scope_name numpy_text register_proto_function "
            "set_shapes_for_outputs uid"
        ),
        "minitf.compat.internal.stacks": "_default_graph_stack _default_session_stack",
        "minitf.composite": "IndexedSlicesValue",
        "minitf.default_graph": "_get_graph_from_inputs=graph_of",
        "minitf.profiler.statistics": "OpStats RegisterStatistics get_stats_for_node_def",
        "minitf.tensor": "_TensorLike=Tensor",  # the package `keras` asks
    },
    "framework.dtypes": {
        "minitf.dtypes": "half_ref=float16_ref double_ref=float64_ref",
    },
    "framework.random_seed": {
        "minitf.api.random": "DEFAULT_GRAPH_SEED",
    },
    "framework.smart_cond": {
        "minitf.layers.utils": "smart_constant_value=constant_value",
    },
    "framework.sparse_tensor": {
        "minitf.compat.internal.ops": "is_sparse",
    },
    "framework.tensor_conversion_registry": {
        "minitf.convert": "register_tensor_conversion_function",
    },
    "layers.base": {
        "minitf.layers.experimental": "keras_style_scope set_keras_style",
    },
    "layers.convolutional": {
        "minitf.layers": (
            "Convolution1D=Conv1D Convolution2D=Conv2D Convolution2DTranspose=Conv2DTranspose "
            "Convolution3D=Conv3D Convolution3DTranspose=Conv3DTranspose Deconv2D=Conv2DTranspose "
            "Deconv3D=Conv3DTranspose Deconvolution2D=Conv2DTranspose "
            "Deconvolution3D=Conv3DTranspose SeparableConvolution2D=SeparableConv2D "
            "convolution1d=conv1d convolution2d=conv2d convolution2d_transpose=conv2d_transpose "
            "convolution3d=conv3d convolution3d_transpose=conv3d_transpose "
            "deconv2d=conv2d_transpose deconv3d=conv3d_transpose deconvolution2d=conv2d_transpose "
            "deconvolution3d=conv3d_transpose separable_convolution2d=separable_conv2d"
        ),
    },
    "layers.core": {
        "minitf.layers": "FullyConnected=Dense fully_connected=dense",
    },
    "layers.normalization": {
        "minitf.layers": "BatchNorm=BatchNormalization batch_norm=batch_normalization",
    },
    "layers.pooling": {
        "minitf.layers": (
            "AvgPool2D=AveragePooling2D MaxPool2D=MaxPooling2D avg_pool2d=average_pooling2d "
            "max_pool2d=max_pooling2d"
        ),
    },
    "layers.utils": {
        "minitf.compat.internal.layer_utils": (
            "get_reachable_from_inputs object_list_uid static_shape"
        ),
    },
    "ops.array_ops": {
        "minitf.api.gathering": "listdiff=setdiff1d",
        "minitf.compat.internal.array_ops": "rank_internal shape_internal size_internal",
    },
    "ops.check_ops": {
        "minitf.api.static_checks": "assert_shapes",
    },
    "ops.confusion_matrix": {
        "minitf.api.weights": "remove_squeezable_dimensions",
    },
    "framework.function": {
        "minitf.compat.internal.defined_functions": (
            "from_library get_extra_args get_extra_inputs get_extra_vars"
        ),
        "minitf.functional.tracing": "func_graph_from_py_func",
    },
    "eager.function": {
        "minitf.functional.concrete": "ConcreteFunction",
        "minitf.functional.def_function": "Function defun=function",
    },
    "ops.control_flow_ops": {
        "minitf.compat.internal.control_flow_ops": (
            "_Enter=enter _case_helper=case_helper cond_v2 while_v2 with_dependencies"
        ),
        "minitf.control_flow.case": "case_v2=case",
        "minitf.control_flow.cond": "cond_for_tf_v2=cond",
        "minitf.control_flow.while_loop": "while_loop_v2=while_loop",
        "minitf.api.control": "tuple_v2=tuple",
        "minitf.contexts.base": "ControlFlowContext=Context",
        "minitf.contexts.branch": "CondContext=BranchContext",
        "minitf.contexts.loop": "WhileContext=LoopContext",
        "minitf.contexts.primitives": (
            "_Merge=merge _NextIteration=next_iteration _SwitchRefOrTensor=switch_beside exit "
            "merge switch"
        ),
    },
    "ops.control_flow_state": {
        "minitf.autodiff.zeros": "ZerosLikeOutsideLoop=zeros_of",
    },
    "ops.functional_ops": {
        "minitf.functional.calls": "For Gradient If While partitioned_call remote_call",
    },
    "ops.op_selector": {
        "minitf.contrib.graph_editor.walks": "get_backward_walk_ops",
    },
    "ops.script_ops": {
        "minitf.compat.internal.script_ops": "FuncRegistry _py_funcs=py_funcs",
        "minitf.functional.py_function": "eager_py_func=py_function",
    },
    "ops.gradients_impl": {
        "minitf.api.gradients": "gradients_v2=gradients",
    },
    "ops.init_ops": {
        "minitf.variables.initializers": _INITIALIZERS,
        "minitf.variables.orthogonal": "Orthogonal orthogonal_initializer=Orthogonal",
        "minitf.variables.convolution_orthogonal": (
            "ConvolutionDeltaOrthogonal ConvolutionOrthogonal ConvolutionOrthogonal1D "
            "ConvolutionOrthogonal2D ConvolutionOrthogonal3D "
            "convolutional_delta_orthogonal=ConvolutionDeltaOrthogonal "
            "convolutional_orthogonal_1d=ConvolutionOrthogonal1D "
            "convolutional_orthogonal_2d=ConvolutionOrthogonal2D "
            "convolutional_orthogonal_3d=ConvolutionOrthogonal3D"
        ),
    },
    **LINEAR_OPERATORS,
    "ops.logging_ops": {
        "minitf.api.printing": "print_v2=print_",
    },
    "ops.math_ops": {
        "minitf.api.matmul": "matvec",
        "minitf.compat.internal.math_ops": "reduced_shape",
        "minitf.api.reductions": (
            "reduce_all_v1=reduce_all reduce_any_v1=reduce_any reduce_euclidean_norm "
            "reduce_logsumexp_v1=reduce_logsumexp reduce_max_v1=reduce_max "
            "reduce_mean_v1=reduce_mean reduce_min_v1=reduce_min reduce_prod_v1=reduce_prod "
            "reduce_std reduce_sum_v1=reduce_sum reduce_variance"
        ),
    },
    "ops.metrics": _METRICS,
    "ops.metrics_impl": _METRICS,
    "ops.nn_impl": {
        "minitf.api.norms": "normalize",
        "minitf.compat.internal.nn_impl": "_compute_sampled_logits=compute_sampled_logits",
    },
    "ops.nn_ops": {
        "minitf.compat.internal.nn_ops": "Convolution",
    },
    "ops.parsing_ops": {
        "minitf.api.parsing": "parse_sequence_example",
    },
    "ops.random_ops": {
        "minitf.api.random": "categorical parameterized_truncated_normal",
    },
    "ops.resource_variable_ops": {
        "minitf.compat.internal.state_ops": (
            "is_resource_variable shape_safe_assign_variable_handle"
        ),
    },
    "ops.session_ops": {
        "minitf.session.tensor_handle": "TensorHandle",
    },
    "ops.sparse_ops": {
        "minitf.api.sparse": "sparse_expand_dims sparse_eye",
        "minitf.api.sparse_crossing": "sparse_cross sparse_cross_hashed",
        "minitf.compat.internal.sparse_ops": (
            "_add_many_sparse_to_tensors_map=add_many_sparse_to_tensors_map "
            "_add_sparse_to_tensors_map=add_sparse_to_tensors_map "
            "_take_many_sparse_from_tensors_map=take_many_sparse_from_tensors_map "
            "deserialize_sparse sparse_dense_cwise_add"
        ),
        "minitf.api.sparse_dense": "from_dense",
    },
    "ops.state_ops": {
        "minitf.compat.internal.state_ops": "variable_op variable_op_v2",
    },
    "ops.stateless_random_ops": {
        "minitf.api.random_stateless": (
            "stateless_categorical stateless_multinomial stateless_random_normal "
            "stateless_random_uniform stateless_truncated_normal"
        ),
    },
    "ops.template": {
        "minitf.variables.template": "Template",
    },
    "ops.variable_scope": {
        "minitf.compat.internal.variable_scope": "_pure_variable_scope=pure_variable_scope",
        "minitf.variables.creation": "variable=create",
        "minitf.variables.options": "VariableAggregation VariableSynchronization",
        "minitf.variables.own_store": "EagerVariableStore",
        "minitf.variables.store": (
            "_VARSTORE_KEY=_KEY _VariableStore=VariableStore "
            "_get_default_variable_store=variable_store"
        ),
        "minitf.variables.scope": "_VARSCOPESTORE_KEY=_KEY _VARSCOPE_KEY=_KEY",
    },
    "ops.variables": {
        "minitf.variables.base": "VariableV1=Variable",
        "minitf.variables.partitioned": "PartitionedVariable",
        "minitf.variables.ref": "RefVariable",
    },
    "platform.googletest": {
        "minitf.compat.test_support": "GetTempDir=get_temp_dir",
    },
    "saved_model.utils": {
        "minitf.saved_model.signature_def_utils": "build_signature_def",
    },
    "summary.writer.event_file_writer": {
        "minitf.compat.internal.event_file_writer": "EventFileWriter",
    },
    **OF_RECURRENT,
    **OF_TRAINING,
    **OF_UTILITIES,
    **RAGGED,
}

_FURTHER = {
    "tensorflow.python.ops.linalg_ops": ("minitf.namespaces.linalg",),
    "tensorflow.python.ops.math_ops": ("minitf.namespaces.math",),
    "tensorflow.python.ops.special_math_ops": ("minitf.namespaces.math",),
    "tensorflow.python.ops.string_ops": ("minitf.namespaces.strings",),
}
"""Import path of ops -> public namespaces whose names it has too."""

_OF_PATHS = _BELOW_PYTHON | OF_SAVING | DISTRIBUTIONS | PYWRAP | TEST_TOOLS
INNER = {
    f"tensorflow.python.{path}": _OF_PATHS.get(path, {}) | SECOND_VERSIONS.get(path, {})
    for path in [*_OF_PATHS, *SECOND_VERSIONS]
} | {f"tensorflow.contrib.{path}": names for path, names in OF_CONTRIB.items()}
"""Import path -> module -> names that it has besides those of our module for that path."""


def with_inner_names(path: str, own: ModuleType) -> ModuleType:
    """Return our module for an import path, or one with inner names besides.

    Modules of ops have all generated functions too, as in TensorFlow.
    """
    beyond = [own.__name__]
    if path.startswith("tensorflow.python.ops."):
        beyond += [*_FURTHER.get(path, ()), "minitf", "minitf.compat.internal.gen_ops"]
    elif is_folder(path) and (".python" in path or not hasattr(own, "__path__")):
        return _with_modules_below(path, own)
    elif path not in INNER:
        return own
    made = type(own)(path, own.__doc__)
    sys.modules[path] = made
    table = INNER.get(path, {})
    getattr_, dir_, names = lazy.attach(path, table, beyond=tuple(dict.fromkeys(beyond)))
    if own.__name__ != "minitf":  # `import *` of a module of ours gives its public names too
        names = sorted({*names, *vars(own).get("__all__", ())})
    vars(made).update(__getattr__=getattr_, __dir__=dir_, __all__=names, __path__=[])
    return made


def _with_modules_below(path: str, own: ModuleType) -> ModuleType:
    """Return a module with the public names of ours, and with the modules of the paths below it."""
    made = ModuleType(path, own.__doc__)
    public = dir(own)

    def getattr_(name: str) -> Any:
        if name not in public and own_module(f"{path}.{name}") is not None:
            return import_module(f"{path}.{name}")
        return getattr(own, name)

    vars(made).update(__getattr__=getattr_, __dir__=lambda: public, __all__=public, __path__=[])
    return made
