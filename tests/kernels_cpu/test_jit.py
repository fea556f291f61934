"""Loops compile at their first call, once, without fast-math, and only if they keep the rules."""

import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

from minitf.kernels_cpu import jit


@jit.loops
def twice(x):
    return x + x


@jit.loops
def scale_loops(first, last, x, factor, out):
    x, out = x[first:last], out[first:last]
    for i in range(out.size):
        out[i] = twice(x[i]) * factor


@jit.loops
def writing_loops(first, last, x, out):
    for i in range(first, last):
        x[i] = out[i]


def template_loops(first, last, x, out):
    for i in range(first, last):
        out[i] = function(x[i])  # noqa: F821 bound by the tests


def plus_one(x):
    return x + 1.0


def plus_two(x):
    return x + 2.0


def scaled(x, factor=3.0):
    out = np.zeros_like(x)
    scale_loops(0, x.size, x, factor, out)
    return out


def test_loops_compute_and_call_each_other():
    x = np.arange(5, dtype=np.float32)

    np.testing.assert_array_equal(scaled(x), 6 * x)
    np.testing.assert_array_equal(scaled(x.astype(np.float64)), 6 * x)


def test_one_compilation_serves_arrays_that_may_and_may_not_be_written():
    loops = jit.loops(scale_loops._function)
    free, fixed = np.ones(3, np.float32), np.ones(3, np.float32)
    fixed.flags.writeable = False
    for x in (free, fixed):
        loops(0, 3, x, 2.0, np.zeros(3, np.float32))

    assert len(getattr(loops._run, "overloads", [None])) == 1


def test_loops_that_write_to_an_input_do_not_compile():
    numba = pytest.importorskip("numba")
    if numba.config.DISABLE_JIT:
        pytest.skip("plain Python does not know which arrays are inputs")

    with pytest.raises(numba.TypingError, match=r"Cannot modify readonly array"):
        writing_loops(0, 3, np.zeros(3), np.ones(3))


def test_names_bound_to_other_functions_are_other_loops():
    template = jit.loops(template_loops)
    one, two = (template.bound(function=jit.loops(f)) for f in (plus_one, plus_two))
    x, out = np.zeros(3), np.zeros(3)

    one(0, 3, x, out)
    assert out.tolist() == [1, 1, 1]
    two(0, 3, x, out)
    assert out.tolist() == [2, 2, 2]


def test_a_digest_changes_with_the_code_its_callees_its_constants_and_its_flags():
    template = jit.loops(template_loops)
    bound = [template.bound(function=f) for f in (*map(jit.loops, (plus_one, plus_two)), np.sqrt)]
    flagged = jit.loops(scale_loops._function, fastmath={"contract"})
    digests = [each.digest for each in (template, *bound, scale_loops, flagged)]

    assert len(set(digests)) == len(digests)
    assert jit.loops(template_loops).digest == template.digest


def test_brief_loops_keep_the_gil_and_are_other_loops():
    def doubled(x, out):
        out[0] = 2 * x[0]

    brief, others = jit.loops(doubled, brief=True), jit.loops(doubled)

    assert (brief.options["nogil"], others.options["nogil"]) == (False, True)
    assert brief.bound().options == brief.options
    assert brief.digest != others.digest


class Compiler:
    """A dispatcher that compiles until it may end."""

    def __init__(self, error=None):
        self.threads, self.has_begun, self.may_end = [], threading.Event(), threading.Event()
        self.error = error

    def compile(self, _):
        self.threads.append(threading.current_thread())
        self.has_begun.set()
        assert self.may_end.wait(60)
        if self.error is not None:
            raise self.error


def test_the_main_thread_lets_another_compile_and_raises_what_went_wrong():
    compiler = Compiler(TypeError("cannot"))
    compiler.may_end.set()

    with pytest.raises(TypeError, match="cannot"):
        jit.compile_for(compiler, ())

    assert compiler.threads != [threading.main_thread()]


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_ends_the_wait_for_a_compiler_and_not_the_compiler():
    compiler = Compiler()

    def interrupt():
        compiler.has_begun.wait()
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        jit.compile_for(compiler, ())

    (thread,) = compiler.threads
    assert thread.is_alive()
    compiler.may_end.set()
    thread.join()


def test_flags_that_break_nan_are_refused():
    with pytest.raises(AssertionError, match="nnan"):
        jit.loops(template_loops, fastmath={"nnan"})


def test_a_closure_is_refused_since_it_has_no_digest():
    hidden = 2.0

    def closure(x):
        return x * hidden

    with pytest.raises(AssertionError, match="has a closure"):
        jit.loops(closure)


def run(code, **environment):
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "NUMBA_DISABLE_JIT": "0", **environment},
    )
    return found.stdout.strip()


SCALE = """
import sys
import numpy as np
from minitf.kernels_cpu.elementwise import activations
from minitf import ops
from minitf.dtypes import float32
assert "numba" not in sys.modules
kernel = ops.relu_op.find_kernel("CPU", {"T": float32}).function
kernel(np.ones(10, np.float32))
assert "numba" not in sys.modules
print(kernel(-np.ones(1 << 15, np.float32)).sum(), "numba" in sys.modules)
"""


@pytest.mark.thorough
def test_a_kernel_file_and_a_small_array_need_no_compiler():
    assert run(SCALE) == "0.0 True"


@pytest.mark.thorough
def test_loops_run_as_plain_python_where_numba_is_disabled():
    assert run(SCALE, NUMBA_DISABLE_JIT="1") == "0.0 True"


CACHED = """
import numpy as np
from numba.core import compiler
from minitf.kernels_cpu.math import reductions
count = []
whole = compiler.compile_extra
compiler.compile_extra = lambda *a, **k: count.append(1) or whole(*a, **k)
total = reductions.sum(np.ones((300, 100), np.float32), np.int32([0]))
print(total.sum(), bool(count))
"""


@pytest.mark.thorough
def test_a_second_process_reads_the_first_ones_code(tmp_path):
    assert run(CACHED, MINITF_CACHE_DIR=str(tmp_path)) == "30000.0 True"
    assert run(CACHED, MINITF_CACHE_DIR=str(tmp_path)) == "30000.0 False"

    (file,) = tmp_path.glob("*.kernel")
    file.write_bytes(file.read_bytes()[:-100])

    assert run(CACHED, MINITF_CACHE_DIR=str(tmp_path)) == "30000.0 True"
    assert run(CACHED, MINITF_CACHE_DIR=str(tmp_path)) == "30000.0 False"


@pytest.mark.thorough
def test_without_a_directory_loops_compile_each_time(tmp_path):
    nowhere = tmp_path / "file"
    nowhere.write_text("not a directory")

    assert run(CACHED, MINITF_CACHE_DIR=str(nowhere / "cache")) == "30000.0 True"
