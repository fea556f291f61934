"""MiniTF: TensorFlow as its papers describe it.  `import minitf as tf`.

Every public name stands in the table below, module by module, and is imported when it is first
used.  `python -m tools.stubs` writes the stub files that show the names to type checkers.
"""

from minitf import lazy

__version__ = "1.15.0"  # the API that it speaks: programs branch on it
release = "0.1.0"  # of MiniTF itself

_NAMES = {
    "minitf.api.accumulators": (
        "ConditionalAccumulator ConditionalAccumulatorBase SparseConditionalAccumulator"
    ),
    "minitf.api.array": (
        "concat expand_dims invert_permutation matrix_transpose newaxis pad parallel_stack reshape "
        "reverse reverse_sequence reverse_v2 roll slice split squeeze stack tile transpose unstack"
    ),
    "minitf.api.assertions": (
        "assert_equal assert_greater assert_greater_equal assert_less assert_less_equal "
        "assert_near assert_negative assert_non_negative assert_non_positive assert_none_equal "
        "assert_positive is_non_decreasing is_numeric_tensor is_strictly_increasing"
    ),
    "minitf.api.casting": (
        "bitcast cast saturate_cast to_bfloat16 to_complex128 to_complex64 to_double to_float "
        "to_int32 to_int64"
    ),
    "minitf.api.checks": "Assert add_check_numerics_ops check_numerics verify_tensor_all_finite",
    "minitf.api.clipping": (
        "clip_by_average_norm clip_by_global_norm clip_by_norm clip_by_value global_norm"
    ),
    "minitf.api.comparison": (
        "equal greater greater_equal is_finite is_inf is_nan less less_equal logical_and "
        "logical_not logical_or logical_xor not_equal"
    ),
    "minitf.api.constants": (
        "constant fill guarantee_const ones ones_like placeholder placeholder_with_default "
        "sparse_placeholder zeros zeros_like"
    ),
    "minitf.api.control": "group identity identity_n no_op stop_gradient timestamp tuple",
    "minitf.api.counting": (
        "bincount confusion_matrix histogram_fixed_width histogram_fixed_width_bins"
    ),
    "minitf.api.custom_gradients": "custom_gradient grad_pass_through recompute_grad",
    "minitf.api.diagonals": (
        "diag diag_part matrix_band_part matrix_diag matrix_diag_part matrix_set_diag"
    ),
    "minitf.api.einsum": "einsum",
    "minitf.api.elementary": (
        "acos acosh angle asin asinh atan atan2 atanh ceil complex conj cos cosh erf erfc exp "
        "expm1 floor imag log log1p log_sigmoid real reciprocal rint round rsqrt sigmoid sin sinh "
        "sqrt square tan tanh"
    ),
    "minitf.api.features": ("FixedLenFeature FixedLenSequenceFeature SparseFeature VarLenFeature"),
    "minitf.api.files": "matching_files read_file write_file",
    "minitf.api.framework": (
        "add_to_collection add_to_collections as_dtype colocate_with container "
        "control_dependencies convert_to_tensor convert_to_tensor_or_indexed_slices "
        "convert_to_tensor_or_sparse_tensor device disable_eager_execution "
        "disable_tensor_equality disable_v2_behavior disable_v2_tensorshape "
        "enable_eager_execution enable_tensor_equality enable_v2_behavior enable_v2_tensorshape "
        "executing_eagerly get_collection "
        "get_collection_ref get_default_graph get_static_value init_scope is_tensor name_scope "
        "op_scope "
        "register_tensor_conversion_function reset_default_graph"
    ),
    "minitf.api.gathering": (
        "batch_gather boolean_mask dynamic_partition dynamic_stitch gather gather_nd scatter_nd "
        "setdiff1d tensor_scatter_add tensor_scatter_nd_add=tensor_scatter_add "
        "tensor_scatter_nd_sub=tensor_scatter_sub tensor_scatter_nd_update=tensor_scatter_update "
        "tensor_scatter_sub tensor_scatter_update unique unique_with_counts where where_v2"
    ),
    "minitf.api.gradients": (
        "AggregationMethod NoGradient NotDifferentiable RegisterGradient UnconnectedGradients "
        "gradients hessians no_gradient=NotDifferentiable"
    ),
    "minitf.api.graph_io": "import_graph_def",
    "minitf.api.image_patches": "extract_image_patches extract_volume_patches",
    "minitf.api.indexing": "strided_slice",
    "minitf.api.libraries": "load_file_system_library load_library load_op_library",
    "minitf.api.linalg": (
        "cholesky cholesky_solve matrix_determinant matrix_inverse matrix_solve matrix_solve_ls "
        "matrix_square_root matrix_triangular_solve qr self_adjoint_eig self_adjoint_eigvals svd"
    ),
    "minitf.api.math": (
        "abs accumulate_n add add_n div div_no_nan divide floor_div floordiv floormod maximum "
        "minimum mod multiply negative pow realdiv scalar_mul sign squared_difference subtract "
        "truediv truncatediv truncatemod"
    ),
    "minitf.api.matmul": "matmul tensordot",
    "minitf.api.norms": "cross norm trace",
    "minitf.api.old_names": "batch_matmul concat_v2 mul neg pack select sub unpack",
    "minitf.api.parsing": (
        "decode_compressed decode_csv decode_json_example parse_example parse_single_example "
        "parse_single_sequence_example parse_tensor serialize_tensor"
    ),
    "minitf.api.printing": "Print print=print_",
    "minitf.api.quantization": (
        "dequantize fake_quant_with_min_max_args fake_quant_with_min_max_args_gradient "
        "fake_quant_with_min_max_vars fake_quant_with_min_max_vars_gradient "
        "fake_quant_with_min_max_vars_per_channel "
        "fake_quant_with_min_max_vars_per_channel_gradient quantize quantize_v2 "
        "quantized_concat"
    ),
    "minitf.api.queue_kinds": "FIFOQueue PaddingFIFOQueue PriorityQueue RandomShuffleQueue",
    "minitf.api.queues": "QueueBase",
    "minitf.api.random": (
        "get_seed multinomial random_crop random_gamma random_normal random_poisson "
        "random_shuffle random_uniform set_random_seed truncated_normal"
    ),
    "minitf.api.readers": (
        "FixedLengthRecordReader IdentityReader LMDBReader ReaderBase TFRecordReader "
        "TextLineReader WholeFileReader"
    ),
    "minitf.api.reductions": (
        "arg_max arg_min argmax argmin count_nonzero cumprod cumsum reduce_all reduce_any "
        "reduce_logsumexp reduce_max reduce_mean reduce_min reduce_prod reduce_sum"
    ),
    "minitf.api.repeating": "repeat",
    "minitf.api.scattering": (
        "batch_scatter_update scatter_add scatter_div scatter_max scatter_min scatter_mul "
        "scatter_nd_add scatter_nd_sub scatter_nd_update scatter_sub scatter_update"
    ),
    "minitf.api.script": "numpy_function py_func",
    "minitf.api.searching": "searchsorted unravel_index",
    "minitf.api.segments": (
        "segment_max segment_mean segment_min segment_prod segment_sum sparse_segment_mean "
        "sparse_segment_sqrt_n sparse_segment_sum unsorted_segment_max unsorted_segment_mean "
        "unsorted_segment_min unsorted_segment_prod unsorted_segment_sqrt_n unsorted_segment_sum"
    ),
    "minitf.api.sequences": "eye lin_space linspace meshgrid one_hot range sequence_mask",
    "minitf.api.session_tensors": ("delete_session_tensor get_session_handle get_session_tensor"),
    "minitf.api.sizes": (
        "broadcast_dynamic_shape broadcast_static_shape broadcast_to ensure_shape rank shape "
        "shape_n size"
    ),
    "minitf.api.sorting": "argsort sort",
    "minitf.api.space_batch": (
        "batch_to_space batch_to_space_nd depth_to_space required_space_to_batch_paddings "
        "space_to_batch space_to_batch_nd space_to_depth"
    ),
    "minitf.api.special": "betainc digamma igamma igammac lbeta lgamma polygamma zeta",
    "minitf.api.spectral": "fft fft2d fft3d ifft ifft2d ifft3d",
    "minitf.api.sparse": ("sparse_reorder sparse_reset_shape sparse_reshape sparse_transpose"),
    "minitf.api.sparse_dense": (
        "deserialize_many_sparse serialize_many_sparse serialize_sparse sparse_fill_empty_rows "
        "sparse_merge sparse_tensor_to_dense sparse_to_dense sparse_to_indicator"
    ),
    "minitf.api.sparse_math": (
        "sparse_add sparse_matmul sparse_maximum sparse_minimum sparse_reduce_max "
        "sparse_reduce_max_sparse sparse_reduce_sum sparse_reduce_sum_sparse sparse_softmax "
        "sparse_tensor_dense_matmul"
    ),
    "minitf.api.sparse_slicing": (
        "sparse_concat sparse_mask sparse_retain sparse_slice sparse_split"
    ),
    "minitf.api.state": (
        "all_variables assert_variables_initialized assign assign_add assign_sub count_up_to "
        "global_variables global_variables_initializer initialize_all_tables "
        "initialize_all_variables initialize_local_variables initialize_variables "
        "is_variable_initialized local_variables local_variables_initializer model_variables "
        "moving_average_variables report_uninitialized_variables tables_initializer "
        "trainable_variables variables_initializer"
    ),
    "minitf.api.static_checks": (
        "assert_integer assert_proper_iterable assert_rank assert_rank_at_least assert_rank_in "
        "assert_same_float_dtype assert_scalar assert_type"
    ),
    "minitf.api.string_codes": (
        "decode_base64 decode_raw encode_base64 fingerprint string_to_hash_bucket "
        "string_to_hash_bucket_fast string_to_hash_bucket_strong"
    ),
    "minitf.api.strings": (
        "as_string edit_distance reduce_join regex_replace string_join string_strip "
        "string_to_number substr"
    ),
    "minitf.api.tensor_util": "make_ndarray make_tensor_proto",
    "minitf.compat.logging": "get_logger",
    "minitf.compat.version": (
        "COMPILER_VERSION CXX11_ABI_FLAG GIT_VERSION MONOLITHIC_BUILD VERSION "
        "__compiler_version__=COMPILER_VERSION __cxx11_abi_flag__=CXX11_ABI_FLAG "
        "__git_version__=GIT_VERSION __monolithic_build__=MONOLITHIC_BUILD"
    ),
    "minitf.composite": "IndexedSlices SparseTensor SparseTensorValue",
    "minitf.contexts.toggles": (
        "control_flow_v2_enabled disable_control_flow_v2 enable_control_flow_v2"
    ),
    "minitf.composite_specs": "IndexedSlicesSpec SparseTensorSpec",
    "minitf.control_flow.case": "case switch_case",
    "minitf.control_flow.cond": "cond",
    "minitf.control_flow.critical_section": "CriticalSection",
    "minitf.control_flow.while_loop": "while_loop",
    "minitf.data.specs": "OptionalSpec",
    "minitf.devices": "DeviceSpec",
    "minitf.dtypes": (
        "DType bfloat16 bool=bool_ complex128 complex64 double=float64 float16 float32 float64 "
        "half=float16 int16 int32 int64 int8 qint16 qint32 qint8 quint16 quint8 resource string "
        "uint16 uint32 uint64 uint8 variant QUANTIZED_DTYPES"
    ),
    "minitf.errors": "OpError",
    "minitf.functional.batching": "nondifferentiable_batch_function",
    "minitf.functional.concrete": "wrap_function",
    "minitf.functional.def_function": "function",
    "minitf.functional.folding": "foldl foldr",
    "minitf.functional.mapping": "map_fn",
    "minitf.functional.parallel_for": "vectorized_map",
    "minitf.functional.py_function": "py_function",
    "minitf.functional.scanning": "scan",
    "minitf.functional.tape": "GradientTape",
    "minitf.graph": "Graph",
    "minitf.graph_def": (
        "GRAPH_DEF_VERSION GRAPH_DEF_VERSION_MIN_CONSUMER GRAPH_DEF_VERSION_MIN_PRODUCER"
    ),
    "minitf.graph_keys": "GraphKeys",
    "minitf.session.interactive": "InteractiveSession",
    "minitf.operation": "Operation",
    "minitf.protos": (
        "AttrValue ConfigProto Event GPUOptions GraphDef GraphOptions HistogramProto LogMessage "
        "MetaGraphDef NameAttrList NodeDef OptimizerOptions RunMetadata RunOptions SessionLog "
        "Summary SummaryMetadata TensorInfo"
    ),
    "minitf.ragged.spec": "RaggedTensorSpec",
    "minitf.ragged.strings": "string_split",
    "minitf.ragged.tensor": "RaggedTensor",
    "minitf.session.session": "Session get_default_session",
    "minitf.summary.old_names": (  # of TensorFlow before 1.0
        "audio_summary histogram_summary image_summary merge_all_summaries merge_summary "
        "scalar_summary"
    ),
    "minitf.tensor": "Tensor",
    "minitf.tensor_array": "TensorArray",
    "minitf.tensor_array_spec": "TensorArraySpec",
    "minitf.tensor_spec": "TensorSpec",
    "minitf.tensor_shape": "Dimension TensorShape dimension_at_index dimension_value",
    "minitf.trackable.module": "Module",
    "minitf.type_spec": "TypeSpec",
    "minitf.variables.base": "Variable",
    "minitf.variables.creation": (
        "disable_resource_variables enable_resource_variables resource_variables_enabled "
        "variable_creator_scope"
    ),
    "minitf.variables.initializers": (
        "constant_initializer=Constant glorot_normal_initializer=GlorotNormal "
        "glorot_uniform_initializer=GlorotUniform ones_initializer=Ones "
        "random_normal_initializer=RandomNormal random_uniform_initializer=RandomUniform "
        "truncated_normal_initializer=TruncatedNormal "
        "uniform_unit_scaling_initializer=UniformUnitScaling "
        "variance_scaling_initializer=VarianceScaling zeros_initializer=Zeros"
    ),
    "minitf.variables.options": "VariableAggregation VariableSynchronization",
    "minitf.variables.orthogonal": "orthogonal_initializer=Orthogonal",
    "minitf.variables.partitioned": (
        "fixed_size_partitioner min_max_variable_partitioner variable_axis_size_partitioner"
    ),
    "minitf.variables.regularizers": "no_regularizer",
    "minitf.variables.scope": "VariableScope",
    "minitf.variables.sharing": (
        "get_local_variable get_variable get_variable_scope variable_op_scope variable_scope"
    ),
    "minitf.variables.slicing": "create_partitioned_variables",
    "minitf.variables.store": "AUTO_REUSE",
    "minitf.variables.template": "make_template",
}
_SUBMODULES = (
    "app=compat.app audio=namespaces.audio autograph "
    "bitwise=namespaces.bitwise compat config=namespaces.config contrib data datasets "
    "debug debugging=namespaces.debugging distribute=namespaces.distribute distributions "
    "dtypes errors estimator examples "
    "experimental=namespaces.experimental "
    "feature_column "
    "flags=compat.flags gfile=compat.gfile graph_util=namespaces.graph_util image=namespaces.image "
    "initializers=namespaces.initializers io keras layers linalg=namespaces.linalg "
    "logging=compat.logging lookup losses=namespaces.losses manip=namespaces.manip "
    "math=namespaces.math metrics nest nn profiler "
    "pywrap_tensorflow=compat.internal.pywrap_tensorflow "
    "python_io=namespaces.python_io quantization=namespaces.quantization "
    "queue=namespaces.queue ragged "
    "random=namespaces.random raw_ops=namespaces.raw_ops "
    "resource_loader=compat.resource_loader saved_model sets=namespaces.sets "
    "signal=namespaces.signal sparse=namespaces.sparse spectral=namespaces.spectral "
    "strings=namespaces.strings summary sysconfig=compat.sysconfig "
    "test=namespaces.test tpu=namespaces.tpu train user_ops=namespaces.user_ops "
    "version=namespaces.version"
)

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
