"""The modules of TensorFlow's MNIST tutorial."""
