"""`tf.contrib.deprecated`: summaries by their names before TensorFlow 1.0."""

from minitf import lazy

_NAMES = {
    "minitf.summary.old_names": (
        "audio_summary histogram_summary image_summary merge_all_summaries merge_summary "
        "scalar_summary"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
