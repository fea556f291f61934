"""The modules of TensorFlow's tutorials."""
