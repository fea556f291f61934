"""`tf.keras.preprocessing.image`, of the package keras-preprocessing.

The package is loaded at the first call.  Its layout and type of images are the defaults of
`tf.keras.backend`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.keras.backend.config import floatx, image_data_format
from minitf.keras.utils.extra import library


def _of_package(name: str, *defaults: str) -> Callable[..., Any]:
    """Return a function that calls one of the package, or makes an object of a class of it.

    Args:
        name: of the function or class.
        *defaults: which of `data_format` and `dtype` it takes.
    """
    known = {"data_format": image_data_format, "dtype": floatx}

    def call(*args: Any, **kwargs: Any) -> Any:
        for each in defaults:
            if kwargs.get(each) is None:
                kwargs[each] = known[each]()
        return getattr(library("keras_preprocessing.image"), name)(*args, **kwargs)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"See `keras_preprocessing.image.{name}`."
    return call


DirectoryIterator = _of_package("DirectoryIterator", "data_format", "dtype")
ImageDataGenerator = _of_package("ImageDataGenerator", "data_format", "dtype")
NumpyArrayIterator = _of_package("NumpyArrayIterator", "data_format", "dtype")
apply_affine_transform = _of_package("apply_affine_transform")
apply_brightness_shift = _of_package("apply_brightness_shift")
apply_channel_shift = _of_package("apply_channel_shift")
array_to_img = _of_package("array_to_img", "data_format", "dtype")
img_to_array = _of_package("img_to_array", "data_format", "dtype")
load_img = _of_package("load_img")
random_brightness = _of_package("random_brightness")
random_channel_shift = _of_package("random_channel_shift")
random_rotation = _of_package("random_rotation")
random_shear = _of_package("random_shear")
random_shift = _of_package("random_shift")
random_zoom = _of_package("random_zoom")
save_img = _of_package("save_img", "data_format")
