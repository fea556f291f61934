"""DataFormatDimMap, DataFormatVecPermute: examples, there and back, refusals."""

import numpy as np
import pytest

from minitf.errors import InvalidArgumentError
from minitf.ops.array.layouts import data_format_dim_map_op, data_format_vec_permute_op

dim_map, permute = data_format_dim_map_op.body, data_format_vec_permute_op.body


def test_the_channels_of_nhwc_are_axis_1_of_nchw():
    assert dim_map(np.array([0, 1, 2, 3, -1, -4])).tolist() == [0, 2, 3, 1, 1, 0]
    assert permute(np.array([1, 2, 3, 4])).tolist() == [1, 4, 2, 3]


def test_paddings_and_spatial_sizes_are_permuted_too():
    assert permute(np.array([[1, 2], [3, 4], [5, 6], [7, 8]]))[1].tolist() == [7, 8]
    assert permute(np.array([1, 2]), src_format="HWNC", dst_format="WHCN").tolist() == [2, 1]


def test_back_again_is_as_before():
    x, there = np.array([7, 8, 9, 6]), {"src_format": "NHWC", "dst_format": "HWCN"}
    back = {"src_format": "HWCN", "dst_format": "NHWC"}

    assert permute(permute(x, **there), **back).tolist() == x.tolist()
    axes = np.arange(4)
    assert dim_map(dim_map(axes, **there), **back).tolist() == axes.tolist()


@pytest.mark.parametrize(
    ("x", "source", "phrase"),
    [
        ([1, 2, 3], "NHWC", r"1D input must be of size 2 or 4, but got shape \[3\]"),
        (5, "NHWC", r"input must be a vector or 2D tensor, but got shape \[\]"),
        ([[1] * 3] * 4, "NHWC", r"Second dimension of 2D input must be of size 2"),
        ([1, 2, 3, 4], "NHW", "Source format must be of length 4 or 5, received src_format = NHW"),
        ([1, 2, 3, 4], "NHWX", "must determine a permutation, got NHWX and NCHW"),
    ],
)
def test_what_is_no_order_of_axes_is_refused(x, source, phrase):
    with pytest.raises(InvalidArgumentError, match=phrase):
        permute(np.array(x), src_format=source)
