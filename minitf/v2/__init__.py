"""The functions that TensorFlow 1.15 has a second version of, family by family.

`tensorflow.compat.v2` shows them under their own names, the modules below `tensorflow.python` with
the suffix `_v2`.  A second version has other argument orders or defaults, lacks what the first had
deprecated, and seldom means anything else: where it does, its docstring says so.  What is not said
of an argument is as in the function of the same name in `minitf`.

Source: TensorFlow 1.15, `tf.compat.v2`.
"""
