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
# # 5. Input pipelines
#
# Feeding is fine for small programs. A large one reads its examples inside the graph, and while one
# batch is computed with the next ones are being read. What joins the two is a *queue*: a stateful
# operation, like a variable, that several steps use at once. (2015 white paper, sections 4.5 and
# 4.6; OSDI, section 3.2 and Figure 2.)
#
# Read it as a notebook, or run it: `python tutorials/05_input_pipelines.py`.

# %%
import inspect
import tempfile
import threading
from pathlib import Path
from pydoc_data.topics import topics

import numpy as np

import minitf as tf
from minitf.ops.queue import base
from minitf.ops.queue.random_shuffle import RandomShuffleQueue
from minitf.train import queue_runner
from minitf.waiting import Monitor

tf.reset_default_graph()  # so that this notebook can be run again from the top
folder = Path(tempfile.mkdtemp())

# %% [markdown]
# ## A queue is state
#
# An element is a tuple of tensors. `enqueue` and `dequeue` are operations; `enqueue_many` and
# `dequeue_many` take slices and make batches.

# %%
with tf.Graph().as_default(), tf.Session() as session:
    queue = tf.FIFOQueue(capacity=3, dtypes=[tf.int32, tf.string], shapes=[[], []])
    session.run(queue.enqueue_many([[1, 2, 3], ["one", "two", "three"]]))
    print("first:", *session.run(queue.dequeue()))
    numbers, words = session.run(queue.dequeue_many(2))
    print("batch:", numbers, words)
    print("left: ", session.run(queue.size()))

# %% [markdown]
# ## Waiting
#
# An operation on a queue *waits* where it cannot go on: `enqueue` while the queue is full,
# `dequeue` while it is empty. So the fast end of a pipeline is held back by the slow one, and
# nobody counts or locks anything. A time limit shows it:

# %%
with tf.Graph().as_default(), tf.Session() as session:
    queue = tf.FIFOQueue(3, tf.int32, shapes=[])
    fill = queue.enqueue_many([[1, 2, 3, 4, 5]])
    try:
        session.run(fill, options=tf.RunOptions(timeout_in_ms=50))
    except tf.errors.DeadlineExceededError as error:
        print(error.message.partition("\n")[0])
    print("elements that went in:", session.run(queue.size()))

# %% [markdown]
# This is all that an enqueue does, with the queue's lock held. It is asked again whenever somebody
# has taken an element:

# %%
print(inspect.getsource(base.Put.advance))

# %% [markdown]
# Waiting holds no thread. The kernel hands back a Future, the step goes on with what else it has to
# do, and whoever makes room brings the outputs. A thousand waiting operations are a thousand small
# objects in a line.

# %%
print(inspect.getsource(Monitor.ask))

# %% [markdown]
# ## The end of the input
#
# A queue that is closed takes nothing more. What is in it can still be taken; then comes
# OutOfRangeError, which is how every pipeline ends.

# %%
with tf.Graph().as_default(), tf.Session() as session:
    queue = tf.FIFOQueue(9, tf.int32, shapes=[])
    batch, rest = queue.dequeue_many(3), queue.dequeue_up_to(3)
    session.run(queue.enqueue_many([[1, 2, 3, 4, 5]]))
    session.run(queue.close())
    print("a batch: ", session.run(batch))
    try:
        session.run(batch)
    except tf.errors.OutOfRangeError as error:
        print(error.message.partition("\n")[0])
    print("the rest:", session.run(rest))

# %% [markdown]
# ## Threads that fill a queue
#
# A `QueueRunner` says which operations fill a queue; `start_queue_runners` runs each in a thread of
# its own, again and again. A `Coordinator` stops them all when one has failed, or the program is
# done. The heart of it:

# %%
print(inspect.getsource(queue_runner.QueueRunner._run))

