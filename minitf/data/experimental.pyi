# `tf.data.experimental`: further ways to make datasets of others.

from minitf.data.csv_files import CsvDataset as CsvDataset
from minitf.data.dataset import AUTOTUNE as AUTOTUNE
from minitf.data.grouping import bucket_by_sequence_length as bucket_by_sequence_length
from minitf.data.grouping import group_by_window as group_by_window
from minitf.data.mixing import choose_from_datasets as choose_from_datasets
from minitf.data.mixing import sample_from_datasets as sample_from_datasets
from minitf.data.transformations import Counter as Counter
from minitf.data.transformations import INFINITE_CARDINALITY as INFINITE_CARDINALITY
from minitf.data.transformations import RandomDataset as RandomDataset
from minitf.data.transformations import UNKNOWN_CARDINALITY as UNKNOWN_CARDINALITY
from minitf.data.transformations import cardinality as cardinality
from minitf.data.transformations import enumerate_dataset as enumerate_dataset
from minitf.data.transformations import get_single_element as get_single_element
from minitf.data.transformations import ignore_errors as ignore_errors
from minitf.data.transformations import map_and_batch as map_and_batch
from minitf.data.transformations import map_and_batch as map_and_batch_with_legacy_function
from minitf.data.transformations import parallel_interleave as parallel_interleave
from minitf.data.transformations import parse_example_dataset as parse_example_dataset
from minitf.data.transformations import scan as scan
from minitf.data.transformations import shuffle_and_repeat as shuffle_and_repeat
from minitf.data.transformations import take_while as take_while
from minitf.data.transformations import unbatch as unbatch
from minitf.data.transformations import unique as unique
__all__ = ['AUTOTUNE', 'Counter', 'CsvDataset', 'INFINITE_CARDINALITY', 'RandomDataset', 'UNKNOWN_CARDINALITY', 'bucket_by_sequence_length', 'cardinality', 'choose_from_datasets', 'enumerate_dataset', 'get_single_element', 'group_by_window', 'ignore_errors', 'map_and_batch', 'map_and_batch_with_legacy_function', 'parallel_interleave', 'parse_example_dataset', 'sample_from_datasets', 'scan', 'shuffle_and_repeat', 'take_while', 'unbatch', 'unique']
