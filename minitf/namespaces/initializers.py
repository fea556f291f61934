"""`tf.initializers`: initial values of variables, and the operations that initialise them."""

from minitf import lazy

_NAMES = {
    "minitf.api.state": (
        "global_variables=global_variables_initializer local_variables=local_variables_initializer "
        "tables_initializer variables=variables_initializer"
    ),
    "minitf.variables.initializers": (
        "constant=Constant glorot_normal=GlorotNormal glorot_uniform=GlorotUniform he_normal "
        "he_uniform identity=Identity lecun_normal lecun_uniform ones=Ones "
        "random_normal=RandomNormal random_uniform=RandomUniform truncated_normal=TruncatedNormal "
        "uniform_unit_scaling=UniformUnitScaling variance_scaling=VarianceScaling zeros=Zeros"
    ),
    "minitf.variables.orthogonal": "orthogonal=Orthogonal",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
