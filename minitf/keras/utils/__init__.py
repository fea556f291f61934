"""`tf.keras.utils`: helpers for data, files and models."""

from minitf import lazy

_NAMES = {
    "minitf.keras.utils.data_utils": "Sequence get_file",
    "minitf.keras.utils.layer_utils": "get_source_inputs",
    "minitf.keras.utils.labels": "normalize to_categorical",
    "minitf.keras.utils.objects": (
        "CustomObjectScope custom_object_scope deserialize_keras_object get_custom_objects "
        "serialize_keras_object"
    ),
    "minitf.keras.utils.progress": "Progbar",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
