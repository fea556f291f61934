"""`tf.keras.backend`: the functions that Keras is written in."""

from minitf import lazy

_NAMES = {
    "minitf.api.framework": "get_graph=get_default_graph name_scope",
    "minitf.keras.backend.config": (
        "backend epsilon floatx image_data_format set_epsilon set_floatx set_image_data_format"
    ),
    "minitf.keras.backend.functions": "function gradients",
    "minitf.keras.backend.images": (
        "conv1d conv2d conv2d_transpose conv3d depthwise_conv2d pool2d pool3d resize_images "
        "resize_volumes separable_conv2d spatial_2d_padding spatial_3d_padding temporal_padding"
    ),
    "minitf.keras.backend.labels": "ctc_batch_cost ctc_decode ctc_label_dense_to_sparse",
    "minitf.keras.backend.local": "local_conv1d local_conv2d",
    "minitf.keras.backend.nn": (
        "batch_normalization bias_add binary_crossentropy categorical_crossentropy dropout elu "
        "hard_sigmoid in_top_k l2_normalize normalize_batch_in_training relu sigmoid softmax "
        "softplus softsign sparse_categorical_crossentropy tanh"
    ),
    "minitf.keras.backend.numbers": (
        "abs all any argmax argmin batch_dot clip cos cumprod cumsum dot equal exp greater "
        "greater_equal less less_equal log logsumexp max maximum mean min minimum "
        "moving_average_update not_equal pow prod round sign sin sqrt square std sum var"
    ),
    "minitf.keras.backend.recurrence": "rnn",
    "minitf.keras.backend.sessions": (
        "batch_get_value batch_set_value clear_session eval get_session get_uid get_value "
        "in_test_phase in_train_phase manual_variable_initialization reset_uids set_session "
        "set_value switch"
    ),
    "minitf.layers.phase": "learning_phase learning_phase_scope set_learning_phase",
    "minitf.keras.backend.tensors": (
        "arange batch_flatten cast cast_to_floatx concatenate constant count_params dtype "
        "expand_dims eye flatten foldl foldr gather identity int_shape is_placeholder is_sparse "
        "map_fn ndim one_hot ones ones_like permute_dimensions placeholder print_tensor "
        "random_binomial "
        "random_normal random_normal_variable random_uniform random_uniform_variable repeat "
        "repeat_elements reshape reverse shape squeeze stack stop_gradient tile to_dense transpose "
        "truncated_normal update update_add update_sub variable zeros zeros_like"
    ),
    "minitf.keras.engine.nodes": "is_keras_tensor",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
