"""`tf.initializers` of TensorFlow 2, also under the names of Keras."""

from minitf import lazy

_NAMES = {
    "minitf.v2.initializers": (
        "Constant GlorotNormal GlorotUniform Identity Initializer Ones Orthogonal RandomNormal "
        "RandomUniform TruncatedNormal VarianceScaling Zeros constant=Constant "
        "glorot_normal=GlorotNormal glorot_uniform=GlorotUniform he_normal he_uniform "
        "identity=Identity lecun_normal lecun_uniform ones=Ones orthogonal=Orthogonal zeros=Zeros"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
