"""Reading and writing images: there and back, TensorFlow's files, torn files."""

from __future__ import annotations

import io
import sys

import numpy as np
import pytest
from hypothesis import given

from minitf.dtypes import uint8, uint16
from minitf.errors import InvalidArgumentError, UnimplementedError
from minitf.ops.image import png
from minitf.ops.image.decode import (
    decode_bmp_op,
    decode_gif_op,
    decode_image_op,
    decode_png_op,
)
from minitf.ops.image.decode_jpeg import (
    decode_and_crop_jpeg_op,
    decode_jpeg_op,
    extract_jpeg_shape_op,
)
from minitf.ops.image.encode import encode_jpeg_op, encode_png_op
from minitf.ops.image.pillow import pillow
from minitf.testing.cases.image.decode import file
from minitf.testing.cases.image.encode import pngs

Y, X = np.mgrid[:40, :50]
PICTURE = np.stack([128 + 100 * np.sin(Y / 5), X * 5 % 256, Y * X % 256], -1).astype(np.uint8)


@given(case=pngs())
def test_a_png_gives_its_pixels_back(case):
    (pixels,) = case.inputs
    files = encode_png_op.body(pixels, **case.attrs)

    dtype = uint16 if pixels.dtype == np.uint16 else uint8
    images = pixels.reshape(-1, *pixels.shape[-3:])
    for contents, want in zip(files.flat, images, strict=True):
        np.testing.assert_array_equal(decode_png_op.body(file(contents), dtype=dtype), want)


@pytest.mark.tensorflow
@given(case=pngs())
def test_tensorflow_reads_our_pngs_and_we_read_its(case, tensorflow):
    (pixels,) = case.inputs
    images = pixels.reshape(-1, *pixels.shape[-3:])[:2]
    dtype = uint16 if pixels.dtype == np.uint16 else uint8
    with tensorflow.Graph().as_default(), tensorflow.Session() as session:
        for image in images:
            ours = encode_png_op.body(image, **case.attrs).item()
            theirs = session.run(tensorflow.raw_ops.EncodePng(image=image, **case.attrs))
            read = session.run(tensorflow.raw_ops.DecodePng(contents=ours, dtype=dtype.name))

            np.testing.assert_array_equal(read, image)
            np.testing.assert_array_equal(decode_png_op.body(file(theirs), dtype=dtype), image)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("channels", [0, 1, 3, 4])
@pytest.mark.tensorflow
def test_pngs_of_all_kinds_are_read_as_in_tensorflow(mode, channels, tensorflow):
    image = pillow().fromarray(PICTURE)
    if mode == "I;16":
        image = pillow().fromarray(PICTURE[..., 2].astype(np.uint16) * 200 + 7)
    else:
        image = image.convert(mode)
    for options in ({}, {"bits": 4}, {"transparency": 3 if mode in "1LP" else (128, 0, 0)}):
        if "bits" in options and mode != "P":
            continue
        if "transparency" in options and mode not in ("L", "P", "RGB"):
            continue
        written = io.BytesIO()
        image.save(written, "PNG", **options)
        contents = written.getvalue()
        for dtype in (uint8, uint16):
            with tensorflow.Graph().as_default(), tensorflow.Session() as session:
                theirs = session.run(
                    tensorflow.raw_ops.DecodePng(
                        contents=contents, channels=channels, dtype=dtype.name
                    )
                )
            ours = decode_png_op.body(file(contents), channels=channels, dtype=dtype)

            if channels == 4 and (mode == "1" or "bits" in options):
                # of files with few bits TensorFlow takes 1 or 15 for opaque
                ours, theirs = ours[..., :3], theirs[..., :3]
            assert ours.dtype == theirs.dtype
            np.testing.assert_array_equal(ours, theirs)


def test_interlaced_pngs_are_seven_small_ones():
    pixels = np.arange(64, dtype=np.uint8).reshape(8, 8, 1)
    rows = b"".join(
        b"\0" + row.tobytes() for y, x, dy, dx in png.ADAM7 for row in pixels[y::dy, x::dx, 0]
    )
    plain = png.encode(pixels)
    header = png._chunk(b"IHDR", plain[16:28] + b"\1")
    made = png.SIGNATURE + header + png._chunk(b"IDAT", png.zlib.compress(rows)) + plain[-12:]

    np.testing.assert_array_equal(decode_png_op.body(file(made)), pixels)


def test_a_small_picture_in_a_bmp():
    red, green = [255, 0, 0], [0, 255, 0]
    header = b"BM" + bytes(8) + b"\x36\0\0\0" + b"\x28\0\0\0\x02\0\0\0\x01\0\0\0\x01\0\x18\0"
    contents = header.ljust(54, b"\0") + bytes([0, 0, 255, 0, 255, 0, 0, 0])

    assert decode_bmp_op.body(file(contents)).tolist() == [[red, green]]


