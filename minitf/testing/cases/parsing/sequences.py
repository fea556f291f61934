"""Cases of the ops of `minitf.ops.parsing.sequences`."""

from hypothesis import strategies as st

from minitf.testing.case import Case
from minitf.testing.example_cases import of_kind, scalars, sequences, texts, types_of, wishes
from minitf.testing.text_cases import TEXT

_KINDS = ("sparse", "dense")


def keys_of(wanted):
    return [wish.key for wish in wanted]


@st.composite
def wanted_of_sequences(draw, kinds=_KINDS):
    """Draw what is wanted of the context and of the lists, and which lists may be lacking."""
    # TensorFlow divides by the number of values
    context, lists = ([w for w in draw(wishes(kinds)) if 0 not in w.shape] for _ in range(2))
    lists = [wish._replace(default=wish.default.ravel()[:0]) for wish in lists]
    dense = keys_of(of_kind(lists, "dense"))
    return context, lists, [key for key in dense if draw(st.booleans())]


def types_and_shapes(context, lists):
    dense, dense_lists = of_kind(context, "dense"), of_kind(lists, "dense")
    return {
        "context_sparse_types": types_of(of_kind(context, "sparse")),
        "feature_list_dense_types": types_of(dense_lists),
        "context_dense_shapes": tuple([wish.dense_shape for wish in dense]),
        "feature_list_sparse_types": types_of(of_kind(lists, "sparse")),
        "feature_list_dense_shapes": tuple([wish.dense_shape for wish in dense_lists]),
    }


def keys_by_kind(context, lists):
    return [keys_of(of_kind(wanted, kind)) for wanted in (context, lists) for kind in _KINDS]


@st.composite
def singles(draw):
    context, lists, lacking = draw(wanted_of_sequences())
    defaults = [wish.default for wish in of_kind(context, "dense")]
    inputs = (
        texts([draw(sequences(context, lists, lacking))], ()),
        texts(lacking),
        *map(scalars, keys_by_kind(context, lists)),
        defaults,
        texts([draw(TEXT)], ()),
    )
    return Case(inputs, types_and_shapes(context, lists))


@st.composite
def batches(draw):
    context, lists, lacking = draw(wanted_of_sequences())
    found = keys_by_kind(context, lists)
    serialized = draw(st.lists(sequences(context, lists, lacking), min_size=1, max_size=3))
    inputs = (
        texts(serialized), texts([]), [wish.default for wish in of_kind(context, "dense")],
    )  # fmt: skip
    attrs = {
        "feature_list_dense_missing_assumed_empty": tuple(lacking),
        "context_sparse_keys": tuple(found[0]),
        "context_dense_keys": tuple(found[1]),
        "feature_list_sparse_keys": tuple(found[2]),
        "feature_list_dense_keys": tuple(found[3]),
        "Ncontext_sparse": len(found[0]),
        "Ncontext_dense": len(found[1]),
        "Nfeature_list_sparse": len(found[2]),
        "Nfeature_list_dense": len(found[3]),
    }
    return Case(inputs, attrs | types_and_shapes(context, lists))


CASES = {"ParseSequenceExample": batches(), "ParseSingleSequenceExample": singles()}
