"""`tf.contrib.seq2seq`: the loss of sequences."""

from minitf import lazy

_NAMES = {"minitf.rnn.sequence_loss": "sequence_loss"}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
