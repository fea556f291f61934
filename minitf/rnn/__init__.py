"""Recurrent networks: cells, and functions that run them along time.

    layer                     Layer: an object with variables of its own in a variable scope
    cell                      RNNCell: one step, (inputs, state) to (outputs, next state)
    basic_cells, lstm_cells   BasicRNNCell, GRUCell; BasicLSTMCell, LSTMCell
    multi_cell                several cells on top of each other
    wrappers, dropout_wrapper, projection_wrappers
                              cells around a cell
    static                    unrolled along time: a list of inputs
    dynamic                   a loop along time: one tensor of inputs
    raw                       a loop whose inputs a function chooses
    bidirectional             one cell forwards in time, another one backwards
    steps                     what these ways have in common
    sequence_loss             the cross entropy of sequences
    legacy_seq2seq            sequences as lists: their losses, decoders, models in buckets
    legacy_attention          decoders of words, with attention to what was encoded

Source: Zaremba 2014; TensorFlow 1.15's `tf.nn.rnn_cell` and `tf.nn.dynamic_rnn`.
"""
