"""`tf.io`: reading and writing; the modules are files of TensorFlow's formats, with no graph.

Source: 2015 §4.5 "Input Operations"; TensorFlow 1.15, `tf.io`, `tf.python_io`.
"""

from minitf import lazy

_NAMES = {
    "minitf.api.features": ("FixedLenFeature FixedLenSequenceFeature SparseFeature VarLenFeature"),
    "minitf.api.files": "matching_files read_file write_file",
    "minitf.api.graph_io": "write_graph",
    "minitf.api.image_files": (
        "decode_and_crop_jpeg decode_bmp decode_gif decode_image decode_jpeg decode_png "
        "encode_jpeg extract_jpeg_shape is_jpeg"
    ),
    "minitf.api.messages": "decode_proto encode_proto",
    "minitf.api.parsing": (
        "decode_compressed decode_csv decode_json_example parse_example parse_sequence_example "
        "parse_single_example parse_single_sequence_example parse_tensor serialize_tensor"
    ),
    "minitf.api.queue_kinds": "PaddingFIFOQueue PriorityQueue RandomShuffleQueue",
    "minitf.api.queues": "QueueBase",
    "minitf.api.sparse_dense": "deserialize_many_sparse serialize_many_sparse serialize_sparse",
    "minitf.api.string_codes": "decode_base64 decode_raw encode_base64",
    "minitf.train.input_producers": "match_filenames_once",
    "minitf.io.tf_record": (
        "TFRecordCompressionType TFRecordOptions TFRecordWriter tf_record_iterator"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, "gfile")
