"""Run a program of TensorFlow 1.x on today's TensorFlow: `python on_tensorflow.py program.py ...`.

What TensorFlow 2 dropped and the examples import is put back: `import tensorflow` gives the API of
1.x, `tensorflow.examples.tutorials.mnist.input_data` reads the digits that MiniTF serves, and
`tensorflow.contrib.layers` has what it left to other names.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from types import ModuleType

from minitf.contrib.learn.datasets.mnist import read_data_sets
from minitf.testing import oracle


def module(name: str, **contents: object) -> ModuleType:
    """Make a module that programs can import, and its folders."""
    parent, _, child = name.rpartition(".")
    made = sys.modules.setdefault(name, ModuleType(name))
    made.__dict__.update(contents, __path__=[])
    if parent:
        setattr(sys.modules.get(parent) or module(parent), child, made)
    return made


def main(program: str, *arguments: str) -> None:
    tf = oracle.tensorflow()
    sys.modules["tensorflow"] = tf.compat.v1 = tf
    module("tensorflow.examples.tutorials.mnist.input_data", read_data_sets=read_data_sets)
    module(
        "tensorflow.contrib.layers",
        xavier_initializer=tf.glorot_uniform_initializer,
        l2_regularizer=lambda scale: lambda weights: scale * tf.nn.l2_loss(weights),
    )
    sys.argv = [program, *arguments]
    sys.path[0] = str(Path(program).parent)
    runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main(*sys.argv[1:])
