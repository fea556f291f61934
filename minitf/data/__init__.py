"""`tf.data`: input pipelines of datasets.

Source: TensorFlow 1.15, `tf.data`; 2015 §4.5 "Input Operations".
"""

from minitf import lazy

_NAMES = {
    "minitf.data.dataset": "Dataset",
    "minitf.data.files": "FixedLengthRecordDataset TFRecordDataset TextLineDataset",
    "minitf.data.iterator": (
        "Iterator make_initializable_iterator=initializable_iterator "
        "make_one_shot_iterator=one_shot_iterator"
    ),
    "minitf.data.options": "Options",
    "minitf.data.specs": "DatasetSpec",
    "minitf.data.queries": "get_output_classes get_output_shapes get_output_types",
}
_SUBMODULES = "experimental"

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
