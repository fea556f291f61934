"""Which names with the suffix `_v2` (or, of the first version, `_v1`) TensorFlow's modules have.

Source: no paper; the names of TensorFlow 1.15, see `minitf.v2`.
"""

from __future__ import annotations

SECOND_VERSIONS: dict[str, dict[str, str]] = {
    "framework.constant_op": {
        "minitf.v2.framework": "constant",
    },
    "framework.ops": {
        "minitf.v2.framework": (
            "convert_to_tensor_v2=convert_to_tensor device_v2=device name_scope_v2=name_scope"
        ),
    },
    "framework.random_seed": {
        "minitf.v2.framework": "set_seed",
    },
    "ops.array_ops": {
        "minitf.v2.array": (
            "batch_to_space_v2=batch_to_space boolean_mask_v2=boolean_mask "
            "depth_to_space_v2=depth_to_space gather_v2=gather gather_nd_v2=gather_nd "
            "ones_like_v2=ones_like pad_v2=pad reverse_sequence_v2=reverse_sequence "
            "shape_v2=shape size_v2=size space_to_batch_v2=space_to_batch "
            "space_to_depth_v2=space_to_depth transpose_v2=transpose zeros_like_v2=zeros_like"
        ),
        "minitf.v2.framework": "expand_dims_v2=expand_dims squeeze_v2=squeeze",
    },
    "ops.check_ops": {
        "minitf.v2.checks": (
            "assert_equal_v2=assert_equal assert_greater_v2=assert_greater "
            "assert_greater_equal_v2=assert_greater_equal assert_integer_v2=assert_integer "
            "assert_less_v2=assert_less assert_less_equal_v2=assert_less_equal "
            "assert_near_v2=assert_near assert_negative_v2=assert_negative "
            "assert_non_negative_v2=assert_non_negative "
            "assert_non_positive_v2=assert_non_positive assert_none_equal_v2=assert_none_equal "
            "assert_positive_v2=assert_positive assert_rank_v2=assert_rank "
            "assert_rank_at_least_v2=assert_rank_at_least assert_rank_in_v2=assert_rank_in "
            "assert_scalar_v2=assert_scalar assert_shapes_v2=assert_shapes "
            "assert_type_v2=assert_type"
        ),
    },
    "ops.confusion_matrix": {
        "minitf.api.counting": "confusion_matrix_v1=confusion_matrix",
        "minitf.v2.math": "confusion_matrix",
    },
    "ops.control_flow_ops": {
        "minitf.v2.control": (
            "case_v2=case cond_for_tf_v2=cond tuple_v2=tuple while_loop_v2=while_loop"
        ),
    },
    "ops.ctc_ops": {
        "minitf.v2.ctc": (
            "ctc_loss_and_grad ctc_loss_dense ctc_loss_v2=ctc_loss ctc_state_log_probs "
            "ctc_unique_labels dense_labels_to_sparse"
        ),
    },
    "ops.embedding_ops": {
        "minitf.v2.nn_embedding": (
            "embedding_lookup_v2=embedding_lookup "
            "embedding_lookup_sparse_v2=embedding_lookup_sparse "
            "safe_embedding_lookup_sparse_v2=safe_embedding_lookup_sparse"
        ),
    },
    "ops.gradients": {
        "minitf.v2.control": "HessiansV2=hessians",
    },
    "ops.gradients_impl": {
        "minitf.v2.control": "HessiansV2=hessians gradients_v2=gradients_of",
    },
    "ops.image_ops": {
        "minitf.v2.image": "resize_images_v2=resize",
    },
    "ops.image_ops_impl": {
        "minitf.api.image_resize": (
            "ResizeMethodV1=ResizeMethod crop_and_resize_v1=crop_and_resize "
            "resize_image_with_pad_v1=resize_image_with_pad"
        ),
        "minitf.v2.image": (
            "ResizeMethod crop_and_resize_v2=crop_and_resize "
            "draw_bounding_boxes_v2=draw_bounding_boxes extract_glimpse_v2=extract_glimpse "
            "resize_image_with_pad_v2=resize_with_pad resize_images_v2=resize "
            "sample_distorted_bounding_box_v2=sample_distorted_bounding_box"
        ),
    },
    "ops.linalg_ops": {
        "minitf.v2.math": "norm_v2=norm",
    },
    "ops.math_ops": {
        "minitf.api.counting": "bincount=bincount_v2 bincount_v1=bincount",
        "minitf.v2.math": (
            "argmax_v2=argmax argmin_v2=argmin count_nonzero_v2=count_nonzero "
            "scalar_mul_v2=scalar_mul sparse_segment_mean_v2=sparse_segment_mean "
            "sparse_segment_sqrt_n_v2=sparse_segment_sqrt_n "
            "sparse_segment_sum_v2=sparse_segment_sum"
        ),
    },
    "ops.nn_impl": {
        "minitf.v2.nn": (
            "batch_norm_with_global_normalization_v2=batch_norm_with_global_normalization "
            "l2_normalize_v2=l2_normalize moments_v2=moments "
            "sigmoid_cross_entropy_with_logits_v2=sigmoid_cross_entropy_with_logits "
            "sufficient_statistics_v2=sufficient_statistics "
            "weighted_cross_entropy_with_logits_v2=weighted_cross_entropy_with_logits "
            "weighted_moments_v2=weighted_moments"
        ),
        "minitf.v2.nn_conv": (
            "depthwise_conv2d_v2=depthwise_conv2d separable_conv2d_v2=separable_conv2d"
        ),
        "minitf.v2.nn_embedding": (
            "nce_loss_v2=nce_loss sampled_softmax_loss_v2=sampled_softmax_loss"
        ),
    },
    "ops.nn_ops": {
        "minitf.api.nn_conv3d": "conv3d_v1=conv3d",
        "minitf.api.nn_dilation": "dilation2d_v1=dilation2d",
        "minitf.api.nn_losses": (
            "softmax_cross_entropy_with_logits_v2_helper=softmax_cross_entropy_with_logits_v2"
        ),
        "minitf.api.nn_pool": "max_pool_with_argmax_v1=max_pool_with_argmax",
        "minitf.v2.nn": (
            "crelu_v2=crelu dropout_v2=dropout in_top_k_v2=in_top_k log_softmax_v2=log_softmax "
            "softmax_v2=softmax "
            "sparse_softmax_cross_entropy_with_logits_v2=sparse_softmax_cross_entropy_with_logits "
            "softmax_cross_entropy_with_logits_v2=softmax_cross_entropy_with_logits"
        ),
        "minitf.v2.nn_conv": (
            "conv1d_v2=conv1d conv2d_v2=conv2d conv2d_transpose_v2=conv2d_transpose "
            "conv3d_v2=conv3d conv3d_transpose_v2=conv3d_transpose convolution_v2=convolution "
            "dilation2d_v2=dilation2d erosion2d_v2=erosion2d"
        ),
        "minitf.v2.nn_pool": (
            "fractional_avg_pool_v2=fractional_avg_pool "
            "fractional_max_pool_v2=fractional_max_pool "
            "max_pool_with_argmax_v2=max_pool_with_argmax pool_v2=pool"
        ),
    },
    "ops.numerics": {
        "minitf.v2.checks": "verify_tensor_all_finite_v2=assert_all_finite",
    },
    "ops.parsing_ops": {
        "minitf.api.string_codes": "decode_raw_v1=decode_raw",
        "minitf.v2.text": (
            "decode_csv_v2=decode_csv decode_raw parse_example_v2=parse_example "
            "parse_single_example_v2_unoptimized=parse_single_example"
        ),
    },
    "ops.random_ops": {
        "minitf.v2.framework": "random_poisson_v2=random_poisson",
    },
    "ops.sparse_ops": {
        "minitf.v2.sparse": (
            "serialize_many_sparse_v2=serialize_many_sparse serialize_sparse_v2=serialize_sparse "
            "sparse_add_v2=add sparse_concat_v2=concat sparse_reduce_max_v2=reduce_max "
            "sparse_reduce_sum_v2=reduce_sum sparse_split_v2=split"
        ),
    },
    "ops.string_ops": {
        "minitf.api.string_codes": "string_to_hash_bucket_v1=string_to_hash_bucket",
        "minitf.api.strings": ("string_to_number_v1=string_to_number substr_deprecated=substr"),
        "minitf.v2.text": (
            "reduce_join_v2=reduce_join string_length_v2=string_length string_to_hash_bucket "
            "string_to_number substr_v2=substr"
        ),
    },
}
"""Import path below `tensorflow.python` -> module -> names, as in `minitf.lazy`."""
