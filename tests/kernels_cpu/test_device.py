"""The CPU device finds kernels by the mirror, and loads no compiler that it does not need."""

import subprocess
import sys

import numpy as np
import pytest

from minitf import ops
from minitf.devices import local_devices
from minitf.dtypes import FLOATS, float32, float64
from minitf.kernels_cpu.device import CpuDevice, devices
from minitf.op_def import CATALOGUE, op
from minitf.symbols import T

PROGRAM = """
import sys
import minitf as tf
x = tf.placeholder(tf.float32)
y = x + 1
with tf.Session() as session:
    value = session.run(y, {x: 1})
compilers = ("numba", "llvmlite", "google.protobuf", "multiprocessing")
loaded = [m for m in compilers if m in sys.modules]
families = [m for m in sys.modules if m.startswith("minitf.kernels_cpu.") and m.count(".") > 2]
print(value, loaded, all("elementwise" in m or "array" in m for m in families))
"""


@pytest.mark.paper("W-05")
def test_a_session_that_runs_x_plus_1_loads_no_compiler_and_no_other_family():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )

    assert done.stdout.split(" ", 1) == ["2.0", "[] True\n"]


def test_an_op_without_a_kernel_runs_its_body():
    assert CpuDevice().kernel(ops.no_op_op, {}) is ops.no_op_op.body


@pytest.mark.paper("W-05")
def test_a_kernel_from_outside_is_found_by_element_type():
    @op("Outside", T=FLOATS)
    def outside_op(x: T) -> T:
        return x

    del CATALOGUE["Outside"]

    @outside_op.kernel("CPU", T=[float32])
    def kernel(x):
        return x + 1

    assert CpuDevice().kernel(outside_op, {"T": float32}) is kernel
    assert CpuDevice().kernel(outside_op, {"T": float64}) is outside_op.body


def test_devices_are_named_and_numbered():
    assert [device.name[-5:] for device in devices(2)] == ["CPU:0", "CPU:1"]
    assert local_devices({"CPU": 2})[1].device_type == "CPU"


def test_memory_is_the_hosts():
    device = CpuDevice()
    array = device.allocate((2, 3), np.float32)

    assert array.shape == (2, 3)
    assert device.to_host(device.from_host(array)) is array
