"""`tf.contrib.crf`: linear-chain conditional random fields, which label every step of sequences."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.crf.cells": (
        "CrfDecodeBackwardRnnCell CrfDecodeForwardRnnCell CrfForwardRnnCell"
    ),
    "minitf.contrib.crf.decoding": "crf_decode viterbi_decode",
    "minitf.contrib.crf.scores": (
        "crf_binary_score crf_log_likelihood crf_log_norm crf_multitag_sequence_score "
        "crf_sequence_score crf_unary_score"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
