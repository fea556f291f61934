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
# # 1. Graph and session
#
# A TensorFlow program has two halves. The first **builds a graph**: a description of a computation,
# in which nothing is computed. The second **runs** parts of it in a session, as often as it likes.
# This tutorial builds a graph, looks at what it is made of, and follows one `session.run` through
# MiniTF's own code. (2015 white paper, section 2; OSDI 2016 paper, section 3.)
#
# Read it as a notebook, or run it: `python tutorials/01_graph_and_session.py`.

# %%
import inspect

import numpy as np

import minitf as tf

tf.reset_default_graph()  # so that this notebook can be run again from the top

# %% [markdown]
# ## Building computes nothing
#
# A **placeholder** is a promise: a value will be fed. Each call of a function such as `tf.matmul`
# adds an **Operation**, and gives back a **Tensor**: a handle to one output of that operation. It
# has a name, an element type and as much of a shape as is known, but no value.

# %%
x = tf.placeholder(tf.float32, [None, 3], name="x")
weights = tf.constant([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], name="weights")
product = tf.matmul(x, weights)
print(product)

# %% [markdown]
# The shape was inferred: any number of rows (`?`), and two columns, since `weights` has two. The
# rule that found it stands beside the meaning of the operation, in the same file:

# %%
from minitf.ops.math import matmul

print(inspect.getsource(matmul.mat_mul_shape))

# %% [markdown]
# And the meaning itself is a NumPy function. Its signature *is* the interface of the operation:
# inputs before the star, attributes (fixed while building) after it.

# %%
print(inspect.getsource(matmul.mat_mul_op.body))

# %% [markdown]
# So a mistake is found where it is made, before anything runs:

# %%
try:
    tf.matmul(product, weights)
except ValueError as error:
    print(error)

# %% [markdown]
# ## What a graph is made of
#
# All operations are in the default graph, in the order in which they were made.

# %%
graph = tf.get_default_graph()
for operation in graph.get_operations():
    inputs = ", ".join(tensor.name for tensor in operation.inputs)
    print(f"{operation.name:10} {operation.type:12} inputs: {inputs}")

# %% [markdown]
# Python's operators build operations too. A **name scope** groups what belongs together; names are
# made unique, so nothing is ever overwritten.

# %%
with tf.name_scope("score"):
    shifted = product + 1.0
    largest = tf.reduce_max(shifted, axis=1)
print(largest)
graph

# %% [markdown]
# ## Running
#
# A **session** runs what is asked for: a *fetch* says which values are wanted, a *feed* gives
# placeholders their values.

# %%
two_rows = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
with tf.Session() as session:
    print(session.run(product, feed_dict={x: two_rows}))
    print(session.run({"sum": shifted, "largest": largest}, {x: two_rows}))

# %% [markdown]
# The first run computed `product` and nothing else: the operations of the scope `score` were not
# needed. What is needed is found by a walk from the fetches back to the feeds. This is all of it:

# %%
from minitf.executor import prune

print(inspect.getsource(prune.prune))

# %%
request = prune.Request(fetches=(product,), targets=(), feeds=(x,))
print([operation.name for operation in prune.prune(request).operations])

# %% [markdown]
# Any tensor may be fed, not only placeholders. Then not even its producer runs:

# %%
with tf.Session() as session:
    print(session.run(largest, {product: [[10.0, 20.0]]}))

request = prune.Request(fetches=(largest,), targets=(), feeds=(product,))
print([operation.name for operation in prune.prune(request).operations])

# %% [markdown]
# How the needed operations are run, when each has all its inputs, is the subject of
# `minitf/executor/dataflow.py`. A trace shows the order:

# %%
trace = tf.RunMetadata()
options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
with tf.Session() as session:
    session.run(largest, {x: two_rows}, options=options, run_metadata=trace)
for node in trace.step_stats.dev_stats[0].node_stats:
    print(node.timeline_label)

# %% [markdown]
# ## State
#
# Tensors live for one run. What shall outlive it is in a **variable**: an operation that owns a
# value. It has none until its initializer ran, and each session has values of its own.

# %%
counter = tf.Variable(0, name="counter")
count = tf.assign_add(counter, 1)

with tf.Session() as session:
    try:
        session.run(count)
    except tf.errors.FailedPreconditionError as error:
        print(error, "\n")
    session.run(tf.variables_initializer([counter]))
    print([int(session.run(count)) for _ in range(5)])

# %% [markdown]
# ## Order
#
# Operations run when their inputs are there; nothing else orders them. Where a program needs an
# order (write first, then read), it says so by a **control dependency**, an edge without a value.

# %%
with tf.control_dependencies([count]):
    after = counter.read_value()
after.op

with tf.Session() as session:
    session.run(tf.variables_initializer([counter]))
    print([int(session.run(after)) for _ in range(3)])

# %% [markdown]
# ## When it goes wrong
#
# A shape that is open while building may turn out wrong in a run. The error names the line of the
# *program* that made the operation, and what its inputs were:

# %%
left = tf.placeholder(tf.float32, [None, None], name="left")
bad = tf.matmul(left, weights)
with tf.Session() as session:
    try:
        session.run(bad, {left: np.ones((2, 4))})
    except tf.errors.InvalidArgumentError as error:
        print(error)

# %% [markdown]
# A graph can be written down in TensorFlow's own format, which TensorFlow, TensorBoard and Netron
# read:

# %%
definition = graph.as_graph_def()
print(definition.node[2])

# %% [markdown]
# Next: [2. Automatic differentiation](02_autodiff.py), which makes the graph grow by itself.
