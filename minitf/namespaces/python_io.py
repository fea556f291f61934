"""`tf.python_io`: files of records, read and written by the program itself."""

from minitf import lazy

_NAMES = {
    "minitf.io.tf_record": (
        "TFRecordCompressionType TFRecordOptions TFRecordWriter tf_record_iterator"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