@pytest.mark.tensorflow
@pytest.mark.parametrize("channels", [0, 1, 3])
@pytest.mark.parametrize("ratio", [1, 2, 4, 8])
def test_a_jpeg_is_decoded_as_tensorflow_does_accurately(channels, ratio, tensorflow):
    contents = encode_jpeg_op.body(PICTURE)
    attrs = {"channels": channels, "ratio": ratio, "dct_method": "INTEGER_ACCURATE"}
    with tensorflow.Graph().as_default(), tensorflow.Session() as session:
        theirs = session.run(tensorflow.raw_ops.DecodeJpeg(contents=contents.item(), **attrs))

    np.testing.assert_array_equal(decode_jpeg_op.body(contents, **attrs), theirs)


def test_a_part_of_a_jpeg_is_that_part_of_the_whole():
    contents = encode_jpeg_op.body(PICTURE)

    part = decode_and_crop_jpeg_op.body(contents, np.int32([3, 4, 10, 20]))

    np.testing.assert_array_equal(part, decode_jpeg_op.body(contents)[3:13, 4:24])
    assert extract_jpeg_shape_op.body(contents).tolist() == [40, 50, 3]


def test_a_torn_jpeg_is_read_as_far_as_it_goes():
    whole = encode_jpeg_op.body(PICTURE)
    torn = file(whole.item()[:1500])

    with pytest.raises(InvalidArgumentError, match="Invalid JPEG data"):
        decode_jpeg_op.body(torn)
    found = decode_jpeg_op.body(torn, try_recover_truncated=True)

    np.testing.assert_array_equal(found[:8], decode_jpeg_op.body(whole)[:8])


def test_the_frames_of_a_gif():
    frames = [pillow().new("RGB", (4, 3), colour) for colour in ("red", "blue")]
    written = io.BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    contents = file(written.getvalue())

    found = decode_gif_op.body(contents)

    assert found.shape == (2, 3, 4, 3)
    assert found[:, 0, 0].tolist() == [[255, 0, 0], [0, 0, 255]]
    assert decode_image_op.body(contents, expand_animations=False).shape == (3, 4, 3)
    with pytest.raises(InvalidArgumentError, match="Got 2 frames"):
        decode_jpeg_op.body(contents)


@pytest.mark.parametrize(
    ("contents", "phrase"),
    [
        (b"", "Input is empty"),
        (b"a picture", "Unknown image file format"),
        (png.encode(PICTURE)[:-20], "Invalid PNG data, size"),
        (png.encode(PICTURE)[:60] + b"?" + png.encode(PICTURE)[61:], "Invalid PNG data"),
        (b"\xff\xd8\xff and no more", "Invalid JPEG data"),
        (b"GIF89a", "Invalid GIF data"),
        (b"BM", "Incomplete bmp content"),
    ],
)
def test_what_is_no_image_is_refused(contents, phrase):
    with pytest.raises(InvalidArgumentError, match=phrase):
        decode_image_op.body(file(contents))


def test_only_existing_channels_ratios_and_qualities_are_taken():
    jpeg = encode_jpeg_op.body(PICTURE)

    for call, phrase in (
        (lambda: decode_jpeg_op.body(jpeg, channels=2), "channels must be 0, 1, 3 or 4, got 2"),
        (lambda: decode_jpeg_op.body(jpeg, ratio=3), "ratio must be 1, 2, 4, or 8, got 3"),
        (lambda: encode_jpeg_op.body(PICTURE, quality=101), "quality must be in \\[0,100\\]"),
        (lambda: encode_jpeg_op.body(PICTURE, format="grayscale"), "expects 1 channels"),
        (lambda: encode_png_op.body(PICTURE, compression=10), "compression should be in"),
        (lambda: decode_bmp_op.body(jpeg), "Trying to decode JPEG format using DecodeBmp"),
        (
            lambda: decode_and_crop_jpeg_op.body(jpeg, np.int32([0, 0, 41, 3])),
            "Invalid JPEG data or crop window",
        ),
    ):
        with pytest.raises(InvalidArgumentError, match=phrase):
            call()


def test_without_pillow_the_extra_is_named(monkeypatch):
    jpeg = encode_jpeg_op.body(PICTURE)
    monkeypatch.setitem(sys.modules, "PIL", None)

    with pytest.raises(UnimplementedError, match=r"pip install 'minitf\[images\]'"):
        decode_jpeg_op.body(jpeg)
    assert extract_jpeg_shape_op.body(jpeg).tolist() == [40, 50, 3]
    assert decode_png_op.body(file(png.encode(PICTURE))).shape == PICTURE.shape
