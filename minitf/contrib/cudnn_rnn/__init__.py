"""`tf.contrib.cudnn_rnn`: recurrent layers with the formulas of NVIDIA's library, on any device."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.cudnn_rnn.cells": "CudnnCompatibleGRUCell CudnnCompatibleLSTMCell",
    "minitf.contrib.cudnn_rnn.stacks": "CudnnGRU CudnnLSTM CudnnRNNRelu CudnnRNNTanh",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
