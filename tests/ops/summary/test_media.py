"""Summaries of images and sounds."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest
from hypothesis import given

import minitf as tf
from minitf import ops
from minitf.ops.image import png
from minitf.testing.cases.summary.media import images

TAG = np.array(b"t", object)


def summary_of(serialized):
    return tf.Summary.FromString(serialized.item())


def pixels_of(value):
    return png.decode(value.image.encoded_image_string).pixels


def shown(image, **attrs):
    """The pixels that an image [H, W, C] gives."""
    (value,) = summary_of(ops.image_summary_op.body(TAG, image[None], **attrs)).value
    return pixels_of(value)


# --- ImageSummary ---------------------------------------------------------------------------------


@pytest.mark.paper("W-56")
def test_bytes_are_shown_as_they_are():
    pixels = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
    (value,) = summary_of(ops.image_summary_op.body(TAG, pixels[None], max_images=1)).value

    assert value.tag == "t/image"
    assert (value.image.height, value.image.width, value.image.colorspace) == (2, 3, 4)
    np.testing.assert_array_equal(pixels_of(value), pixels)


def test_floats_that_are_not_negative_reach_up_to_255():
    image = np.float32([[[0.0], [1.0], [2.0], [4.0]]])

    np.testing.assert_array_equal(shown(image)[0, :, 0], [0, 63, 127, 255])


def test_floats_of_both_signs_lie_about_128():
    image = np.float32([[[-2.0], [-1.0], [0.0], [1.0]]])

    np.testing.assert_array_equal(shown(image)[0, :, 0], [1, 64, 128, 191])


def test_a_pixel_that_is_not_finite_has_the_bad_colour_and_does_not_count():
    image = np.float32([[[1.0, np.nan, 900], [np.inf, 0, 0], [0, 2, 4]]])

    np.testing.assert_array_equal(shown(image)[0], [[255, 0, 0], [255, 0, 0], [0, 127, 255]])
    colour = np.uint8([1, 2, 3, 4])
    np.testing.assert_array_equal(shown(image, bad_color=colour)[0, 1], [1, 2, 3])


def test_images_are_numbered_by_how_many_are_wanted_not_by_how_many_there_are():
    many = np.ones((5, 1, 1, 1), np.float32)

    found = summary_of(ops.image_summary_op.body(TAG, many[:1], max_images=2))
    assert [value.tag for value in found.value] == ["t/image/0"]
    found = summary_of(ops.image_summary_op.body(TAG, many))
    assert [value.tag for value in found.value] == ["t/image/0", "t/image/1", "t/image/2"]


@pytest.mark.tensorflow
@given(case=images())
def test_the_pixels_are_tensorflows(tensorflow, case):
    tag, tensor = case.inputs
    if tensor.dtype != np.uint8:  # TensorFlow takes subnormal numbers for zero
        tensor = np.where(np.abs(tensor) < 1e-37, 0, tensor).astype(tensor.dtype)
    attrs = dict(case.attrs)
    with np.errstate(all="ignore"):
        ours = summary_of(ops.image_summary_op.body(tag, tensor, **attrs))
    attrs["bad_color"] = tensorflow.make_tensor_proto(attrs["bad_color"])
    with tensorflow.Graph().as_default(), tensorflow.Session() as session:
        made = tensorflow.raw_ops.ImageSummary(tag=tag.item(), tensor=tensor, **attrs)
        theirs = tf.Summary.FromString(session.run(made))

    assert len(ours.value) == len(theirs.value)
    for one, other in zip(ours.value, theirs.value, strict=True):
        np.testing.assert_array_equal(pixels_of(one), pixels_of(other))
        for value in (one, other):
            value.image.encoded_image_string = b""
        assert one == other


@pytest.mark.parametrize(
    ("tag", "shape", "attrs", "words"),
    [
        ([b"t"], (1, 1, 1, 1), {}, "Tags must be a scalar"),
        (b"t", (2, 2, 3), {}, r"Tensor must be 4-D with last dim 1, 3, or 4, not \[2,2,3\]"),
        (b"t", (1, 2, 2, 2), {}, r"Tensor must be 4-D with last dim 1, 3, or 4, not \[1,2,2,2\]"),
        (b"t", (1, 0, 2, 3), {}, r"non-zero dims. Found: \[1,0,2,3\]"),
        (b"t", (1, 1, 1, 3), {"bad_color": np.uint8([1])}, "got depth = 3, bad_color.size = 1"),
        (b"t", (1, 1, 1, 1), {"bad_color": np.float32([1])}, "must be uint8, got float"),
        (b"t", (1, 1, 1, 1), {"bad_color": np.uint8([[1]])}, r"a vector, got shape \[1,1\]"),
    ],
)
def test_an_image_that_cannot_be_shown_is_refused(tag, shape, attrs, words):
    with pytest.raises(tf.errors.InvalidArgumentError, match=words):
        ops.image_summary_op.body(np.array(tag, object), np.ones(shape, np.float32), **attrs)


def test_a_graph_with_a_bad_colour_is_written_and_read():
    colour = np.uint8([9, 8, 7])
    ops.image_summary_op("t", np.full((1, 1, 1, 3), np.nan, np.float32), bad_color=colour, name="s")
    message = tf.get_default_graph().as_graph_def()
    with tf.Graph().as_default(), tf.Session() as session:
        (made,) = tf.import_graph_def(message, return_elements=["s:0"], name="")
        (value,) = tf.Summary.FromString(session.run(made)).value

    np.testing.assert_array_equal(pixels_of(value)[0, 0], colour)


# --- AudioSummary, AudioSummaryV2 -----------------------------------------------------------------


@pytest.mark.paper("W-56")
def test_a_sound_is_a_wav_file():
    sound = np.float32([[[0.0, 0.5], [-1.0, 1.0], [9.0, -9.0]]])
    (value,) = summary_of(ops.audio_summary_v2_op.body(TAG, sound, np.float32(8000))).value

    assert value.tag == "t/audio/0"
    audio = value.audio
    assert (audio.sample_rate, audio.num_channels, audio.length_frames) == (8000, 2, 3)
    assert audio.content_type == "audio/wav"
    with wave.open(io.BytesIO(audio.encoded_audio_string)) as file:
        assert file.getparams()[:4] == (2, 2, 8000, 3)
        samples = np.frombuffer(file.readframes(3), "<i2")
    np.testing.assert_array_equal(samples, [0, 2**14, -(2**15), 2**15 - 1, 2**15 - 1, -(2**15)])


def test_a_matrix_has_sounds_of_one_channel():
    found = summary_of(
        ops.audio_summary_op.body(TAG, np.zeros((2, 5), np.float32), sample_rate=0.25)
    )

    assert [value.audio.num_channels for value in found.value] == [1, 1]
    with wave.open(io.BytesIO(found.value[1].audio.encoded_audio_string)) as file:
        assert file.getframerate() == 1  # the least that the format has


@pytest.mark.parametrize(
    ("tag", "shape", "rate", "words"),
    [
        ([b"t"], (1, 1), 1, "Tag must be a scalar"),
        (b"t", (1,), 1, r"Tensor must be 3-D or 2-D, got: \[1\]"),
        (b"t", (1, 1), [1, 2], "sample_rate must be a scalar"),
        (b"t", (1, 1), 0, "sample_rate must be > 0"),
        (b"t", (1, 1), np.nan, "sample_rate must be > 0"),
        (b"t", (1, 1), 1e10, r"sample_rate must be in \(0, 2\^32\), got: 10000000000"),
        (b"t", (1, 1), np.inf, r"sample_rate must be in \(0, 2\^32\), got: inf"),
        (b"t", (1, 1, 70000), 1, r"num_channels must be in \(0, 2\^16\), got: 70000"),
        (b"t", (1, 1, 0), 1, r"num_channels must be in \(0, 2\^16\), got: 0"),
    ],
)
def test_a_sound_that_no_file_can_hold_is_refused(tag, shape, rate, words):
    tensor = np.zeros(shape, np.float32)
    with pytest.raises(tf.errors.InvalidArgumentError, match=words):
        ops.audio_summary_v2_op.body(np.array(tag, object), tensor, np.float32(rate))