# %%
with tf.Graph().as_default(), tf.Session() as session:
    number = tf.Variable(0, dtype=tf.int64)
    queue = tf.FIFOQueue(10, tf.int64, shapes=[])
    squares = queue.enqueue(tf.square(number.assign_add(1)))
    tf.train.add_queue_runner(tf.train.QueueRunner(queue, [squares]))
    batch = queue.dequeue_many(4)

    session.run(number.initializer)
    coord = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(session, coord)
    print(session.run(batch), session.run(batch))
    coord.request_stop()
    coord.join(threads)

# %% [markdown]
# Forgot to start them? Then nothing comes, and a step that has waited for some seconds says so:
# *queue 'batch/fifo_queue' is empty and no queue runner was started*. Ctrl-C ends it at once, and
# the session goes on.
#
# ## Shuffling
#
# A `RandomShuffleQueue` holds many elements, and any of them may leave next. It keeps a minimum, or
# the first elements would hardly be mixed.

# %%
print(inspect.getsource(RandomShuffleQueue.take))
print(inspect.getsource(RandomShuffleQueue.spare))

# %% [markdown]
# ## From files to batches
#
# Write examples of a line, y = 3x - 1, to two files of records:

# %%
random = np.random.default_rng(0)
files = [str(folder / f"part-{part}.tfrecord") for part in range(2)]
for file in files:
    with tf.python_io.TFRecordWriter(file) as writer:
        for x in random.uniform(-1, 1, 60):
            example = tf.train.Example()
            example.features.feature["x"].float_list.value.append(x)
            example.features.feature["y"].float_list.value.append(3 * x - 1)
            writer.write(example.SerializeToString())

# %% [markdown]
# The usual pipeline has three stages. A queue of file names, as often as there are epochs; a reader
# that takes names and gives records; a queue of batches. `tf.train` has functions that make the
# queues and their runners:

# %%
wanted = {key: tf.FixedLenFeature([], tf.float32) for key in ("x", "y")}
with tf.Graph().as_default(), tf.Session() as session:
    names = tf.train.string_input_producer(files, num_epochs=1)
    _, record = tf.TFRecordReader().read(names)
    parsed = tf.parse_single_example(record, wanted)
    xs, ys = tf.train.shuffle_batch(
        [parsed["x"], parsed["y"]], batch_size=50, capacity=200, min_after_dequeue=100,
        allow_smaller_final_batch=True,
    )  # fmt: skip

    session.run(tf.local_variables_initializer())  # the producer counts epochs
    coord = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(session, coord)
    try:
        while True:
            x, y = session.run([xs, ys])
            print(len(x), "examples, on the line:", np.allclose(y, 3 * x - 1))
    except tf.errors.OutOfRangeError:
        print("that was all")
    coord.request_stop()
    coord.join(threads)

# %% [markdown]
# ## Figure 2 of the OSDI paper
#
# Nothing says that there is one step at a time. The figure shows four subgraphs of one graph:
# reading, preprocessing, training, and checkpoints now and then. Each is run by a client thread of
# its own; queues and variables are all that they share.

# %%
tf.reset_default_graph()
names = tf.train.string_input_producer(files, num_epochs=5)
_, record = tf.TFRecordReader().read(names)
raw = tf.FIFOQueue(20, tf.string, shapes=[], name="raw")
read = raw.enqueue(record)

parsed = tf.parse_single_example(raw.dequeue(), wanted)
examples = tf.RandomShuffleQueue(40, 10, [tf.float32, tf.float32], [[], []], name="examples")
preprocess = examples.enqueue([parsed["x"], parsed["y"]])

x, y = examples.dequeue_many(10)
slope, offset = tf.Variable(0.0, name="slope"), tf.Variable(0.0, name="offset")
step = tf.train.create_global_step()
loss = tf.reduce_mean(tf.square(slope * x + offset - y))
train = tf.train.GradientDescentOptimizer(0.3).minimize(loss, global_step=step)
saver = tf.train.Saver(max_to_keep=None)


