"""MNIST as the tutorials of TensorFlow 1.x read it.

    mnist = input_data.read_data_sets("MNIST_data/", one_hot=True)
    images, labels = mnist.train.next_batch(100)      # float32[100, 784], float32[100, 10]

Source: TensorFlow 1.15's module of the same name.
"""

from minitf.contrib.learn.datasets.mnist import DataSet, read_data_sets

__all__ = ["DataSet", "read_data_sets"]
