"""SyncReplicasOptimizer: one update for the gradients of several workers.

    worker      compute gradients -> apply_grad to accumulators, tagged with the local step
                dequeue a token -> the new local step
    chief       take_grad: waits for `replicas_to_aggregate` gradients, gives their mean
                update variables, global step + 1, enqueue a token for each worker

A gradient whose tag is older than the global step is dropped by its accumulator, so workers in
excess of `replicas_to_aggregate` are backups: the slowest gradients are not waited for.

**State**: an accumulator for each variable, called `<variable>/grad_accum`; a queue of tokens, the
numbers of steps that workers may work for, called `sync_token_q`.  Both are shared by their names.
A local variable holds the worker's step.

**Invariants**
1. The variables that a worker reads for step n are those after n updates, as no token n is there
   before the n-th update is.
2. An update uses gradients of the present step only.

**Departure**: the tokens are filled from the global step itself, not from its read `<name>/read`,
which fires before the update; TensorFlow's reads alias the variable and show the later value.

Source: OSDI §4.4, Figure 4(b) and (c); TensorFlow 1.15's tf.train.SyncReplicasOptimizer.
"""

from __future__ import annotations

import logging
from typing import Any

from minitf.api.accumulators import ConditionalAccumulator, SparseConditionalAccumulator
from minitf.api.constants import fill
from minitf.api.control import group, no_op
from minitf.api.framework import colocate_with, control_dependencies, device, name_scope
from minitf.api.queue_kinds import FIFOQueue
from minitf.api.state import assign, global_variables, report_uninitialized_variables
from minitf.composite import IndexedSlices
from minitf.graph_keys import GraphKeys
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.train.optimizer import Optimizer
from minitf.train.queue_runner import QueueRunner
from minitf.train.session_manager import why_not_ready
from minitf.train.session_run_hook import SessionRunHook
from minitf.variables.base import Variable
from minitf.variables.ref import RefVariable

_LOG = logging.getLogger("tensorflow")


