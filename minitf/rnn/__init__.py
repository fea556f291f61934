"""Recurrent networks: cells, and functions that run them along time.

Source: Zaremba 2014; TensorFlow 1.15's `tf.nn.rnn_cell` and `tf.nn.dynamic_rnn`.
"""
