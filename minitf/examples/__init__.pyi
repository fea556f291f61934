# The example modules of TensorFlow 1.x that programs import.

from minitf.examples import tutorials as tutorials
__all__ = ['tutorials']
