"""`tf.random.experimental`: generators of random numbers whose state is a variable."""

from minitf import lazy

_NAMES = {
    "minitf.variables.generators": (
        "Generator create_rng_state get_global_generator set_global_generator"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
