"""A word-level LSTM language model of the kind that is measured on the Penn Treebank.

    minitf run examples/ptb.py --text=book.txt

    words -> numbers -> windows, in order -> a queue of batches -> LSTM layers -> the next words

Two LSTM layers with dropout between them read the text from front to back: what they remember at
the end of a window goes on into the next.  Gradients are clipped by their global norm, and from
some epoch on the learning rate is halved after each (Zaremba, Sutskever and Vinyals, 2014).

Without --text it reads the King James Bible where Debian's `bible-kjv` is installed, else the
language reference that comes with Python.  It prints the perplexity of each epoch: of how many
words, all equally likely, the next one seems to be.
"""

import collections
import re
import shutil
import subprocess

import numpy as np
import tensorflow as tf

flags = tf.app.flags
flags.DEFINE_string("text", "", "file to learn from")
flags.DEFINE_integer("vocabulary", 5000, "different words at most; the others become <unk>")
flags.DEFINE_integer("batch_size", 20, "places of the text that are read side by side")
flags.DEFINE_integer("window", 20, "words in a window")
flags.DEFINE_integer("hidden", 200, "units of each layer")
flags.DEFINE_integer("layers", 2, "LSTM layers")
flags.DEFINE_float("keep", 0.9, "which part of the units dropout keeps")
flags.DEFINE_float("learning_rate", 1.0, "at first")
flags.DEFINE_float("decay", 0.5, "what the learning rate is multiplied by after a late epoch")
flags.DEFINE_integer("full_epochs", 3, "epochs with the full learning rate")
flags.DEFINE_float("most", 5.0, "the greatest global norm of a gradient")
flags.DEFINE_integer("epochs", 6, "how often the text is read")
flags.DEFINE_integer("words", 200000, "words to read of the text; 0: all of them")
flags.DEFINE_integer("seed", 1, "of all that is random")
FLAGS = flags.FLAGS

END, RARE = "<eos>", "<unk>"


def lines():
    """Return the lines of the text."""
    if FLAGS.text:
        with open(FLAGS.text, "rb") as file:
            return file.read().decode("utf-8", "replace").splitlines()
    bible = shutil.which("bible")
    if bible:
        verses = subprocess.check_output([bible, "-f", "Gen1:1-Rev22:21"])  # noqa: S603 Debian's
        return [verse.partition(" ")[2] for verse in verses.decode("ascii").splitlines()]
    from pydoc_data.topics import topics

    return [line for name in sorted(topics) for line in topics[name].splitlines() if line]


def numbered():
    """Return the text as numbers of words, and how many words there are."""
    words = []
    for line in lines():
        words += re.findall(r"[a-z0-9]+|[^\sa-z0-9]", line.lower())
        words.append(END)
    if FLAGS.words:
        words = words[: FLAGS.words]
    counts = collections.Counter(words)
    ordered = sorted(counts, key=lambda word: (-counts[word], word))
    vocabulary = [RARE, *ordered[: FLAGS.vocabulary - 1]]
    number = {word: i for i, word in enumerate(vocabulary)}
    return np.array([number.get(word, 0) for word in words], np.int32), len(vocabulary)


class Windows:
    """A pipeline: where a window begins, the words there and those that follow, a queue of them."""

    def __init__(self, numbers, name):
        rows, size = FLAGS.batch_size, FLAGS.window
        length = len(numbers) // rows
        self.count = (length - 1) // size
        if self.count < 1:
            raise ValueError("%s: %d words are too few" % (name, len(numbers)))
        with tf.name_scope(name):
            data = tf.constant(numbers[: rows * length].reshape(rows, length))
            place = size * tf.train.range_input_producer(self.count, shuffle=False).dequeue()
            words = tf.slice(data, [0, place], [rows, size])
            following = tf.slice(data, [0, place + 1], [rows, size])
            shapes = [[rows, size], [rows, size]]
            queue = tf.FIFOQueue(8, [tf.int32, tf.int32], shapes)
            put = queue.enqueue([words, following])
            tf.train.add_queue_runner(tf.train.QueueRunner(queue, [put]))
            self.words, self.following = queue.dequeue()


