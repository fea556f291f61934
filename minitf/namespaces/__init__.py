"""TensorFlow's namespaces that are tables of names: `tf.random`, ... (see `minitf.lazy`)."""
