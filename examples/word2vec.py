"""Word vectors by skip-grams: words that stand in like company get vectors in like directions.

Shows embedding lookup with its sparse gradients, a softmax that learns from a few sampled words
instead of all (`--nce`: noise-contrastive estimation), and cosine similarity.  The text is Python's
own language reference, which comes with Python: 60,000 words.
Brings the loss to 3.0 in 1,500 steps, which take about ten seconds, and finds at least five of
eight neighbours such as left and right, true and false, try and finally.

    minitf run word2vec.py [--steps 1500] [--nce]
"""

from __future__ import absolute_import, division, print_function

import collections
import re
from pydoc_data import topics

import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
tf.flags.DEFINE_integer("steps", 1500, "how many batches to learn")
tf.flags.DEFINE_boolean("nce", False, "whether to use noise-contrastive estimation")
FLAGS = tf.flags.FLAGS

VOCABULARY = 1000  # the most frequent words; the others are left out
DIMENSIONS = 32
BATCH, WINDOW, SAMPLED = 256, 3, 32
FREQUENT = 1e-3  # of words that are a greater share of the text some are left out
# Words, and a word that a reader would look for among their neighbours.
PAIRS = [
    ("left", "right"),
    ("true", "false"),
    ("try", "finally"),
    ("int", "float"),
    ("one", "two"),
    ("async", "await"),
    ("string", "str"),
    ("yield", "generator"),
]


def read_words():
    """Return the text as an array of word numbers, and the words by number."""
    text = " ".join(topics.topics[key] for key in sorted(topics.topics)).lower()
    words = re.findall(r"[a-z_]+", text)
    names = [word for word, _ in collections.Counter(words).most_common(VOCABULARY)]
    numbers = {word: number for number, word in enumerate(names)}
    return np.array([numbers[word] for word in words if word in numbers]), names


def batches(data, random):
    """Yield words with a word of their company, at most WINDOW words away."""
    share = np.bincount(data) / len(data)
    text = data[random.uniform(size=len(data)) < np.sqrt(FREQUENT / share[data])]
    while True:
        at = random.randint(WINDOW, len(text) - WINDOW, size=BATCH)
        ways = random.randint(1, WINDOW + 1, size=BATCH) * random.choice([-1, 1], size=BATCH)
        yield text[at], text[at + ways][:, np.newaxis]


def main(_):
    data, names = read_words()
    print("%d words, %d of them different" % (len(data), len(names)))
    tf.set_random_seed(0)

    centres = tf.placeholder(tf.int32, [BATCH])
    company = tf.placeholder(tf.int32, [BATCH, 1])
    with tf.device("/cpu:0"):
        embeddings = tf.Variable(
            tf.random_uniform([VOCABULARY, DIMENSIONS], -1.0, 1.0), name="embeddings"
        )
        embed = tf.nn.embedding_lookup(embeddings, centres)
        weights = tf.Variable(
            tf.truncated_normal([VOCABULARY, DIMENSIONS], stddev=1.0 / np.sqrt(DIMENSIONS))
        )
        biases = tf.Variable(tf.zeros([VOCABULARY]))
    sampled_loss = tf.nn.nce_loss if FLAGS.nce else tf.nn.sampled_softmax_loss
    loss = tf.reduce_mean(
        sampled_loss(
            weights=weights,
            biases=biases,
            labels=company,
            inputs=embed,
            num_sampled=SAMPLED,
            num_classes=VOCABULARY,
        )
    )
    optimizer = tf.train.AdamOptimizer(0.01).minimize(loss)

    # Cosine similarity of some words with all.
    normalized = tf.nn.l2_normalize(embeddings, 1)
    asked = tf.placeholder(tf.int32, [None])
    similarity = tf.matmul(tf.gather(normalized, asked), normalized, transpose_b=True)

    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        losses = []
        for step, (words, others) in enumerate(batches(data, np.random.RandomState(0)), 1):
            _, value = session.run([optimizer, loss], {centres: words, company: others})
            losses.append(value)
            if step % 250 == 0:
                print("step %5d  loss %.4f" % (step, np.mean(losses[-250:])))
            if step == FLAGS.steps:
                break

        found = 0
        numbers = [names.index(word) for word, _ in PAIRS]
        for (word, sought), row in zip(PAIRS, session.run(similarity, {asked: numbers})):
            nearest = [names[i] for i in np.argsort(-row)[1:9]]
            found += sought in nearest
            print("nearest to %s: %s" % (word, ", ".join(nearest)))
    print("neighbours found %d of %d" % (found, len(PAIRS)))


if __name__ == "__main__":
    tf.app.run()
