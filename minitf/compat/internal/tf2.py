"""`tensorflow.python.tf2`: whether the behaviour is that of TensorFlow 2, which it never is.

Source: TensorFlow 1.15's module of the same name.
"""


def enabled() -> bool:
    """Tell that the behaviour is not that of TensorFlow 2: always False."""
    return False
