"""Images as sequences of columns and back; tensors with cells left out as sparse ones.

Source: TensorFlow 1.15's functions of the same names in tf.contrib.layers.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import reshape, transpose
from minitf.api.casting import cast
from minitf.api.comparison import not_equal
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.api.gathering import gather_nd, where
from minitf.api.sizes import shape as shape_of
from minitf.composite import SparseTensor
from minitf.contrib.framework.arguments import add_arg_scope
from minitf.contrib.layers.utils import collect_named_outputs
from minitf.dtypes import int64, string
from minitf.tensor import Tensor
from minitf.variables.sharing import variable_scope


@add_arg_scope
def images_to_sequence(
    inputs: Any, data_format: str = "NHWC", outputs_collections: Any = None, scope: Any = None
) -> Tensor:
    """Return the columns of images as the steps of sequences, one for each row of each image.

    Args:
        inputs: images [N, H, W, C], or [N, C, H, W] for "NCHW"; W and C are known.
        data_format: "NHWC" or "NCHW".
        outputs_collections: names of collections that the outputs join.
        scope: name of the name scope.

    Returns:
        [W, N H, C].

    Raises:
        ValueError: if `data_format` is another.
    """
    if data_format not in ("NCHW", "NHWC"):
        raise ValueError("data_format has to be either NCHW or NHWC.")
    with name_scope(scope, "ImagesToSequence", [inputs]) as entered:
        inputs = convert_to_tensor(inputs)
        if data_format == "NCHW":
            inputs = transpose(inputs, [0, 2, 3, 1])
        _, _, width, depth = inputs.shape.as_list()
        sizes = shape_of(inputs)
        columns = transpose(inputs, [2, 0, 1, 3])
        outputs = reshape(columns, [width, sizes[0] * sizes[1], depth])
        return collect_named_outputs(outputs_collections, entered, outputs)


@add_arg_scope
def sequence_to_images(
    inputs: Any,
    height: int,
    output_data_format: str = "channels_last",
    outputs_collections: Any = None,
    scope: Any = None,
) -> Tensor:
    """Return the images of which `images_to_sequence` made sequences.

    Args:
        inputs: sequences [W, N H, C].
        height: H.
        output_data_format: "channels_last" or "channels_first".
        outputs_collections: names of collections that the outputs join.
        scope: name of the name scope.
    """
    with name_scope(scope, "SequenceToImages", [inputs]) as entered:
        inputs = convert_to_tensor(inputs)
        width, rows, depth = inputs.shape.as_list()
        images = -1 if rows is None else rows // height
        columns = reshape(inputs, [width, images, height, depth])
        is_first = output_data_format == "channels_first"
        outputs = transpose(columns, [1, 3, 2, 0] if is_first else [1, 2, 0, 3])
        return collect_named_outputs(outputs_collections, entered, outputs)


@add_arg_scope
def dense_to_sparse(
    tensor: Any, eos_token: Any = 0, outputs_collections: Any = None, scope: Any = None
) -> SparseTensor:
    """Return the cells that do not hold a token.

    Args:
        tensor: whole numbers.
        eos_token: the token: it ends sentences.
        outputs_collections: names of collections that the outputs join.
        scope: name of the variable scope.
    """
    with variable_scope(scope, "dense_to_sparse", [tensor]) as entered:
        tensor = convert_to_tensor(tensor)
        indices = where(not_equal(tensor, cast(eos_token, tensor.dtype)))
        found = SparseTensor(indices, gather_nd(tensor, indices), shape_of(tensor, out_type=int64))
        collect_named_outputs(outputs_collections, entered.name, found)
        return found


def dense_to_sparse_tensor(dense_tensor: Any, ignore_value: Any = None) -> SparseTensor:
    """Return the cells that do not hold a value: by default 0, or the empty string."""
    with name_scope("DenseToSparseTensor"):
        tensor = convert_to_tensor(dense_tensor)
        if ignore_value is None:
            ignore_value = "" if tensor.dtype == string else tensor.dtype.as_numpy_dtype()
        ignored = convert_to_tensor(ignore_value, tensor.dtype, name="ignore_value")
        indices = where(not_equal(tensor, ignored), name="indices")
        return SparseTensor(
            indices,
            gather_nd(tensor, indices, name="values"),
            shape_of(tensor, out_type=int64, name="dense_shape"),
        )
