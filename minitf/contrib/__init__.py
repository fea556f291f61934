"""`tf.contrib`: what the papers or real programs need of TensorFlow 1.x's contributed code."""

from minitf import lazy

_NAMES = {"minitf": "keras"}  # where Keras was before TensorFlow 1.4
_SUBMODULES = (
    "autograph bayesflow checkpoint cluster_resolver crf cudnn_rnn data deprecated "
    "distributions eager feature_column framework graph_editor image integrate kernel_methods "
    "layers learn legacy_seq2seq linalg lookup losses memory_stats metrics nn opt predictor "
    "resampler rnn seq2seq signal skflow=learn slim solvers sparsemax staging stateless "
    "summary tensorboard tfprof tpu training util"
)

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
