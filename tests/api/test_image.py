"""tf.image: programs, their nodes and values beside TensorFlow's; what they refuse."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import assert_same_graph, built, fed

import minitf as tf

RNG = np.random.default_rng(7)
PIXELS = RNG.random((6, 7, 3), np.float32)
BYTES = RNG.integers(0, 256, (6, 7, 3), np.uint8)
BATCH = RNG.random((2, 6, 7, 3), np.float32)
LARGE = RNG.random((2, 200, 190, 2), np.float32)
OTHER = np.clip(LARGE + RNG.normal(0, 0.1, LARGE.shape).astype(np.float32), 0, 1)
BOXES = np.float32([[0, 0, 1, 1], [0, 0, 1, 0.9], [0.5, 0.5, 0.75, 1]])
SCORES = np.float32([0.8, 0.9, 0.3])


def call(function, *arrays, shape=None, **options):
    """Return a function that calls `tf.image.<function>` on fed arrays."""

    def make(lib):
        given = [fed(lib, array, shape) for array in arrays]
        return getattr(lib.image, function)(*given, **options)

    return make


ALIKE = {
    "flip": call("flip_left_right", PIXELS),
    "flip batch": call("flip_up_down", BATCH),
    "transpose": call("transpose_image", PIXELS),
    "transpose batch": call("transpose", BATCH, name="turned"),
    "central crop": call("central_crop", PIXELS, central_fraction=0.5),
    "central crop batch": call("central_crop", BATCH, central_fraction=0.34),
    "resize": call("resize_images", PIXELS, size=[4, 9]),
    "resize nearest": call("resize_images", BATCH, size=[4, 9], method=1),
    "resize bicubic": call("resize", BATCH, size=[4, 9], method=2, align_corners=True),
    "resize area": call("resize", BATCH, size=[4, 9], method=3),
    "resize to itself": call("resize", PIXELS, size=[6, 7]),
    "resize unknown": call("resize_images", BATCH, shape=[None, None, None, 3], size=[4, 9]),
    "resize_bilinear": call("resize_bilinear", BATCH, size=[4, 9], half_pixel_centers=True),
    "resize_nearest": call("resize_nearest_neighbor", BATCH, size=[4, 9], name="small"),
    "resize_bicubic": call("resize_bicubic", BATCH, size=[4, 9]),
    "resize_area": call("resize_area", BATCH, size=[4, 9]),
    "standardize": call("per_image_standardization", BYTES),
    "brightness of floats": call("adjust_brightness", PIXELS, delta=-0.2),
    "contrast of floats": call("adjust_contrast", BATCH, contrast_factor=0.5),
    "gamma": call("adjust_gamma", PIXELS, gamma=2.0, gain=0.5),
    "hue": call("adjust_hue", BYTES, delta=0.3),
    "saturation": call("adjust_saturation", PIXELS, saturation_factor=1.7),
    "to float": call("convert_image_dtype", BYTES, dtype="float32"),
    "to bytes": call("convert_image_dtype", PIXELS, dtype="uint8"),
    "to more bits": call("convert_image_dtype", BYTES, dtype="uint16"),
    "to fewer bits": call("convert_image_dtype", BYTES.astype(np.int32), dtype="int16"),
    "grey": call("rgb_to_grayscale", PIXELS),
    "grey bytes": call("rgb_to_grayscale", BYTES),
    "coloured": call("grayscale_to_rgb", PIXELS[..., :1]),
    "yiq": call("rgb_to_yiq", PIXELS),
    "from yiq": call("yiq_to_rgb", PIXELS),
    "yuv": call("rgb_to_yuv", BATCH),
    "from yuv": call("yuv_to_rgb", BATCH),
    "hsv": call("rgb_to_hsv", BATCH),
    "from hsv": call("hsv_to_rgb", BATCH),
    "total variation": call("total_variation", PIXELS),
    "total variation batch": call("total_variation", BATCH),
    "gradients": call("image_gradients", BATCH),
    "patches": call(
        "extract_patches",
        BATCH,
        sizes=[1, 2, 3, 1],
        strides=[1, 2, 1, 1],
        rates=[1, 1, 2, 1],
        padding="SAME",
    ),
    "patches by their older name": lambda lib: lib.extract_image_patches(
        fed(lib, BATCH), [1, 2, 2, 1], [1, 1, 1, 1], [1, 1, 1, 1], "VALID", name="p"
    ),
    "patches of volumes": lambda lib: lib.extract_volume_patches(
        fed(lib, BATCH[..., None]), [1, 2, 2, 2, 1], [1, 2, 1, 1, 1], "VALID"
    ),
    "draw": call("draw_bounding_boxes", BATCH, np.stack([BOXES, BOXES])),
    "suppression": call("non_max_suppression", BOXES, SCORES, max_output_size=3),
    "soft suppression": call(
        "non_max_suppression_with_scores", BOXES, SCORES, max_output_size=4, soft_nms_sigma=0.5
    ),
    "table suppression": call(
        "non_max_suppression_overlaps", np.eye(3, dtype=np.float32), SCORES, max_output_size=2
    ),
    "combined suppression": call(
        "combined_non_max_suppression",
        BOXES[None, :, None],
        SCORES[None, :, None],
        max_output_size_per_class=2,
        max_total_size=4,
    ),
    "crop and resize": call(
        "crop_and_resize", BATCH, BOXES, box_ind=[0, 1, 1], crop_size=[3, 4], name="crops"
    ),
    "lots": lambda lib: lib.image.sample_distorted_bounding_box(
        [50, 60, 3], BOXES[None], seed=5, seed2=6, area_range=(0.08, 1.0)
    ),
    "random brightness": call("random_brightness", PIXELS, max_delta=0.3, seed=5),
    "random contrast": call("random_contrast", PIXELS, lower=0.2, upper=1.8, seed=5),
    "random hue": call("random_hue", PIXELS, max_delta=0.2, seed=5),
    "random saturation": call("random_saturation", BYTES, lower=0.5, upper=1.5, seed=5),
    "is jpeg": lambda lib: lib.image.is_jpeg(b"\xff\xd8\xff and more"),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", ALIKE)
def test_nodes_and_values_are_tensorflows(name, tensorflow):
    assert_same_graph(tensorflow, ALIKE[name])


# TensorFlow decides with cond, or by ops that are newer or not made here: results are equal.
EQUAL = {
    "brightness": call("adjust_brightness", BYTES, delta=0.2),
    "contrast": call("adjust_contrast", BYTES, contrast_factor=1.5),
    "padded suppression": call(
        "non_max_suppression_padded",
        BOXES,
        SCORES,
        max_output_size=4,
        pad_to_max_output_size=True,
    ),
    "random flip batch": call("random_flip_left_right", BATCH, seed=5),
    "random flip": call("random_flip_left_right", PIXELS, seed=5),
    "random flip up": call("random_flip_up_down", PIXELS, seed=6),
    "turned": call("rot90", PIXELS, k=1),
    "turned thrice": call("rot90", PIXELS, k=3),
    "turned by -2": call("rot90", BATCH, k=-2),
    "flip of unknown rank": call("flip_left_right", BATCH, shape=[None] * 4),
    "crop": call(
        "crop_to_bounding_box",
        PIXELS,
        offset_height=1,
        offset_width=2,
        target_height=3,
        target_width=4,
    ),
    "crop unknown": call(
        "crop_to_bounding_box",
        BATCH,
        shape=[None] * 4,
        offset_height=1,
        offset_width=2,
        target_height=3,
        target_width=4,
    ),
    "pad": call(
        "pad_to_bounding_box",
        PIXELS,
        offset_height=1,
        offset_width=2,
        target_height=9,
        target_width=11,
    ),
    "crop or pad": call("resize_image_with_crop_or_pad", PIXELS, target_height=9, target_width=4),
    "crop or pad unknown": call(
        "resize_with_crop_or_pad", BATCH, shape=[None] * 4, target_height=3, target_width=12
    ),
    "central crop unknown": call(
        "central_crop", PIXELS, shape=[None, None, 3], central_fraction=0.5
    ),
    "resize with pad": call("resize_image_with_pad", PIXELS, target_height=9, target_width=20),
    "fitting": call("resize_images", PIXELS, size=[12, 12], preserve_aspect_ratio=True),
    "psnr": call("psnr", LARGE, OTHER, max_val=1.0),
    "ssim": call("ssim", LARGE, OTHER, max_val=1.0),
    "ssim at scales": call("ssim_multiscale", LARGE, OTHER, max_val=1.0),
    "sobel": call("sobel_edges", BATCH),
    "png": lambda lib: lib.image.decode_png(lib.image.encode_png(BYTES)),
    "any image": lambda lib: lib.image.decode_image(lib.image.encode_png(BYTES), channels=3),
    "gradient": lambda lib: lib.gradients(
        lib.image.resize_images(lib.image.flip_up_down(lib.constant(PIXELS)), [4, 4]),
        lib.get_default_graph().get_operations()[0].outputs,
    ),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", EQUAL)
def test_values_are_tensorflows(name, tensorflow):
    ours, theirs = built(tf, EQUAL[name])[1], built(tensorflow, EQUAL[name])[1]

    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=2e-5)


@pytest.mark.tensorflow
@pytest.mark.parametrize("function", ["random_flip_left_right", "random_flip_up_down"])
def test_images_of_unknown_rank_are_flipped_as_those_of_known_rank(function):
    for pixels in (PIXELS, BATCH):
        with tf.Graph().as_default(), tf.Session() as session:
            some = tf.placeholder(tf.float32)
            tf.set_random_seed(3)
            made = getattr(tf.image, function)(some, seed=5)
            values = [session.run(made, {some: pixels}) for _ in range(8)]
        axis = pixels.ndim - (2 if function.endswith("right") else 3)
        images = pixels if pixels.ndim == 4 else pixels[None]
        for value in values:
            for got, image in zip(value if pixels.ndim == 4 else value[None], images, strict=True):
                mirrored = np.flip(image, axis - pixels.ndim + 3)
                assert np.array_equal(got, image) or np.array_equal(got, mirrored)
        assert len({value.tobytes() for value in values}) > 1


def test_a_jpeg_is_read_again_in_another_quality():
    image = tf.constant(BYTES)
    worse = tf.image.adjust_jpeg_quality(image, 40)
    random = tf.image.random_jpeg_quality(image, 20, 90, seed=4)
    with tf.Session() as session:
        first, second, third = session.run([worse, random, tf.image.encode_jpeg(image)])

    assert first.shape == second.shape == BYTES.shape
    assert third.startswith(b"\xff\xd8\xff")
    assert not np.array_equal(first, BYTES)


REFUSED = {
    "'image' \\(shape .*\\) must be at least three": lambda: tf.image.flip_up_down([[1.0]]),
    "must have either 3 or 4 dimensions": lambda: tf.image.rot90(np.zeros((1, 1, 2, 2, 3))),
    "inner 3 dims of 'image.shape' must be > 0": lambda: tf.image.rot90(np.zeros((0, 2, 3))),
    "width must be >= target": lambda: tf.image.crop_to_bounding_box(PIXELS, 0, 0, 3, 8),
    "width must be <= target": lambda: tf.image.pad_to_bounding_box(PIXELS, 0, 0, 9, 6),
    "central_fraction must be within": lambda: tf.image.central_crop(PIXELS, 1.5),
    "'size' must be a 1-D Tensor of 2": lambda: tf.image.resize_images(PIXELS, [3]),
    "Resize method is not implemented": lambda: tf.image.resize_images(PIXELS, [3, 3], method=9),
    "'images' contains no shape": lambda: tf.image.resize_images(
        tf.placeholder(tf.float32), [3, 3]
    ),
    "max_delta must be non-negative": lambda: tf.image.random_brightness(PIXELS, -1),
    "upper must be > lower": lambda: tf.image.random_contrast(PIXELS, 1, 1),
    "max_delta must be <= 0.5": lambda: tf.image.random_hue(PIXELS, 0.6),
    "jpeg encoding range must be": lambda: tf.image.random_jpeg_quality(BYTES, 20, 120),
    "size 1": lambda: tf.image.grayscale_to_rgb(PIXELS),
    "Gamma should be": lambda: tf.image.adjust_gamma(PIXELS, -1),
    "must be either 3 or 4-dimensional": lambda: tf.image.total_variation([1.0]),
    "not compatible": lambda: tf.image.psnr(np.zeros((2, 3, 3, 3)), np.zeros((3, 3, 3, 3)), 1.0),
}


@pytest.mark.parametrize("phrase", REFUSED)
def test_what_makes_no_sense_is_refused_while_the_graph_is_built(phrase):
    with pytest.raises(ValueError, match=phrase):
        REFUSED[phrase]()


def test_sizes_that_are_known_in_the_run_only_are_checked_there():
    image = tf.placeholder(tf.float32, [None, None, 3])
    cut = tf.image.crop_to_bounding_box(image, 0, 0, 3, 8)
    with (
        tf.Session() as session,
        pytest.raises(tf.errors.InvalidArgumentError, match="width must be >= target"),
    ):
        session.run(cut, {image: PIXELS})
