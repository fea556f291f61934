"""Models of TensorFlow 0.8 that are ready to be trained: linear, deep, recurrent, autoencoders.

Source: TensorFlow 0.8's and 0.9's `tf.contrib.learn`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minitf.api.nn_activations import relu
from minitf.contrib.learn import models
from minitf.contrib.learn.skflow import TensorFlowEstimator


class _Classifier(TensorFlowEstimator):
    """What classifiers can be asked besides."""

    def score(self, x: Any, y: Any) -> float:
        """Return the share of rows whose class is predicted.

        Args:
            x: features: [rows, ...].
            y: classes: [rows].
        """
        return float(np.mean(self.predict(x) == np.asarray(y)))


class _Regressor(TensorFlowEstimator):
    """What regressors can be asked besides."""

    def score(self, x: Any, y: Any) -> float:
        """Return R^2: the share of the labels' variance that is predicted.

        Args:
            x: features: [rows, ...].
            y: numbers: [rows, ...].
        """
        wanted = np.asarray(y, np.float64)
        missed = np.sum((wanted - self.predict(x)) ** 2)
        return float(1 - missed / np.sum((wanted - wanted.mean(0)) ** 2))


class _Linear(TensorFlowEstimator):
    _scope = ""

    @property
    def weights_(self) -> Any:
        """The weights."""
        return self.get_variable_value(f"{self._scope}/weights")

    @property
    def bias_(self) -> Any:
        """The bias."""
        return self.get_variable_value(f"{self._scope}/bias")


class TensorFlowLinearRegressor(_Linear, _Regressor):
    """A linear model of numbers; arguments as of TensorFlowEstimator.

    Args:
        n_classes: accepted: 0.

    Source: TensorFlow 0.8.
    """

    _scope = "linear_regression"

    def __init__(
        self,
        n_classes: int = 0,
        batch_size: int = 32,
        steps: int = 200,
        optimizer: Any = "Adagrad",
        learning_rate: Any = 0.1,
        clip_gradients: float | None = 5.0,
        continue_training: bool = False,
        config: Any = None,
        verbose: int = 1,
    ) -> None:
        super().__init__(
            models.linear_regression_zero_init,
            *(n_classes, batch_size, steps, optimizer, learning_rate, clip_gradients, None),
            *(continue_training, config, verbose),
        )


class TensorFlowLinearClassifier(_Linear, _Classifier):
    """A linear model of classes; arguments as of TensorFlowEstimator.

    Source: TensorFlow 0.8.
    """

    _scope = "logistic_regression"

    def __init__(
        self,
        n_classes: int,
        batch_size: int = 32,
        steps: int = 200,
        optimizer: Any = "Adagrad",
        learning_rate: Any = 0.1,
        class_weight: Any = None,
        clip_gradients: float | None = 5.0,
        continue_training: bool = False,
        config: Any = None,
        verbose: int = 1,
    ) -> None:
        super().__init__(
            models.logistic_regression_zero_init,
            *(n_classes, batch_size, steps, optimizer, learning_rate, clip_gradients),
            *(class_weight, continue_training, config, verbose),
        )


TensorFlowRegressor = TensorFlowLinearRegressor
TensorFlowClassifier = TensorFlowLinearClassifier


class _Deep(TensorFlowEstimator):
    hidden_units: Sequence[int]
    _top = ""

    @property
    def weights_(self) -> list[Any]:
        """The weights of each layer."""
        return self._of_each_layer("weights")

    @property
    def bias_(self) -> list[Any]:
        """The bias of each layer."""
        return self._of_each_layer("bias")

    def _of_each_layer(self, name: str) -> list[Any]:
        hidden = [f"dnn/layer{i}/fully_connected/{name}" for i in range(len(self.hidden_units))]
        return [self.get_variable_value(each) for each in (*hidden, f"{self._top}/{name}")]


class TensorFlowDNNClassifier(_Deep, _Classifier):
    """A deep network of classes; other arguments as of TensorFlowEstimator.

    Args:
        hidden_units: the size of each hidden layer.
        n_classes: how many classes there are.
        dropout: how many outputs of a hidden layer are left out in training.

    Source: TensorFlow 0.8.
    """

    _top = "logistic_regression"

    def __init__(
        self,
        hidden_units: Sequence[int],
        n_classes: int,
        batch_size: int = 32,
        steps: int = 200,
        optimizer: Any = "Adagrad",
        learning_rate: Any = 0.1,
        class_weight: Any = None,
        clip_gradients: float | None = 5.0,
        continue_training: bool = False,
        config: Any = None,
        verbose: int = 1,
        dropout: float | None = None,
    ) -> None:
        self.hidden_units = hidden_units
        self.dropout = dropout
        super().__init__(
            models.get_dnn_model(hidden_units, models.logistic_regression, dropout),
            *(n_classes, batch_size, steps, optimizer, learning_rate, clip_gradients),
            *(class_weight, continue_training, config, verbose),
        )


class TensorFlowDNNRegressor(_Deep, _Regressor):
    """A deep network of numbers; other arguments as of TensorFlowEstimator.

    Args:
        hidden_units: the size of each hidden layer.
        n_classes: accepted: 0.
        dropout: how many outputs of a hidden layer are left out in training.

    Source: TensorFlow 0.8.
    """

    _top = "linear_regression"

    def __init__(
        self,
        hidden_units: Sequence[int],
        n_classes: int = 0,
        batch_size: int = 32,
        steps: int = 200,
        optimizer: Any = "Adagrad",
        learning_rate: Any = 0.1,
        clip_gradients: float | None = 5.0,
        continue_training: bool = False,
        config: Any = None,
        verbose: int = 1,
        dropout: float | None = None,
    ) -> None:
        self.hidden_units = hidden_units
        self.dropout = dropout
        super().__init__(
            models.get_dnn_model(hidden_units, models.linear_regression, dropout),
            *(n_classes, batch_size, steps, optimizer, learning_rate, clip_gradients, None),
            *(continue_training, config, verbose),
        )


def _as_it_is(x: Any) -> Any:
    """Return the input of a recurrent network: a list, one tensor of each place, is made of it."""
    return x


class _Recurrent(TensorFlowEstimator):
    """A recurrent network with a model on top."""

    def __init__(self, top: models.Model, n_classes: int, **own: Any) -> None:
        given = {name: own.pop(name) for name in _ENGINE}
        for name, value in own.items():
            setattr(self, name, value)
        attention = {name: own.pop(name) for name in ("attn_length", "attn_size", "attn_vec_size")}
        model = models.get_rnn_model(target_predictor_fn=top, **own, **attention)
        super().__init__(model, n_classes, **given)


class TensorFlowRNNClassifier(_Recurrent, _Classifier):
    """A recurrent network of classes; other arguments as of TensorFlowEstimator.

    Args:
        rnn_size: the size of a cell.
        n_classes: how many classes there are.
        cell_type: "rnn", "gru" or "lstm".
        num_layers: how many cells stand on each other.
        input_op_fn: makes a list, float[batch, depth] of each place, of the input.
        initial_state: the first state; zeros if None.
        bidirectional: whether another cell reads from the end.
        sequence_length: how long each sequence is.
        attn_length: to how many of its last outputs each cell attends; to none if None.
        attn_size: see `tf.contrib.rnn.AttentionCellWrapper`.
        attn_vec_size: likewise.

    Source: TensorFlow 0.9.
    """

    def __init__(
        self,
        rnn_size: int,
        n_classes: int,
        cell_type: str = "gru",
        num_layers: int = 1,
        input_op_fn: Callable[[Any], Any] = _as_it_is,
        initial_state: Any = None,
        bidirectional: bool = False,
        sequence_length: Any = None,
        attn_length: int | None = None,
        attn_size: int | None = None,
        attn_vec_size: int | None = None,
        batch_size: int = 32,
        steps: int = 50,
        optimizer: Any = "Adagrad",
        learning_rate: Any = 0.1,
        class_weight: Any = None,
        clip_gradients: float | None = 5.0,
        continue_training: bool = False,
        config: Any = None,
        verbose: int = 1,
    ) -> None:
        own = {name: value for name, value in locals().items() if name not in _NOT_OWN}
        super().__init__(models.logistic_regression, n_classes, **own)


class TensorFlowRNNRegressor(_Recurrent, _Regressor):
    """A recurrent network of numbers; arguments as of TensorFlowRNNClassifier.

    Args:
        rnn_size: the size of a cell.
        n_classes: accepted: 0.

    Source: TensorFlow 0.9.
    """

    def __init__(
        self,
        rnn_size: int,
        cell_type: str = "gru",
        num_layers: int = 1,
        input_op_fn: Callable[[Any], Any] = _as_it_is,
        initial_state: Any = None,
        bidirectional: bool = False,
        sequence_length: Any = None,
        attn_length: int | None = None,
        attn_size: int | None = None,
        attn_vec_size: int | None = None,
        n_classes: int = 0,
        batch_size: int = 32,
        steps: int = 50,
        optimizer: Any = "Adagrad",
        learning_rate: Any = 0.1,
        clip_gradients: float | None = 5.0,
        continue_training: bool = False,
        config: Any = None,
        verbose: int = 1,
    ) -> None:
        own = {name: value for name, value in locals().items() if name not in _NOT_OWN}
        super().__init__(models.linear_regression, n_classes, class_weight=None, **own)


_NOT_OWN = {"self", "n_classes", "__class__"}
_ENGINE = (
    *("batch_size", "steps", "optimizer", "learning_rate", "clip_gradients", "class_weight"),
    *("continue_training", "config", "verbose"),
)


class TensorFlowDNNAutoencoder(TensorFlowEstimator):
    """A network that makes its input of a few numbers again; other arguments as before.

    Args:
        hidden_units: the size of each layer, down to the few numbers.
        n_classes: accepted: 0.
        activation: what follows each layer.
        add_noise: function of the input that the first layer gets.
        dropout: how many outputs of a layer are left out in training.

    Source: TensorFlow 0.9.
    """

    def __init__(
        self,
        hidden_units: Sequence[int],
        n_classes: int = 0,
        batch_size: int = 32,
        steps: int = 200,
        optimizer: Any = "Adagrad",
        learning_rate: Any = 0.1,
        clip_gradients: float | None = 5.0,
        activation: Callable[[Any], Any] | None = relu,
        add_noise: Callable[[Any], Any] | None = None,
        continue_training: bool = False,
        config: Any = None,
        verbose: int = 1,
        dropout: float | None = None,
    ) -> None:
        self.hidden_units = hidden_units
        self.activation = activation
        self.add_noise = add_noise
        self.dropout = dropout
        super().__init__(
            models.get_autoencoder_model(hidden_units, None, activation, add_noise, dropout),
            *(n_classes, batch_size, steps, optimizer, learning_rate, clip_gradients, None),
            *(continue_training, config, verbose),
        )

    def transform(self, x: Any) -> Any:
        """Return the input, made again.

        Args:
            x: features: [rows, ...].
        """
        return self.predict(x)

    def fit_transform(self, x: Any, y: Any = None) -> Any:
        """Train, and return the input, made again; arguments as of `fit`."""
        return self.fit(x, y).transform(x)

    @property
    def weights_(self) -> list[Any]:
        """The weights of each layer of the encoder, then of the decoder."""
        return [self.get_variable_value(each) for each in self._names("weights")]

    @property
    def bias_(self) -> list[Any]:
        """The bias of each layer of the encoder, then of the decoder."""
        return [self.get_variable_value(each) for each in self._names("bias")]

    def _names(self, name: str) -> list[str]:
        layers = range(len(self.hidden_units))
        return [
            f"{part}/dnn/layer{i}/fully_connected/{name}"
            for part in ("encoder", "decoder")
            for i in layers
        ]
