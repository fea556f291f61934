"""`import tensorflow.compat.v2 as tf`: TensorFlow 2's names, in graph mode.

Names that are the same in both versions are those of `minitf`; the others come from `minitf.v2`.
Nothing runs eagerly: TensorFlow 1.15 does so only after `enable_v2_behavior`.
"""

from minitf import lazy

_NAMES = {
    "minitf.api.gathering": "where=where_v2",
    "minitf.compat.version": "__version__=VERSION",
    "minitf.devices": "DeviceSpec",
    "minitf.keras": "losses metrics optimizers",
    "minitf.v2.array": (
        "batch_to_space boolean_mask gather gather_nd ones_like pad reverse_sequence shape size "
        "space_to_batch transpose zeros_like"
    ),
    "minitf.v2.checks": "assert_equal assert_greater assert_less assert_rank",
    "minitf.v2.control": "case cond gradients=gradients_of hessians tuple while_loop",
    "minitf.v2.framework": (
        "Variable constant convert_to_tensor device expand_dims name_scope squeeze"
    ),
    "minitf.v2.initializers": (
        "constant_initializer=Constant ones_initializer=Ones "
        "random_normal_initializer=RandomNormal random_uniform_initializer=RandomUniform "
        "zeros_initializer=Zeros"
    ),
    "minitf.v2.math": "argmax argmin norm scalar_mul",
    "minitf.v2.reductions": (
        "reduce_all reduce_any reduce_logsumexp reduce_max reduce_mean reduce_min reduce_prod "
        "reduce_sum"
    ),
    "minitf.variables.creation": "variable_creator_scope",
    "minitf.variables.options": "VariableAggregation",
    **lazy.present(
        "minitf",
        (
            "AggregationMethod Assert CriticalSection DType GradientTape Graph IndexedSlices "
            "IndexedSlicesSpec Module Operation OptionalSpec RaggedTensor RaggedTensorSpec "
            "RegisterGradient SparseTensor SparseTensorSpec Tensor TensorArray TensorArraySpec "
            "TensorShape TensorSpec TypeSpec UnconnectedGradients VariableSynchronization "
            "__compiler_version__ __cxx11_abi_flag__ __git_version__ __monolithic_build__ "
            "__version__ abs acos acosh add add_n argsort as_dtype as_string asin asinh atan "
            "atan2 atanh bfloat16 bitcast bool broadcast_dynamic_shape broadcast_static_shape "
            "broadcast_to cast clip_by_global_norm clip_by_norm clip_by_value complex complex128 "
            "complex64 concat control_dependencies cos cosh cumsum custom_gradient divide double "
            "dynamic_partition dynamic_stitch edit_distance einsum ensure_shape equal "
            "executing_eagerly exp extract_volume_patches eye fill fingerprint float16 float32 "
            "float64 floor foldl foldr function get_logger get_static_value grad_pass_through "
            "greater greater_equal group guarantee_const half histogram_fixed_width "
            "histogram_fixed_width_bins identity identity_n import_graph_def init_scope int16 "
            "int32 int64 int8 is_tensor less less_equal linspace load_library load_op_library "
            "logical_and logical_not logical_or make_ndarray make_tensor_proto map_fn matmul "
            "matrix_square_root maximum meshgrid minimum multiply negative newaxis no_op "
            "nondifferentiable_batch_function not_equal numpy_function one_hot ones "
            "parallel_stack pow print py_function qint16 qint32 qint8 quint16 quint8 range rank "
            "realdiv recompute_grad register_tensor_conversion_function repeat "
            "required_space_to_batch_paddings reshape resource reverse roll round saturate_cast "
            "scan scatter_nd searchsorted sequence_mask shape_n sigmoid sign sin sinh slice sort "
            "space_to_batch_nd split sqrt square stack stop_gradient strided_slice string "
            "subtract switch_case tan tanh tensor_scatter_nd_add tensor_scatter_nd_sub "
            "tensor_scatter_nd_update tensordot tile timestamp truediv truncatediv truncatemod "
            "uint16 uint32 uint64 uint8 unique unique_with_counts unravel_index unstack variant "
            "vectorized_map zeros audio autograph bitwise compat config data distribute dtypes "
            "errors estimator experimental feature_column graph_util keras lite lookup nest "
            "quantization queue ragged raw_ops sets signal summary sysconfig test tpu "
            "version xla"
        ),
    ),
}

_SUBMODULES = (
    "debugging image initializers io linalg math nn random saved_model sparse strings train"
)

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
