"""The public TensorFlow functions that are more than one op, a file per TensorFlow module."""
