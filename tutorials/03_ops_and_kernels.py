# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 3. An op and its kernels
#
# A graph's operations are calls of *ops*: MatMul, Softmax, Conv2D. An op has a name, an interface
# and a meaning; a *kernel* is one implementation of it, for one kind of device. (2015 white paper,
# section 2.)
#
# Here we take one op apart, add one of our own, and give it a kernel.
#
# Read it as a notebook, or run it: `python tutorials/03_ops_and_kernels.py`.

# %%
import inspect

import numpy as np

import minitf as tf
from minitf import explain, ops, testing

tf.reset_default_graph()  # so that this notebook can be run again from the top

# %% [markdown]
# ## Where an op stands
#
# `minitf explain Softmax` on the command line says the same:

# %%
explain.show("Softmax")

# %% [markdown]
# ## Meaning
#
# An op is a NumPy function under `@op`. Its signature is the interface: positional parameters are
# inputs, keyword-only ones attributes, and `T` a type that the inputs fix. Its body is what the op
# *means*: slow sometimes, but right, and everything else is compared with it.

# %%
from minitf.ops.nn import softmax

print(inspect.getsource(softmax.softmax_op.body))

# %% [markdown]
# So an op can be tried without a graph:

# %%
softmax.softmax_op.body(np.array([[1.0, 2.0, 3.0]], np.float32))

# %% [markdown]
# What `@op` read from the signature is TensorFlow's OpDef, which a GraphDef refers to:

# %%
from minitf.graph_def import op_def_message

print(op_def_message(ops.softmax_op))

# %% [markdown]
# ## Rules
#
# Two rules stand beneath the body. The shape rule says, while the graph is built, what will be
# known of the result. The gradient rule adds the operations of the derivative.

# %%
print(inspect.getsource(softmax.softmax_shape))
print(inspect.getsource(softmax.softmax_gradient))

# %% [markdown]
# ## Kernel
#
# The body walks over all the data once for each step, and makes an array each time. The CPU's
# kernel finishes a row before it begins the next, in loops that Numba compiles; parts of the rows
# are shared among threads. It stands in the file of the same path in `minitf/kernels_cpu`:

# %%
from minitf.kernels_cpu.nn import softmax as kernels

print(inspect.getsource(kernels.softmax))
print(inspect.getsource(kernels.by_rows))
print(inspect.getsource(kernels.softmax_loops))

# %% [markdown]
# The executor asks the op for a kernel that serves the types of an operation; without one the body
# runs. Both agree:

# %%
kernel = ops.softmax_op.find_kernel("CPU", {"T": tf.float32})
scores = np.random.default_rng(0).normal(size=(1000, 10)).astype(np.float32)
difference = np.abs(kernel.function(scores) - ops.softmax_op.body(scores)).max()
print("kernel and body differ by at most", difference)

# %% [markdown]
# ## An op of our own
#
# Soft thresholding moves each number towards 0 by `width`, and numbers nearer than that to 0:
#
# $$y = \mathrm{sign}(x)\,\max(|x| - w, 0)$$
#
# It is what makes a solution sparse. As an op it is a body, a shape rule and a gradient:

# %%
from minitf.dtypes import types
from minitf.op_def import CATALOGUE, op
from minitf.symbols import T

CATALOGUE.pop("SoftThreshold", None)  # so that this cell may run again


@op("SoftThreshold", T=types("float32", "float64"), outputs=("y",))
def soft_threshold_op(x: T, *, width: float) -> T:
    """Move each number towards 0 by `width`: sign(x) max(|x| - width, 0)."""
    return np.sign(x) * np.maximum(np.abs(x) - x.dtype.type(width), 0)


@soft_threshold_op.shape
def soft_threshold_shape(x, *, width):
    return x


@soft_threshold_op.gradient
def soft_threshold_gradient(operation, grad):
    moved = ops.abs_op(operation.outputs[0])  # 0 where x was nearer than width
    return [ops.mul_op(grad, ops.sign_op(moved))]


# %% [markdown]
# Calling it adds an operation to the graph, as any op does:

# %%
tf.reset_default_graph()
x = tf.placeholder(tf.float32, [None], name="x")
y = soft_threshold_op(x, width=1.0, name="shrunk")
(slope,) = tf.gradients(y, [x])

with tf.Session() as session:
    print(y)
    print(*session.run([y, slope], {x: [-3.0, -0.5, 0.5, 2.0]}), sep="\n")

# %% [markdown]
# ## Is it right?
#
# Tell the conformance kit how to draw calls of the op, and it checks the laws that every op keeps:
# what the shape rule says is true of the run, whatever sizes are hidden from it; the gradient, and
# its gradient, are derivatives; a graph written and read again computes the same. Near $\pm w$ the
# derivative does not exist, so we draw numbers away from it.

# %%
from hypothesis import strategies as st

cases = st.builds(
    lambda numbers: testing.Case((np.array(numbers),), {"width": 1.0}, smooth=True),
    st.lists(st.floats(1.1, 9) | st.floats(-0.9, 0.9) | st.floats(-9, -1.1), max_size=5),
)
for law, outcome in testing.assert_laws(soft_threshold_op, cases).items():
    print(f"{law:16} {outcome}")

# %% [markdown]
# A wrong rule is found, with a small call that shows it:

# %%
right = soft_threshold_op.gradient_rule
soft_threshold_op.gradient_rule = lambda operation, grad: [grad]
try:
    testing.assert_laws(soft_threshold_op, cases)
except AssertionError as error:
    print(error, *error.__notes__, sep="\n")
soft_threshold_op.gradient_rule = right

# %% [markdown]
# ## A kernel of our own
#
# `jit.loops` compiles explicit loops at their first call, and keeps the machine code on disk for
# the next time. The kernel around them has the op's own signature: arrays in, arrays out.

# %%
from minitf.kernels_cpu import jit


@jit.loops
def soft_threshold_loops(x, width, out):
    """Fill `out`; a parameter of any other name is read-only."""
    for i in range(out.size):
        far = abs(x[i]) - width
        out[i] = 0.0 if far <= 0.0 else (far if x[i] > 0.0 else -far)


@soft_threshold_op.kernel("CPU", T=(tf.float32, tf.float64))
def soft_threshold(x, *, width):
    out = np.empty(x.shape, x.dtype)
    soft_threshold_loops(np.ascontiguousarray(x).reshape(-1), x.dtype.type(width), out.reshape(-1))
    return out


# %%
for law, outcome in testing.assert_laws(soft_threshold_op, cases).items():
    print(f"{law:16} {outcome}")

# %% [markdown]
# An op of MiniTF itself is three files, and CONTRIBUTING.md tells where: its meaning in
# `minitf/ops`, its cases in `minitf/testing/cases`, its laws and examples in `tests/ops`. The kit
# then compares it with TensorFlow too.
