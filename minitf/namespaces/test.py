"""`tf.test`: test cases with sessions, gradient checks, what a test may ask of its machine."""

from minitf import lazy

_NAMES = {
    "minitf.compat.benchmark": "Benchmark benchmark_config",
    "minitf.compat.equal_graphs": "assert_equal_graph_def",
    "minitf.compat.gradient_checker": "compute_gradient compute_gradient_error",
    "minitf.compat.test_case": "TestCase",
    "minitf.compat.test_clusters": "create_local_cluster",
    "minitf.compat.test_support": (
        "StubOutForTesting get_temp_dir gpu_device_name is_built_with_cuda "
        "is_built_with_gpu_support is_built_with_rocm is_gpu_available main mock test_src_dir_path"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
