"""Models by their older names: those of `tf.estimator`, with `fit` and arrays.

    columns = tf.contrib.learn.infer_real_valued_columns_from_input(x)
    model = tf.contrib.learn.DNNClassifier(hidden_units=[10], feature_columns=columns, n_classes=3)
    model.fit(x, y, steps=200)
    model.evaluate(x=x, y=y)["accuracy"]
    list(model.predict_classes(new))

**Departures**: variables have the names of `tf.estimator`, so checkpoints are those of its models;
a model function returns a `tf.estimator.EstimatorSpec`.  Optimizers are those of `tf.estimator` by
default.  Arguments that a constructor of 1.15 has beyond these are not there.

Source: TensorFlow 1.15's `tf.contrib.learn`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Self

import numpy as np

from minitf import dtypes
from minitf.api.nn_activations import relu
from minitf.contrib.layers.feature_columns import ALONE
from minitf.estimator import dnn, linear, wide_deep
from minitf.estimator.estimators import Estimator as Engine
from minitf.estimator.inputs.arrays import numpy_input_fn
from minitf.feature_column.numeric import NumericColumn, numeric_column


class Estimator(Engine):
    """A `tf.estimator.Estimator` that takes arrays too; arguments as of that.

    Args:
        model_fn: builds the model, and returns a `tf.estimator.EstimatorSpec`.
        model_dir: the folder of checkpoints and summaries.
        config: RunConfig.
        params: what `model_fn` gets as `params`.

    Source: TensorFlow 1.15.
    """

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        input_fn: Callable[..., Any] | None = None,
        steps: int | None = None,
        batch_size: int | None = None,
        monitors: Any = None,
        max_steps: int | None = None,
    ) -> Self:
        """Train from the latest checkpoint on.

        Args:
            x: features: an array, or array by key.
            y: labels.
            input_fn: gives both, instead.
            steps: how many steps to do.
            batch_size: how many rows a batch has; all if None.
            monitors: SessionRunHooks.
            max_steps: the step to stop at, instead.

        Raises:
            ValueError: if there are both arrays and an input function, or neither.
        """
        given = _input_fn(x, y, input_fn, batch_size, None, shuffle=True)
        self.train(given, hooks=monitors, steps=steps, max_steps=max_steps)
        return self

    def evaluate(  # type: ignore[override]  # the older order of arguments
        self,
        x: Any = None,
        y: Any = None,
        input_fn: Callable[..., Any] | None = None,
        batch_size: int | None = None,
        steps: int | None = None,
        name: str | None = None,
        checkpoint_path: str | None = None,
        hooks: Any = None,
    ) -> dict[str, Any]:
        """Return the metrics of a checkpoint; arguments as of `fit` and `Estimator.evaluate`."""
        given = _input_fn(x, y, input_fn, batch_size, 1, shuffle=False)
        return super().evaluate(given, steps, hooks, checkpoint_path, name)

    def predict(  # type: ignore[override]  # the older order of arguments
        self,
        x: Any = None,
        input_fn: Callable[..., Any] | None = None,
        batch_size: int | None = None,
        outputs: Sequence[str] | None = None,
        as_iterable: bool = True,
    ) -> Any:
        """Return the predictions of each row.

        Args:
            x: features: an array, or array by key.
            input_fn: gives them, instead.
            batch_size: how many rows a batch has; all if None.
            outputs: names of the predictions to give; all if None.
            as_iterable: whether to give an iterator, or a list.
        """
        given = _input_fn(x, None, input_fn, batch_size, 1, shuffle=False)
        found = super().predict(given, predict_keys=outputs)
        return found if as_iterable else list(found)

    def _one(self, key: str, options: dict[str, Any]) -> Iterator[Any]:
        """Yield one prediction of each row."""
        for each in Estimator.predict(self, outputs=[key], **options):
            yield each[key]


class _Classifier(Estimator):
    """What classifiers can be asked."""

    def predict_classes(self, x: Any = None, **options: Any) -> Iterator[Any]:
        """Yield the number of each row's class; other arguments as of `predict`."""
        for (number,) in self._one("class_ids", {"x": x, **options}):
            yield number

    def predict_proba(self, x: Any = None, **options: Any) -> Iterator[Any]:
        """Yield the probabilities of each row's classes; other arguments as of `predict`."""
        return self._one("probabilities", {"x": x, **options})


class _Regressor(Estimator):
    """What regressors can be asked."""

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


def _input_fn(
    x: Any,
    y: Any,
    input_fn: Callable[..., Any] | None,
    batch_size: int | None,
    num_epochs: int | None,
    *,
    shuffle: bool,
) -> Callable[..., Any]:
    """Return an input function of arrays, or the one that is given.

    Raises:
        ValueError: if there are both, or neither.
    """
    if input_fn is not None:
        if x is not None or y is not None:
            raise ValueError("Can not provide both input_fn and x or y.")
        return input_fn
    if x is None:
        raise ValueError("Either x or input_fn must be provided.")
    features = x if isinstance(x, dict) else {ALONE: np.asarray(x)}
    labels = None if y is None else np.asarray(y)
    rows = len(next(iter(features.values())))
    return numpy_input_fn(
        features,
        labels,
        batch_size or rows,
        num_epochs,
        shuffle,
        queue_capacity=max(1000, 2 * rows),
    )
