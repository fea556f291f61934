"""What a model is built for, by its names in `tf.contrib.learn`.

Source: TensorFlow 1.15's `tf.contrib.learn.ModeKeys`.
"""

from __future__ import annotations

from typing import ClassVar


class ModeKeys:
    """What a model is built for; the values are those of `tf.estimator.ModeKeys`.

    Source: TensorFlow 1.15.
    """

    TRAIN: ClassVar[str] = "train"
    EVAL: ClassVar[str] = "eval"
    INFER: ClassVar[str] = "infer"