class SyncReplicasOptimizer(Optimizer):
    """Averages the gradients of several workers before another optimizer applies them.

    Args:
        opt: the optimizer.
        replicas_to_aggregate: how many gradients make an update.
        total_num_replicas: how many workers there are; more than `replicas_to_aggregate` are
            backups, with fewer each computes several gradients for an update.
        variable_averages: an ExponentialMovingAverage to update after each update.
        variables_to_average: of which variables.
        use_locking: accepted for compatibility.
        name: name scope of what is added.

    Attributes:
        local_step_init_op: run it in each worker before it begins.
        chief_init_op: run it in the chief instead.
        ready_for_local_init_op: names the global variables that have no value yet.

    Source: OSDI §4.4.
    """

    def __init__(
        self,
        opt: Optimizer,
        replicas_to_aggregate: int,
        total_num_replicas: int | None = None,
        variable_averages: Any = None,
        variables_to_average: Any = None,
        use_locking: bool = False,
        name: str = "sync_replicas",
    ) -> None:
        super().__init__(use_locking, name)
        if total_num_replicas is None:
            total_num_replicas = replicas_to_aggregate
        _LOG.info(
            "SyncReplicasV2: replicas_to_aggregate=%s; total_num_replicas=%s",
            replicas_to_aggregate,
            total_num_replicas,
        )
        self._opt = opt
        self._replicas_to_aggregate = replicas_to_aggregate
        self._total_num_replicas = total_num_replicas
        self._variable_averages = variable_averages
        self._variables_to_average = variables_to_average
        self._global_step: Any = None
        self._tokens: FIFOQueue | None = None
        self._chief_queue_runner: QueueRunner | None = None

    # --- what the optimizer does ------------------------------------------------------------------

    def compute_gradients(self, *args: Any, **kwargs: Any) -> Any:
        """Return (gradient, variable) pairs of this worker, as the optimizer does.

        They are averaged by `apply_gradients`, so that a worker may clip its own before.
        """
        return self._opt.compute_gradients(*args, **kwargs)

    def get_slot(self, *args: Any, **kwargs: Any) -> Any:
        """Return a slot of the optimizer."""
        return self._opt.get_slot(*args, **kwargs)

    def get_slot_names(self, *args: Any, **kwargs: Any) -> Any:
        """Return the names of the optimizer's slots."""
        return self._opt.get_slot_names(*args, **kwargs)

    def variables(self) -> Any:
        """Return the optimizer's variables."""
        return self._opt.variables()

    # --- synchronization --------------------------------------------------------------------------

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None
    ) -> Any:
        """Return an operation that hands in this worker's gradients and waits for the next step.

        Args:
            grads_and_vars: pairs as `compute_gradients` gives them.
            global_step: the variable that counts updates.
            name: accepted for compatibility.

        Raises:
            ValueError: if there is no variable, no global step, or a gradient of another kind.
        """
        pairs = list(grads_and_vars)
        if not pairs:
            raise ValueError("Must supply at least one variable")
        if global_step is None:
            raise ValueError("Global step is required to check staleness")
        self._global_step = global_step
        local_step = self._local_step_at(global_step)
        handed_in: list[Operation] = []
        means: list[tuple[Any, Any]] = []
        accumulators: list[tuple[Any, str]] = []
        with name_scope(None, self._name):
            for grad, variable in pairs:
                with device(variable.device):
                    if grad is None:
                        means.append((None, variable))
                        continue
                    accumulator, apply, mean = self._accumulated(grad, variable, local_step)
                handed_in.append(apply)
                means.append((mean, variable))
                accumulators.append((accumulator, variable.device))
            with device(global_step.device), name_scope(""):
                update = self._opt.apply_gradients(means, global_step)
            train_op = self._wait(local_step, handed_in, update)
            begin = [self.local_step_init_op]
            for accumulator, place in accumulators:
                with device(place):
                    begin.append(accumulator.set_global_step(global_step, name="SetGlobalStep"))
            self.chief_init_op = group(*begin)
        return train_op

    def _local_step_at(self, global_step: Any) -> Variable:
        """Make the variable that holds the step that this worker works for."""
        with colocate_with(no_op()):  # at the worker, not at a parameter server
            local_step = Variable(
                0,
                trainable=False,
                collections=[GraphKeys.LOCAL_VARIABLES],
                dtype=global_step.dtype.base_dtype,
                name="sync_rep_local_step",
            )
        self.local_step_init_op = assign(local_step, global_step)
        self.ready_for_local_init_op = report_uninitialized_variables(global_variables())
        return local_step

    def _accumulated(self, grad: Any, variable: Any, local_step: Any) -> tuple[Any, Operation, Any]:
        """Return a variable's accumulator, the handing in of a gradient, and the mean of enough."""
        name, enough = f"{variable.name}/grad_accum", self._replicas_to_aggregate
        if isinstance(grad, Tensor):
            whole = ConditionalAccumulator(grad.dtype, shape=variable.get_shape(), shared_name=name)
            return whole, whole.apply_grad(grad, local_step=local_step), whole.take_grad(enough)
        if not isinstance(grad, IndexedSlices):
            raise ValueError("Unknown grad type!")
        rows = SparseConditionalAccumulator(grad.dtype, shape=(), shared_name=name)
        apply = rows.apply_indexed_slices_grad(grad, local_step=local_step)
        return rows, apply, rows.take_indexed_slices_grad(enough)

    def _wait(self, local_step: Any, handed_in: list[Operation], update: Any) -> Any:
        """Return the operation that takes a token; the chief's gives out those of a step."""
        step = self._global_step
        with device(step.device), name_scope(""):
            self._tokens = FIFOQueue(
                -1,
                step.dtype.base_dtype,
                shapes=(),
                name="sync_token_q",
                shared_name="sync_token_q",
            )
        with device(step.device), name_scope(""):
            with control_dependencies(handed_in):
                token = self._tokens.dequeue()
            train_op = assign(local_step, token)
            with control_dependencies([update]):
                per_step = max(self._total_num_replicas, self._replicas_to_aggregate)
                sync_op = self._tokens.enqueue_many((fill([per_step], _late_read(step)),))
            if self._variable_averages is not None:
                with control_dependencies([sync_op]), name_scope(""):
                    sync_op = self._variable_averages.apply(self._variables_to_average)
            self._chief_queue_runner = QueueRunner(self._tokens, [sync_op])
        return train_op

    # --- what the chief does ----------------------------------------------------------------------

    def get_chief_queue_runner(self) -> QueueRunner:
        """Return what the chief runs: updates, one after the other.

        Raises:
            ValueError: before `apply_gradients`.
        """
        if self._chief_queue_runner is None:
            raise ValueError("Should be called after apply_gradients().")
        return self._chief_queue_runner

    def get_init_tokens_op(self, num_tokens: int = -1) -> Operation:
        """Return an operation by which the chief lets workers begin.

        Args:
            num_tokens: how many tokens to give out; -1 for `replicas_to_aggregate`.

        Raises:
            ValueError: before `apply_gradients`, or if so few workers could not finish a step.
        """
        if self._tokens is None:
            raise ValueError("get_init_tokens_op() should be called after apply_gradients().")
        needed = self._replicas_to_aggregate - self._total_num_replicas
        if num_tokens == -1:
            num_tokens = self._replicas_to_aggregate
        elif num_tokens < needed:
            raise ValueError(
                f"Too few tokens to finish the first step: {num_tokens} (given) vs {needed} "
                "(needed)"
            )
        if num_tokens <= 0:
            return no_op(name="no_init_tokens")
        with device(self._global_step.device), name_scope(""):
            return self._tokens.enqueue_many((fill([num_tokens], self._global_step),))

    def make_session_run_hook(self, is_chief: bool, num_tokens: int = -1) -> SessionRunHook:
        """Return a hook that begins all this when a session is made.

        Args:
            is_chief: whether this worker is the chief.
            num_tokens: as of `get_init_tokens_op`.
        """
        return _SyncReplicasHook(self, is_chief, num_tokens)


