"""`tf.sets`: the last dimension of a tensor as sets."""

from minitf import lazy

_NAMES = {
    "minitf.api.sets": (
        "difference=set_difference intersection=set_intersection set_difference set_intersection "
        "set_size set_union size=set_size union=set_union"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
