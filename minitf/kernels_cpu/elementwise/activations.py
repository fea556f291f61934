"""CPU kernels of `minitf.ops.elementwise.activations`: one pass each."""

from minitf.kernels_cpu.elementwise.loops import attach
from minitf.ops.elementwise import activations

attach(
    activations.relu_op,
    activations.relu_grad_op,
    activations.relu6_op,
    activations.relu6_grad_op,
    activations.elu_op,
    activations.elu_grad_op,
    activations.selu_op,
    activations.selu_grad_op,
    activations.softplus_op,
    activations.softplus_grad_op,
    activations.softsign_op,
    activations.softsign_grad_op,
)