class Model:
    """The network over the windows of a pipeline."""

    def __init__(self, windows, vocabulary, is_training):
        self.windows = windows
        keep = FLAGS.keep if is_training else 1.0
        cell = tf.nn.rnn_cell.MultiRNNCell([self._layer(keep) for _ in range(FLAGS.layers)])
        self.before = cell.zero_state(FLAGS.batch_size, tf.float32)
        embedding = tf.get_variable("embedding", [vocabulary, FLAGS.hidden])
        inputs = tf.nn.dropout(
            tf.nn.embedding_lookup(embedding, windows.words), keep, seed=FLAGS.seed
        )
        outputs, self.after = tf.nn.dynamic_rnn(cell, inputs, initial_state=self.before)
        w = tf.get_variable("w", [FLAGS.hidden, vocabulary])
        b = tf.get_variable("b", [vocabulary])
        logits = tf.matmul(tf.reshape(outputs, [-1, FLAGS.hidden]), w) + b
        self.loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(
                labels=tf.reshape(windows.following, [-1]), logits=logits
            )
        )
        self.train = tf.no_op()
        if is_training:
            self._add_training()

    def _layer(self, keep):
        cell = tf.nn.rnn_cell.BasicLSTMCell(FLAGS.hidden, forget_bias=0.0)
        return tf.nn.rnn_cell.DropoutWrapper(cell, output_keep_prob=keep, seed=FLAGS.seed)

    def _add_training(self):
        self.rate = tf.Variable(0.0, trainable=False)
        self.fed_rate = tf.placeholder(tf.float32, [])
        self.set_rate = tf.assign(self.rate, self.fed_rate)
        variables = tf.trainable_variables()
        # The gradient of the sum over a window, which is what the learning rate is meant for.
        loss = self.loss * FLAGS.window
        gradients, _ = tf.clip_by_global_norm(tf.gradients(loss, variables), FLAGS.most)
        optimizer = tf.train.GradientDescentOptimizer(self.rate)
        self.train = optimizer.apply_gradients(zip(gradients, variables))

    def perplexity(self, session):
        """Go through the text once, and learn if that is what the model is for."""
        state, losses = session.run(self.before), []
        for _ in range(self.windows.count):
            loss, state, _ = session.run([self.loss, self.after, self.train], {self.before: state})
            losses.append(loss)
        return np.exp(np.mean(losses))


def main(_):
    tf.set_random_seed(FLAGS.seed)
    numbers, vocabulary = numbered()
    part = len(numbers) // 20  # for validation, and for the test
    print("%d words, %d different ones" % (len(numbers), vocabulary))
    texts = {
        "train": numbers[: -2 * part],
        "valid": numbers[-2 * part : -part],
        "test": numbers[-part:],
    }
    initializer = tf.random_uniform_initializer(-0.1, 0.1, seed=FLAGS.seed)
    models = {}
    for name in ("train", "valid", "test"):
        with tf.variable_scope("model", reuse=name != "train", initializer=initializer):
            models[name] = Model(Windows(texts[name], name), vocabulary, name == "train")

    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(session, coord)
        train = models["train"]
        for epoch in range(1, FLAGS.epochs + 1):
            rate = FLAGS.learning_rate * FLAGS.decay ** max(epoch - FLAGS.full_epochs, 0)
            session.run(train.set_rate, {train.fed_rate: rate})
            learnt = train.perplexity(session)
            valid = models["valid"].perplexity(session)
            print(
                "epoch %d rate %.3f train perplexity %.1f valid perplexity %.1f"
                % (epoch, rate, learnt, valid),
                flush=True,
            )
        print("test perplexity %.1f" % models["test"].perplexity(session))
        coord.request_stop()
        coord.join(threads)


if __name__ == "__main__":
    tf.app.run()
