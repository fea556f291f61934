"""Weight decay beside the gradient's step, not through the gradient.

    var -= weight_decay * var           first, of whole variables or of the rows with a gradient
    var  = the optimizer's step         with the gradient as it is

An L2 loss reaches the weights through an optimizer's means and rates; decoupled decay does not.

Source: Loshchilov and Hutter 2019; TensorFlow 1.15's tf.contrib.opt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from minitf.api.casting import cast
from minitf.api.control import no_op
from minitf.api.framework import colocate_with, control_dependencies
from minitf.api.gathering import gather, unique
from minitf.composite import IndexedSlices
from minitf.convert import convert_to_tensor
from minitf.train.adam import AdamOptimizer
from minitf.train.momentum import MomentumOptimizer
from minitf.train.optimizer import Optimizer, flat_variables

if TYPE_CHECKING:
    from minitf.train.optimizer import Optimizer as _Beside
else:
    _Beside = object


class DecoupledWeightDecayExtension(_Beside):
    """What an optimizer needs to shrink variables by a share of them before each step.

    `class MyOptimizer(DecoupledWeightDecayExtension, tf.train.AdagradOptimizer)`: it stands first.
    With sparse gradients only those rows shrink that have one, each once.

    Args:
        weight_decay: the share, which no learning rate scales; a number, a Tensor, or a function
            that gives one.
        *args: of the optimizer.
        **kwargs: of the optimizer.

    Source: Loshchilov and Hutter 2019.
    """

    def __init__(self, weight_decay: Any, *args: Any, **kwargs: Any) -> None:
        self._decay_var_list: list[Any] = []
        self._weight_decay = weight_decay
        super().__init__(*args, **kwargs)

    def minimize(
        self,
        loss: Any,
        global_step: Any = None,
        var_list: Any = None,
        gate_gradients: int = Optimizer.GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        name: str | None = None,
        grad_loss: Any = None,
        decay_var_list: Any = None,
    ) -> Any:
        """Return an operation that goes one step towards a smaller loss; see `Optimizer`.

        Args:
            loss: as of `Optimizer.minimize`, and so are the next seven.
            global_step: see there.
            var_list: see there.
            gate_gradients: see there.
            aggregation_method: see there.
            colocate_gradients_with_ops: see there.
            name: see there.
            grad_loss: see there.
            decay_var_list: the variables to shrink; all that have gradients by default.
        """
        self._decay_var_list = list(flat_variables(decay_var_list or []))
        return super().minimize(
            loss,
            global_step=global_step,
            var_list=var_list,
            gate_gradients=gate_gradients,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
            name=name,
            grad_loss=grad_loss,
        )

    def apply_gradients(
        self,
        grads_and_vars: Any,
        global_step: Any = None,
        name: str | None = None,
        decay_var_list: Any = None,
    ) -> Any:
        """Return an operation that shrinks variables, then changes them by their gradients.

        Args:
            grads_and_vars: pairs as `compute_gradients` gives them.
            global_step: a variable to add one to after the update.
            name: name of the operation.
            decay_var_list: the variables to shrink; by default those of the last call, and all
                that have gradients if there was none.
        """
        if decay_var_list:
            self._decay_var_list = list(flat_variables(decay_var_list))
        return super().apply_gradients(grads_and_vars, global_step=global_step, name=name)

    def _prepare(self) -> None:
        decay = self._call_if_callable(self._weight_decay)
        self._weight_decay_tensor = convert_to_tensor(decay, name="weight_decay")
        super()._prepare()

    def _update(self, grad: Any, variable: Any) -> Any:
        with control_dependencies([self._shrunk(grad, variable)]):
            return super()._update(grad, variable)

    def _shrunk(self, grad: Any, variable: Any) -> Any:
        """Return what shrinks a variable, or the rows of it that have a gradient."""
        chosen = self._decay_var_list
        if chosen and not any(variable is each for each in chosen):
            return no_op()
        with colocate_with(variable):
            decay = cast(self._weight_decay_tensor, variable.dtype.base_dtype)
            if not isinstance(grad, IndexedSlices):
                return variable.assign_sub(decay * variable, self._use_locking)
            rows, _ = unique(grad.indices)
            return variable.scatter_sub(IndexedSlices(decay * gather(variable, rows), rows))


def extend_with_decoupled_weight_decay(base_optimizer: Any) -> Any:
    """Return a class like an optimizer's whose first argument is the weight decay.

    Args:
        base_optimizer: the optimizer's class, not an instance of it.

    Source: Loshchilov and Hutter 2019.
    """
    return type(
        "OptimizerWithDecoupledWeightDecay",
        (DecoupledWeightDecayExtension, base_optimizer),
        {"__doc__": f"{base_optimizer.__name__} with weight decay.", "__module__": __name__},
    )


class MomentumWOptimizer(DecoupledWeightDecayExtension, MomentumOptimizer):
    """Momentum with weight decay; "SGDW" in the paper.

    Args:
        weight_decay: the share by which variables shrink in each step, whatever the learning rate.
        learning_rate: as of `tf.train.MomentumOptimizer`, and so are the others.
        momentum: see there.
        use_locking: see there.
        name: see there.
        use_nesterov: see there.

    Source: Loshchilov and Hutter 2019.
    """

    def __init__(
        self,
        weight_decay: Any,
        learning_rate: Any,
        momentum: Any,
        use_locking: bool = False,
        name: str = "MomentumW",
        use_nesterov: bool = False,
    ) -> None:
        super().__init__(
            weight_decay,
            learning_rate=learning_rate,
            momentum=momentum,
            use_locking=use_locking,
            name=name,
            use_nesterov=use_nesterov,
        )


class AdamWOptimizer(DecoupledWeightDecayExtension, AdamOptimizer):
    """Adam with weight decay.

    Args:
        weight_decay: the share by which variables shrink in each step, whatever the learning rate.
        learning_rate: as of `tf.train.AdamOptimizer`, and so are the others.
        beta1: see there.
        beta2: see there.
        epsilon: see there.
        use_locking: see there.
        name: see there.

    Source: Loshchilov and Hutter 2019.
    """

    def __init__(
        self,
        weight_decay: Any,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "AdamW",
    ) -> None:
        super().__init__(
            weight_decay,
            learning_rate=learning_rate,
            beta1=beta1,
            beta2=beta2,
            epsilon=epsilon,
            use_locking=use_locking,
            name=name,
        )
