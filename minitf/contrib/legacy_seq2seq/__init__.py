"""`tf.contrib.legacy_seq2seq`: sequences as lists, one entry for each step."""

from minitf import lazy

_NAMES = {
    "minitf.rnn.legacy_attention": (
        "attention_decoder embedding_attention_decoder embedding_attention_seq2seq "
        "embedding_rnn_decoder embedding_rnn_seq2seq"
    ),
    "minitf.rnn.legacy_seq2seq": (
        "basic_rnn_seq2seq model_with_buckets rnn_decoder sequence_loss sequence_loss_by_example "
        "tied_rnn_seq2seq"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
