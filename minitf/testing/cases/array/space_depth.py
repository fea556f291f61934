"""Cases of the ops of `minitf.ops.array.space_depth`."""

from hypothesis import strategies as st

from minitf.testing import skips
from minitf.testing.array_cases import COMMON, elements, moving, types


@st.composite
def blocks(draw, *, back=False):
    side = draw(st.integers(2, 3))
    N, H, W, C = (draw(st.integers(0, 2)) for _ in range(4))
    image = (H, W, C * side**2) if back else (H * side, W * side, C)
    layout = draw(st.sampled_from(["NHWC", "NCHW", "NCHW_VECT_C"]))
    shapes = {
        "NHWC": (N, *image),
        "NCHW": (N, image[2], *image[:2]),
        "NCHW_VECT_C": (N, image[2], *image[:2], 4),
    }
    array = draw(elements(shapes[layout], draw(types(COMMON))))
    oracle = "" if layout == "NHWC" else skips.NHWC_ONLY
    return moving((array,), {"block_size": side, "data_format": layout}, oracle=oracle)


CASES = {"SpaceToDepth": blocks(), "DepthToSpace": blocks(back=True)}
