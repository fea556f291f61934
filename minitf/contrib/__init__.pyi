# `tf.contrib`: what the papers or real programs need of TensorFlow 1.x's contributed code.

__all__ = ['layers', 'opt']
