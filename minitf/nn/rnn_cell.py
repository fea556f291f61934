"""`tf.nn.rnn_cell`: cells of recurrent networks."""

from minitf import lazy

_NAMES = {
    "minitf.rnn.basic_cells": "BasicRNNCell GRUCell",
    "minitf.rnn.cell": "RNNCell",
    "minitf.rnn.dropout_wrapper": "DropoutWrapper",
    "minitf.rnn.lstm_cells": "BasicLSTMCell LSTMCell LSTMStateTuple",
    "minitf.rnn.multi_cell": "MultiRNNCell",
    "minitf.rnn.projection_wrappers": (  # before TensorFlow 1.0
        "EmbeddingWrapper InputProjectionWrapper OutputProjectionWrapper"
    ),
    "minitf.rnn.wrappers": "DeviceWrapper ResidualWrapper",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
