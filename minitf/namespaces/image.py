"""`tf.image`: images resized, cut, recoloured, compared, read and written."""

from minitf import lazy

_NAMES = {
    "minitf.api.image_boxes": (
        "combined_non_max_suppression draw_bounding_boxes non_max_suppression "
        "non_max_suppression_overlaps non_max_suppression_padded non_max_suppression_with_scores "
        "sample_distorted_bounding_box"
    ),
    "minitf.api.image_colour": (
        "adjust_brightness adjust_contrast adjust_gamma adjust_hue adjust_jpeg_quality "
        "adjust_saturation convert_image_dtype grayscale_to_rgb hsv_to_rgb "
        "per_image_standardization random_brightness random_contrast random_hue "
        "random_jpeg_quality random_saturation rgb_to_grayscale rgb_to_hsv rgb_to_yiq rgb_to_yuv "
        "yiq_to_rgb yuv_to_rgb"
    ),
    "minitf.api.old_names": "per_image_whitening",  # of TensorFlow before 1.0
    "minitf.api.image_files": (
        "decode_and_crop_jpeg decode_bmp decode_gif decode_image decode_jpeg decode_png "
        "encode_jpeg encode_png extract_jpeg_shape is_jpeg"
    ),
    "minitf.api.image_geometry": (
        "central_crop crop_to_bounding_box flip_left_right flip_up_down pad_to_bounding_box "
        "random_flip_left_right random_flip_up_down resize_image_with_crop_or_pad "
        "resize_with_crop_or_pad=resize_image_with_crop_or_pad rot90 transpose=transpose_image "
        "transpose_image"
    ),
    "minitf.api.image_patches": "extract_image_patches extract_patches",
    "minitf.api.image_quality": (
        "image_gradients psnr sobel_edges ssim ssim_multiscale total_variation"
    ),
    "minitf.api.image_resize": (
        "ResizeMethod crop_and_resize extract_glimpse resize=resize_images resize_area "
        "resize_bicubic resize_bilinear resize_image_with_pad resize_images "
        "resize_nearest_neighbor"
    ),
    "minitf.api.random": "random_crop",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
