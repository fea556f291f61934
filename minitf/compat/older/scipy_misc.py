"""`scipy.misc` as it was: images read, resized and written by Pillow, and functions of numbers.

SciPy dropped the functions for images in 1.2 and 1.3 and the rest later; programs that draw (style
transfer, generative networks) call `scipy.misc.imread`, `imresize` and `imsave` throughout.

Source: no paper; SciPy 1.0's documentation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

_SAMPLING = {"nearest": 0, "lanczos": 1, "bilinear": 2, "bicubic": 3, "cubic": 3}
_OF_SPECIAL = ("comb", "factorial", "factorial2", "factorialk", "logsumexp")


def __getattr__(name: str) -> Any:
    """Return a function that has moved to `scipy.special`."""
    if name in _OF_SPECIAL:
        from importlib import import_module

        return getattr(import_module("scipy.special"), name)
    raise AttributeError(
        f"module 'scipy.misc' has no attribute {name!r}: SciPy has dropped it, and MiniTF gives "
        "back the functions for images alone"
    )


def _pillow() -> Any:
    try:
        from PIL import Image
    except ImportError as error:
        raise ImportError("scipy.misc reads images by Pillow: pip install pillow") from error
    return Image


def bytescale(
    data: Any, cmin: Any = None, cmax: Any = None, high: int = 255, low: int = 0
) -> np.ndarray[Any, Any]:
    """Return real numbers as bytes: those from `cmin` to `cmax` become `low` to `high`.

    Args:
        data: real[...]; bytes are returned as they are.
        cmin: the number that becomes `low`, by default the least.
        cmax: the number that becomes `high`, by default the greatest.
        high: at most 255.
        low: at least 0.

    Raises:
        ValueError: if the bounds do not fit.
    """
    data = np.asarray(data)
    if data.dtype == np.uint8:
        return np.asarray(data)
    if high > 255:
        raise ValueError("`high` should be less than or equal to 255.")
    if low < 0:
        raise ValueError("`low` should be greater than or equal to 0.")
    if high < low:
        raise ValueError("`high` should be greater than or equal to `low`.")
    least = data.min() if cmin is None else cmin
    width = (data.max() if cmax is None else cmax) - least
    if width < 0:
        raise ValueError("`cmax` should be larger than `cmin`.")
    scaled = (data - least) * (float(high - low) / (width or 1)) + low
    return np.asarray(scaled.clip(low, high) + 0.5).astype(np.uint8)


def toimage(
    arr: Any,
    high: int = 255,
    low: int = 0,
    cmin: Any = None,
    cmax: Any = None,
    pal: Any = None,
    mode: str | None = None,
    channel_axis: int | None = None,
) -> Any:
    """Return a Pillow image of an array [height, width], or one with an axis of 3 or 4 channels.

    Args:
        arr: real numbers, scaled as by `bytescale` unless the mode is "F" or "I".
        high: the byte that `cmax` becomes.
        low: the byte that `cmin` becomes.
        cmin: by default the least number.
        cmax: by default the greatest number.
        pal: a palette uint8[256, 3], for the mode "P".
        mode: of the image: "L", "P", "1", "I" or "F"; with channels "RGB", "RGBA", "YCbCr", "CMYK".
        channel_axis: the axis of the channels; by default the first one of 3, or of 4, entries.

    Raises:
        ValueError: if the array or the mode does not fit.
    """
    pillow, data = _pillow(), np.asarray(arr)
    if np.iscomplexobj(data):
        raise ValueError("Cannot convert a complex-valued array.")
    if data.ndim == 3 and {3, 4} & set(data.shape):
        return _of_channels(pillow, data, mode, channel_axis, (cmin, cmax, high, low))
    if data.ndim != 2:
        raise ValueError("'arr' does not have a suitable array shape for any mode.")
    if mode in {"F", "I"}:
        return pillow.fromarray(data.astype(np.float32 if mode == "F" else np.int32))
    if mode not in {None, "L", "P", "1"}:
        raise ValueError(f"Mode {mode!r} is unknown or not supported.")
    data = bytescale(data, cmin, cmax, high, low)
    if mode == "1":
        return pillow.fromarray(data).point(lambda byte: 255 * (byte > 128), mode="1")
    image = pillow.fromarray(data)
    if mode == "P" or pal is not None:
        greys = np.repeat(np.arange(256, dtype=np.uint8), 3)
        image.putpalette(np.asarray(greys if pal is None else pal, np.uint8).tobytes())
    return image


def _of_channels(
    pillow: Any, data: Any, mode: str | None, axis: int | None, scaling: tuple[Any, ...]
) -> Any:
    if axis is None:
        axis = data.shape.index(3 if 3 in data.shape else 4)
    count = data.shape[axis]
    if count not in {3, 4}:
        raise ValueError("Channel axis dimension is not valid.")
    mode = mode or ("RGB" if count == 3 else "RGBA")
    if mode not in {"RGB", "RGBA", "YCbCr", "CMYK"}:
        raise ValueError(f"Mode {mode!r} is unknown or not supported.")
    if (count == 3) != (mode in {"RGB", "YCbCr"}):
        raise ValueError("Invalid array shape for mode.")
    data = np.moveaxis(bytescale(data, *scaling), axis, 2)
    return pillow.frombytes(mode, data.shape[1::-1], np.ascontiguousarray(data).tobytes())


def fromimage(
    im: Any, flatten: bool | int = False, mode: str | None = None
) -> np.ndarray[Any, Any]:
    """Return a Pillow image as an array uint8[height, width] or uint8[height, width, channels].

    Args:
        im: the image; one with a palette becomes "RGB", or "RGBA" if it is transparent.
        flatten: whether to return grey levels, float32[height, width].
        mode: what the image is converted to before.

    Raises:
        TypeError: if it is no image.
    """
    if not isinstance(im, _pillow().Image):
        raise TypeError("Input is not a PIL image.")
    if mode is not None:
        im = im if im.mode == mode else im.convert(mode)
    elif im.mode == "P":
        im = im.convert("RGBA" if "transparency" in im.info else "RGB")
    if flatten:
        im = im.convert("F")
    elif im.mode == "1":
        im = im.convert("L")
    return np.array(im)


def imread(name: Any, flatten: bool | int = False, mode: str | None = None) -> np.ndarray[Any, Any]:
    """Return the image in a file, as `fromimage` does.

    Args:
        name: the path of a file, or a file that is open.
        flatten: whether to return grey levels, float32.
        mode: what the image is converted to.

    Raises:
        OSError: if the file cannot be read, or is no image.
    """
    with _pillow().open(name) as image:
        return fromimage(image, flatten, mode)


def imsave(name: Any, arr: Any, format: str | None = None) -> None:
    """Write an array [height, width] or [height, width, channels] to a file, as `toimage` does.

    Args:
        name: the path of a file, whose ending tells the format, or a file that is open.
        arr: the array.
        format: of the file.
    """
    toimage(arr, channel_axis=2).save(name, format)


def imresize(
    arr: Any, size: Any, interp: str = "bilinear", mode: str | None = None
) -> np.ndarray[Any, Any]:
    """Return an image of another size, uint8[height, width] or uint8[height, width, channels].

    Args:
        arr: the image, scaled to bytes as by `toimage`.
        size: per cent as a whole number, a fraction as a float, or (height, width).
        interp: "nearest", "lanczos", "bilinear", "bicubic" or "cubic".
        mode: of the image while it is resized.
    """
    image = toimage(arr, mode=mode)
    if isinstance(size, (int, float, np.number)):
        fraction = size / 100 if isinstance(size, (int, np.integer)) else size
        width, height = (int(length * fraction) for length in image.size)
    else:
        height, width = size[0], size[1]
    return fromimage(image.resize((width, height), resample=_SAMPLING[interp]))


def imrotate(arr: Any, angle: float, interp: str = "bilinear") -> np.ndarray[Any, Any]:
    """Return an image turned against the clock, of the same size.

    Args:
        arr: the image, scaled to bytes as by `toimage`.
        angle: in degrees.
        interp: as of `imresize`.
    """
    return fromimage(toimage(arr).rotate(angle, resample=_SAMPLING[interp]))