def _late_read(step: Any) -> Any:
    """Return what is read when its reader fires, after what that depends on."""
    return step.op.outputs[0] if isinstance(step, RefVariable) else step


class _SyncReplicasHook(SessionRunHook):
    """Initializes a worker, and lets the chief give out tokens and update variables."""

    def __init__(self, optimizer: SyncReplicasOptimizer, is_chief: bool, num_tokens: int) -> None:
        self._optimizer = optimizer
        self._is_chief = is_chief
        self._num_tokens = num_tokens
        self._init_tokens_op: Operation | None = None

    def begin(self) -> None:
        """Add the operation that gives out the first tokens."""
        if not hasattr(self._optimizer, "chief_init_op"):
            raise ValueError(
                "SyncReplicasOptimizer.apply_gradient should be called before using the hook."
            )
        if self._is_chief:
            self._init_tokens_op = self._optimizer.get_init_tokens_op(self._num_tokens)

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Initialize the local step, and let the chief begin.

        Raises:
            RuntimeError: if there are global variables without a value.
        """
        chosen = self._optimizer
        init_op = chosen.chief_init_op if self._is_chief else chosen.local_step_init_op
        reason = why_not_ready(
            chosen.ready_for_local_init_op,
            session,
            "Model is not ready for SyncReplicasOptimizer local init.",
        )
        if reason:
            raise RuntimeError(
                "Init operations did not make model ready for SyncReplicasOptimizer local_init. "
                f"Init op: {init_op.name}, error: {reason}"
            )
        session.run(init_op)
        if self._init_tokens_op is not None:
            session.run(self._init_tokens_op)
            runner = chosen.get_chief_queue_runner()
            runner.create_threads(session, coord=coord, daemon=True, start=True)
