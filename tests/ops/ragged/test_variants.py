"""Ragged tensors as variants: what goes in comes out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.dtypes import int32, int64
from minitf.errors import InvalidArgumentError
from minitf.ops.ragged.variants import (
    ragged_tensor_from_variant_op,
    ragged_tensor_to_variant_op,
)
from minitf.testing.ragged_cases import nested_splits


def decoded(encoded, ragged_rank, input_rank=-1, dtype=int64):
    return ragged_tensor_from_variant_op.body(
        encoded,
        input_ragged_rank=input_rank,
        output_ragged_rank=ragged_rank,
        Tvalues=dtype,
        Tsplits=int64,
    )


@given(nested_splits(2), st.booleans())
def test_rows_come_out_as_they_went_in(splits, batched):
    values = np.arange(splits[-1][-1])
    encoded = ragged_tensor_to_variant_op.body(splits, values, batched_input=batched)
    found, kept = decoded(encoded, 2)

    assert encoded.shape == ((splits[0].size - 1,) if batched else ())
    assert [each.tolist() for each in found] == [each.tolist() for each in splits]
    np.testing.assert_array_equal(kept, values)


def test_elements_of_other_types_or_ranks_are_refused():
    encoded = ragged_tensor_to_variant_op.body([np.array([0, 2])], np.arange(2), batched_input=True)

    with pytest.raises(InvalidArgumentError, match="Expected values Tensor dtype: int32"):
        decoded(encoded, 1, dtype=int32)
    with pytest.raises(InvalidArgumentError, match="output_ragged_rank must be equal to"):
        decoded(encoded, 3, 1)
    with pytest.raises(InvalidArgumentError, match="has ragged_rank=0"):
        decoded(encoded, 2, 1)
    with pytest.raises(InvalidArgumentError, match="Unbatching a scalar"):
        ragged_tensor_to_variant_op.body([], np.array(1), batched_input=True)
