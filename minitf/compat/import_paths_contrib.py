"""Which of our modules stands for which import path below `tensorflow.contrib`.

Source: no paper; as `minitf.compat.import_paths`.
"""

from __future__ import annotations

BELOW_CONTRIB = {
    "minitf.contrib.async_checkpoint": "tpu.python.tpu.async_checkpoint",
    "minitf.contrib.cluster_resolver": (
        "cluster_resolver.python cluster_resolver.python.training "
        "cluster_resolver.python.training.cluster_resolver "
        "cluster_resolver.python.training.tpu_cluster_resolver"
    ),
    "minitf.compat.internal.tpu_function": "tpu.python.tpu.tpu_function",
    "minitf.contrib.tpu": (
        "tpu.python tpu.python.tpu tpu.python.ops tpu.python.ops.tpu_ops tpu.python.tpu.bfloat16 "
        "tpu.python.tpu.tpu tpu.python.tpu.tpu_config tpu.python.tpu.tpu_estimator "
        "tpu.python.tpu.tpu_optimizer"
    ),
    "minitf.contrib.crf": "crf.python crf.python.ops crf.python.ops.crf",
    "minitf.contrib.image": (
        "image.python image.python.ops image.python.ops.dense_image_warp image.python.ops.image_ops"
    ),
    "minitf.contrib.data": (
        "data.python data.python.ops data.python.ops.batching data.python.ops.counter "
        "data.python.ops.enumerate_ops data.python.ops.error_ops "
        "data.python.ops.get_single_element data.python.ops.grouping "
        "data.python.ops.interleave_ops data.python.ops.iterator_ops data.python.ops.parsing_ops "
        "data.python.ops.prefetching_ops data.python.ops.random_ops data.python.ops.readers "
        "data.python.ops.resampling data.python.ops.scan_ops data.python.ops.shuffle_ops "
        "data.python.ops.sliding data.python.ops.unique data.python.ops.writers"
    ),
    "minitf.contrib.bayesflow": "bayesflow.python bayesflow.python.ops",
    "minitf.contrib.bayesflow.monte_carlo": (
        "bayesflow.python.ops.monte_carlo bayesflow.python.ops.monte_carlo_impl"
    ),
    "minitf.contrib.distributions": (
        "distributions.python distributions.python.ops distributions.python.ops.autoregressive "
        "distributions.python.ops.batch_reshape distributions.python.ops.binomial "
        "distributions.python.ops.cauchy distributions.python.ops.chi2 "
        "distributions.python.ops.conditional_distribution "
        "distributions.python.ops.conditional_transformed_distribution "
        "distributions.python.ops.deterministic distributions.python.ops.distribution "
        "distributions.python.ops.geometric distributions.python.ops.half_normal "
        "distributions.python.ops.independent distributions.python.ops.inverse_gamma "
        "distributions.python.ops.kumaraswamy distributions.python.ops.logistic "
        "distributions.python.ops.mixture distributions.python.ops.mixture_same_family "
        "distributions.python.ops.moving_stats distributions.python.ops.mvn_diag "
        "distributions.python.ops.mvn_diag_plus_low_rank "
        "distributions.python.ops.mvn_full_covariance distributions.python.ops.mvn_linear_operator "
        "distributions.python.ops.mvn_tril distributions.python.ops.negative_binomial "
        "distributions.python.ops.normal_conjugate_posteriors "
        "distributions.python.ops.onehot_categorical distributions.python.ops.poisson "
        "distributions.python.ops.poisson_lognormal "
        "distributions.python.ops.quantized_distribution "
        "distributions.python.ops.relaxed_bernoulli "
        "distributions.python.ops.relaxed_onehot_categorical distributions.python.ops.sample_stats "
        "distributions.python.ops.seed_stream distributions.python.ops.sinh_arcsinh "
        "distributions.python.ops.vector_diffeomixture "
        "distributions.python.ops.vector_exponential_diag "
        "distributions.python.ops.vector_exponential_linear_operator "
        "distributions.python.ops.vector_laplace_diag "
        "distributions.python.ops.vector_laplace_linear_operator "
        "distributions.python.ops.vector_sinh_arcsinh_diag distributions.python.ops.wishart"
    ),
    "minitf.contrib.distributions.bijectors": (
        "distributions.python.ops.bijector distributions.python.ops.bijectors "
        "distributions.python.ops.bijectors.absolute_value "
        "distributions.python.ops.bijectors.affine "
        "distributions.python.ops.bijectors.affine_linear_operator "
        "distributions.python.ops.bijectors.affine_scalar "
        "distributions.python.ops.bijectors.batch_normalization "
        "distributions.python.ops.bijectors.chain "
        "distributions.python.ops.bijectors.cholesky_outer_product "
        "distributions.python.ops.bijectors.conditional_bijector "
        "distributions.python.ops.bijectors.exp distributions.python.ops.bijectors.fill_triangular "
        "distributions.python.ops.bijectors.gumbel distributions.python.ops.bijectors.inline "
        "distributions.python.ops.bijectors.invert distributions.python.ops.bijectors.kumaraswamy "
        "distributions.python.ops.bijectors.masked_autoregressive "
        "distributions.python.ops.bijectors.matrix_inverse_tril "
        "distributions.python.ops.bijectors.ordered distributions.python.ops.bijectors.permute "
        "distributions.python.ops.bijectors.power_transform "
        "distributions.python.ops.bijectors.real_nvp distributions.python.ops.bijectors.reshape "
        "distributions.python.ops.bijectors.scale_tril distributions.python.ops.bijectors.sigmoid "
        "distributions.python.ops.bijectors.sinh_arcsinh "
        "distributions.python.ops.bijectors.softmax_centered "
        "distributions.python.ops.bijectors.softplus distributions.python.ops.bijectors.softsign "
        "distributions.python.ops.bijectors.square "
        "distributions.python.ops.bijectors.transform_diagonal "
        "distributions.python.ops.bijectors.weibull"
    ),
    "minitf.contrib.eager": "eager.python.tfe",
    "minitf.api.audio": "framework.python.ops.audio_ops",
    "minitf.contrib.framework": (
        "framework.python framework.python.framework framework.python.framework.checkpoint_utils "
        "framework.python.framework.tensor_util framework.python.ops "
        "framework.python.ops.arg_scope framework.python.ops.ops "
        "framework.python.ops.sort_ops framework.python.ops.variables"
    ),
    "minitf.contrib.integrate": ("integrate.python integrate.python.ops integrate.python.ops.odes"),
    "minitf.contrib.kernel_methods": (
        "kernel_methods.python kernel_methods.python.kernel_estimators kernel_methods.python.losses"
    ),
    "minitf.contrib.kernel_methods.mappers": (
        "kernel_methods.python.mappers kernel_methods.python.mappers.dense_kernel_mapper "
        "kernel_methods.python.mappers.random_fourier_features"
    ),
    "minitf.contrib.solvers": "solvers.python solvers.python.ops",
    "minitf.contrib.solvers.lanczos": "solvers.python.ops.lanczos",
    "minitf.contrib.solvers.least_squares": "solvers.python.ops.least_squares",
    "minitf.contrib.solvers.linear_equations": "solvers.python.ops.linear_equations",
    "minitf.contrib.solvers.util": "solvers.python.ops.util",
    "minitf.contrib.layers": (
        "layers.python layers.python.layers layers.python.layers.embedding_ops "
        "layers.python.layers.encoders layers.python.layers.feature_column "
        "layers.python.layers.feature_column_ops layers.python.layers.initializers "
        "layers.python.layers.layers layers.python.layers.normalization "
        "layers.python.layers.optimizers layers.python.layers.regularizers "
        "layers.python.layers.summaries layers.python.ops layers.python.ops.sparse_ops"
    ),
    "minitf.contrib.layers.utils": "layers.python.layers.utils",
    "minitf.keras": "keras.api keras.api.keras keras.python keras.python.keras",
    "minitf.contrib.learn": (
        "learn.python learn.python.learn learn.python.learn.experiment "
        "learn.python.learn.metric_spec"
    ),
    "minitf.contrib.learn.estimators": (
        "learn.python.learn.estimators learn.python.learn.estimators.dnn "
        "learn.python.learn.estimators.dnn_linear_combined "
        "learn.python.learn.estimators.estimator learn.python.learn.estimators.linear "
        "learn.python.learn.estimators.metric_key learn.python.learn.estimators.model_fn "
        "learn.python.learn.estimators.prediction_key learn.python.learn.estimators.run_config"
    ),
    "minitf.contrib.learn.learn_runner": "learn.python.learn.learn_runner",
    "minitf.contrib.learn.models": "learn.python.learn.models",
    "minitf.contrib.learn.monitors": "learn.python.learn.monitors",
    "minitf.contrib.learn.ops": "learn.python.learn.ops",
    "minitf.contrib.learn.datasets": "learn.python.learn.datasets",
    "minitf.contrib.learn.datasets.base": "learn.python.learn.datasets.base",
    "minitf.contrib.learn.datasets.mnist": "learn.python.learn.datasets.mnist",
    "minitf.contrib.learn.preprocessing": (
        "learn.python.learn.preprocessing learn.python.learn.preprocessing.categorical "
        "learn.python.learn.preprocessing.categorical_vocabulary "
        "learn.python.learn.preprocessing.text"
    ),
    "minitf.contrib.legacy_seq2seq": "legacy_seq2seq.python.ops.seq2seq",
    "minitf.contrib.losses": "losses.python losses.python.losses losses.python.losses.loss_ops",
    "minitf.contrib.losses.metric_learning": (
        "losses.python.metric_learning losses.python.metric_learning.metric_loss_ops"
    ),
    "minitf.contrib.linalg": "linalg.python.ops.linear_operator_addition",
    "minitf.contrib.lookup": "lookup.lookup_ops",
    "minitf.contrib.signal": (
        "signal.python.ops.mel_ops signal.python.ops.mfcc_ops "
        "signal.python.ops.reconstruction_ops signal.python.ops.shape_ops "
        "signal.python.ops.spectral_ops signal.python.ops.window_ops"
    ),
    "minitf.contrib.memory_stats": (
        "memory_stats.python memory_stats.python.ops memory_stats.python.ops.memory_stats_ops"
    ),
    "minitf.contrib.metrics": (
        "metrics.python metrics.python.metrics metrics.python.metrics.classification "
        "metrics.python.ops metrics.python.ops.confusion_matrix_ops metrics.python.ops.metric_ops "
        "metrics.python.ops.set_ops"
    ),
    "minitf.contrib.nn": (
        "nn.python nn.python.ops nn.python.ops.alpha_dropout nn.python.ops.cross_entropy "
        "nn.python.ops.sampling_ops nn.python.ops.scaled_softplus"
    ),
    "minitf.contrib.resampler": (
        "resampler.python resampler.python.ops resampler.python.ops.resampler_ops"
    ),
    "minitf.contrib.opt": (
        "opt.python opt.python.training opt.python.training.adam_gs_optimizer "
        "opt.python.training.adamax opt.python.training.addsign "
        "opt.python.training.drop_stale_gradient_optimizer "
        "opt.python.training.external_optimizer opt.python.training.lars_optimizer "
        "opt.python.training.lazy_adam_gs_optimizer opt.python.training.lazy_adam_optimizer "
        "opt.python.training.moving_average_optimizer "
        "opt.python.training.multitask_optimizer_wrapper opt.python.training.nadam_optimizer "
        "opt.python.training.powersign opt.python.training.reg_adagrad_optimizer "
        "opt.python.training.sign_decay opt.python.training.variable_clipping_optimizer "
        "opt.python.training.weight_decay_optimizers"
    ),
    "minitf.contrib.cudnn_rnn": (
        "cudnn_rnn.python.layers cudnn_rnn.python.layers.cudnn_rnn "
        "cudnn_rnn.python.ops.cudnn_rnn_ops"
    ),
    "minitf.contrib.rnn": (
        "rnn.python.ops.core_rnn rnn.python.ops.core_rnn_cell rnn.python.ops.core_rnn_cell_impl "
        "rnn.python.ops.fused_rnn_cell rnn.python.ops.gru_ops rnn.python.ops.lstm_ops "
        "rnn.python.ops.rnn rnn.python.ops.rnn_cell"
    ),
    "minitf.contrib.sparsemax": (
        "sparsemax.python sparsemax.python.ops sparsemax.python.ops.sparsemax "
        "sparsemax.python.ops.sparsemax_loss"
    ),
    "minitf.contrib.seq2seq": (
        "seq2seq.python.ops.attention_wrapper seq2seq.python.ops.basic_decoder "
        "seq2seq.python.ops.beam_search_decoder seq2seq.python.ops.decoder "
        "seq2seq.python.ops.helper seq2seq.python.ops.loss"
    ),
    "minitf.contrib.slim": "slim.python slim.python.slim slim.python.slim.data",
    "minitf.contrib.slim.nets": "slim.python.slim.nets",
    **{
        f"minitf.contrib.slim.nets.{each}": f"slim.python.slim.nets.{each}"
        for each in (
            *("alexnet", "inception_v1", "inception_v2", "inception_v3", "overfeat"),
            *("resnet_utils", "resnet_v1", "resnet_v2", "vgg"),
        )
    },
    **{
        f"minitf.contrib.slim.{each}": f"slim.python.slim.{each}"
        for each in ("evaluation", "learning", "model_analyzer", "queues", "summaries")
    },
    **{
        f"minitf.contrib.slim.{each}": f"slim.python.slim.data.{each}"
        for each in (
            *("data_decoder", "data_provider", "dataset", "dataset_data_provider"),
            *("parallel_reader", "prefetch_queue", "tfexample_decoder"),
        )
    },
    "minitf.contrib.tfprof": "tfprof.python tfprof.python.tools.tfprof",
    **{
        f"minitf.contrib.tfprof.{each}": f"tfprof.python.tools.tfprof.{each}"
        for each in ("model_analyzer", "tfprof_logger")
    },
    "minitf.contrib.training": (
        "training.python training.python.training training.python.training.device_setter "
        "training.python.training.hparam training.python.training.resample "
        "training.python.training.sampling_ops training.python.training.training"
    ),
    "minitf.contrib.training.evaluation": "training.python.training.evaluation",
}
