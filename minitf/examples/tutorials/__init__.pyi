# The modules of TensorFlow's tutorials.

from minitf.examples.tutorials import mnist as mnist
__all__ = ['mnist']
