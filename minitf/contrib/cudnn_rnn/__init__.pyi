# `tf.contrib.cudnn_rnn`: recurrent layers with the formulas of NVIDIA's library, on any device.

from minitf.contrib.cudnn_rnn.cells import CudnnCompatibleGRUCell as CudnnCompatibleGRUCell
from minitf.contrib.cudnn_rnn.cells import CudnnCompatibleLSTMCell as CudnnCompatibleLSTMCell
from minitf.contrib.cudnn_rnn.stacks import CudnnGRU as CudnnGRU
from minitf.contrib.cudnn_rnn.stacks import CudnnLSTM as CudnnLSTM
from minitf.contrib.cudnn_rnn.stacks import CudnnRNNRelu as CudnnRNNRelu
from minitf.contrib.cudnn_rnn.stacks import CudnnRNNTanh as CudnnRNNTanh
__all__ = ['CudnnCompatibleGRUCell', 'CudnnCompatibleLSTMCell', 'CudnnGRU', 'CudnnLSTM', 'CudnnRNNRelu', 'CudnnRNNTanh']