# %%
def client(fetch, close=None):
    """Run a step until its input has ended; then end the input of the next."""
    try:
        while True:
            session.run(fetch)
    except tf.errors.OutOfRangeError:
        if close is not None:
            session.run(close)


# %%
with tf.Session() as session:
    session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    coord = tf.train.Coordinator()
    runners = tf.train.start_queue_runners(session, coord)
    clients = [
        threading.Thread(target=client, args=(read, raw.close())),
        threading.Thread(target=client, args=(preprocess, examples.close())),
        threading.Thread(target=client, args=(train,)),
    ]
    for thread in clients:
        thread.start()
    saved = []
    while clients[-1].is_alive():  # this thread is the fourth: it saves, and waits for a moment
        saved.append(saver.save(session, str(folder / "model"), global_step=len(saved)))
        clients[-1].join(timeout=0.1)
    saved.append(saver.save(session, str(folder / "model"), global_step=len(saved)))
    coord.request_stop()
    coord.join(runners)
    learnt = session.run([step, slope, offset])
print("after {} steps y = {:.2f} x + {:.2f}".format(*learnt))

# %% [markdown]
# Every example was used once in each of five epochs: 2 x 60 x 5 / 10 = 60 steps. Each checkpoint is
# of some moment in between:

# %%
moments = [int(tf.train.load_variable(prefix, "global_step")) for prefix in saved]
print("checkpoints in order:", moments == sorted(moments), "the last of step", moments[-1])

# %% [markdown]
# ## A text, character by character
#
# At last a network that reads a real text through such a pipeline: windows of a file, in shuffled
# batches, and an LSTM that is to say the next character. `examples/char_lstm.py` is the whole
# program; here it is in small. *Perplexity* is the exponential of the loss: of how many characters,
# all equally likely, the next one seems to be.

# %%
text = "\n".join(topics[name] for name in ("class", "function", "exceptions", "import"))
text = "".join(each if each.isascii() else "?" for each in text).encode()
(folder / "text").write_bytes(text)
alphabet = np.unique(np.frombuffer(text, np.uint8))
codes = np.zeros(256, np.int32)
codes[alphabet] = np.arange(len(alphabet))
print(len(text), "characters,", len(alphabet), "different ones")

# %%
with tf.Graph().as_default(), tf.Session() as session:
    tf.set_random_seed(1)
    names = tf.train.string_input_producer([str(folder / "text")])
    _, window = tf.FixedLengthRecordReader(record_bytes=17, hop_bytes=16).read(names)
    characters = tf.gather(codes, tf.cast(tf.decode_raw(window, tf.uint8), tf.int32))
    characters.set_shape([17])
    batch = tf.train.shuffle_batch([characters], 32, capacity=600, min_after_dequeue=300)

    inputs = tf.one_hot(batch[:, :-1], len(alphabet))
    outputs, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicLSTMCell(48), inputs, dtype=tf.float32)
    logits = tf.layers.dense(outputs, len(alphabet))
    errors = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=batch[:, 1:], logits=logits)
    loss = tf.reduce_mean(errors)
    train = tf.train.AdamOptimizer(0.02).minimize(loss)

    session.run(tf.global_variables_initializer())
    coord = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(session, coord)
    perplexities = []
    for _ in range(4):
        losses = [session.run([loss, train])[0] for _ in range(25)]
        perplexities.append(float(np.exp(np.mean(losses))))
        print(f"perplexity {perplexities[-1]:.1f}")
    coord.request_stop()
    coord.join(threads)
print("it falls:", perplexities == sorted(perplexities, reverse=True))

# %% [markdown]
# ## What next
#
# `tf.data` builds the same kind of pipeline from datasets instead of queues; its threads and
# buffers are made for you. Queues remain what joins steps: a barrier between workers, gradients of
# small batches that are added up, examples sorted by length into buckets
# (`tf.contrib.training.bucket_by_sequence_length`).
