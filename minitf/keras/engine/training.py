"""Model: a network that is compiled, fitted, measured and asked.

    model.compile("adam", "mse", metrics=["mae"])
    history = model.fit(x, y, epochs=3, validation_split=0.1)
    model.evaluate(x, y)      [loss, mean_absolute_error]
    model.predict(x)          arrays

Source: TensorFlow 1.15's `tf.keras.Model`.
"""

from __future__ import annotations

from typing import Any

from minitf.keras.engine import loops
from minitf.keras.engine.arrays import cut
from minitf.keras.engine.compiled import Compiled


class Model(Compiled):
    """A network that is trained.

    Args:
        inputs: the tensors that its graph begins with; none for a subclass with a `call`.
        outputs: the tensors that it ends with.
        name: its name; by default that of its class, and a number if that is taken.
        **kwargs: `trainable`, `dtype`.

    Attributes:
        stop_training: callbacks set it to end `fit` behind an epoch.
        history: the History of the last `fit`.
    """

    stop_training = False
    history: Any = None

    # --- fitting, measuring, asking --------------------------------------------------------------

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: int = 1,
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: Any = True,
        class_weight: Any = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_freq: Any = 1,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Train on all rows, several times.

        Args:
            x: inputs: an array, a list or dict of them, a generator of batches, a Sequence, or a
                `tf.data.Dataset`.
            y: what is right, likewise; None where `x` gives it.
            batch_size: rows of a step; 32 by default.
            epochs: the number of the last epoch.
            verbose: 0: nothing is shown; 1: a bar; 2: a line for each epoch.
            callbacks: objects that are told of batches and epochs.
            validation_split: the share of rows, at the end, that is measured only.
            validation_data: (x, y) or (x, y, weights) to be measured, or a source of batches.
            shuffle: whether rows change their order each epoch; "batch": only whole batches do.
            class_weight: class -> weight of its rows.
            sample_weight: weights of the rows.
            initial_epoch: the number of the first epoch.
            steps_per_epoch: batches of an epoch; all by default.
            validation_steps: likewise for the validation.
            validation_freq: how many epochs lie between two validations, or which epochs have one.
            max_queue_size: accepted for compatibility, and so are `workers` and
                `use_multiprocessing`: batches are made one after the other.
            **kwargs: `nb_epoch`, an old name of `epochs`.

        Returns:
            A History: what was measured, epoch by epoch.

        Raises:
            RuntimeError: if the model is not compiled.
            TypeError: if there is another keyword.
            ValueError: if arrays do not fit.
        """
        self._check_compiled()
        epochs = kwargs.pop("nb_epoch", epochs)
        if kwargs:
            raise TypeError(f"Unrecognized keyword arguments: {kwargs}")
        if 0.0 < validation_split < 1.0 and validation_data is None:
            x, y, sample_weight, validation_data = self._split(
                x, y, sample_weight, class_weight, validation_split
            )
            class_weight = None
        batches = self._batches(
            x, y, sample_weight, class_weight, batch_size, steps_per_epoch, shuffle
        )
        validation = None
        if validation_data is not None:
            parts = _parts_of(validation_data)
            validation = self._batches(*parts, None, batch_size, validation_steps)
        return loops.fit(
            self, batches, epochs, verbose, callbacks, validation, validation_freq, initial_epoch
        )

    def _split(
        self, x: Any, y: Any, sample_weight: Any, class_weight: Any, share: float
    ) -> tuple[Any, Any, Any, Any]:
        """Cut the rows at the end off."""
        parts = self._standard(x, y, sample_weight, class_weight)
        rows = len(parts[0][0])
        at = int(rows * (1.0 - share))
        (x, y, weights), (vx, vy, vw) = (
            [cut(each, part) for each in parts] for part in (slice(0, at), slice(at, None))
        )
        return x, y, weights, (vx, vy, vw)

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: int = 1,
        sample_weight: Any = None,
        steps: int | None = None,
        callbacks: Any = None,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
    ) -> Any:
        """Return the loss, or a list of the loss and the metrics; see `fit` for the arguments."""
        self._check_compiled()
        batches = self._batches(x, y, sample_weight, None, batch_size, steps)
        return loops.evaluate(self, batches, verbose, callbacks)

    def predict(
        self,
        x: Any,
        batch_size: int | None = None,
        verbose: int = 0,
        steps: int | None = None,
        callbacks: Any = None,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
    ) -> Any:
        """Return the outputs of all rows, an array or a list of them; see `fit`."""
        batches = self._batches(x, None, None, None, batch_size, steps)
        return loops.predict(self, batches, verbose, callbacks)

    def train_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        class_weight: Any = None,
        reset_metrics: bool = True,
    ) -> Any:
        """Train one step; return the loss, or a list of the loss and the metrics of the batch."""
        self._check_compiled()
        made = self._run("train", *self._standard(x, y, sample_weight, class_weight))
        if reset_metrics:
            self.reset_metrics()
        return made[0] if len(made) == 1 else made

    def test_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, reset_metrics: bool = True
    ) -> Any:
        """Return the loss of a batch, or a list of the loss and the metrics."""
        self._check_compiled()
        made = self._run("test", *self._standard(x, y, sample_weight))
        if reset_metrics:
            self.reset_metrics()
        return made[0] if len(made) == 1 else made

    def predict_on_batch(self, x: Any) -> Any:
        """Return the outputs of a batch."""
        inputs, _, _ = self._standard(x)
        made = self._run("predict", inputs, [], [])
        return made[0] if len(made) == 1 else made

    def fit_generator(
        self,
        generator: Any,
        steps_per_epoch: int | None = None,
        epochs: int = 1,
        verbose: int = 1,
        callbacks: Any = None,
        validation_data: Any = None,
        validation_steps: int | None = None,
        validation_freq: Any = 1,
        class_weight: Any = None,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
        shuffle: bool = True,
        initial_epoch: int = 0,
    ) -> Any:
        """Train on batches of a generator or a Sequence; see `fit`."""
        return self.fit(
            generator,
            epochs=epochs,
            verbose=verbose,
            callbacks=callbacks,
            validation_data=validation_data,
            shuffle=shuffle,
            class_weight=class_weight,
            initial_epoch=initial_epoch,
            steps_per_epoch=steps_per_epoch,
            validation_steps=validation_steps,
            validation_freq=validation_freq,
        )

    def evaluate_generator(
        self,
        generator: Any,
        steps: int | None = None,
        callbacks: Any = None,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
        verbose: int = 0,
    ) -> Any:
        """Return loss and metrics of batches of a generator; see `evaluate`."""
        return self.evaluate(generator, steps=steps, callbacks=callbacks, verbose=verbose)

    def predict_generator(
        self,
        generator: Any,
        steps: int | None = None,
        callbacks: Any = None,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
        verbose: int = 0,
    ) -> Any:
        """Return the outputs for batches of a generator; see `predict`."""
        return self.predict(generator, steps=steps, callbacks=callbacks, verbose=verbose)

    # --- saving ----------------------------------------------------------------------------------

    def save(self, filepath: Any, overwrite: bool = True, include_optimizer: bool = True) -> None:
        """Write layers, weights and optimizer to a file; see `tf.keras.models.save_model`."""
        from minitf.keras.saving.hdf5 import save_model

        save_model(self, filepath, overwrite, include_optimizer)

    def save_weights(
        self, filepath: Any, overwrite: bool = True, save_format: str | None = None
    ) -> None:
        """Write the weights to an HDF5 file, or to a checkpoint.

        Args:
            filepath: ends in .h5, .hdf5 or .keras for HDF5.
            overwrite: whether a file may be replaced.
            save_format: "h5" or "tf", where the name does not say it.
        """
        from minitf.keras.saving.weights import save_weights

        save_weights(self, filepath, overwrite, save_format)

    def load_weights(self, filepath: Any, by_name: bool = False) -> Any:
        """Read the weights of a file; see `save_weights`.

        Args:
            filepath: the file.
            by_name: whether layers are found by name, and others keep their weights.

        Returns:
            Of a checkpoint, a status as of `tf.train.Checkpoint.restore`; else None.
        """
        from minitf.keras.saving.weights import load_weights

        return load_weights(self, filepath, by_name)


def _parts_of(validation_data: Any) -> tuple[Any, Any, Any]:
    """Return inputs, targets and weights of rows to be measured.

    Raises:
        ValueError: if there are more or fewer parts.
    """
    if not isinstance(validation_data, (tuple, list)):
        return validation_data, None, None
    if len(validation_data) not in {2, 3}:
        raise ValueError(
            "When passing a `validation_data` argument, it must contain either 2 items (x_val, "
            "y_val), or 3 items (x_val, y_val, val_sample_weights). However we received "
            f"`validation_data` of {len(validation_data)} items."
        )
    x, y, weights = (*validation_data, None)[:3]
    return x, y, weights
