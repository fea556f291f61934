"""What Python, NumPy and SciPy have dropped and `minitf run` puts back for the program it runs."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

PROGRAM = """
import base64, collections, fractions, inspect, threading, time
from html.parser import HTMLParser
import numpy as np
import scipy.misc
import tensorflow as tf
from scipy.misc import imread

assert isinstance({}, collections.Mapping) and isinstance([], collections.Sequence)
assert inspect.getargspec(lambda a, b=2, *c, **d: 0) == (["a", "b"], "c", "d", (2,))
assert time.clock() > 0
assert fractions.gcd(12, 18) == 6
assert base64.decodestring(base64.encodestring(b"tf")) == b"tf"
assert not threading.Thread().isAlive()
assert HTMLParser().unescape("&lt;b&gt;") == "<b>"

assert np.zeros(2, np.float).dtype == np.float64 and np.array([1], np.object).dtype == object
assert np.ones(2, np.int).dtype == np.int64 and np.ones(2, np.bool).dtype == np.bool_
assert np.isnan(np.NaN) and np.Inf == -np.NINF
assert np.fromstring(b"\\x01\\x02", np.uint8).tolist() == [1, 2]
np.fromstring(b"\\x01", np.uint8)[0] = 3  # memory of its own
assert np.fromstring("1 2", sep=" ").tolist() == [1, 2]
assert np.asscalar(np.ones(1)) == 1 and np.product([2, 3]) == 6 and np.rank([[1]]) == 2
assert np.in1d([1, 2], [2]).tolist() == [False, True] and np.msort([2, 1]).tolist() == [1, 2]

assert scipy.misc.imread is imread
assert scipy.misc.comb(4, 2) == 6 and scipy.misc.logsumexp([0.0]) == 0
try:
    scipy.misc.face
except AttributeError as error:
    assert "SciPy has dropped it" in str(error)
print(tf.Session().run(tf.constant(np.fromstring(b"\\x07", np.uint8))))
"""


def test_a_program_finds_names_of_its_time(tmp_path):
    script = tmp_path / "old.py"
    script.write_text(PROGRAM)
    command = [sys.executable, "-W", "error::FutureWarning", "-m", "minitf", "run", script]
    found = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (found.stderr, found.stdout, found.returncode) == ("", "[7]\n", 0)


def test_import_minitf_changes_nothing_of_numpys():
    program = "import minitf, numpy as np; assert 'float_' not in vars(np)"
    subprocess.run([sys.executable, "-c", program], check=True)


# --- images: scipy.misc ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def misc():
    pytest.importorskip("PIL")
    from minitf.compat.older import scipy_misc

    return scipy_misc


@given(x=arrays(np.float64, array_shapes(max_dims=2), elements=st.floats(-1e6, 1e6)))
def test_numbers_become_bytes_from_the_least_to_the_greatest(misc, x):
    scaled = misc.bytescale(x)
    width = (x.max() - x.min()) or 1

    assert scaled.dtype == np.uint8
    assert np.abs(scaled - (x - x.min()) / width * 255).max() <= 0.5 + 1e-6
    assert (misc.bytescale(scaled) == scaled).all()


@pytest.mark.parametrize("shape", [(3, 5), (3, 5, 3), (6, 5, 4)])
def test_an_image_is_read_as_it_was_written(misc, tmp_path, shape):
    path = tmp_path / "image.png"
    image = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    misc.imsave(path, image)

    assert (misc.imread(path) == image).all()
    grey = misc.imread(path, flatten=True)
    assert (grey.shape, grey.dtype) == (shape[:2], np.float32)
    assert misc.imread(path, mode="RGB").shape == (*shape[:2], 3)


def test_an_image_is_resized_by_per_cent_fraction_or_shape(misc):
    image = np.random.default_rng(2).integers(0, 256, (4, 6, 3)).astype(np.uint8)
    doubled = image.repeat(2, 0).repeat(2, 1)

    for size in (200, 2.0, (8, 12)):
        assert (misc.imresize(image, size, "nearest") == doubled).all()
    assert misc.imresize(image[..., 0] / 255.0, (2, 9)).shape == (2, 9)
    assert misc.imresize(image, np.float32(0.5), "bicubic").shape == (2, 3, 3)
    assert (misc.imrotate(image, 180) == image[::-1, ::-1]).all()


def test_arrays_become_images_of_the_mode_that_is_asked_for(misc):
    ramp = np.arange(6.0).reshape(2, 3)

    assert (misc.fromimage(misc.toimage(ramp, mode="F")) == ramp).all()
    assert (misc.fromimage(misc.toimage(ramp, mode="I")) == ramp).all()
    assert misc.fromimage(misc.toimage(ramp, mode="1")).tolist() == [[0, 0, 0], [255] * 3]
    assert misc.toimage(ramp, cmin=0, cmax=10).getpixel((2, 1)) == 128
    red = np.array([[255, 0, 0]] * 256, np.uint8)
    assert misc.fromimage(misc.toimage(ramp, pal=red)).tolist() == [[[255, 0, 0]] * 3] * 2
    assert misc.toimage(np.zeros((3, 2, 5))).size == (5, 2)


@pytest.mark.parametrize(
    ("array", "arguments", "message"),
    [
        (np.ones((2, 2), complex), {}, "complex-valued"),
        (np.ones((2, 2, 2)), {}, "suitable array shape"),
        (np.ones((3, 2, 2)), {"channel_axis": 1}, "Channel axis dimension"),
        (np.ones((2, 2)), {"mode": "RGB"}, "unknown or not supported"),
        (np.ones((2, 2, 3)), {"mode": "L"}, "unknown or not supported"),
        (np.ones((2, 2, 3)), {"mode": "CMYK"}, "Invalid array shape"),
        (np.ones((2, 2)), {"cmin": 1, "cmax": 0}, "larger than `cmin`"),
        (np.ones((2, 2)), {"high": 256}, "less than or equal to 255"),
        (np.ones((2, 2)), {"low": -1}, "greater than or equal to 0"),
        (np.ones((2, 2)), {"low": 9, "high": 8}, "greater than or equal to `low`"),
    ],
)
def test_what_is_no_image_is_refused(misc, array, arguments, message):
    with pytest.raises(ValueError, match=message):
        misc.toimage(array, **arguments)
    with pytest.raises(TypeError, match="not a PIL image"):
        misc.fromimage(array)
