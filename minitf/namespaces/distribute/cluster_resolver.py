"""`tf.distribute.cluster_resolver`: where a program learns which tasks its cluster has."""

from minitf import lazy

_NAMES = {
    "minitf.train.cluster_resolvers": (
        "ClusterResolver SimpleClusterResolver TFConfigClusterResolver TPUClusterResolver "
        "UnionResolver"
    )
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
