"""Cases of the ops of `minitf.ops.conv.patches`."""

from hypothesis import strategies as st

from minitf.dtypes import REAL_NUMBERS
from minitf.ops.conv.patches import IMAGES
from minitf.testing import skips
from minitf.testing.array_cases import elements, moving
from minitf.testing.strategies import dtype_names

SIZES = st.integers(1, 3)


@st.composite
def windows(draw, types, rank, *, dilated=False):
    """Draw images or volumes and the attributes of their windows."""
    window = [draw(SIZES) for _ in range(rank)]
    rates = [draw(st.integers(1, 2)) if dilated else 1 for _ in range(rank)]
    extents = [(cells - 1) * rate + 1 for cells, rate in zip(window, rates, strict=True)]
    sizes = [extent + draw(st.integers(0, 2)) for extent in extents]
    shape = (draw(st.integers(0, 2)), *sizes, draw(SIZES))
    attrs = {
        "ksizes": (1, *window, 1),
        "strides": (1, *[draw(SIZES) for _ in range(rank)], 1),
        "padding": draw(st.sampled_from(["SAME", "VALID"])),
    }
    if dilated:
        attrs["rates"] = (1, *rates, 1)
    leaves_out = any(k < u for k, u in zip(attrs["ksizes"], attrs["strides"], strict=True))
    is_shifted = rank == 3 and leaves_out and attrs["padding"] == "SAME"
    images = draw(elements(shape, draw(dtype_names(types))))
    return moving((images,), attrs, oracle=skips.CENTRES_WINDOWS if is_shifted else "")


CASES = {
    "ExtractImagePatches": windows(IMAGES, 2, dilated=True),
    "ExtractVolumePatches": windows(REAL_NUMBERS, 3),
}
