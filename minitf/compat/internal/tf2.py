"""`tensorflow.python.tf2`: whether the behaviour is that of TensorFlow 2.x.

Source: TensorFlow 1.15's module of the same name.
"""


def enabled() -> bool:
    """Tell that it is that of 1.x: always False."""
    return False


def disable() -> None:
    """Keep the behaviour of 1.x."""
