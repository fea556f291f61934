"""Cases of the ops of `minitf.ops.nn.fused_batch_norm`."""

import numpy as np
from hypothesis import strategies as st

from minitf.ops.nn.fused_batch_norm import IMAGES, SINGLE, fused_batch_norm_v3_op
from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.strategies import dtype_names, whole

SIDES = st.integers(1, 3)


@st.composite
def batches(draw, version, *, backward=False):
    """Draw a call of any version: small whole numbers, whose sums are exact.

    A variance may be 0, so that 1 / sqrt(epsilon) magnifies the rounding of a mean: by 32.  Of a
    gradient's terms the greatest are scale * r * g * xhat**2, with xhat**2 at most the 54 elements
    of a channel.
    """
    images = np.dtype(draw(dtype_names(SINGLE if version == 1 else IMAGES)))
    formats = ["NHWC", "NCHW", *(["NDHWC", "NCDHW"] if version == 3 else [])]
    data_format = draw(st.sampled_from(formats))
    c = draw(SIDES)
    sides = (draw(st.integers(0, 2)), *[draw(SIDES) for _ in data_format[2:]])
    shape = (sides[0], c, *sides[1:]) if data_format.startswith("NC") else (*sides, c)
    x = draw(whole(shape, images, -4, 4))
    narrow = version == 3 and images.name == "bfloat16" and not backward and draw(st.booleans())
    kind = images if narrow else np.float32
    limits = (-2, 2), (-2, 2), (-2, 2), (0, 4)
    vectors = [draw(whole(c, kind, *each)) for each in limits]
    attrs = {
        "epsilon": draw(st.sampled_from([1.0, 0.1] if backward else [1.0, 0.1, 1e-3])),
        "data_format": data_format,
        "is_training": draw(st.booleans()),
    }
    if not backward:
        factor = draw(st.sampled_from([1.0, 0.5]))
        unset = () if attrs["is_training"] else (3, 4)
        if not x.size:  # statistics are NaN there, given ones too, or not set at all
            unset = (1, 2, 3, 4)
        if attrs["is_training"] and factor == 1:
            vectors[2:] = [np.zeros(0, kind)] * 2
        return Case(
            (x, *vectors),
            {**attrs, "exponential_avg_factor": factor},
            scale=512 if images == np.float32 else 1,
            unset=unset,
        )
    grads = draw(whole(shape, images, -4, 4))
    y_was_made_with = vectors[2:]
    if attrs["is_training"] and x.size:
        made = fused_batch_norm_v3_op.body(x, *vectors, **attrs)
        y_was_made_with = made[3:5]
    inputs = [grads, x, vectors[0], *y_was_made_with]
    if version == 3:
        inputs.append(np.float32(0))
    channels_first = data_format.startswith("NC")
    return Case(
        tuple(inputs),
        attrs,
        scale=2000,
        unset=() if x.size else (0,),  # of another rank if there are volumes
        oracle=skips.NHWC_ONLY if channels_first and not attrs["is_training"] else "",
    )


CASES = {
    "FusedBatchNorm": batches(1),
    "FusedBatchNormV2": batches(2),
    "FusedBatchNormV3": batches(3),
    "FusedBatchNormGrad": batches(1, backward=True),
    "FusedBatchNormGradV2": batches(2, backward=True),
    "FusedBatchNormGradV3": batches(3, backward=True),
}
