"""The vector functions: accurate, NumPy's at the edges, the same in every lane, and vectorised."""

import importlib.resources
import os
import re
import subprocess
import sys

import numpy as np
import pytest

from minitf.kernels_cpu import jit
from minitf.kernels_cpu.elementwise.loops import same_loops, unary_loops
from minitf.kernels_cpu.vector_math import circular, function
from minitf.kernels_cpu.vector_math.accuracy import ULPS
from minitf.kernels_cpu.vector_math.exponentials import exp
from minitf.kernels_cpu.vector_math.table import FUNCTIONS
from tools import vector_math as measured

TYPES = [np.float32, np.float64]
OF_ONE = sorted(set(FUNCTIONS) - {"power", "arctan2"})
ODD = ["arcsin", "arcsinh", "arctan", "arctanh", "erf", "sin", "sinh", "tan", "tanh"]
EVEN = ["cos", "cosh"]
PARTS = 4  # of the float32 numbers

numba = pytest.importorskip("numba")
compiled = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="there are no machine instructions")


def bound(name, dtype):
    return ULPS[name][TYPES.index(dtype)]


def bits(x):
    return x.view(f"u{x.itemsize}")


def plainly(name, *inputs):
    """Compute in NumPy: the same steps, without a compiler."""
    with np.errstate(all="ignore"):
        return FUNCTIONS[name](*inputs)


# --- accuracy ----------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_steps_are_accurate_without_fused_multiply_adds(name, dtype):
    inputs = measured.sample(name, dtype)

    errors = measured.errors(plainly(name, *inputs), measured.reference(name, *inputs))

    assert errors.max() <= 5


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", ["exp", "log"])
def test_exponentials_and_logarithms_are_within_one_ulp(name, dtype):
    assert bound(name, dtype) <= 1
    assert measured.worst(name, dtype) <= bound(name, dtype)


@pytest.mark.thorough
def test_no_bound_is_above_five_ulp_and_the_page_shows_what_is_measured():
    assert max(map(max, ULPS.values())) <= 5
    wide_enough = np.finfo(np.longdouble).nmant > np.finfo(np.float64).nmant
    if not wide_enough:
        pytest.skip("no numbers wider than float64 to measure it by")

    fresh = measured.page().splitlines()
    committed = measured.PAGE.read_text(encoding="utf-8").splitlines()

    assert len(fresh) == len(committed)
    for one, other in zip(fresh, committed, strict=True):
        numbers = [float(x) for x in re.findall(r" (\d+\.\d+) ", one)]
        assert re.sub(r"\d+\.\d+", "", one) == re.sub(r"\d+\.\d+", "", other)
        np.testing.assert_allclose(
            numbers, [float(x) for x in re.findall(r" (\d+\.\d+) ", other)], atol=0.011
        )


@pytest.mark.thorough
@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_error_is_at_most_what_the_table_says(name, dtype):
    assert measured.worst(name, dtype) <= bound(name, dtype)


@compiled
@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", OF_ONE)
def test_the_error_on_all_float32_numbers_is_at_most_what_the_table_says(name, part):
    assert measured.worst_of_all(name, part, PARTS) <= bound(name, np.float32)


# --- edges -------------------------------------------------------------------------------------


def edges(dtype):
    limits = np.finfo(dtype)
    sizes = [0, limits.smallest_subnormal, limits.smallest_normal, limits.eps, 1, 2, 17, 800]
    sizes += [np.nextafter(dtype(1), dtype(2)), np.nextafter(dtype(1), dtype(0))]
    sizes += [np.pi / 2, np.log(2) / 2, np.log(limits.max), -np.log(limits.smallest_subnormal)]
    sizes += [limits.max, limits.max / 2, np.inf, np.nan]
    positive = np.array(sizes, dtype)
    return np.concatenate([positive, -positive])


def assert_as_numpy(name, got, *inputs):
    with np.errstate(all="ignore"):
        want = measured.reference(name, *inputs).astype(got.dtype)
    shown = [tuple(each) for each in zip(*inputs, got, want, strict=True)]
    for same in (np.isnan, np.isinf, lambda x: (x == 0) & ~np.isnan(x)):
        wrong = same(got) != same(want)
        assert not wrong.any(), [each for each, bad in zip(shown, wrong, strict=True) if bad]
    wrong = (np.signbit(got) != np.signbit(want)) & ~np.isnan(want)
    assert not wrong.any(), [each for each, bad in zip(shown, wrong, strict=True) if bad]


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", OF_ONE)
def test_edges_are_numpys(name, dtype):
    x = edges(dtype)

    assert_as_numpy(name, plainly(name, x), x)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", ["power", "arctan2"])
def test_edges_of_pairs_are_numpys(name, dtype):
    odd_even_and_broken = np.array([3, 4, 2.5, -3, -4, -2.5, 1e30], dtype)
    each = np.concatenate([edges(dtype), odd_even_and_broken])
    x, y = (a.ravel() for a in np.meshgrid(each, each))

    assert_as_numpy(name, plainly(name, x, y), x, y)


@pytest.mark.thorough
@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_compiled_edges_are_numpys(name, dtype):
    each = edges(dtype)
    inputs = [each] if name in OF_ONE else [a.ravel() for a in np.meshgrid(each, each)]

    assert_as_numpy(name, measured.compute(name, *inputs), *inputs)


