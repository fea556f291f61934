"""`tf.contrib`: what the papers or real programs need of TensorFlow 1.x's contributed code."""

from minitf import lazy

_NAMES: dict[str, str] = {}
_SUBMODULES = (
    "autograph checkpoint cudnn_rnn data distributions eager feature_column framework "
    "graph_editor layers learn legacy_seq2seq linalg lookup losses metrics opt predictor rnn "
    "seq2seq skflow=learn slim staging summary tensorboard tfprof training util"
)

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
