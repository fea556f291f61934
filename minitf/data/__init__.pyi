# `tf.data`: input pipelines of datasets.

from minitf.data.dataset import Dataset as Dataset
from minitf.data.files import FixedLengthRecordDataset as FixedLengthRecordDataset
from minitf.data.files import TFRecordDataset as TFRecordDataset
from minitf.data.files import TextLineDataset as TextLineDataset
from minitf.data.iterator import Iterator as Iterator
from minitf.data.iterator import initializable_iterator as make_initializable_iterator
from minitf.data.iterator import one_shot_iterator as make_one_shot_iterator
from minitf.data.options import Options as Options
from minitf.data.queries import get_output_classes as get_output_classes
from minitf.data.queries import get_output_shapes as get_output_shapes
from minitf.data.queries import get_output_types as get_output_types
from minitf.data.specs import DatasetSpec as DatasetSpec
from minitf.data import experimental as experimental
__all__ = ['Dataset', 'DatasetSpec', 'FixedLengthRecordDataset', 'Iterator', 'Options', 'TFRecordDataset', 'TextLineDataset', 'experimental', 'get_output_classes', 'get_output_shapes', 'get_output_types', 'make_initializable_iterator', 'make_one_shot_iterator']