# --- laws --------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", [*ODD, *EVEN])
def test_odd_and_even_functions_are_so_to_the_last_bit(name, dtype):
    (x,) = measured.sample(name, dtype)
    ahead, back = plainly(name, x), plainly(name, -x)

    np.testing.assert_array_equal(ahead, back if name in EVEN else -back)


@pytest.mark.parametrize("dtype", TYPES)
def test_exp_never_falls_as_its_argument_grows(dtype):
    x = np.sort(np.random.default_rng(0).uniform(-100, 88, 100_000).astype(dtype))
    neighbours = np.nextafter(x, dtype(np.inf))

    for each in (measured.compute("exp", x), plainly("exp", x)):
        assert (np.diff(each) >= 0).all()
    assert (measured.compute("exp", neighbours) >= measured.compute("exp", x)).all()


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", ["erf", "sigmoid", "tanh", "sin", "cos"])
def test_no_value_exceeds_one(name, dtype):
    (x,) = measured.sample(name, dtype)

    assert np.nanmax(np.abs(plainly(name, x))) <= 1
    assert np.nanmax(np.abs(measured.compute(name, x))) <= 1


def test_two_by_pi_begins_with_its_known_digits():
    digits = circular.two_by_pi()

    assert f"{digits >> circular.DIGITS - 128:x}" == "a2f9836e4e441529fc2757d1f534ddc0"


# --- lanes -------------------------------------------------------------------------------------


@compiled
@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize(
    "name",
    [
        "exp",
        *(pytest.param(each, marks=pytest.mark.thorough) for each in OF_ONE if each != "exp"),
    ],
)
def test_bits_depend_on_the_element_alone(name, dtype):
    (x,) = measured.sample(name, dtype)
    x = np.ascontiguousarray(x[:: x.size // 90][:88])
    whole = measured.compute(name, x)
    loops = unary_loops.bound(scalar=FUNCTIONS[name])

    for offset in range(18):
        for length in range(1, 71):
            part, out = x[offset : offset + length], np.empty(length + 1, dtype)[1:]
            loops(0, length, part, out)
            assert (bits(out) == bits(whole[offset : offset + length])).all(), (offset, length)


def machine_code(name, dtype):
    """Return the LLVM code and the assembly of a loop."""
    arity = 1 if name in OF_ONE else 2
    loops = (unary_loops if arity == 1 else same_loops).bound(scalar=FUNCTIONS[name])
    dispatcher = loops._dispatcher()
    array = np.ones(8, dtype)
    dispatcher.compile(loops._types((0, 8, *[array] * arity, array)))
    (llvm,), (assembly,) = dispatcher.inspect_llvm().values(), dispatcher.inspect_asm().values()
    return llvm, assembly


LIBM = re.compile(rf"@({'|'.join([*FUNCTIONS, 'pow', 'fma', 'rint', 'floor', 'asin'])})f?\(")


@compiled
@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize(
    "name",
    [
        "exp",
        *(pytest.param(each, marks=pytest.mark.thorough) for each in FUNCTIONS if each != "exp"),
    ],
)
def test_a_loop_is_vectorised_and_calls_no_library(name, dtype):
    features = numba.core.registry.cpu_target.target_context.codegen().magic_tuple()[2]
    llvm, assembly = machine_code(name, dtype)

    assert LIBM.findall(llvm) == []
    if "+avx2" in features:
        packed = r"vfmadd\w*p[sd]\s.*[yz]mm" if "+fma" in features else r"vmulp[sd]\s.*[yz]mm"
        assert len(re.findall(packed, assembly)) >= 3


PLAIN_PROCESSOR = """
import numpy as np
from tools import vector_math as measured
for name in ("exp", "log", "tanh", "erf", "power", "sin"):
    print(name, *(measured.worst(name, dtype) <= 5 for dtype in (np.float32, np.float64)))
"""


@compiled
@pytest.mark.thorough
def test_processors_without_fused_multiply_adds_are_served(tmp_path):
    environment = {"NUMBA_CPU_NAME": "generic", "MINITF_CACHE_DIR": str(tmp_path)}
    found = subprocess.run(
        [sys.executable, "-c", PLAIN_PROCESSOR],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )

    assert "False" not in found.stdout
    assert found.stdout.count("True") == 12


# --- how loops use them ------------------------------------------------------------------------


def test_a_digest_changes_with_the_function_and_with_the_room(monkeypatch, tmp_path):
    digests = {unary_loops.bound(scalar=FUNCTIONS[name]).digest for name in ("exp", "log")}
    (tmp_path / "exponentials.py").write_text("changed")
    monkeypatch.setattr(importlib.resources, "files", lambda _: tmp_path)
    monkeypatch.setattr(function, "room_digest", function.room_digest.__wrapped__)

    assert unary_loops.bound(scalar=exp).digest not in digests
    assert len(digests) == 2


@jit.loops(fastmath={"reassoc"})
def sum_of_powers(x, out):
    for i in range(x.size):
        out[0] += exp(x[i])


@compiled
def test_loops_with_fast_math_refuse_the_functions_which_it_would_spoil():
    with pytest.raises(AssertionError, match=r"fast-math would spoil \['exp'\]"):
        sum_of_powers(np.ones(3), np.zeros(1))
