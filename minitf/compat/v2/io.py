"""`tf.io` of TensorFlow 2."""

from minitf import lazy

_NAMES = {
    "minitf.v2.sparse": "serialize_many_sparse serialize_sparse",
    "minitf.v2.text": "decode_csv decode_raw parse_example parse_single_example",
    **lazy.present(
        "minitf.io",
        (
            "FixedLenFeature FixedLenSequenceFeature SparseFeature TFRecordOptions TFRecordWriter "
            "VarLenFeature decode_and_crop_jpeg decode_base64 decode_bmp decode_compressed "
            "decode_gif decode_image decode_jpeg decode_json_example decode_png decode_proto "
            "deserialize_many_sparse encode_base64 encode_jpeg encode_proto extract_jpeg_shape "
            "is_jpeg match_filenames_once matching_files parse_sequence_example "
            "parse_single_sequence_example parse_tensor read_file serialize_tensor write_file "
            "write_graph gfile"
        ),
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
