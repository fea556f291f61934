"""Inner names of the modules of LinearOperators; see `minitf.compat.inner_names`.

Source: no paper; public names of TensorFlow 1.15's modules.
"""

from __future__ import annotations

LINEAR_OPERATORS: dict[str, dict[str, str]] = {
    "ops.linalg.linear_operator_addition": {
        "minitf.linear_operators.addition": (
            "_AddAndReturnDiag=AddAndReturnDiag _AddAndReturnMatrix=AddAndReturnMatrix "
            "_AddAndReturnScaledIdentity=AddAndReturnScaledIdentity "
            "_AddAndReturnTriL=AddAndReturnTriL _Adder=Adder _Hints=Hints"
        ),
    },
    "ops.linalg.linear_operator_algebra": {
        "minitf.linear_operators.algebra": (
            "_registered_adjoint=registered_adjoint _registered_cholesky=registered_cholesky "
            "_registered_inverse=registered_inverse _registered_matmul=registered_matmul "
            "_registered_solve=registered_solve"
        ),
    },
    "ops.linalg.linear_operator_circulant": {
        "minitf.linear_operators.circulant": "_BaseLinearOperatorCirculant",
    },
    "ops.linalg.linear_operator_identity": {
        "minitf.linear_operators.identity": "BaseLinearOperatorIdentity",
    },
    "ops.linalg.linear_operator_util": {
        "minitf.linear_operators.batches": (
            "broadcast_matrix_batch_dims cholesky_solve_with_broadcast "
            "matrix_solve_with_broadcast matrix_triangular_solve_with_broadcast"
        ),
        "minitf.linear_operators.hints": "use_operator_or_provided_hint_unless_contradicting",
        "minitf.linear_operators.parameters": (
            "assert_compatible_matrix_dimensions assert_is_batch_matrix "
            "assert_no_entries_with_modulus_zero assert_not_ref_type assert_zero_imag_part "
            "base_dtype convert_nonref_to_tensor dtype_name is_ref shape_tensor"
        ),
    },
}
