# `tf.io`: reading and writing.

from minitf.api.files import matching_files as matching_files
from minitf.api.files import read_file as read_file
from minitf.api.files import write_file as write_file
from minitf.api.graph_io import write_graph as write_graph
from minitf.api.image_files import decode_and_crop_jpeg as decode_and_crop_jpeg
from minitf.api.image_files import decode_bmp as decode_bmp
from minitf.api.image_files import decode_gif as decode_gif
from minitf.api.image_files import decode_image as decode_image
from minitf.api.image_files import decode_jpeg as decode_jpeg
from minitf.api.image_files import decode_png as decode_png
from minitf.api.image_files import encode_jpeg as encode_jpeg
from minitf.api.image_files import extract_jpeg_shape as extract_jpeg_shape
from minitf.api.image_files import is_jpeg as is_jpeg
from minitf.api.queue_kinds import PaddingFIFOQueue as PaddingFIFOQueue
from minitf.api.queue_kinds import PriorityQueue as PriorityQueue
from minitf.api.queue_kinds import RandomShuffleQueue as RandomShuffleQueue
from minitf.api.queues import QueueBase as QueueBase
from minitf.api.sparse_dense import deserialize_many_sparse as deserialize_many_sparse
from minitf.api.sparse_dense import serialize_many_sparse as serialize_many_sparse
from minitf.api.sparse_dense import serialize_sparse as serialize_sparse
from minitf.api.string_codes import decode_base64 as decode_base64
from minitf.api.string_codes import decode_raw as decode_raw
from minitf.api.string_codes import encode_base64 as encode_base64
__all__ = ['PaddingFIFOQueue', 'PriorityQueue', 'QueueBase', 'RandomShuffleQueue', 'decode_and_crop_jpeg', 'decode_base64', 'decode_bmp', 'decode_gif', 'decode_image', 'decode_jpeg', 'decode_png', 'decode_raw', 'deserialize_many_sparse', 'encode_base64', 'encode_jpeg', 'extract_jpeg_shape', 'is_jpeg', 'matching_files', 'read_file', 'serialize_many_sparse', 'serialize_sparse', 'write_file', 'write_graph']
