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
# # 4. The executor, branches and loops
#
# A run is a game of tokens: each value that an operation gives is a token on its way to a reader,
# and an operation fires when the last of its tokens has come. With three more ideas (dead tokens,
# tags and frames) the same game plays branches and loops. (2015 white paper, sections 3.1 and 4.4;
# OSDI, section 3.4.)
#
# Read it as a notebook, or run it: `python tutorials/04_executor_and_control_flow.py`.

# %%
import inspect

import numpy as np

import minitf as tf
from minitf import ops
from minitf.devices import local_devices
from minitf.executor.dataflow import Run
from minitf.executor.prune import Request
from minitf.executor.ready import Fifo, Lifo, Shuffled
from minitf.executor.step import Steps
from minitf.executor.step_options import StepOptions
from minitf.executor.trace import Trace
from minitf.resources import ResourceStore

tf.reset_default_graph()  # so that this notebook can be run again from the top

# %% [markdown]
# ## Counts
#
# A session prunes the graph to what a run needs and lays that out as a *plan*: a table of nodes.
# Each node knows how many tokens it waits for and where its own go.

# %%
with tf.Graph().as_default() as graph:
    x = tf.placeholder(tf.float32, name="x")
    square = tf.multiply(x, x, name="square")
    y = tf.add(square, tf.negative(x, name="minus"), name="y")
plain = StepOptions(merge_equal=False, fold_constants=False, delay_large=False)
(device,) = local_devices()
steps = Steps(graph, [device], ResourceStore(), plain)
plan = steps.find(Request(fetches=(y,), targets=(), feeds=(x,))).plan

for node, pending in zip(plan.nodes, plan.pending, strict=True):
    readers = [plan.nodes[reader].name for _, _, reader in node.edges]
    print(f"{node.name:8} waits for {pending}   sends to {', '.join(readers)}")

# %% [markdown]
# The sink waits for one token more than will ever come, so it never fires: when nothing is ready,
# it holds what was fetched.
#
# The whole executor is a loop that takes a ready node, runs its kernel and delivers what comes out.
# Delivering counts down; a count of zero makes a node ready:

# %%
print(inspect.getsource(Run._drain))
print(inspect.getsource(Run._deliver))

# %% [markdown]
# Nobody may rely on the order in which ready nodes are taken. First come first served, last come
# first served, at random:

# %%
three = np.array(3, np.float32)
for ready in (Fifo(), Lifo(), Shuffled(seed=5)):
    trace = Trace(device)
    (value,) = Run(plan, ready, trace).run([three])
    fired = " ".join(record.node.name for record in trace.records)
    print(f"{type(ready).__name__:9} {fired:20} -> {value}")

# %% [markdown]
# ## Branches
#
# `tf.cond` calls both functions, now, and joins what they made with two ops. *Switch* sends its
# input to one of two sides; *Merge* hands on the first thing that comes.

# %%
with tf.Graph().as_default() as graph:
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.cond(x > 0.0, lambda: tf.sqrt(x), lambda: tf.negative(x))
for operation in graph.get_operations():
    inputs = ", ".join(tensor.name for tensor in operation.inputs)
    print(f"{operation.type:12} {operation.name:20} {inputs}")

# %% [markdown]
# On the side that is not taken Switch sends a token too, a *dead* one. A node that gets a dead
# token does not run, and what it gives is dead. So the untaken branch is told that nothing will
# come, and each count comes down to zero all the same.

# %%
print(inspect.getsource(ops.switch_op.body))

# %%
steps = Steps(graph, [device], ResourceStore(), plain)
plan = steps.find(Request((y,), (), (x,))).plan
trace = Trace(device)
print("y =", Run(plan, observer=trace).run([np.array(9, np.float32)])[0])
for record in trace.records:
    print(f"  {record.node.name:20} {'dead' if record.is_dead else 'ran'}")

# %% [markdown]
# ## Loops
#
# `tf.while_loop` makes a cycle. *Enter* lets a value into the loop, *NextIteration* hands it on to
# the following round, *Exit* lets it out:

