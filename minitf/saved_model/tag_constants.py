"""`tf.saved_model.tag_constants`: usual tags of a graph in a SavedModel.

Source: TensorFlow 1.15's module of the same name.
"""

EVAL = "eval"
GPU = "gpu"
SERVING = "serve"
TPU = "tpu"
TRAINING = "train"
