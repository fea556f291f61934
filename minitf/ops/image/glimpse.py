"""Windows cut out of images around given places, with noise where they reach beyond the edge.

Source: TensorFlow's op of the same name; Mnih et al., "Recurrent models of visual attention".
"""

from typing import Any

import numpy as np

from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.random.conversion import normal_floats, uniform_floats
from minitf.ops.random.philox import reserve
from minitf.resources import Context
from minitf.shapes import UNKNOWN, Shape, must_equal
from minitf.symbols import C, H, N, P, Q, W, float32, int32, n

Array = np.ndarray[Any, Any]

# --- ExtractGlimpse ------------------------------------------------------------------------------


@op("ExtractGlimpse", outputs=("glimpse",))
def extract_glimpse_op(
    input: float32[N, H, W, C],
    size: int32[n],
    offsets: float32[N, n],
    *,
    centered: bool = True,
    normalized: bool = True,
    uniform_noise: bool = True,
    noise: str = "uniform",
    context: Context,
) -> float32[N, P, Q, C]:
    """Cut a window around a place out of each image.

    Args:
        input: float32[N, H, W, C].
        size: int32[2], height and width of the windows.
        offsets: float32[N, 2], the middle of each window: y, x.
        centered: whether (0, 0) is the middle of the image and offsets count half; else it is the
            first pixel.
        normalized: whether 1 is the size of the image; else it is a pixel.
        uniform_noise: whether noise is uniform in [0, 1) if `noise` is "uniform"; else normal.
        noise: "uniform"; "gaussian" with each channel's mean and deviation; "zero".

    Returns:
        float32[N, size[0], size[1], C].

    Raises:
        InvalidArgumentError: if shapes do not fit or there is no such noise.

    Source: TensorFlow's op of the same name.
    """
    if input.ndim != 4:
        raise invalid("input must be 4-dimensional (batch_size, height, width, depth)")
    if size.shape != (2,):
        raise invalid("input must be a vector of size 2 (height, width)", size=list(size.shape))
    if offsets.shape != (len(input), 2):
        raise invalid("input should have the same batch size as offsets", offsets=offsets.shape)
    if noise not in ("uniform", "gaussian", "zero"):
        raise invalid(f"The noise could only be uniform, gaussian, or zero, got {noise}")
    kind = "gaussian" if noise == "uniform" and not uniform_noise else noise
    height, width = size.tolist()
    out = _noise(input, (len(input), height, width, input.shape[3]), kind, context)
    ends = np.array(input.shape[1:3], np.float32)
    middles = offsets * ends if normalized else offsets
    if centered:
        middles = middles / 2 + ends / 2
    starts = np.trunc(middles - size.astype(np.float32) / 2).astype(int)
    for image, window, (y, x) in zip(input, out, starts.tolist(), strict=True):
        top, left = max(y, 0), max(x, 0)
        seen = image[top : max(y + height, 0), left : max(x + width, 0)]
        window[top - y :, left - x :][: seen.shape[0], : seen.shape[1]] = seen
    return out


def _noise(images: Array, shape: tuple[int, ...], kind: str, context: Context) -> Array:
    """Return what stands where a window sees nothing."""
    if kind == "zero":
        return np.zeros(shape, np.float32)
    count = int(np.prod(shape))
    stream = reserve(context, 0, 0, count)
    convert = uniform_floats if kind == "uniform" else normal_floats
    drawn = convert(stream.blocks(-(-count // 4))).ravel()[:count].reshape(shape)
    if kind == "uniform":
        return drawn
    mean, deviation = (f(images, (1, 2), keepdims=True) for f in (np.mean, np.std))
    return (drawn * deviation + mean).astype(np.float32)


@extract_glimpse_op.shape(values_of=("size",))
def extract_glimpse_shape(input: Shape, size: Any, offsets: Shape, **attrs: Any) -> Shape:
    batch = must_equal(input[0], offsets[0])
    must_equal(offsets[1], 2, "Dimension must be 2 but is")
    height, width = (UNKNOWN, UNKNOWN) if size is None else size
    return Shape([batch, height, width, input[3]])


extract_glimpse_op.no_gradient("TensorFlow calls it not differentiable")
