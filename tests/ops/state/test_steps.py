"""What holds of every optimizer step: kernels, twins, rows, other types, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from step_cases import DENSE, SPARSE, cases
from variable_steps import changed

import minitf as tf
from minitf import ops
from minitf.kernels_cpu.device import import_mirror
from minitf.ops.state.steps import STEPS
from minitf.resources import Variable

each_step = pytest.mark.parametrize("name", [*DENSE, *SPARSE])
each_sparse = pytest.mark.parametrize("name", SPARSE)
SHARE = 6  # of the profile's examples, for tests whose example is a session of TensorFlow's
HAS_POWERS = {"Ftrl", "PowerSign"}  # libm's and NumPy's differ by a unit in the last place


def kernel(name, dtype):
    op_def = ops.find_op(name)
    import_mirror(op_def.__module__)
    return op_def.find_kernel("CPU", {"T": tf.as_dtype(dtype)}).function


def assert_same(name, got, want):
    """Compare bits, or values where a step has powers."""
    eps = 64 * np.finfo(want[0].dtype).eps if any(each in name for each in HAS_POWERS) else 0
    for one, other in zip(got, want, strict=True):
        assert one.dtype == other.dtype
        scale = np.abs(other).max(initial=0)
        np.testing.assert_allclose(one, other, rtol=eps, atol=eps * scale)


def test_the_lists_hold_every_step():
    made = {name for name in ops.names() if "Apply" in name and "Gradient" not in name}
    for name in made:
        ops.find_op(name)

    assert set(STEPS) == {*DENSE, *SPARSE}
    assert {name for name in made if not name.startswith("Resource")} <= set(STEPS)


@each_step
@given(data=st.data())
def test_a_kernel_gives_the_bits_of_the_body(name, data):
    inputs, flags = data.draw(cases(name))
    want = changed(ops.find_op(name), inputs, **flags)

    got = changed(ops.find_op(name), inputs, kernel(name, inputs[0].dtype), **flags)

    assert_same(name, got, want)


@each_step
@given(data=st.data())
def test_the_resource_twin_does_the_same(name, data):
    inputs, flags = data.draw(cases(name))
    twin = ops.find_op(f"Resource{name}")
    body = changed(ops.find_op(name), inputs, **flags)
    compiled = changed(ops.find_op(name), inputs, kernel(name, inputs[0].dtype), **flags)

    for function, want in ((twin.body, body), (kernel(twin.name, inputs[0].dtype), compiled)):
        for one, other in zip(changed(twin, inputs, function, **flags), want, strict=True):
            np.testing.assert_array_equal(one, other)


@each_sparse
@given(data=st.data())
def test_a_step_by_rows_is_a_dense_step_of_each_row_in_turn(name, data):
    inputs, flags = data.draw(cases(name))
    found, dense = STEPS[name], ops.find_op(name.removeprefix("Sparse"))
    variables, grad, indices = (
        inputs[: found.variables],
        inputs[found.grad],
        inputs[found.grad + 1],
    )
    scalars = inputs[found.variables : found.grad], inputs[found.grad + 2 :]
    want = [np.array(each) for each in variables]
    for row, slope in zip(indices, grad, strict=True):
        news = changed(
            dense, [*[each[row] for each in want], *scalars[0], slope, *scalars[1]], **flags
        )
        for each, new in zip(want, news, strict=True):
            each[row] = new

    got = changed(ops.find_op(name), inputs, **flags)

    for one, other in zip(got, want, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", DENSE)
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@given(data=st.data())
def test_sixteen_bits_are_computed_in_float32_and_rounded_once(name, dtype, data):
    short = tf.as_dtype(dtype).numpy
    inputs, flags = data.draw(cases(name, np.float32))
    inputs = [each if each.dtype.kind == "i" else each.astype(short) for each in inputs]
    wide = [each if each.dtype.kind == "i" else each.astype(np.float32) for each in inputs]
    with np.errstate(invalid="ignore"):  # a rounded mean square may be less than the square
        want = changed(ops.find_op(name), wide, **flags)

        got = changed(ops.find_op(name), inputs, **flags)

    for one, other in zip(got, want, strict=True):
        assert one.dtype == short
        np.testing.assert_array_equal(one, other.astype(short))


@pytest.mark.tensorflow
@pytest.mark.thorough
@each_step
@settings(max_examples=settings().max_examples // SHARE)
@given(data=st.data())
def test_a_step_is_tensorflows(name, data, tensorflow):
    tf1, (inputs, flags), op_def = tensorflow, data.draw(cases(name)), ops.find_op(name)
    assume(inputs[0].size or not name.startswith("Sparse"))  # it refuses rows without elements
    with tf1.Graph().as_default(), tf1.Session() as session:
        variables, given_ = [], {}
        for arg, value in zip(op_def.inputs, inputs, strict=True):
            given_[arg.name] = value
            if arg.is_ref:
                variable = tf1.Variable(value, use_resource=True)
                variables.append(variable)
                given_[arg.name] = variable.handle
        step = getattr(tf1.raw_ops, f"Resource{name}")(**given_, **flags)
        session.run(tf1.global_variables_initializer())
        session.run(step)
        theirs = session.run(variables)

    # TensorFlow's roots of float32 are approximations, and quotients of sums enlarge that
    eps = (64 if inputs[0].dtype == np.float64 else 32) * np.finfo(inputs[0].dtype).eps
    for one, other in zip(changed(op_def, inputs, **flags), theirs, strict=True):
        scale = 16 + np.abs(other).max(initial=0)
        np.testing.assert_allclose(one, other, rtol=eps, atol=eps * scale)


@pytest.mark.parametrize("name", DENSE)
def test_who_read_a_variable_before_keeps_what_was_there(name):
    compiled = kernel(name, np.float32)  # which puts the op's step into the table
    found, op_def = STEPS[name], ops.find_op(name)
    variables = [Variable(arg.name, tf.float32) for arg in op_def.inputs if arg.is_ref]
    for each in variables:
        each.write(np.full(3, 0.25 if each.name == "mg" else 2, np.float32))
    before = [each.read() for each in variables]
    rest = [np.float32(0.5)] * (len(op_def.inputs) - len(variables))
    rest[found.grad - found.variables] = np.ones(3, np.float32)
    if "lr_power" in found.names:
        rest[found.names.index("lr_power") - found.variables] = np.float32(-0.5)
    for function in (op_def.body, compiled):
        function(*variables, *rest)

    assert {(each.mean(), each.flags.writeable) for each in before} <= {(2, False), (0.25, False)}
    assert (variables[0].read() != 2).all()


# --- refusals -------------------------------------------------------------------------------------

SCALARS = [np.array(0.5), np.array(0.5)]
BOTH = pytest.mark.parametrize("compiled", [False, True], ids=["body", "kernel"])


def momentum(var, accum, grad, *, compiled, dtype=np.float64):
    lr, decay = SCALARS
    function = kernel("ApplyMomentum", np.float64) if compiled else None
    inputs = [np.asarray(each, dtype) for each in (var, accum, lr, grad, decay)]
    return changed(ops.apply_momentum_op, inputs, function)


def sparse_momentum(var, accum, grad, indices, *, compiled):
    lr, decay = SCALARS
    function = kernel("SparseApplyMomentum", np.float64) if compiled else None
    inputs = var, accum, lr, grad, np.array(indices), decay
    return changed(ops.sparse_apply_momentum_op, inputs, function)


@BOTH
def test_one_shape_for_all(compiled):
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"var and grad do not have the same shape \[2\] \[3\]"
    ):
        momentum(np.zeros(2), np.zeros(2), np.zeros(3), compiled=compiled)
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"var and accum do not have the same shape"
    ):
        momentum(np.zeros(2), np.zeros(3), np.zeros(2), compiled=compiled)


@BOTH
def test_a_step_by_rows_checks_its_rows(compiled):
    with pytest.raises(
        tf.errors.InvalidArgumentError,
        match=r"Index 3 at offset 1 in indices is out of range \[0, 3\)",
    ):
        sparse_momentum(
            np.zeros((3, 2)), np.zeros((3, 2)), np.zeros((2, 2)), [0, 3], compiled=compiled
        )
    with pytest.raises(tf.errors.InvalidArgumentError, match="do not have the same shape"):
        sparse_momentum(
            np.zeros((3, 2)), np.zeros((3, 1)), np.zeros((1, 2)), [0], compiled=compiled
        )
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"grad must have shape \[1,2\]"):
        sparse_momentum(
            np.zeros((3, 2)), np.zeros((3, 2)), np.zeros((1, 3)), [0], compiled=compiled
        )
    with pytest.raises(tf.errors.InvalidArgumentError, match="at least 1 dimensional"):
        sparse_momentum(np.zeros(()), np.zeros(()), np.zeros((1,)), [0], compiled=compiled)


@BOTH
def test_a_refused_step_changes_nothing(compiled):
    variables = [Variable(name, tf.float64) for name in ("var", "accum")]
    for each in variables:
        each.write(np.ones(3))
    op_def = ops.apply_momentum_op
    function = kernel("ApplyMomentum", np.float64) if compiled else op_def.body
    with pytest.raises(tf.errors.InvalidArgumentError):
        function(*variables, SCALARS[0], np.zeros(2), SCALARS[1])

    assert [each.read().tolist() for each in variables] == [[1, 1, 1]] * 2


def test_whole_numbers_have_no_step():
    with pytest.raises(tf.errors.InvalidArgumentError, match="No OpKernel was registered"):
        momentum([1], [1], [1], compiled=False, dtype=np.int32)


@pytest.mark.parametrize(
    ("name", "bad", "words"),
    [
        ("ApplyFtrl", {"lr": 0.0}, "lr is not a positive scalar"),
        ("ApplyFtrl", {"l1": -1.0}, "l1 regularization strength is not a non-negative scalar"),
        ("SparseApplyFtrl", {"l2": -1.0}, "l2 regularization strength is not a non-negative"),
        ("ApplyFtrlV2", {"l2_shrinkage": -1.0}, "l2 shrinkage regularization strength is not"),
        ("ApplyFtrl", {"lr_power": 0.5}, "lr_power is not a non-positive scalar"),
        ("ApplyProximalAdagrad", {"l1": -1.0}, "l1 regularization strength is not a non-negative"),
        ("SparseApplyProximalAdagrad", {"lr": -1.0}, "lr is not a positive scalar"),
    ],
)
@BOTH
def test_scalars_out_of_bounds_are_refused_in_tensorflows_words(name, bad, words, compiled):
    op_def = ops.find_op(name)
    inputs = []
    for arg in op_def.inputs:
        if arg.name == "indices":
            inputs.append(np.array([0, 1]))
        elif arg.rank == 0:
            inputs.append(np.array(bad.get(arg.name, -0.5 if arg.name == "lr_power" else 0.5)))
        else:
            inputs.append(np.ones(2))
    with pytest.raises(tf.errors.InvalidArgumentError, match=words):
        changed(op_def, inputs, kernel(name, np.float64) if compiled else None)


def test_shapes_are_checked_while_the_graph_is_built():
    var, accum = (ops.variable_v2_op(dtype=tf.float32, shape=[2, 3]) for _ in range(2))
    with pytest.raises(ValueError, match="must be equal"):
        ops.apply_momentum_op(var, accum, 0.1, [1.0, 2.0], 0.9)
    with pytest.raises(ValueError, match="must be equal"):
        ops.sparse_apply_momentum_op(var, accum, 0.1, [[1.0, 2.0]], [0], 0.9)
    with pytest.raises(ValueError, match="rank 0"):
        ops.apply_momentum_op(var, accum, [0.1], [[1.0] * 3] * 2, 0.9)
