"""`tf.config.optimizer`: which optimizers of graphs work."""

from minitf import lazy

_NAMES = {
    "minitf.session.settings": (
        "get_experimental_options=get_optimizer_experimental_options get_jit=get_optimizer_jit "
        "set_experimental_options=set_optimizer_experimental_options set_jit=set_optimizer_jit"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
