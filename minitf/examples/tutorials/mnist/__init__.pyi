# The modules of TensorFlow's MNIST tutorial.

from minitf.examples.tutorials.mnist import input_data as input_data
from minitf.examples.tutorials.mnist import mnist as mnist
__all__ = ['input_data', 'mnist']
