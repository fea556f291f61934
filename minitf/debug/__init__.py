"""`tf.debug`: finding out why a program does not do what it should.

TensorFlow 1.15 has no module of this name among its public ones; its `tfdbg` is another thing.

Source: 2015 §6 (lessons from porting a large model).
"""

from minitf import lazy

_NAMES = {
    "minitf.debug.comparison": "Comparison compare compare_variables",
    "minitf.debug.frozen": "check_frozen_loss",
    "minitf.debug.mistakes": "Mistake find_mistakes",
    "minitf.debug.numerics": "check_numerics",
    "minitf.debug.parameters": "Parameters count_parameters",
    "minitf.debug.seeds": "set_stable_seed",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
