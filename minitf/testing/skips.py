"""Where a comparison is not made, and why: every skip of the kit, one line each.

A case names one of `ORACLE`'s reasons when TensorFlow's CPU kernel does not answer that call, so
that reports can list it.  Whole ops to which a property does not apply stand in the tables below;
an op without a gradient says why itself, beneath its body (`no_gradient`).
"""

from __future__ import annotations

# --- calls that TensorFlow's CPU kernel does not answer ------------------------------------------

NHWC_ONLY = "on the CPU TensorFlow has NHWC only"
NO_GROUPS = "on the CPU TensorFlow has no gradients with groups or dilations"
NO_KERNEL = "TensorFlow has no CPU kernel for these types"
WRONG_TYPES = "TensorFlow's kernel is wrong for these types"
EMPTY_COMPLEX_MEAN = "TensorFlow's NaN of an empty complex mean is 0"
REFUSES_EMPTY = "TensorFlow's kernel refuses arrays without elements"
REFUSES_SCALARS = "TensorFlow's kernel refuses scalars"
REFUSES_UNKNOWN_RANK = "TensorFlow's Python layer refuses unknown ranks"
ROWS_OF_COORDINATES = "TensorFlow's kernel wants rows of coordinates"
NO_QUANTIZED_CONSTANT = "TensorFlow makes no quantized constants"
KEEPS_BLANKS = "TensorFlow keeps blanks at the ends that Python drops"
GONE = "TensorFlow 2.21 refuses the deprecated op"

ORACLE = frozenset(value for name, value in list(globals().items()) if name.isupper())

# --- ops whose gradient is not compared with differences ------------------------------------------

NO_DIFFERENCES = {
    "PreventGradient": "its rule raises: that is its purpose",
}
