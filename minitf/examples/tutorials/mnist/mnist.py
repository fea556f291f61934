"""The network of the MNIST tutorial: two hidden layers of rectified units, and their training.

    logits = inference(images, hidden1_units=128, hidden2_units=32)
    train_op = training(loss(logits, labels), learning_rate=0.1)
    right = evaluation(logits, labels)

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import math
from typing import Any

from minitf.api.casting import cast
from minitf.api.framework import name_scope
from minitf.api.losses_scores import sparse_softmax_cross_entropy
from minitf.api.matmul import matmul
from minitf.api.nn_activations import relu
from minitf.api.nn_layers import in_top_k
from minitf.api.reductions import reduce_sum
from minitf.dtypes import int32, int64
from minitf.summary.values import scalar
from minitf.tensor import Tensor
from minitf.train.gradient_descent import GradientDescentOptimizer
from minitf.variables.base import Variable
from minitf.variables.initializers import TruncatedNormal, Zeros

NUM_CLASSES = 10
IMAGE_SIZE = 28
IMAGE_PIXELS = IMAGE_SIZE * IMAGE_SIZE


def inference(images: Any, hidden1_units: int, hidden2_units: int) -> Tensor:
    """Return the logits of images.

    Args:
        images: a tensor [batch, IMAGE_PIXELS].
        hidden1_units: the width of the first hidden layer.
        hidden2_units: the width of the second one.

    Returns:
        A tensor [batch, NUM_CLASSES].
    """
    hidden1 = relu(_affine("hidden1", images, IMAGE_PIXELS, hidden1_units))
    hidden2 = relu(_affine("hidden2", hidden1, hidden1_units, hidden2_units))
    return _affine("softmax_linear", hidden2, hidden2_units, NUM_CLASSES)


def loss(logits: Any, labels: Any) -> Tensor:
    """Return the mean cross entropy of the true classes, whole numbers [batch]."""
    return sparse_softmax_cross_entropy(labels=cast(labels, int64), logits=logits)


def training(loss: Any, learning_rate: Any) -> Any:
    """Return the operation of a step of gradient descent; it counts steps in `global_step`."""
    scalar("loss", loss)
    global_step = Variable(0, name="global_step", trainable=False)
    return GradientDescentOptimizer(learning_rate).minimize(loss, global_step=global_step)


def evaluation(logits: Any, labels: Any) -> Tensor:
    """Return how many images of the batch have their true class as the greatest logit, int32."""
    return reduce_sum(cast(in_top_k(logits, labels, 1), int32))


def _affine(name: str, inputs: Any, depth: int, width: int) -> Tensor:
    """Return x W + b; W is drawn so that the variance of signals stays."""
    with name_scope(name):
        deviation = 1.0 / math.sqrt(float(depth))
        weights = Variable(TruncatedNormal(stddev=deviation)([depth, width]), name="weights")
        biases = Variable(Zeros()([width]), name="biases")
        outputs: Tensor = matmul(inputs, weights) + biases
        return outputs
