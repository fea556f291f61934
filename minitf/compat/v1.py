"""`import minitf.compat.v1 as tf`: MiniTF speaks the API of TensorFlow 1.x, so this is `minitf`."""

import sys

import minitf

sys.modules[__name__] = minitf
