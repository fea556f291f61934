"""One model for both systems, and what it answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

X = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
SCORES = X @ np.arange(6, dtype=np.float32).reshape(3, 2) + 1


def build(tf: Any, vocabulary: Path | None = None) -> dict[str, Any]:
    """Make a model in the default graph: variables, a file's path in a local variable, tensors."""
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    w = tf.get_variable("w", initializer=tf.constant(np.arange(6, dtype=np.float32).reshape(3, 2)))
    with tf.variable_scope("parts", partitioner=tf.fixed_size_partitioner(2)):
        b = tf.get_variable("b", [2], initializer=tf.ones_initializer())
    scores = tf.add(tf.matmul(x, w), tf.convert_to_tensor(b), name="scores")
    found = {"x": x, "w": w, "scores": scores}
    if vocabulary is not None:
        path = tf.constant(str(vocabulary), name="path")
        tf.add_to_collection(tf.GraphKeys.ASSET_FILEPATHS, path)
        seen = tf.get_variable(
            "seen",
            [],
            tf.string,
            initializer=tf.constant_initializer(""),
            trainable=False,
            collections=[tf.GraphKeys.LOCAL_VARIABLES],
        )
        found |= {"path": path, "seen": seen, "main_op": tf.group(tf.assign(seen, path), name="go")}
    return found


def write(tf: Any, folder: Path, vocabulary: Path | None = None, *, as_text: bool = False) -> None:
    """Write the model as a SavedModel of two graphs, for serving and for training."""
    builder = tf.saved_model.builder.SavedModelBuilder(str(folder))
    with tf.Graph().as_default(), tf.Session() as session:
        made = build(tf, vocabulary)
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        signature = tf.saved_model.signature_def_utils.predict_signature_def(
            {"x": made["x"]}, {"scores": made["scores"]}
        )
        builder.add_meta_graph_and_variables(
            session,
            [tf.saved_model.tag_constants.SERVING],
            {"serving_default": signature},
            assets_collection=tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS),
            main_op=made.get("main_op"),
        )
    with tf.Graph().as_default():
        build(tf, vocabulary)
        builder.add_meta_graph(["train", "gpu"], strip_default_attrs=True)
    builder.save(as_text=as_text)
