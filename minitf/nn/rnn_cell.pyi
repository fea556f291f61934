# `tf.nn.rnn_cell`: cells of recurrent networks.

from minitf.rnn.basic_cells import BasicRNNCell as BasicRNNCell
from minitf.rnn.basic_cells import GRUCell as GRUCell
from minitf.rnn.cell import RNNCell as RNNCell
from minitf.rnn.dropout_wrapper import DropoutWrapper as DropoutWrapper
from minitf.rnn.lstm_cells import BasicLSTMCell as BasicLSTMCell
from minitf.rnn.lstm_cells import LSTMCell as LSTMCell
from minitf.rnn.lstm_cells import LSTMStateTuple as LSTMStateTuple
from minitf.rnn.multi_cell import MultiRNNCell as MultiRNNCell
from minitf.rnn.projection_wrappers import EmbeddingWrapper as EmbeddingWrapper
from minitf.rnn.projection_wrappers import InputProjectionWrapper as InputProjectionWrapper
from minitf.rnn.projection_wrappers import OutputProjectionWrapper as OutputProjectionWrapper
from minitf.rnn.wrappers import DeviceWrapper as DeviceWrapper
from minitf.rnn.wrappers import ResidualWrapper as ResidualWrapper
__all__ = ['BasicLSTMCell', 'BasicRNNCell', 'DeviceWrapper', 'DropoutWrapper', 'EmbeddingWrapper', 'GRUCell', 'InputProjectionWrapper', 'LSTMCell', 'LSTMStateTuple', 'MultiRNNCell', 'OutputProjectionWrapper', 'RNNCell', 'ResidualWrapper']
