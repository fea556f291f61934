"""Word vectors by skip-grams: words that stand in like company get vectors in like directions.

Shows embedding lookup with its sparse gradients, noise-contrastive estimation, which learns from a
few sampled words instead of all, and cosine similarity.  The text is Python's own language
reference, which comes with Python: 60,000 words.
Brings the loss of about 40 at the start to 3.5 in 6,000 steps, which take about ten seconds, and
finds neighbours such as int and float, try and except.

    minitf run word2vec.py [--steps 6000]
"""

from __future__ import absolute_import
from __future__ import division
from __future__ import print_function

import collections
import re

import numpy as np
import tensorflow.compat.v1 as tf
from pydoc_data import topics

tf.disable_v2_behavior()
tf.flags.DEFINE_integer('steps', 6000, 'how many batches to learn')
FLAGS = tf.flags.FLAGS

VOCABULARY = 1500  # the most frequent words; the others are one word, UNK
DIMENSIONS = 64
BATCH, WINDOW, NOISE = 128, 2, 32
# Words, and a word that a reader would look for among their neighbours.
PAIRS = [('int', 'float'), ('list', 'tuple'), ('try', 'except'), ('left', 'right'),
         ('true', 'false'), ('class', 'function'), ('first', 'second'), ('yield', 'await')]


def read_words():
    """Return the text as an array of word numbers, and the words by number."""
    text = ' '.join(topics.topics[key] for key in sorted(topics.topics)).lower()
    words = re.findall(r'[a-z_]+', text)
    names = ['UNK'] + [word for word, _ in collections.Counter(words).most_common(VOCABULARY - 1)]
    numbers = {word: number for number, word in enumerate(names)}
    return np.array([numbers.get(word, 0) for word in words], np.int32), names


def batches(data, random):
    """Yield words with a word of their company, at most WINDOW words away."""
    while True:
        centres = random.randint(WINDOW, len(data) - WINDOW, size=BATCH)
        ways = random.randint(1, WINDOW + 1, size=BATCH) * random.choice([-1, 1], size=BATCH)
        yield data[centres], data[centres + ways][:, np.newaxis]


def main(_):
    data, names = read_words()
    print('%d words, %d of them different' % (len(data), len(names)))
    tf.set_random_seed(0)

    centres = tf.placeholder(tf.int32, [BATCH])
    company = tf.placeholder(tf.int32, [BATCH, 1])
    with tf.device('/cpu:0'):
        embeddings = tf.Variable(
            tf.random_uniform([VOCABULARY, DIMENSIONS], -1.0, 1.0), name='embeddings')
        embed = tf.nn.embedding_lookup(embeddings, centres)
        nce_weights = tf.Variable(
            tf.truncated_normal([VOCABULARY, DIMENSIONS], stddev=1.0 / np.sqrt(DIMENSIONS)))
        nce_biases = tf.Variable(tf.zeros([VOCABULARY]))
    loss = tf.reduce_mean(tf.nn.nce_loss(
        weights=nce_weights, biases=nce_biases, labels=company, inputs=embed,
        num_sampled=NOISE, num_classes=VOCABULARY))
    optimizer = tf.train.GradientDescentOptimizer(1.0).minimize(loss)

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
            if step % 1000 == 0:
                print('step %5d  loss %.4f' % (step, np.mean(losses[-1000:])))
            if step == FLAGS.steps:
                break

        found = 0
        numbers = [names.index(word) for word, _ in PAIRS]
        for (word, sought), row in zip(PAIRS, session.run(similarity, {asked: numbers})):
            nearest = [names[i] for i in np.argsort(-row)[1:9]]
            found += sought in nearest
            print('nearest to %s: %s' % (word, ', '.join(nearest)))
    print('neighbours found %d of %d' % (found, len(PAIRS)))


if __name__ == '__main__':
    tf.app.run()
