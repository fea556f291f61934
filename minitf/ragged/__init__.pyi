# `tf.ragged`: tensors of rows of different lengths.

from minitf.ragged.arrays import boolean_mask as boolean_mask
from minitf.ragged.arrays import stack_dynamic_partitions as stack_dynamic_partitions
from minitf.ragged.constants import ragged_constant as constant
from minitf.ragged.constants import constant_value as constant_value
from minitf.ragged.constants import ragged_placeholder as placeholder
from minitf.ragged.elementwise import map_flat_values as map_flat_values
from minitf.ragged.joining import stack as stack
from minitf.ragged.reductions import ragged_range as range
from minitf.ragged.segments import row_splits_to_segment_ids as row_splits_to_segment_ids
from minitf.ragged.segments import segment_ids_to_row_splits as segment_ids_to_row_splits
from minitf.ragged.value import RaggedTensorValue as RaggedTensorValue
__all__ = ['RaggedTensorValue', 'boolean_mask', 'constant', 'constant_value', 'map_flat_values', 'placeholder', 'range', 'row_splits_to_segment_ids', 'segment_ids_to_row_splits', 'stack', 'stack_dynamic_partitions']
