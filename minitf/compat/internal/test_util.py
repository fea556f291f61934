"""`tensorflow.python.framework.test_util`: test cases under their other names."""

from minitf import lazy

_NAMES = {
    "minitf.compat.equal_graphs": "assert_equal_graph_def",
    "minitf.compat.test_case": "TensorFlowTestCase=TestCase",
    "minitf.compat.test_support": "gpu_device_name is_gpu_available",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
