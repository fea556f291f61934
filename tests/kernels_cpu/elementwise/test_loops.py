"""A compiled scalar says what its body says, in every layout, and every scalar does so."""

import numpy as np
import pytest

from minitf import ops
from minitf.dtypes import DType, by_numpy, float64
from minitf.errors import InvalidArgumentError
from minitf.kernels_cpu.device import import_mirror
from minitf.kernels_cpu.elementwise import loops
from minitf.ops.elementwise.rows import ROWS
from minitf.testing.case import assert_within

ops.import_all()
for row in list(ROWS.values()):
    import_mirror(row.op_def.__module__)

COMPILED = sorted(name for name, row in ROWS.items() if row.op_def.kernels)
SPECIAL = [0.0, -0.0, 1.0, -1.0, 6.0, np.inf, -np.inf, np.nan, 1e-40, 3e38]
LAYOUTS = ["first is one", "second is one", "row", "column", "strided"]
SIZE = loops.LEAST + 7


def inputs_of(name, dtype, sizes):
    rng = np.random.default_rng(len(name))
    made = []
    for size in sizes:
        x = (3 * rng.standard_normal(size)).astype(dtype)
        x[: len(SPECIAL) ** 2] = rng.permutation(SPECIAL * len(SPECIAL))[:size]
        made.append(x)
    return made


def both(name, inputs):
    """Return what the kernel and the body make of the same inputs."""
    op_def = ROWS[name].op_def
    kernel = op_def.find_kernel("CPU", {"T": by_numpy(inputs[0].dtype)})
    with np.errstate(all="ignore"):
        return kernel.function(*inputs), op_def.body(*inputs)


def assert_same_bits(got, want):
    assert got.shape == want.shape
    assert got.dtype == want.dtype
    np.testing.assert_array_equal(np.isnan(got), np.isnan(want))
    got, want = (np.where(np.isnan(x), 0, x).astype(x.dtype) for x in (got, want))
    np.testing.assert_array_equal(got.view(f"u{got.itemsize}"), want.view(f"u{got.itemsize}"))


def ulps_of(name, dtype):
    kernel = ROWS[name].op_def.find_kernel("CPU", {"T": by_numpy(np.dtype(dtype))})
    return kernel and kernel.ulps


@pytest.mark.thorough
@pytest.mark.paper("W-05")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", COMPILED)
def test_a_kernel_gives_the_bits_of_the_body_or_is_within_its_bound(name, dtype):
    if ROWS[name].op_def.find_kernel("CPU", {"T": by_numpy(np.dtype(dtype))}) is None:
        pytest.skip("NumPy is as fast for this type")
    inputs = inputs_of(name, dtype, [SIZE] * len(ROWS[name].op_def.inputs))
    got, want = both(name, inputs)
    ulps = ulps_of(name, dtype)

    if ulps is None:
        assert_same_bits(got, want)
    else:
        limits = np.finfo(dtype)
        size = np.where(np.isfinite(want), np.abs(want.astype(np.float64)), 0)
        assert_within(got, want, ulps * float(limits.eps) * size + float(limits.tiny))


@pytest.mark.thorough
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["SquaredDifference", "Pow", "Xlogy"])
def test_a_kernel_knows_every_layout(name, layout):
    x, y = inputs_of(name, np.float32, [SIZE * 8, SIZE * 8])
    x, y = x.reshape(-1, 8), y.reshape(-1, 8)
    pairs = {
        "first is one": (x[:1, :1], y),
        "second is one": (x, y[0, 0]),
        "row": (x, y[0]),
        "column": (x[:, :1], y),
        "strided": (x[::2, ::2], y[::2, 1::2]),
    }
    same_shape = [np.ascontiguousarray(each) for each in np.broadcast_arrays(*pairs[layout])]

    assert_same_bits(both(name, pairs[layout])[0], both(name, same_shape)[0])


@pytest.mark.parametrize("name", ["Exp", "Pow"])
def test_bits_of_an_approximate_kernel_do_not_depend_on_the_size_of_the_array(name):
    inputs = inputs_of(name, np.float32, [SIZE] * len(ROWS[name].op_def.inputs))
    whole, _ = both(name, inputs)

    for size in (0, 1, 3, 100, SIZE - 1):
        assert_same_bits(both(name, [each[:size] for each in inputs])[0], whole[:size])


def test_inputs_that_do_not_fit_are_refused_by_every_kernel():
    x, y = np.ones((2, 3), np.float32), np.ones(4, np.float32)
    for name in ("Pow", "SoftplusGrad"):
        with pytest.raises(InvalidArgumentError, match=r"Incompatible shapes: \[2,3\] vs. \[4\]"):
            both(name, (x, y))
    with pytest.raises(InvalidArgumentError, match="Incompatible shapes"):
        both("SoftplusGrad", (x, x[0, 0]))


def test_a_kernel_leaves_small_arrays_to_the_body():
    x = np.float32([1, 2])
    kernel = ops.squared_difference_op.find_kernel("CPU", {"T": by_numpy(x.dtype)}).function

    assert kernel(x, np.zeros(2, np.float32)).tolist() == [1, 4]


def reals() -> list[str]:
    """Return the rows whose inputs may be real."""
    attrs = {name: row.op_def.attrs for name, row in sorted(ROWS.items())}
    return [name for name, each in attrs.items() if "T" in each and float64 in each["T"].allowed]


def samples(name):
    positive = {"Log", "Sqrt", "Rsqrt", "Pow", "Xlogy", "Log1p", "Acosh"}
    small = {"Asin", "Acos", "Atanh"}
    rng = np.random.default_rng(1)
    for _ in ROWS[name].op_def.inputs:
        x = rng.uniform(-4, 4, 40)
        yield np.abs(x) + 1 if name in positive else x / 5 if name in small else x


@pytest.mark.parametrize("name", reals())
def test_a_scalar_says_of_one_number_what_the_body_says_of_arrays(name):
    row, inputs = ROWS[name], list(samples(name))
    with np.errstate(all="ignore"):
        want = row.op_def.body(*inputs)
        got = [row.scalar(*numbers) for numbers in zip(*inputs, strict=True)]

    np.testing.assert_allclose(np.array(got, want.dtype), want, rtol=1e-14, atol=1e-300)


@pytest.mark.thorough
@pytest.mark.parametrize("name", reals())
def test_every_scalar_compiles_and_stays_in_its_type(name):
    row, inputs = ROWS[name], [np.float32(x) for x in samples(name)]
    scalar = loops.compiled_scalar(row.scalar, np.dtype(np.float32))
    result = row.op_def.outputs[0].dtype
    out = np.empty(40, result.numpy if isinstance(result, DType) else np.float32)
    template = loops.unary_loops if len(inputs) == 1 else loops.same_loops

    template.bound(scalar=scalar)(0, 40, *inputs, out)

    with np.errstate(all="ignore"):
        np.testing.assert_allclose(out, row.op_def.body(*inputs), rtol=2e-6, atol=1e-30)
