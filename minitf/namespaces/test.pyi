# `tf.test`: test cases with sessions, gradient checks, what a test may ask of its machine.

from minitf.compat.benchmark import Benchmark as Benchmark
from minitf.compat.benchmark import benchmark_config as benchmark_config
from minitf.compat.equal_graphs import assert_equal_graph_def as assert_equal_graph_def
from minitf.compat.gradient_checker import compute_gradient as compute_gradient
from minitf.compat.gradient_checker import compute_gradient_error as compute_gradient_error
from minitf.compat.test_case import TestCase as TestCase
from minitf.compat.test_clusters import create_local_cluster as create_local_cluster
from minitf.compat.test_support import StubOutForTesting as StubOutForTesting
from minitf.compat.test_support import get_temp_dir as get_temp_dir
from minitf.compat.test_support import gpu_device_name as gpu_device_name
from minitf.compat.test_support import is_built_with_cuda as is_built_with_cuda
from minitf.compat.test_support import is_built_with_gpu_support as is_built_with_gpu_support
from minitf.compat.test_support import is_built_with_rocm as is_built_with_rocm
from minitf.compat.test_support import is_gpu_available as is_gpu_available
from minitf.compat.test_support import main as main
from minitf.compat.test_support import mock as mock
from minitf.compat.test_support import test_src_dir_path as test_src_dir_path
__all__ = ['Benchmark', 'StubOutForTesting', 'TestCase', 'assert_equal_graph_def', 'benchmark_config', 'compute_gradient', 'compute_gradient_error', 'create_local_cluster', 'get_temp_dir', 'gpu_device_name', 'is_built_with_cuda', 'is_built_with_gpu_support', 'is_built_with_rocm', 'is_gpu_available', 'main', 'mock', 'test_src_dir_path']
