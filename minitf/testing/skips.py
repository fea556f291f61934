"""Where a comparison is not made, and why: every skip of the kit, one line each.

A case names one of `ORACLE`'s reasons when TensorFlow's CPU kernel does not answer that call, so
that reports can list it.  Whole ops to which a property does not apply stand in the tables below;
an op without a gradient says why itself, beneath its body (`no_gradient`).
"""

from __future__ import annotations

# --- calls that TensorFlow's CPU kernel does not answer ------------------------------------------

NHWC_ONLY = "on the CPU TensorFlow has NHWC only"
NO_GROUPS = "on the CPU TensorFlow has no gradients with groups or dilations"
NO_GROUPS_OF_VOLUMES = "on the CPU TensorFlow has no groups and no dilations of volumes"
NO_DILATIONS = "on the CPU TensorFlow has no dilated depthwise convolutions"
EQUAL_STRIDES = "TensorFlow's kernel wants one stride along height and width"
NO_KERNEL = "TensorFlow has no CPU kernel for these types"
WRONG_TYPES = "TensorFlow's kernel is wrong for these types"
WRONG_INFINITIES = "TensorFlow's kernel is wrong at infinities"
EMPTY_COMPLEX_MEAN = "TensorFlow's NaN of an empty complex mean is 0"
WANTS_SIZE = "TensorFlow's kernel wants the size of a single piece, not -1"
REFUSES_EMPTY = "TensorFlow's kernel refuses arrays without elements"
REFUSES_SMALL = "TensorFlow's kernel refuses images with hardly more cells than regions"
REFUSES_SCALARS = "TensorFlow's kernel refuses scalars"
REFUSES_UNKNOWN_RANK = "TensorFlow's Python layer refuses unknown ranks"
ROWS_OF_COORDINATES = "TensorFlow's kernel wants rows of coordinates"
LEAVES_GARBAGE = "TensorFlow does not clear its result where nothing is added"
OTHER_BYTES = "TensorFlow packs the same pixels into other bytes: the op's test unpacks both"
SINGLE_PRECISION = "TensorFlow computes in single precision"
NARROW_BEAM = "TensorFlow grows fewer prefixes where the beam is full"
COUNTS_TWICE = "TensorFlow counts paths of blanks only twice"
REFUSES_SLICES = "TensorFlow's kernel refuses a range per slice"
ONE_SLICE = "TensorFlow's kernel gives scalars for a single slice, its shape rule vectors of one"
CENTRES_WINDOWS = "TensorFlow's kernel centres windows that leave cells out between them"
SECOND_IMAGE = "TensorFlow's kernel is wrong from the second image on"
OTHER_ROUNDING = "TensorFlow sums in another order, and the last bit differs"
NO_OP = "TensorFlow 2.21 has no such op any more"
ABORTS = (
    "TensorFlow aborts the process on some of these files; DecodeBmp and DecodeGif compare them"
)
OWN_FUNCTION = "calls a function that TensorFlow does not know"

ORACLE = frozenset(value for name, value in list(globals().items()) if name.isupper())

# --- ops whose gradient is not compared with differences ------------------------------------------

NO_DIFFERENCES = {
    "CTCLoss": "its second output has no gradient: its test compares that of the first",
    "PreventGradient": "its rule raises: that is its purpose",
    "ResizeBicubic": "gives float32 only: its test compares with the adjoint",
    "ResizeBicubicGrad": "takes float32 only: its test compares with the adjoint",
    "ResizeBilinear": "gives float32 only: its test compares with the adjoint",
    "ScaleAndTranslate": "gives float32 only: its test compares with the adjoint",
}

# --- ops whose shape rule tells less than TensorFlow's --------------------------------------------

LESS_KNOWN = {
    "DynamicStitch": "rows are not counted from constant indices",
    "ParallelDynamicStitch": "rows are not counted from constant indices",
}

# --- why a law does not apply, to an op or to one case --------------------------------------------

RANDOM = "random: its own tests compare its bits and its distribution with TensorFlow's"
STATE = "acts on state: its own tests run programs with variables in both systems"
EFFECT = "has an effect beside its results: its own tests look at the effect"
TOKENS = "moves tokens: the executor's tests run graphs of it in every order"
NO_INPUTS = "has no inputs: it cannot be right or wrong for some of them"
NO_OUTPUTS = "has no outputs"
BODY_RUNS = "no CPU kernel: the body itself runs"
NO_VALUE_RULE = "has no value rule: nothing is claimed"
NO_GRADIENT = "no gradient: integers, truth values, text, or constant"
NO_DOUBLES = "differences need double precision, which the op does not take"
NOT_SMOOTH = "at these values or types the derivative does not exist"
CONSTANT = "the first derivative is constant"
TENSORFLOW_HAS_NONE = "TensorFlow defines no gradient"
GONE = "gone from TensorFlow 2.21"
