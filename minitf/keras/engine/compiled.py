"""Compiled: a network with a loss, an optimizer and metrics, and the functions that run it.

Training, measuring and asking are three functions of the backend, each made when it is first used:
feeds of inputs, targets and weights, fetches of loss and metrics, and for training the updates of
the optimizer and of the layers.

Source: TensorFlow 1.15's `tf.keras.Model`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf import nest
from minitf.api.control import identity
from minitf.api.framework import control_dependencies, name_scope
from minitf.keras import optimizers
from minitf.keras.backend.functions import Function
from minitf.keras.backend.tensors import placeholder
from minitf.keras.engine import compilation, loops
from minitf.keras.engine.arrays import (
    Arrays,
    check_lengths,
    check_shapes,
    in_order,
    weights_of,
)
from minitf.keras.engine.batches import ArrayBatches, DatasetBatches, GeneratorBatches
from minitf.keras.engine.network import Network
from minitf.keras.engine.nodes import history_of
from minitf.keras.metrics.base import Metric
from minitf.keras.mixed_precision.loss_scale_optimizer import LossScaleOptimizer
from minitf.keras.utils.data_utils import Sequence as BatchSequence
from minitf.layers.holdings import follows
from minitf.layers.phase import learning_phase
from minitf.tensor import Tensor


class Compiled(Network):
    """A network that knows what it is trained for.

    Args:
        inputs: the tensors that its graph begins with; none for a subclass with a `call`.
        outputs: the tensors that it ends with.
        name: its name; by default that of its class, and a number if that is taken.
        **kwargs: `trainable`, `dtype`.

    Attributes:
        optimizer: what it is compiled with; None before, and so are `loss`, `loss_weights`,
            `total_loss` and `targets`.
    """

    optimizer: Any = None
    loss: Any = None
    loss_weights: Any = None
    total_loss: Any = None
    _compiled: Any = None  # the arguments of `compile`
    _endpoints: Sequence[compilation.Endpoint] = ()
    _measured: tuple[list[Metric], list[Tensor]] | None = None
    _functions: dict[str, Function] | None = None

    # --- compiling -------------------------------------------------------------------------------

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        metrics: Any = None,
        loss_weights: Any = None,
        sample_weight_mode: Any = None,
        weighted_metrics: Any = None,
        target_tensors: Any = None,
        distribute: Any = None,
        **kwargs: Any,
    ) -> None:
        """Say what the model is trained for, and how.

        Args:
            optimizer: an optimizer or its name.
            loss: a loss, its name or a function, for all outputs, or in a list or dict for each.
            metrics: what is measured, likewise: a list for all outputs, or lists for each.
            loss_weights: factors of the losses of outputs.
            sample_weight_mode: "temporal" where steps in time have weights.
            weighted_metrics: metrics that weights of rows count for.
            target_tensors: tensors in the place of placeholders for targets.
            distribute: accepted for compatibility; None.
            **kwargs: `options`, `run_metadata`, `feed_dict` and `fetches` of the runs; see
                `K.function`.

        Raises:
            ValueError: if arguments do not fit the outputs.
        """
        self.optimizer = self._scaling(optimizers.get(optimizer))
        self.loss = loss if loss is not None else {}
        self.loss_weights = loss_weights
        self._of_runs = {key: value for key, value in kwargs.items() if value is not None}
        self._compiled = {
            "loss": loss,
            "metrics": metrics,
            "loss_weights": loss_weights,
            "sample_weight_mode": sample_weight_mode,
            "weighted_metrics": weighted_metrics,
        }
        self._functions = {}
        self._measured = None
        self._endpoints = ()
        if self.outputs is not None:
            self._make_losses(target_tensors)

    def _scaling(self, optimizer: Any) -> Any:
        """Return an optimizer that scales the loss, if the model's policy wants that.

        Raises:
            ValueError: if it is none of Keras.
        """
        scale = self._policy.loss_scale
        if scale is None or isinstance(optimizer, LossScaleOptimizer):
            return optimizer
        if not isinstance(optimizer, optimizers.Optimizer):
            raise ValueError(
                'optimizer" must be an instance of tf.keras.optimizers.Optimizer when a dype '
                f"policy with a loss scale is used, but got: {optimizer}. Using policy: "
                f"{self._policy}"
            )
        return LossScaleOptimizer(optimizer, scale)

    def compiled_with(self) -> dict[str, Any]:
        """Return the arguments of `compile` but for the optimizer, functions by their names."""
        return {} if self._compiled is None else dict(self._compiled)

    def _make_losses(self, target_tensors: Any = None) -> None:
        arguments = self._compiled
        assert self.outputs is not None
        self._endpoints = compilation.endpoints_of(
            self.output_names,
            self.outputs,
            arguments["loss"],
            arguments["loss_weights"],
            arguments["sample_weight_mode"],
            target_tensors,
        )
        compilation.set_metrics(
            self._endpoints, arguments["metrics"], arguments["weighted_metrics"]
        )
        others = self.get_losses_for(None) + self.get_losses_for(self.inputs)
        self.total_loss = compilation.total_loss(self._endpoints, others)
        metrics, results = compilation.measured(self._endpoints)
        added = self.measurements()
        for each in self.layer_metrics():
            with control_dependencies([batch for metric, batch in added if metric is each]):
                results.append(identity(each.result()))
            metrics.append(each)
        self._measured = metrics, results
        self._collected = self.trainable_weights

    def measurements(self) -> list[tuple[Any, Tensor]]:
        """Return what `add_metric` was told of tensors that follow from the model's inputs."""
        found = super().measurements()
        return [(metric, batch) for metric, batch in found if follows(batch.op, self.inputs or ())]

    def measured_parts(self) -> tuple[list[Metric], list[Tensor]]:
        """Return the metrics, and their results with a batch included."""
        return ([], []) if self._measured is None else self._measured

    @property
    def metrics(self) -> list[Any]:
        """The metrics that it was compiled with."""
        return [] if self._measured is None else list(self._measured[0])

    @property
    def metrics_names(self) -> list[str]:
        """The names of what `evaluate` returns."""
        return ["loss", *(each.name for each in self.metrics)]

    @property
    def targets(self) -> list[Any]:
        """The placeholders of what is right."""
        return [each.target for each in self._endpoints]

    @property
    def sample_weights(self) -> list[Any]:
        """The placeholders of the weights of rows."""
        return [each.weight for each in self._endpoints]

    @property
    def loss_functions(self) -> list[Any]:
        """The losses of the outputs."""
        return [each.loss for each in self._endpoints]

    def reset_metrics(self) -> None:
        """Forget what was measured."""
        for each in self.metrics:
            each.reset_states()

    # --- functions -------------------------------------------------------------------------------

    def _feeds(self) -> list[Any]:
        return [each for each in self.inputs or () if _is_fed(each)]

    def _function(self, kind: str) -> Function:
        if self._functions is None:
            self._functions = {}
        if kind not in self._functions:
            make = {"train": self._train_function, "test": self._test_function}
            self._functions[kind] = make.get(kind, self._predict_function)()
        return self._functions[kind]

    def _placeholders(self) -> list[Any]:
        targets = [each.target for each in self._endpoints if not each.given_target]
        return [*self._feeds(), *targets, *self.sample_weights, learning_phase()]

    def _train_function(self) -> Function:
        assert self._measured is not None
        with name_scope("training"):
            updates = self.optimizer.get_updates(loss=self.total_loss, params=self._collected)
            updates += self.get_updates_for(None) + self.get_updates_for(self.inputs)
        return Function(
            self._placeholders(),
            [self.total_loss, *self._measured[1]],
            updates,
            "train_function",
            **self._of_runs,
        )

    def _test_function(self) -> Function:
        assert self._measured is not None
        return Function(
            self._placeholders(),
            [self.total_loss, *self._measured[1]],
            self.state_updates,
            "test_function",
            **self._of_runs,
        )

    def _predict_function(self) -> Function:
        return Function(
            [*self._feeds(), learning_phase()],
            list(self.outputs or ()),
            self.state_updates,
            "predict_function",
            **getattr(self, "_of_runs", {}),
        )

    def _run(self, kind: str, inputs: Arrays, targets: Arrays, weights: Arrays) -> list[Any]:
        """Run one of the functions on arrays."""
        phase = kind == "train"
        if kind == "predict":
            values: list[Any] = [*inputs, phase]
        else:
            fed = zip(self._endpoints, targets, strict=True)
            targets = [each for endpoint, each in fed if not endpoint.given_target]
            values = [*inputs, *targets, *weights, phase]
        made: list[Any] = self._function(kind)(values)
        return made

    def start_optimizer(self) -> None:
        """Make the variables of the optimizer, so that they can be given values."""
        self._function("train")

    # --- data ------------------------------------------------------------------------------------

    def _standard(
        self, x: Any, y: Any = None, sample_weight: Any = None, class_weight: Any = None
    ) -> tuple[Arrays, Arrays, Arrays]:
        """Return arrays for inputs, targets and weights, checked."""
        self._know_inputs(x)
        feeds = self._feeds()
        names = [history_of(each).layer.name for each in feeds]
        inputs = in_order(x, names, "input") if feeds else []
        shapes = [None if each.shape.ndims is None else each.shape.as_list() for each in feeds]
        check_shapes(inputs, names, shapes, "input")
        if not self._endpoints or (y is None and not self._has_given_targets()):
            return inputs, [], []
        names = [each.name for each in self._endpoints]
        if y is None:
            targets: Arrays = [None] * len(names)
        else:
            targets = in_order(y, names, "target")
            check_shapes(targets, names, [each.target_shape for each in self._endpoints], "target")
        temporal = [each.temporal for each in self._endpoints]
        weights = weights_of(sample_weight, class_weight, names, targets, temporal)
        check_lengths(inputs, targets, weights)
        return inputs, targets, weights

    def _has_given_targets(self) -> bool:
        return any(each.given_target for each in self._endpoints)

    def _know_inputs(self, x: Any) -> None:
        """Make the inputs of a model that is known only by its `call`, for arrays like these."""
        if self.inputs is not None:
            return
        arrays = (
            [np.asarray(each) for each in nest.flatten(x)] if _is_several(x) else [np.asarray(x)]
        )
        begins = [
            placeholder((None, *each.shape[1:]), name=f"input_{i + 1}")
            if each.dtype.kind == "f"
            else placeholder((None, *each.shape[1:]), dtype=str(each.dtype), name=f"input_{i + 1}")
            for i, each in enumerate(arrays)
        ]
        self._begin_with(nest.pack_sequence_as(x, begins) if _is_several(x) else begins[0])
        if self._compiled is not None:
            self._make_losses()

    def _begin_with(self, tensors: Any) -> None:
        if hasattr(self, "_build_for"):
            from minitf.keras.engine.input_layer import Input

            self._build_for(Input(tensor=tensors, name=f"{self.name}_input"))
            return
        from minitf.keras.engine.input_layer import Input

        begins = nest.map_structure(lambda each: Input(tensor=each), tensors)
        outputs = self(begins)
        self.inputs, self.outputs = nest.flatten(begins), nest.flatten(outputs)
        self.output_names = [f"output_{i + 1}" for i in range(len(self.outputs))]
        self.input_names = [history_of(each).layer.name for each in self.inputs]

    def _batches(
        self,
        x: Any,
        y: Any,
        sample_weight: Any,
        class_weight: Any,
        batch_size: int | None,
        steps: int | None,
        shuffle: Any = False,
    ) -> Any:
        """Return where batches come from; see `minitf.keras.engine.batches`."""

        def standard(x: Any, y: Any, weights: Any) -> tuple[Arrays, Arrays, Arrays]:
            return self._standard(x, y, weights, class_weight)

        if hasattr(x, "make_one_shot_iterator") or hasattr(x, "get_next"):
            return DatasetBatches(x, standard, steps)
        if isinstance(x, BatchSequence) or hasattr(x, "__next__"):
            return GeneratorBatches(x, standard, steps, shuffle)
        arrays = self._standard(x, y, sample_weight, class_weight)
        rows = next((len(each) for each in (*arrays[0], *arrays[1]) if each is not None), None)
        if rows is None or steps is not None:
            return loops.Repeated(arrays, steps)
        return ArrayBatches(*arrays, batch_size or 32, shuffle)

    def _check_compiled(self) -> None:
        if self.optimizer is None:
            raise RuntimeError(
                "You must compile your model before training/testing. Use "
                "`model.compile(optimizer, loss)`."
            )


def _is_several(x: Any) -> bool:
    return isinstance(x, dict) or (
        isinstance(x, (list, tuple)) and all(hasattr(each, "shape") for each in x)
    )


def _is_fed(tensor: Any) -> bool:
    return getattr(tensor, "op", None) is None or tensor.op.type == "Placeholder"
