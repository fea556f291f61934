# `tf.contrib.seq2seq`: the loss of sequences.

from minitf.rnn.sequence_loss import sequence_loss as sequence_loss
__all__ = ['sequence_loss']
