"""`tf.keras.preprocessing.image`, of the package keras-preprocessing.

Its layout and type of images are the defaults of `tf.keras.backend`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.keras.backend.config import floatx, image_data_format
from minitf.keras.utils.data_utils import Sequence
from minitf.keras.utils.extra import library

_image = library("keras_preprocessing.image")

apply_affine_transform = _image.apply_affine_transform
apply_brightness_shift = _image.apply_brightness_shift
apply_channel_shift = _image.apply_channel_shift
load_img = _image.load_img
random_brightness = _image.random_brightness
random_channel_shift = _image.random_channel_shift
random_rotation = _image.random_rotation
random_shear = _image.random_shear
random_shift = _image.random_shift
random_zoom = _image.random_zoom
Iterator = _image.Iterator


def array_to_img(x: Any, data_format: Any = None, scale: bool = True, dtype: Any = None) -> Any:
    """Return an image of Pillow for an array."""
    layout, kind = data_format or image_data_format(), dtype or floatx()
    return _image.array_to_img(x, data_format=layout, scale=scale, dtype=kind)


def img_to_array(img: Any, data_format: Any = None, dtype: Any = None) -> Any:
    """Return an array for an image of Pillow."""
    layout, kind = data_format or image_data_format(), dtype or floatx()
    return _image.img_to_array(img, data_format=layout, dtype=kind)


def save_img(
    path: Any,
    x: Any,
    data_format: Any = None,
    file_format: Any = None,
    scale: bool = True,
    **kwargs: Any,
) -> None:
    """Write an array as an image."""
    layout = data_format or image_data_format()
    _image.save_img(path, x, data_format=layout, file_format=file_format, scale=scale, **kwargs)


def _with_defaults(base: Any, *further: type[Any]) -> Any:
    """Return a class like one of the package, with the defaults of the backend."""
    init: Callable[..., None] = base.__init__

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 - it becomes that
        if kwargs.get("data_format") is None:
            kwargs["data_format"] = image_data_format()
        kwargs.setdefault("dtype", floatx())
        init(self, *args, **kwargs)

    body = {"__init__": __init__, "__doc__": base.__doc__, "__module__": __name__}
    return type(base.__name__, (base, *further), body)


DirectoryIterator = _with_defaults(_image.DirectoryIterator, Sequence)
ImageDataGenerator = _with_defaults(_image.ImageDataGenerator)
NumpyArrayIterator = _with_defaults(_image.NumpyArrayIterator, Sequence)
