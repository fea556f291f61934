"""`tf.keras.layers`: the parts of a model."""

from minitf import lazy

_NAMES = {
    "minitf.keras.engine.input_layer": "Input InputLayer",
    "minitf.keras.engine.layer": "Layer",
    "minitf.keras.layers.advanced_activations": (
        "AlphaDropout ELU GaussianDropout GaussianNoise LeakyReLU PReLU ReLU Softmax "
        "ThresholdedReLU"
    ),
    "minitf.keras.layers.attention": "AdditiveAttention Attention",
    "minitf.keras.layers.cells": "GRUCell LSTMCell SimpleRNNCell",
    "minitf.keras.layers.convolutional": (
        "Conv1D Conv2D Conv3D Convolution1D Convolution2D Convolution3D"
    ),
    "minitf.keras.layers.convolutional_recurrent": "ConvLSTM2D",
    "minitf.keras.layers.core": (
        "Activation Dense Dropout Flatten Permute RepeatVector Reshape SpatialDropout1D "
        "SpatialDropout2D SpatialDropout3D"
    ),
    "minitf.keras.layers.cudnn_recurrent": "CuDNNGRU CuDNNLSTM",
    "minitf.keras.layers.embeddings": "Embedding",
    "minitf.keras.layers.feature_columns": "DenseFeatures",
    "minitf.keras.layers.local": "LocallyConnected1D LocallyConnected2D",
    "minitf.keras.layers.masking": "ActivityRegularization Lambda Masking",
    "minitf.keras.layers.merge": (
        "Add Average Concatenate Dot Maximum Minimum Multiply Subtract add average concatenate "
        "dot maximum minimum multiply subtract"
    ),
    "minitf.keras.layers.normalization": "BatchNormalization LayerNormalization",
    "minitf.keras.layers.pooling": (
        "AveragePooling1D AveragePooling2D AveragePooling3D AvgPool1D AvgPool2D AvgPool3D "
        "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalAvgPool1D "
        "GlobalAvgPool2D GlobalAvgPool3D GlobalMaxPool1D GlobalMaxPool2D GlobalMaxPool3D "
        "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D MaxPool1D MaxPool2D MaxPool3D "
        "MaxPooling1D MaxPooling2D MaxPooling3D"
    ),
    "minitf.keras.layers.recurrent": "RNN",
    "minitf.keras.layers.recurrent_kinds": "GRU LSTM SimpleRNN",
    "minitf.keras.layers.resizing": (
        "Cropping1D Cropping2D Cropping3D UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D "
        "ZeroPadding2D ZeroPadding3D"
    ),
    "minitf.keras.layers.separable": (
        "Conv2DTranspose Conv3DTranspose Convolution2DTranspose Convolution3DTranspose "
        "DepthwiseConv2D SeparableConv1D SeparableConv2D SeparableConvolution1D "
        "SeparableConvolution2D"
    ),
    "minitf.keras.layers.serialization": "deserialize serialize",
    "minitf.keras.layers.own_cells": "AbstractRNNCell",
    "minitf.keras.layers.stacked_cells": "StackedRNNCells",
    "minitf.keras.layers.wrappers": "Bidirectional TimeDistributed Wrapper",
    "minitf.layers.input_spec": "InputSpec",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
