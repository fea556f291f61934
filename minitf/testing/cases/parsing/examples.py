"""Cases of the ops of `minitf.ops.parsing.examples`."""

from hypothesis import strategies as st

from minitf.dtypes import DTYPES
from minitf.testing.case import Case
from minitf.testing.example_cases import examples, of_kind, scalars, texts, types_of, wishes
from minitf.testing.text_cases import TEXT

_KINDS = ("sparse", "dense", "rows")


def _keys(wanted):
    return [wish.key for wish in wanted]


def _dense_attrs(dense):
    return tuple([wish.dense_shape for wish in dense])


@st.composite
def batches(draw):
    wanted = draw(wishes(_KINDS))
    sparse, dense = of_kind(wanted, "sparse"), of_kind(wanted, "dense", "rows")
    serialized = draw(st.lists(examples(wanted), max_size=3))
    count = len(serialized) if draw(st.booleans()) else 0
    names = draw(st.lists(TEXT, min_size=count, max_size=count))
    defaults = [wish.default for wish in dense]
    inputs = (
        texts(serialized), texts(names), scalars(_keys(sparse)), scalars(_keys(dense)), defaults,
    )  # fmt: skip
    return Case(inputs, {"sparse_types": types_of(sparse), "dense_shapes": _dense_attrs(dense)})


@st.composite
def with_rows(draw):
    wanted = draw(wishes((*_KINDS, "ragged")))
    sparse, dense = of_kind(wanted, "sparse"), of_kind(wanted, "dense", "rows")
    ragged = of_kind(wanted, "ragged")
    if draw(st.booleans()):
        serialized = texts([draw(examples(wanted))], ())
    else:
        serialized = texts(draw(st.lists(examples(wanted), max_size=3)))
    splits = st.sampled_from([DTYPES["int32"], DTYPES["int64"]])
    inputs = (
        serialized,
        texts([]),
        texts(_keys(sparse)),
        texts(_keys(dense)),
        texts(_keys(ragged)),
        [wish.default for wish in dense],
    )
    attrs = {
        "num_sparse": len(sparse),
        "sparse_types": types_of(sparse),
        "ragged_value_types": types_of(ragged),
        "ragged_split_types": tuple([draw(splits) for _ in ragged]),
        "dense_shapes": _dense_attrs(dense),
    }
    return Case(inputs, attrs)


@st.composite
def singles(draw):
    wanted = draw(wishes(_KINDS))
    sparse, dense = of_kind(wanted, "sparse"), of_kind(wanted, "dense", "rows")
    inputs = (texts([draw(examples(wanted))], ()), [wish.default for wish in dense])
    attrs = {
        "num_sparse": len(sparse),
        "sparse_keys": tuple(_keys(sparse)),
        "dense_keys": tuple(_keys(dense)),
        "sparse_types": types_of(sparse),
        "dense_shapes": _dense_attrs(dense),
    }
    return Case(inputs, attrs)


CASES = {"ParseExample": batches(), "ParseExampleV2": with_rows(), "ParseSingleExample": singles()}
