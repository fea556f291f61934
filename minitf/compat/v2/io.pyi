# `tf.io` of TensorFlow 2.

from minitf.io import FixedLenFeature as FixedLenFeature
from minitf.io import FixedLenSequenceFeature as FixedLenSequenceFeature
from minitf.io import SparseFeature as SparseFeature
from minitf.io import TFRecordOptions as TFRecordOptions
from minitf.io import TFRecordWriter as TFRecordWriter
from minitf.io import VarLenFeature as VarLenFeature
from minitf.io import decode_and_crop_jpeg as decode_and_crop_jpeg
from minitf.io import decode_base64 as decode_base64
from minitf.io import decode_bmp as decode_bmp
from minitf.io import decode_compressed as decode_compressed
from minitf.io import decode_gif as decode_gif
from minitf.io import decode_image as decode_image
from minitf.io import decode_jpeg as decode_jpeg
from minitf.io import decode_json_example as decode_json_example
from minitf.io import decode_png as decode_png
from minitf.io import deserialize_many_sparse as deserialize_many_sparse
from minitf.io import encode_base64 as encode_base64
from minitf.io import encode_jpeg as encode_jpeg
from minitf.io import extract_jpeg_shape as extract_jpeg_shape
from minitf.io import gfile as gfile
from minitf.io import is_jpeg as is_jpeg
from minitf.io import matching_files as matching_files
from minitf.io import parse_sequence_example as parse_sequence_example
from minitf.io import parse_single_sequence_example as parse_single_sequence_example
from minitf.io import parse_tensor as parse_tensor
from minitf.io import read_file as read_file
from minitf.io import serialize_tensor as serialize_tensor
from minitf.io import write_file as write_file
from minitf.io import write_graph as write_graph
from minitf.v2.sparse import serialize_many_sparse as serialize_many_sparse
from minitf.v2.sparse import serialize_sparse as serialize_sparse
from minitf.v2.text import decode_csv as decode_csv
from minitf.v2.text import decode_raw as decode_raw
from minitf.v2.text import parse_example as parse_example
from minitf.v2.text import parse_single_example as parse_single_example
__all__ = ['FixedLenFeature', 'FixedLenSequenceFeature', 'SparseFeature', 'TFRecordOptions', 'TFRecordWriter', 'VarLenFeature', 'decode_and_crop_jpeg', 'decode_base64', 'decode_bmp', 'decode_compressed', 'decode_csv', 'decode_gif', 'decode_image', 'decode_jpeg', 'decode_json_example', 'decode_png', 'decode_raw', 'deserialize_many_sparse', 'encode_base64', 'encode_jpeg', 'extract_jpeg_shape', 'gfile', 'is_jpeg', 'matching_files', 'parse_example', 'parse_sequence_example', 'parse_single_example', 'parse_single_sequence_example', 'parse_tensor', 'read_file', 'serialize_many_sparse', 'serialize_sparse', 'serialize_tensor', 'write_file', 'write_graph']
