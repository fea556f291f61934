# `tf.contrib.rnn`: cells of recurrent networks, and functions that unroll them along time.

from minitf.contrib.rnn.block_cells import GRUBlockCell as GRUBlockCell
from minitf.contrib.rnn.block_cells import GRUBlockCellV2 as GRUBlockCellV2
from minitf.contrib.rnn.block_cells import LSTMBlockCell as LSTMBlockCell
from minitf.contrib.rnn.block_cells import LSTMBlockFusedCell as LSTMBlockFusedCell
from minitf.contrib.rnn.layer_norm_cell import LayerNormBasicLSTMCell as LayerNormBasicLSTMCell
from minitf.contrib.rnn.stacked import stack_bidirectional_dynamic_rnn as stack_bidirectional_dynamic_rnn
from minitf.contrib.rnn.stacked import stack_bidirectional_rnn as stack_bidirectional_rnn
from minitf.rnn.basic_cells import BasicRNNCell as BasicRNNCell
from minitf.rnn.basic_cells import GRUCell as GRUCell
from minitf.rnn.bidirectional import static_bidirectional_rnn as static_bidirectional_rnn
from minitf.rnn.cell import LayerRNNCell as LayerRNNCell
from minitf.rnn.cell import RNNCell as RNNCell
from minitf.rnn.dropout_wrapper import DropoutWrapper as DropoutWrapper
from minitf.rnn.lstm_cells import BasicLSTMCell as BasicLSTMCell
from minitf.rnn.lstm_cells import LSTMCell as LSTMCell
from minitf.rnn.lstm_cells import LSTMStateTuple as LSTMStateTuple
from minitf.rnn.multi_cell import MultiRNNCell as MultiRNNCell
from minitf.rnn.projection_wrappers import EmbeddingWrapper as EmbeddingWrapper
from minitf.rnn.projection_wrappers import InputProjectionWrapper as InputProjectionWrapper
from minitf.rnn.projection_wrappers import OutputProjectionWrapper as OutputProjectionWrapper
from minitf.rnn.static import static_rnn as static_rnn
from minitf.rnn.static import static_state_saving_rnn as static_state_saving_rnn
from minitf.rnn.wrappers import DeviceWrapper as DeviceWrapper
from minitf.rnn.wrappers import ResidualWrapper as ResidualWrapper
__all__ = ['BasicLSTMCell', 'BasicRNNCell', 'DeviceWrapper', 'DropoutWrapper', 'EmbeddingWrapper', 'GRUBlockCell', 'GRUBlockCellV2', 'GRUCell', 'InputProjectionWrapper', 'LSTMBlockCell', 'LSTMBlockFusedCell', 'LSTMCell', 'LSTMStateTuple', 'LayerNormBasicLSTMCell', 'LayerRNNCell', 'MultiRNNCell', 'OutputProjectionWrapper', 'RNNCell', 'ResidualWrapper', 'stack_bidirectional_dynamic_rnn', 'stack_bidirectional_rnn', 'static_bidirectional_rnn', 'static_rnn', 'static_state_saving_rnn']
