"""Cases of the op of `minitf.ops.parsing.sequences_v2`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import DTYPES
from minitf.testing.case import Case
from minitf.testing.cases.parsing.sequences import (
    keys_by_kind,
    keys_of,
    types_and_shapes,
    wanted_of_sequences,
)
from minitf.testing.example_cases import of_kind, sequences, texts, types_of


@st.composite
def with_rows(draw):
    context, lists, lacking = draw(wanted_of_sequences(("sparse", "dense", "ragged")))
    rows, list_rows = of_kind(context, "ragged"), of_kind(lists, "ragged")
    is_single = not rows and not list_rows and draw(st.booleans())  # TensorFlow sets no splits then
    made = draw(st.lists(sequences(context, lists, lacking), min_size=1, max_size=3))
    found = keys_by_kind(context, lists)
    inputs = (
        texts(made[:1], ()) if is_single else texts(made),
        texts([]),
        texts(found[0]),
        texts(found[1]),
        texts(keys_of(rows)),
        texts(found[2]),
        texts(found[3]),
        texts(keys_of(list_rows)),
        np.array([key in lacking for key in found[3]], bool),
        [wish.default for wish in of_kind(context, "dense")],
    )
    splits = st.sampled_from([DTYPES["int32"], DTYPES["int64"]])
    attrs = {
        "Ncontext_sparse": len(found[0]),
        "Nfeature_list_sparse": len(found[2]),
        "Nfeature_list_dense": len(found[3]),
        "context_ragged_value_types": types_of(rows),
        "context_ragged_split_types": tuple([draw(splits) for _ in rows]),
        "feature_list_ragged_value_types": types_of(list_rows),
        "feature_list_ragged_split_types": tuple([draw(splits) for _ in list_rows]),
    }
    return Case(inputs, attrs | types_and_shapes(context, lists))


CASES = {"ParseSequenceExampleV2": with_rows()}
