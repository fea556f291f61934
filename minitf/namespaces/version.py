"""`tf.version`: versions of the API, of the library, of the GraphDefs that it reads."""

from minitf import lazy

_NAMES = {
    "minitf.compat.version": "COMPILER_VERSION GIT_VERSION VERSION",
    "minitf.graph_def": (
        "GRAPH_DEF_VERSION GRAPH_DEF_VERSION_MIN_CONSUMER GRAPH_DEF_VERSION_MIN_PRODUCER"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
