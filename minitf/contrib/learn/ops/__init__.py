"""`tf.contrib.learn.ops`: layers, losses and sequences of the models of TensorFlow 0.8 to 1.0."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.learn.ops.networks": (
        "categorical_variable conv2d dnn dropout embedding_lookup one_hot_matrix split_squeeze"
    ),
    "minitf.contrib.learn.ops.losses": "mean_squared_error_regressor softmax_classifier",
    "minitf.contrib.learn.ops.sequences": (
        "rnn_decoder rnn_seq2seq seq2seq_inputs sequence_classifier"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
