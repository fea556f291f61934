"""The program of OSDI 2016, Figure 1: a two-layer classifier of 28x28 images.

As printed, but for the first layer's bias, which the figure takes from the second; what the figure
leaves open (the batch size, the number of steps, where batches come from) stands first, and the
loss is printed at both ends.
"""

import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data

BATCH_SIZE = 100
NUM_STEPS = 500
mnist = input_data.read_data_sets("MNIST_data", one_hot=True, validation_size=0)

# 1. Construct a graph representing the model.
x = tf.placeholder(tf.float32, [BATCH_SIZE, 784])  # Placeholder for input.
y = tf.placeholder(tf.float32, [BATCH_SIZE, 10])   # Placeholder for labels.
W_1 = tf.Variable(tf.random_uniform([784, 100]))   # 784x100 weight matrix.
b_1 = tf.Variable(tf.zeros([100]))                 # 100-element bias vector.
layer_1 = tf.nn.relu(tf.matmul(x, W_1) + b_1)      # Output of hidden layer.

W_2 = tf.Variable(tf.random_uniform([100, 10]))    # 100x10 weight matrix.
b_2 = tf.Variable(tf.zeros([10]))                  # 10-element bias vector.
layer_2 = tf.matmul(layer_1, W_2) + b_2            # Output of linear layer.

# 2. Add nodes that represent the optimization algorithm.
loss = tf.nn.softmax_cross_entropy_with_logits(layer_2, y)
train_op = tf.train.AdagradOptimizer(0.01).minimize(loss)

# 3. Execute the graph on batches of input data.
with tf.Session() as sess:                         # Connect to the TF runtime.
    sess.run(tf.initialize_all_variables())        # Randomly initialize weights.
    for step in range(NUM_STEPS):                  # Train iteratively for NUM_STEPS.
        x_data, y_data = mnist.train.next_batch(BATCH_SIZE)  # Load one batch of input data.
        if step in (0, NUM_STEPS - 1):
            print(step, sess.run(loss, {x: x_data, y: y_data}).mean())
        sess.run(train_op, {x: x_data, y: y_data}) # Perform one training step.
