"""Models by their older names: those of `tf.estimator`, with `fit` and arrays.

    columns = tf.contrib.learn.infer_real_valued_columns_from_input(x)
    model = tf.contrib.learn.DNNClassifier(hidden_units=[10], feature_columns=columns, n_classes=3)
    model.fit(x, y, steps=200)
    model.evaluate(x=x, y=y)["accuracy"]
    list(model.predict_classes(new))

**Departures**: variables have the names of `tf.estimator`, so checkpoints are those of its models.
Optimizers are those of `tf.estimator` by default.  Arguments that a constructor of 1.15 has beyond
these are not there.

Source: TensorFlow 1.15's `tf.contrib.learn`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.api.array import reshape
from minitf.api.nn_activations import relu
from minitf.contrib.layers.feature_columns import ALONE
from minitf.contrib.learn.engine import Estimator
from minitf.estimator import dnn, linear, wide_deep
from minitf.feature_column.numeric import NumericColumn, numeric_column


class _Classifier(Estimator):
    """What classifiers can be asked."""

    def _for_metrics(self, predictions: Any) -> Any:
        """Return the predictions, with the numbers of classes under their older key."""
        return {**predictions, "classes": reshape(predictions["class_ids"], [-1])}

    def predict_classes(self, x: Any = None, **options: Any) -> Iterator[Any]:
        """Yield the number of each row's class; other arguments as of `predict`."""
        for (number,) in self._one("class_ids", {"x": x, **options}):
            yield number

    def predict_proba(self, x: Any = None, **options: Any) -> Iterator[Any]:
        """Yield the probabilities of each row's classes; other arguments as of `predict`."""
        return self._one("probabilities", {"x": x, **options})


class _Regressor(Estimator):
    """What regressors can be asked."""

    def _for_metrics(self, predictions: Any) -> Any:
        """Return the predictions, with the numbers under their older key."""
        numbers = predictions["predictions"]
        alone = numbers.shape[-1].value == 1
        return {**predictions, "scores": reshape(numbers, [-1]) if alone else numbers}

    def predict_scores(self, x: Any = None, **options: Any) -> Iterator[Any]:
        """Yield the number of each row, an array if it has several; arguments as of `predict`."""
        for numbers in self._one("predictions", {"x": x, **options}):
            yield numbers[0] if len(numbers) == 1 else numbers


class DNNClassifier(_Classifier, dnn.DNNClassifier):
    """A deep network that tells classes.

    Args:
        hidden_units: the sizes of the hidden layers.
        feature_columns: dense columns.
        model_dir: the folder of checkpoints and summaries.
        n_classes: how many classes there are.
        weight_column_name: the key of the examples' weights.
        optimizer: an Optimizer, a function that makes one, or a name.
        activation_fn: what follows each hidden layer.
        dropout: how many outputs of a hidden layer are left out in training.
        config: RunConfig.
        label_keys: the labels, where they are text.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        hidden_units: Sequence[int],
        feature_columns: Any,
        model_dir: Any = None,
        n_classes: int = 2,
        weight_column_name: str | None = None,
        optimizer: Any = None,
        activation_fn: Callable[[Any], Any] | None = relu,
        dropout: float | None = None,
        config: Any = None,
        label_keys: Sequence[str] | None = None,
    ) -> None:
        dnn.DNNClassifier.__init__(
            self,
            *(hidden_units, feature_columns, model_dir, n_classes, weight_column_name, label_keys),
            *(optimizer or "Adagrad", activation_fn, dropout),
            config=config,
        )


class DNNRegressor(_Regressor, dnn.DNNRegressor):
    """A deep network that tells numbers; arguments as of DNNClassifier.

    Args:
        hidden_units: the sizes of the hidden layers.
        feature_columns: dense columns.
        label_dimension: how many numbers an example has.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        hidden_units: Sequence[int],
        feature_columns: Any,
        model_dir: Any = None,
        weight_column_name: str | None = None,
        optimizer: Any = None,
        activation_fn: Callable[[Any], Any] | None = relu,
        dropout: float | None = None,
        config: Any = None,
        label_dimension: int = 1,
    ) -> None:
        dnn.DNNRegressor.__init__(
            self,
            *(hidden_units, feature_columns, model_dir, label_dimension, weight_column_name),
            *(optimizer or "Adagrad", activation_fn, dropout),
            config=config,
        )


class LinearClassifier(_Classifier, linear.LinearClassifier):
    """A linear model that tells classes; arguments as of DNNClassifier.

    Args:
        feature_columns: dense or categorical columns.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        feature_columns: Any,
        model_dir: Any = None,
        n_classes: int = 2,
        weight_column_name: str | None = None,
        optimizer: Any = None,
        config: Any = None,
        label_keys: Sequence[str] | None = None,
    ) -> None:
        linear.LinearClassifier.__init__(
            self,
            *(feature_columns, model_dir, n_classes, weight_column_name, label_keys),
            *(optimizer or "Ftrl", config),
        )


class LinearRegressor(_Regressor, linear.LinearRegressor):
    """A linear model that tells numbers; arguments as of DNNRegressor.

    Args:
        feature_columns: dense or categorical columns.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        feature_columns: Any,
        model_dir: Any = None,
        weight_column_name: str | None = None,
        optimizer: Any = None,
        config: Any = None,
        label_dimension: int = 1,
    ) -> None:
        linear.LinearRegressor.__init__(
            self,
            *(feature_columns, model_dir, label_dimension, weight_column_name),
            *(optimizer or "Ftrl", config),
        )


class DNNLinearCombinedClassifier(_Classifier, wide_deep.DNNLinearCombinedClassifier):
    """A wide and deep model that tells classes.

    Args:
        model_dir: the folder of checkpoints and summaries.
        n_classes: how many classes there are.
        weight_column_name: the key of the examples' weights.
        linear_feature_columns: columns of the linear model.
        linear_optimizer: its optimizer.
        dnn_feature_columns: columns of the network.
        dnn_optimizer: its optimizer.
        dnn_hidden_units: the sizes of its hidden layers.
        dnn_activation_fn: what follows each.
        dnn_dropout: how many outputs of one are left out in training.
        config: RunConfig.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        model_dir: Any = None,
        n_classes: int = 2,
        weight_column_name: str | None = None,
        linear_feature_columns: Any = None,
        linear_optimizer: Any = None,
        dnn_feature_columns: Any = None,
        dnn_optimizer: Any = None,
        dnn_hidden_units: Sequence[int] | None = None,
        dnn_activation_fn: Callable[[Any], Any] | None = relu,
        dnn_dropout: float | None = None,
        config: Any = None,
    ) -> None:
        wide_deep.DNNLinearCombinedClassifier.__init__(
            self,
            *(model_dir, linear_feature_columns, linear_optimizer or "Ftrl", dnn_feature_columns),
            *(dnn_optimizer or "Adagrad", dnn_hidden_units, dnn_activation_fn, dnn_dropout),
            *(n_classes, weight_column_name),
            config=config,
        )


def infer_real_valued_columns_from_input(x: Any) -> list[NumericColumn]:
    """Return a column of all numbers of each row of an array.

    Args:
        x: the array: [rows, ...].
    """
    array = np.asarray(x)
    sizes = array.shape[1:] or (1,)
    return [numeric_column(ALONE, sizes, dtype=dtypes.as_dtype(array.dtype))]
