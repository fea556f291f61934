# `tf.contrib.data`: what became `tf.data`, under its names before 1.4 and after.

from minitf.data.dataset import AUTOTUNE as AUTOTUNE
from minitf.data.dataset import Dataset as Dataset
from minitf.data.files import FixedLengthRecordDataset as FixedLengthRecordDataset
from minitf.data.files import TFRecordDataset as TFRecordDataset
from minitf.data.files import TextLineDataset as TextLineDataset
from minitf.data.grouping import bucket_by_sequence_length as bucket_by_sequence_length
from minitf.data.grouping import group_by_window as group_by_window
from minitf.data.iterator import Iterator as Iterator
from minitf.data.mixing import choose_from_datasets as choose_from_datasets
from minitf.data.mixing import sample_from_datasets as sample_from_datasets
from minitf.data.transformations import Counter as Counter
from minitf.data.transformations import RandomDataset as RandomDataset
from minitf.data.transformations import enumerate_dataset as enumerate_dataset
from minitf.data.transformations import get_single_element as get_single_element
from minitf.data.transformations import ignore_errors as ignore_errors
from minitf.data.transformations import map_and_batch as map_and_batch
from minitf.data.transformations import parallel_interleave as parallel_interleave
from minitf.data.transformations import scan as scan
from minitf.data.transformations import shuffle_and_repeat as shuffle_and_repeat
from minitf.data.transformations import unbatch as unbatch
from minitf.data.transformations import unique as unique
__all__ = ['AUTOTUNE', 'Counter', 'Dataset', 'FixedLengthRecordDataset', 'Iterator', 'RandomDataset', 'TFRecordDataset', 'TextLineDataset', 'bucket_by_sequence_length', 'choose_from_datasets', 'enumerate_dataset', 'get_single_element', 'group_by_window', 'ignore_errors', 'map_and_batch', 'parallel_interleave', 'sample_from_datasets', 'scan', 'shuffle_and_repeat', 'unbatch', 'unique']
