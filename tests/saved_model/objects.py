"""One module for both systems, what it answers, and a program that asks TensorFlow 2 eagerly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

X = np.array([[1.0], [2.0]], np.float32)


def made(tf: Any, vocabulary: Path) -> Any:
    """Return a module with variables, structures, tables, a file, and functions of all of them."""

    class Model(tf.Module):
        def __init__(self):
            super().__init__()
            self.w = tf.Variable([[1.0, 2.0]], name="w", use_resource=True)
            self.c = tf.constant([3.0, 4.0])
            self.parts = [tf.Variable(5, name="part", use_resource=True, trainable=False)]
            self.named = {"a": tf.Variable(2.0, use_resource=True)}
            self.inner = tf.Module()
            self.inner.same = self.w
            self.words = tf.lookup.StaticHashTable(
                tf.lookup.TextFileInitializer(
                    str(vocabulary), tf.string, tf.lookup.TextFileIndex.WHOLE_LINE,
                    tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER,
                ),
                -1,
            )  # fmt: skip
            self.numbers = tf.lookup.StaticHashTable(
                tf.lookup.KeyValueTensorInitializer(["x"], tf.constant([7], tf.int64)), -1
            )

        @tf.function(input_signature=[tf.TensorSpec([None, 1], tf.float32, name="x")])
        def __call__(self, x):
            return {"y": tf.matmul(x, self.w) + self.c}

        @tf.function
        def scaled(self, x, by="part", *, negated=False):
            factor = tf.cast(self.parts[0], tf.float32) if by == "part" else self.named[by]
            return (x, -x * factor) if negated else (x, x * factor)

        @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
        def look(self, words):
            return self.words.lookup(words) + self.numbers.lookup(words)

        @tf.function(input_signature=[tf.TensorSpec([], tf.float32)])
        def step(self, by):
            self.w.assign_add(tf.fill([1, 2], by))
            start = tf.cond(by > 0, lambda: self.w * 2.0, lambda: self.w * 3.0)
            return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * 2.0), (0, start))[1]

    model = Model()
    model.scaled(tf.constant(1.0))
    model.scaled(tf.constant([1.0, 2.0]), by="a", negated=True)
    return model


def write(tf: Any, folder: Path, vocabulary: Path) -> None:
    """Write the module, whose `w` has changed since it began."""
    with tf.Graph().as_default(), tf.Session() as session:
        model = made(tf, vocabulary)
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        session.run(model.w.assign([[2.0, 4.0]]))
        tf.saved_model.save(
            model, str(folder), {"serving_default": model.__call__, "l": model.look}
        )


def answers(tf: Any, folder: Path) -> dict[str, Any]:
    """Load the module, and return what it and its parts give."""
    with tf.Graph().as_default(), tf.Session() as session:
        model = tf.saved_model.load_v2(str(folder))
        asked = {
            "call": model(X)["y"],
            "signature": model.signatures["serving_default"](x=tf.constant(X))["y"],
            "words": model.look(["a", "x", "b"]),
            "by part": model.scaled(tf.constant(3.0))[1],
            "by a": model.scaled(tf.constant([3.0, 4.0]), "a", negated=True)[1],
            "gradient": tf.gradients(model(X)["y"], [model.w])[0],
            "variables": [model.w, model.parts[0], model.named["a"]],
        }
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        found = session.run(asked)
        found["step"] = session.run(model.step(1.0))
        found["after"] = session.run(model.inner.same)
        return found


EXPECTED = {
    "call": X @ [[2.0, 4.0]] + [3.0, 4.0],
    "signature": X @ [[2.0, 4.0]] + [3.0, 4.0],
    "words": [-1, 6, 0],
    "by part": 15.0,
    "by a": [-6.0, -8.0],
    "gradient": [[3.0, 3.0]],
    "variables": [[[2.0, 4.0]], 5, 2.0],
    "step": [[48.0, 80.0]],
    "after": [[3.0, 5.0]],
}

EAGER = """
import sys
import tensorflow as tf
model = tf.saved_model.load(sys.argv[1])
assert model(tf.ones([1, 1]))["y"].numpy().tolist() == [[5.0, 8.0]]
assert model.look(tf.constant(["a", "x", "b"])).numpy().tolist() == [-1, 6, 0]
assert model.signatures["l"](words=tf.constant(["b"]))["output_0"].numpy().tolist() == [0]
assert model.step(1.0).numpy().tolist() == [[48.0, 80.0]]
with tf.GradientTape() as tape:
    y = model(tf.ones([1, 1]))["y"]
assert tape.gradient(y, model.w).numpy().tolist() == [[1.0, 1.0]]
tf.saved_model.save(model, sys.argv[2], {"serving_default": model.__call__})
"""
