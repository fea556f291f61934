"""`tensorflow.python.framework.test_util`: test cases and what goes with them."""

from minitf import lazy

_NAMES = {
    "minitf.compat.equal_graphs": (
        "assert_equal_graph_def assert_equal_graph_def_v1=assert_equal_graph_def"
    ),
    "minitf.compat.test_case": "TensorFlowTestCase=TestCase",
    "minitf.compat.test_decorators": (
        "also_run_as_tf_function assert_no_garbage_created=eager_only assert_no_new_tensors "
        "assert_no_new_pyobjects_executing_eagerly=eager_only build_as_function_and_v1_graph "
        "deprecated_graph_mode_only=run_deprecated_v1 disable_all_xla=unchanged "
        "disable_control_flow_v2 disable_cudnn_autotune=unchanged disable_xla=unchanged "
        "enable_c_shapes=build_as_function_and_v1_graph "
        "enable_control_flow_v2 "
        "enable_output_all_intermediates=build_as_function_and_v1_graph for_all_test_methods "
        "generate_combinations_with_testcase_name no_xla_auto_jit=unchanged "
        "py_func_if_in_function run_all_in_graph_and_eager_modes run_cuda_only=run_gpu_only "
        ""
        "run_all_in_deprecated_graph_mode_only=run_deprecated_v1 run_deprecated_v1 run_gpu_only "
        "run_in_graph_and_eager_modes run_v1_only run_v2_only "
        "skip_if with_c_api=build_as_function_and_v1_graph "
        "with_c_shapes=build_as_function_and_v1_graph "
        "with_control_flow_v2 with_forward_compatibility_horizons xla_allow_fallback=unchanged"
    ),
    "minitf.compat.test_placement": (
        "CudaSupportsHalfMatMulAndConv=is_never GpuSupportsHalfMatMulAndConv=is_never "
        "InstallStackTraceHandler IsBuiltWithROCm=is_never IsGoogleCudaEnabled=is_never "
        "IsMklEnabled=is_never NCHWToNHWC NCHW_VECT_CToNHWC NHWCToNCHW "
        "NHWCToNCHW_VECT_C set_producer_version assert_meta_graph_protos_equal "
        "assert_ops_in_graph device force_cpu force_gpu get_node_def_from_graph gpu_device_type "
        "is_xla_enabled=is_never use_gpu"
    ),
    "minitf.compat.test_clusters": "create_local_cluster pick_unused_port",
    "minitf.compat.test_support": "gpu_device_name is_gpu_available",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
