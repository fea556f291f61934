"""Kernels of clusters: prepared beforehand, found by shapes, kept on disk, at home in a process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from kernels_cpu.fusion.whole import Trial

import minitf as tf
from minitf.kernels_cpu.fusion import kernel as kernel_module


def norm(x):
    return tf.reduce_sum(tf.square(x - 1.0), 1)


def trial_of(*shape):
    return Trial(norm, [np.ones(shape, np.float32)], [(None, None)])


def test_a_kernel_is_prepared_for_types_and_shapes_before_they_come():
    trial = trial_of(4, 3)
    kernel = trial.fused.kernel()
    trial.fused.prepare([(np.dtype(np.float32), (4, 3))])

    assert list(trial.fused.launches) == [((4, 3),)]
    kernel(np.ones((4, 3), np.float32))
    assert len(trial.fused.launches) == 1


def test_other_sizes_share_the_compiled_function():
    trial = trial_of(4, 3)
    kernel = trial.fused.kernel()
    for shape in ((4, 3), (7, 9), (100, 2)):
        np.testing.assert_array_equal(kernel(np.full(shape, 3, np.float32)), 4.0 * shape[1])

    runs = {id(launch.__globals__["run"]) for launch in trial.fused.launches.values()}
    assert len(runs) == 1


def test_shapes_without_end_are_not_kept_for_ever(monkeypatch):
    monkeypatch.setattr(kernel_module, "_MOST_LAUNCHES", 5)
    kernel = trial_of(4, 3).fused
    for size in range(2, 20):
        found = kernel.kernel()(np.full((size, 3), 3, np.float32))

        np.testing.assert_array_equal(found, 12.0)
        assert len(kernel.launches) == min(size - 1, 5)


def test_outputs_are_allocated_by_the_function_given():
    made = []

    def allocate(shape, dtype):
        made.append((shape, dtype))
        return np.empty(shape, dtype)

    trial = trial_of(4, 3)
    kernel_module.fused(trial.cluster, trial.plain, allocate)(np.ones((4, 3), np.float32))

    assert made[0] == ((4,), np.dtype(np.float32))


def test_two_threads_may_ask_for_the_same_shapes_at_once():
    trial = trial_of(4, 3)
    kernel = trial.fused.kernel()
    results = []
    workers = [
        threading.Thread(target=lambda: results.append(kernel(np.zeros((4, 3), np.float32))))
        for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert [result.tolist() for result in results] == [[3.0] * 4] * 4


def test_the_text_says_what_is_run():
    text = trial_of(4, 3).source()

    assert text.startswith("k0 = float32(1.0)\n")
    assert "sub_1 = x0_1 - k0\n" in text
    assert "mul_1 = sub_1 * sub_1\n" in text
    compile(text, "<text>", "exec")


CACHED = """
import sys
import numpy as np
import minitf as tf
sys.path.insert(0, "tests")
from numba.core import compiler
from kernels_cpu.fusion.test_kernel import trial_of
count = []
whole = compiler.compile_extra
compiler.compile_extra = lambda *a, **k: count.append(1) or whole(*a, **k)
print(trial_of(4, 3).fused.kernel()(np.zeros((4, 3), np.float32)).tolist(), bool(count))
"""


@pytest.mark.thorough
def test_a_second_process_reads_the_first_ones_code(tmp_path):
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "0", "MINITF_CACHE_DIR": str(tmp_path)}
    for compiles in (True, False):
        found = subprocess.run(
            [sys.executable, "-c", CACHED],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
        )

        assert found.stdout.strip() == f"[3.0, 3.0, 3.0, 3.0] {compiles}"


IMPORTS = """
import sys
import minitf.kernels_cpu.fusion
assert "numba" not in sys.modules
"""


@pytest.mark.thorough
def test_what_can_be_fused_is_told_without_a_compiler():
    subprocess.run([sys.executable, "-c", IMPORTS], check=True)
