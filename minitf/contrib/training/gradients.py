"""An operation that trains: gradients of a loss, changed as wanted, then applied; its loop.

Source: TensorFlow 1.15's tf.contrib.training.create_train_op and train.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from minitf.api.checks import check_numerics as checked_numerics
from minitf.api.clipping import clip_by_norm, global_norm
from minitf.api.control import identity, no_op
from minitf.api.framework import (
    control_dependencies,
    convert_to_tensor,
    get_collection,
    get_collection_ref,
    name_scope,
)
from minitf.api.state import trainable_variables
from minitf.composite import IndexedSlices, on_values
from minitf.graph_keys import GraphKeys
from minitf.summary.values import histogram, scalar
from minitf.tensor import Tensor
from minitf.train.monitored_training import MonitoredTrainingSession
from minitf.train.optimizer import Optimizer
from minitf.train.training_util import get_or_create_global_step

_LOG = logging.getLogger("tensorflow")
_USE_GLOBAL_STEP = 0

Pairs = list[tuple[Any, Any]]


def add_gradients_summaries(grads_and_vars: Sequence[tuple[Any, Any]]) -> list[Tensor]:
    """Write for each gradient its histogram and its norm; return the summaries."""
    made = []
    for grad, var in grads_and_vars:
        if grad is None:
            _LOG.info("Var %s has no gradient", var.op.name)
            continue
        values = grad.values if isinstance(grad, IndexedSlices) else grad
        made.append(histogram(f"{var.op.name}_gradient", values))
        made.append(scalar(f"{var.op.name}_gradient_norm", global_norm([values])))
    return made


def clip_gradient_norms(gradients_to_variables: Sequence[tuple[Any, Any]], max_norm: Any) -> Pairs:
    """Return (gradient, variable) pairs, each gradient of at most a norm."""
    return [
        (on_values(grad, lambda values: clip_by_norm(values, max_norm)), var)
        for grad, var in gradients_to_variables
    ]


def clip_gradient_norms_fn(max_norm: Any) -> Callable[[Sequence[tuple[Any, Any]]], Pairs]:
    """Return `clip_gradient_norms` as a function of the pairs."""
    return lambda pairs: clip_gradient_norms(pairs, max_norm)


def multiply_gradients(grads_and_vars: Any, gradient_multipliers: Any) -> Pairs:
    """Return (gradient, variable) pairs, some gradients multiplied.

    Args:
        grads_and_vars: a list of pairs.
        gradient_multipliers: variable, or name of its operation -> factor.

    Raises:
        ValueError: if an argument is something else, or a gradient is missing.
    """
    if not isinstance(grads_and_vars, list):
        raise ValueError("`grads_and_vars` must be a list.")
    if not gradient_multipliers:
        raise ValueError("`gradient_multipliers` is empty.")
    if not isinstance(gradient_multipliers, Mapping):
        raise ValueError("`gradient_multipliers` must be a dict.")
    found = []
    for grad, var in grads_and_vars:
        key = var if var in gradient_multipliers else var.op.name
        if key not in gradient_multipliers:
            found.append((grad, var))
            continue
        if grad is None:
            raise ValueError("Requested multiple of `None` gradient.")
        factor = convert_to_tensor(gradient_multipliers[key], grad.dtype)
        found.append((_times(grad, factor), var))
    return found


def _times(grad: Any, factor: Any) -> Any:
    return on_values(grad, lambda values: values * factor)


def create_train_op(
    total_loss: Any,
    optimizer: Optimizer,
    global_step: Any = _USE_GLOBAL_STEP,
    update_ops: Sequence[Any] | None = None,
    variables_to_train: Sequence[Any] | None = None,
    transform_grads_fn: Callable[[Pairs], Pairs] | None = None,
    summarize_gradients: bool = False,
    gate_gradients: int = Optimizer.GATE_OP,
    aggregation_method: Any = None,
    colocate_gradients_with_ops: bool = False,
    check_numerics: bool = True,
) -> Tensor:
    """Return a loss that trains: when it is evaluated, variables are changed too.

    Args:
        total_loss: a scalar.
        optimizer: the optimizer.
        global_step: the variable that counts updates; by default the graph's; None for none.
        update_ops: operations to run before the loss is there; by default those of UPDATE_OPS.
        variables_to_train: by default all trainable variables.
        transform_grads_fn: function of (gradient, variable) pairs that returns such pairs.
        summarize_gradients: whether to write histograms and norms of the gradients.
        gate_gradients: see `compute_gradients`, and so are the following ones.
        check_numerics: whether a loss that is no number is an error.

    Raises:
        ValueError: if there is nothing to train.
    """
    if isinstance(global_step, int):
        global_step = get_or_create_global_step()
    known = get_collection(GraphKeys.UPDATE_OPS)
    updates = known if update_ops is None else update_ops
    updates = list(dict.fromkeys(updates))
    if not set(known).issubset(updates):
        _LOG.warning(
            "update_ops in create_train_op does not contain all the update_ops in "
            "GraphKeys.UPDATE_OPS"
        )
    if updates:
        with control_dependencies(updates):
            barrier = no_op(name="update_barrier")
        total_loss = _after(barrier, total_loss)
    variables = trainable_variables() if variables_to_train is None else variables_to_train
    if not variables:
        raise ValueError("No variables to train")
    grads = optimizer.compute_gradients(
        total_loss,
        variables,
        gate_gradients=gate_gradients,
        aggregation_method=aggregation_method,
        colocate_gradients_with_ops=colocate_gradients_with_ops,
    )
    if transform_grads_fn is not None:
        grads = transform_grads_fn(grads)
    if summarize_gradients:
        with name_scope("summarize_grads"):
            add_gradients_summaries(grads)
    applied = optimizer.apply_gradients(grads, global_step=global_step)
    with name_scope("train_op"):
        if check_numerics:
            total_loss = checked_numerics(total_loss, "LossTensor is inf or nan")
        train_op = _after(applied, total_loss)
    collected = get_collection_ref(GraphKeys.TRAIN_OP)
    if train_op not in collected:
        collected.append(train_op)
    return train_op


def _after(operation: Any, value: Any) -> Tensor:
    """Return a value that is there once an operation has run."""
    with (
        name_scope("control_dependency", values=[operation, value]) as scope,
        control_dependencies([operation]),
    ):
        return identity(value, name=scope)


def train(
    train_op: Any,
    logdir: Any,
    master: str = "",
    is_chief: bool = True,
    scaffold: Any = None,
    hooks: Sequence[Any] | None = None,
    chief_only_hooks: Sequence[Any] | None = None,
    save_checkpoint_secs: float | None = 600,
    save_summaries_steps: int | None = 100,
    config: Any = None,
    max_wait_secs: float = 7200,
    run_metadata: Any = None,
) -> Any:
    """Train in a monitored session until a hook, or the end of the inputs, stops it.

    Args:
        train_op: what trains and gives the loss.
        logdir: folder of checkpoints and summaries; None for neither.
        master: see `tf.train.MonitoredTrainingSession`, and so are the following ones.
        run_metadata: a RunMetadata message that is filled.

    Returns:
        The last loss.
    """
    loss = None
    with MonitoredTrainingSession(
        master=master,
        is_chief=is_chief,
        checkpoint_dir=logdir,
        scaffold=scaffold,
        hooks=hooks,
        chief_only_hooks=chief_only_hooks,
        save_checkpoint_secs=save_checkpoint_secs,
        save_summaries_steps=save_summaries_steps,
        config=config,
        max_wait_secs=max_wait_secs,
    ) as session:
        while not session.should_stop():
            loss = session.run(train_op, run_metadata=run_metadata)
    return loss
