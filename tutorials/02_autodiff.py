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
# # 2. Automatic differentiation
#
# `tf.gradients(ys, xs)` computes no derivative. It **adds operations to the graph** that will, when
# they run. So gradients are ordinary tensors: they can be fetched, fed, drawn, combined and
# differentiated again. (2015 white paper, section 4.1; OSDI 2016 paper, section 4.1.)
#
# Read it as a notebook, or run it: `python tutorials/02_autodiff.py`.

# %%
import contextlib
import inspect

import numpy as np

import minitf as tf

tf.reset_default_graph()  # so that this notebook can be run again from the top

# %% [markdown]
# ## One function
#
# $y = x^3 - 2x$ has the derivative $3x^2 - 2$.

# %%
x = tf.placeholder(tf.float64, [], name="x")
y = x * x * x - 2.0 * x
(slope,) = tf.gradients(y, [x])

with tf.Session() as session:
    for value in (-1.0, 0.0, 2.0):
        found = session.run(slope, {x: value})
        print(f"x = {value:4}: slope {found:5}, by hand {3 * value**2 - 2:5}")

# %% [markdown]
# ## What was added
#
# For each operation on the way from `y` back to `x`, a rule added the operations for its inputs.
# They are in the scope `gradients`:

# %%
for operation in tf.get_default_graph().get_operations():
    if operation.name.startswith("gradients"):
        print(f"{operation.type:12} {operation.name}")

# %% [markdown]
# The walk is short. Operations are taken from the end, each when all that used it are done; what
# reaches a tensor by several paths is added up.

# %%
from minitf.autodiff import backward

print(inspect.getsource(backward._Walk.run))

# %%
print(inspect.getsource(backward._Walk._differentiate))

# %% [markdown]
# ## Rules
#
# The rule of an operation stands beneath its meaning. It is given the operation and the gradients
# of its outputs, and returns a gradient for each input. For a product of matrices, $C = AB$:
# $\;dA = dC\,B^\top$ and $dB = A^\top dC$.

# %%
from minitf.ops.math import matmul

print(inspect.getsource(matmul.mat_mul_gradient))
print(inspect.getsource(matmul._matmul_gradients))

# %% [markdown]
# Is it right? Compare with differences: move each number of $A$ a little, and see how a result
# moves. (Every operation's rule is tested so.)

# %%
tf.reset_default_graph()
a = tf.placeholder(tf.float64, [2, 3], name="a")
b = tf.constant(np.arange(12.0).reshape(3, 4), name="b")
result = tf.reduce_sum(tf.square(tf.matmul(a, b)))
(gradient,) = tf.gradients(result, [a])

with tf.Session() as session:
    point = np.array([[1.0, -1.0, 0.5], [0.0, 2.0, -0.5]])
    by_rules = session.run(gradient, {a: point})
    by_differences = np.zeros_like(point)
    for index in np.ndindex(point.shape):
        step = np.zeros_like(point)
        step[index] = 1e-5
        there, back = (session.run(result, {a: point + sign * step}) for sign in (1, -1))
        by_differences[index] = (there - back) / 2e-5
print(by_rules)
print("largest difference:", np.abs(by_rules - by_differences).max())

# %% [markdown]
# ## Again
#
# A gradient is a tensor, so it has a gradient.

# %%
tf.reset_default_graph()
x = tf.placeholder(tf.float64, [], name="x")
tower = [tf.sin(x)]
for _ in range(4):
    tower += tf.gradients(tower[-1], [x])

with tf.Session() as session:
    values = session.run(tower, {x: 1.0})
print("sin and its derivatives at 1:", np.round(values, 4))

# %% [markdown]
# ## Sparse gradients
#
# A lookup in a large table touches few rows. Its gradient keeps to them: it is `IndexedSlices`,
# rows with their indices, and an optimizer changes only those. (OSDI 2016 paper, section 4.2.)

# %%
table = tf.placeholder(tf.float32, [1000, 2], name="table")
rows = tf.gather(table, [3, 999, 3])
(sparse,) = tf.gradients(tf.reduce_sum(rows * [1.0, 10.0]), [table])
print(type(sparse).__name__)

with tf.Session() as session:
    print(session.run(sparse, {table: np.zeros((1000, 2))}))

# %% [markdown]
# ## Stopping, and rules of one's own
#
# `tf.stop_gradient` makes a tensor count as a constant. A program can also replace a rule: here the
# gradient of `Sign`, which is 0 everywhere, by that of the identity (the "straight-through"
# estimator).

# %%
tf.reset_default_graph()
x = tf.placeholder(tf.float32, [3], name="x")
(stopped,) = tf.gradients(x * tf.stop_gradient(x), [x])


def straight_through(operation, gradient):
    """Pass the gradient through as if the operation were the identity."""
    return gradient


with contextlib.suppress(KeyError):  # this cell ran before
    tf.RegisterGradient("StraightThrough")(straight_through)
with tf.get_default_graph().gradient_override_map({"Sign": "StraightThrough"}):
    sign = tf.sign(x)
(through,) = tf.gradients(sign * [1.0, 2.0, 3.0], [x])

with tf.Session() as session:
    values = session.run([stopped, sign, through], {x: [-2.0, 0.0, 5.0]})
print(*values, sep="\n")

# %% [markdown]
# ## Training
#
# An optimizer is user-level code: gradients, and an update for each variable. Here is all of it for
# the line $y = 3x - 1$, written out, and then by `tf.train`.

# %%
tf.reset_default_graph()
xs = np.linspace(-1, 1, 20)
ys = 3 * xs - 1
w = tf.Variable(0.0, name="w")
b = tf.Variable(0.0, name="b")
loss = tf.reduce_mean(tf.square(w * xs.astype(np.float32) + b - ys.astype(np.float32)))

by_hand = tf.group(
    *(
        tf.assign_sub(variable, 0.5 * gradient)
        for variable, gradient in zip([w, b], tf.gradients(loss, [w, b]), strict=True)
    )
)
by_optimizer = tf.train.GradientDescentOptimizer(0.5).minimize(loss)

for train in (by_hand, by_optimizer):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(40):
            session.run(train)
        print("w = {:.4f}, b = {:.4f}, loss = {:.2e}".format(*session.run([w, b, loss])))

# %%
tf.get_default_graph()

# %% [markdown]
# `minitf demo` trains a convolutional network by the same means; its graph is in
# `minitf/models/digits.py`.
