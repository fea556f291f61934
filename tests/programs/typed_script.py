"""A user's script in which every name must be known to a type checker."""

import numpy as np

import minitf as tf

tf.set_random_seed(1)
graph = tf.Graph()
with graph.as_default(), tf.device("/cpu:0"):
    x = tf.placeholder(tf.float32, shape=[None, 784], name="x")
    y = tf.placeholder(tf.int32, [None])
    with tf.variable_scope("hidden", reuse=tf.AUTO_REUSE):
        w = tf.get_variable("w", [784, 10], initializer=tf.zeros_initializer())
        b = tf.Variable(tf.zeros([10]), name="b")
    with tf.name_scope("model"):
        logits = tf.matmul(x, w) + b
        hidden = tf.nn.relu(tf.reshape(logits, [-1, 10]))
        scores = tf.nn.softmax(tf.concat([hidden, tf.ones_like(hidden)], axis=1))
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
    loss = tf.reduce_mean(losses) + tf.reduce_sum(tf.square(scores)) * 0.0
    right = tf.equal(tf.cast(tf.argmax(logits, 1), tf.int32), y)
    accuracy = tf.reduce_mean(tf.cast(right, tf.float32))
    step = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
    slope = tf.gradients(loss, [w])[0]
    tf.add_to_collection("losses", loss)
    everything = tf.group(step, tf.identity(accuracy).op, tf.no_op())
    start = tf.global_variables_initializer()

with tf.Session(graph=graph, config=tf.ConfigProto(log_device_placement=False)) as session:
    session.run(start)
    feeds = {x: np.zeros((5, 784), np.float32), y: np.arange(5)}
    session.run(everything, feed_dict=feeds)
    try:
        session.run(tf.get_default_graph().get_tensor_by_name("missing:0"))
    except (KeyError, tf.errors.NotFoundError):
        print(session.run([loss, slope], feeds)[0])  # noqa: T201 a script prints
