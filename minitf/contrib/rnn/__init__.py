"""`tf.contrib.rnn`: cells of recurrent networks, and functions that unroll them along time."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.rnn.attention_cell": "AttentionCellWrapper",
    "minitf.contrib.rnn.block_cells": (
        "GRUBlockCell GRUBlockCellV2 LSTMBlockCell LSTMBlockFusedCell LSTMBlockWrapper"
    ),
    "minitf.contrib.rnn.convolutional_cells": (
        "Conv1DLSTMCell Conv2DLSTMCell Conv3DLSTMCell ConvLSTMCell"
    ),
    "minitf.contrib.rnn.frequency_cells": "TimeFreqLSTMCell",
    "minitf.contrib.rnn.further_cells": (
        "CompiledWrapper HighwayWrapper IndRNNCell NASCell SRUCell UGRNNCell"
    ),
    "minitf.contrib.rnn.fused": "FusedRNNCell FusedRNNCellAdaptor TimeReversedFusedRNN",
    "minitf.contrib.rnn.grid_cells": "BidirectionalGridLSTMCell GridLSTMCell",
    "minitf.contrib.rnn.layer_norm_cell": "LayerNormBasicLSTMCell",
    "minitf.contrib.rnn.lstm_variants": ("CoupledInputForgetGateLSTMCell GLSTMCell PhasedLSTMCell"),
    "minitf.contrib.rnn.normalized_cells": "LayerNormLSTMCell WeightNormLSTMCell",
    "minitf.contrib.rnn.plain_cells": (
        "CFNCell IndyGRUCell IndyLSTMCell IntersectionRNNCell MinimalRNNCell"
    ),
    "minitf.contrib.rnn.stacked": "stack_bidirectional_dynamic_rnn stack_bidirectional_rnn",
    "minitf.rnn.basic_cells": "BasicRNNCell GRUCell",
    "minitf.rnn.bidirectional": "static_bidirectional_rnn",
    "minitf.rnn.cell": "LayerRNNCell RNNCell",
    "minitf.rnn.dropout_wrapper": "DropoutWrapper",
    "minitf.rnn.linear": "_Linear=Linear _linear=linear",
    "minitf.rnn.lstm_cells": "BasicLSTMCell LSTMCell LSTMStateTuple",
    "minitf.rnn.multi_cell": "MultiRNNCell",
    "minitf.rnn.projection_wrappers": (
        "EmbeddingWrapper InputProjectionWrapper OutputProjectionWrapper"
    ),
    "minitf.rnn.static": "static_rnn static_state_saving_rnn",
    "minitf.rnn.steps": (
        "best_effort_input_batch_size=batch_size_of transpose_batch_time=swap_batch_and_time"
    ),
    "minitf.rnn.wrappers": "DeviceWrapper ResidualWrapper",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