# %%
with tf.Graph().as_default() as graph:
    n = tf.placeholder(tf.int32, [], name="n")
    i, total = tf.while_loop(lambda i, s: i < n, lambda i, s: (i + 1, s + i), [0, 0])
print(" ".join(sorted({operation.type for operation in graph.get_operations()})))
with tf.Session(graph=graph) as session:
    print("sum below 5:", session.run(total, {n: 5}))

# %% [markdown]
# One operation, many values: how does a token of round 2 not meet one of round 3? Each token
# carries a *tag*, the round that it is in, and each round has counts and slots of its own. A run of
# a loop is a *frame*; a loop in a loop has a frame in each round of the outer one.
#
# What the executor has to know beyond the counts is little. A token at NextIteration:

# %%
from minitf.executor import frames

print(inspect.getsource(frames.Delivery._go_round))

# %% [markdown]
# The trace tells the tag of each firing. A round may begin before the one before it is over: here
# the counter runs ahead of the sum, as far as `parallel_iterations` lets it.

# %%
for parallel in (10, 1):
    with tf.Graph().as_default() as graph:
        loop = tf.while_loop(
            lambda i, s: i < 2,
            lambda i, s: (i + 1, s + i),
            [0, 0],
            parallel_iterations=parallel,
            name="loop",
        )
    steps = Steps(graph, [device], ResourceStore(), plain)
    trace = Trace(device)
    Run(steps.find(Request(tuple(loop), (), ())).plan, Lifo(), trace).run([])
    rounds = [record.tag[-1] for record in trace.records if record.tag]
    print(f"{parallel:2} at once, rounds in the order of firing: {''.join(rounds)}")

# %% [markdown]
# When the condition is false, Switch sends dead tokens into the body. NextIteration swallows them:
# so a loop ends.
#
# ## The length of a loop may be data
#
# How many steps does the Collatz sequence take from each number? Each element has a loop of its own
# inside `tf.map_fn`, which is a loop itself:

# %%
with tf.Graph().as_default(), tf.Session() as session:

    def steps_to_one(number):
        count, _ = tf.while_loop(
            lambda count, m: tf.not_equal(m, 1),
            lambda count, m: (
                count + 1,
                tf.cond(tf.equal(m % 2, 0), lambda: m // 2, lambda: 3 * m + 1),
            ),
            [0, number],
        )
        return count

    counts = tf.map_fn(steps_to_one, tf.range(1, 12))
    print(session.run(counts))

# %% [markdown]
# ## Gradients
#
# The gradient of a loop is a loop that runs backwards. The forward loop counts its rounds and
# pushes what the backward one will need on stacks; the backward one counts down and pops.
#
# Newton's method for the square root is a loop; its slope is that of the square root:

# %%
with tf.Graph().as_default() as graph, tf.Session() as session:
    a = tf.placeholder(tf.float64, [])
    _, root = tf.while_loop(
        lambda k, r: tf.abs(r * r - a) > 1e-9, lambda k, r: (k + 1, (r + a / r) / 2.0), [0, a]
    )
    (slope,) = tf.gradients(root, a)
    print("root, slope:", session.run([root, slope], {a: 2.0}))
    print("by hand:    ", [np.sqrt(2.0), 0.5 / np.sqrt(2.0)])
    kinds = [operation.type for operation in graph.get_operations()]
    print(kinds.count("LoopCond"), "loops,", kinds.count("StackV2"), "stacks")

# %% [markdown]
# Which values are recorded is decided in one place: a constant is copied, what enters from outside
# is used as it is, and the rest is pushed.

# %%
from minitf.autodiff.loop_gradient import LoopGradient

print(inspect.getsource(LoopGradient._record))

# %% [markdown]
# ## What is checked
#
# A loop is built once for all rounds, so static shapes must hold in each. Where one does not, the
# error says which variable, where it changes, and what to write:

# %%
with tf.Graph().as_default():
    try:
        tf.while_loop(
            lambda i, row: i < 3,
            lambda i, row: (i + 1, tf.concat([row, row], axis=0)),
            [0, tf.ones([2])],
        )
    except ValueError as error:
        print(error)
