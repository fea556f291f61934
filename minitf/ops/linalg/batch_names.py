"""Names of ops from before they took batches: one meaning, two names.

TensorFlow once had Cholesky for one matrix and BatchCholesky for many, FFT for one signal and
BatchFFT for many.  The first learned to take many, and old GraphDefs go on to name the second.

Source: TensorFlow's deprecated ops of these names.
"""

from dataclasses import replace
from typing import Any

from minitf.dtypes import COMPLEX, DType, TypeSet, complex64, int64, types
from minitf.grammar import Arg, Attr
from minitf.op_def import CATALOGUE, OpDef
from minitf.ops.array.diagonal import (
    matrix_band_part_op,
    matrix_diag_op,
    matrix_diag_part_op,
    matrix_set_diag_op,
)
from minitf.ops.linalg.decompose import cholesky_grad_op, cholesky_op
from minitf.ops.linalg.determinant import matrix_determinant_op, matrix_inverse_op
from minitf.ops.linalg.solve import (
    matrix_solve_ls_op,
    matrix_solve_op,
    matrix_triangular_solve_op,
)
from minitf.ops.linalg.spectra import self_adjoint_eig_op, self_adjoint_eig_v2_op, svd_op
from minitf.ops.spectral.transforms import (
    fft2d_op,
    fft3d_op,
    fft_op,
    ifft2d_op,
    ifft3d_op,
    ifft_op,
)

_REALS = types("float32", "float64")


def batch_name(
    name: str, newer: OpDef, version: int, instead: str, **differing: TypeSet | DType
) -> OpDef:
    """Register the op that does under an older name what `newer` does; it has no gradient.

    Args:
        name: its registry name.
        newer: the op that took its place, with its shape rule.
        version: since which version of GraphDefs it is deprecated.
        instead: what to use.
        differing: type attributes in which the two differ: the types that the older one allows, or
            the only one, which is no attribute of it then.
    """
    function = newer.body

    def body(*inputs: Any, **attrs: Any) -> Any:
        return function(*inputs, **attrs)

    body.__name__ = f"batch_{function.__name__}"
    body.__doc__ = f"Do as {newer.name}, which once took one only.\n\nSource: TensorFlow's op."

    def changed_arg(arg: Arg) -> Arg:
        only = differing.get(arg.type_attr)
        return replace(arg, dtype=only, type_attr="") if isinstance(only, DType) else arg

    def changed_attr(attr: Attr) -> Attr:
        allowed = differing.get(attr.name)
        return replace(attr, allowed=allowed) if allowed else replace(attr)

    made = OpDef(
        name,
        body,
        tuple(map(changed_arg, newer.inputs)),
        tuple(map(changed_arg, newer.outputs)),
        {
            attr.name: changed_attr(attr)
            for attr in newer.attrs.values()
            if not isinstance(differing.get(attr.name), DType)
        },
        takes_context=False,
        deprecated=(version, instead),
    )
    assert newer.shape_rule is not None
    made.shape(values_of=newer.values_of)(newer.shape_rule)
    made.no_gradient("TensorFlow defines none", refuse=True)
    CATALOGUE[name] = made
    return made


# --- matrices ------------------------------------------------------------------------------------

batch_matrix_band_part_op = batch_name(
    "BatchMatrixBandPart", matrix_band_part_op, 14, "Use MatrixBandPart", Tindex=int64
)
batch_matrix_diag_op = batch_name("BatchMatrixDiag", matrix_diag_op, 14, "Use MatrixDiag")
batch_matrix_diag_part_op = batch_name(
    "BatchMatrixDiagPart", matrix_diag_part_op, 14, "Use MatrixDiagPart"
)
batch_matrix_set_diag_op = batch_name(
    "BatchMatrixSetDiag", matrix_set_diag_op, 14, "Use MatrixSetDiag"
)
batch_matrix_determinant_op = batch_name(
    "BatchMatrixDeterminant",
    matrix_determinant_op,
    13,
    "Use MatrixDeterminant instead.",
    T=_REALS | COMPLEX,
)
batch_matrix_inverse_op = batch_name(
    "BatchMatrixInverse", matrix_inverse_op, 13, "Use MatrixInverse instead.", T=_REALS
)
batch_cholesky_op = batch_name("BatchCholesky", cholesky_op, 13, "Use Cholesky instead.", T=_REALS)
batch_cholesky_grad_op = batch_name(
    "BatchCholeskyGrad", cholesky_grad_op, 13, "Use CholeskyGrad instead.", T=_REALS
)
batch_self_adjoint_eig_op = batch_name(
    "BatchSelfAdjointEig", self_adjoint_eig_op, 11, "Use SelfAdjointEigV2 instead.", T=_REALS
)
batch_self_adjoint_eig_v2_op = batch_name(
    "BatchSelfAdjointEigV2", self_adjoint_eig_v2_op, 13, "Use SelfAdjointEigV2 instead.", T=_REALS
)
batch_svd_op = batch_name("BatchSvd", svd_op, 13, "Use Svd instead.", T=_REALS | COMPLEX)
batch_matrix_solve_op = batch_name(
    "BatchMatrixSolve", matrix_solve_op, 13, "Use MatrixSolve instead.", T=_REALS
)
batch_matrix_triangular_solve_op = batch_name(
    "BatchMatrixTriangularSolve",
    matrix_triangular_solve_op,
    13,
    "Use MatrixTriangularSolve instead.",
    T=_REALS,
)
batch_matrix_solve_ls_op = batch_name(
    "BatchMatrixSolveLs", matrix_solve_ls_op, 13, "Use MatrixSolveLs instead.", T=_REALS
)

# --- signals -------------------------------------------------------------------------------------

batch_fft_op = batch_name("BatchFFT", fft_op, 15, "Use FFT", Tcomplex=complex64)
batch_fft2d_op = batch_name("BatchFFT2D", fft2d_op, 15, "Use FFT2D", Tcomplex=complex64)
batch_fft3d_op = batch_name("BatchFFT3D", fft3d_op, 15, "Use FFT3D", Tcomplex=complex64)
batch_ifft_op = batch_name("BatchIFFT", ifft_op, 15, "Use IFFT", Tcomplex=complex64)
batch_ifft2d_op = batch_name("BatchIFFT2D", ifft2d_op, 15, "Use IFFT2D", Tcomplex=complex64)
batch_ifft3d_op = batch_name("BatchIFFT3D", ifft3d_op, 15, "Use IFFT3D", Tcomplex=complex64)
