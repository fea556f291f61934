"""Cases of the ops of `minitf.ops.elementwise.activations`."""

from hypothesis import strategies as st

from minitf.dtypes import FLOATS, REAL_NUMBERS
from minitf.testing.elementwise_cases import of_one, of_two

ALPHA = st.fixed_dictionaries({"alpha": st.sampled_from([0.0, 0.125, 0.5])})


@st.composite
def with_alpha(draw, cases):
    case = draw(cases)
    case.attrs = draw(ALPHA)
    return case


def gradient_of(types=FLOATS, **options):
    return of_two(types, same_shape=True, **options)


CASES = {
    "Relu": of_one(REAL_NUMBERS, ulps=0, kinks=(0,)),
    "ReluGrad": gradient_of(REAL_NUMBERS, ulps=0, y_kinks=(0,)),
    "Relu6": of_one(REAL_NUMBERS, -4, 8, ulps=0, kinks=(0, 6)),
    "Relu6Grad": gradient_of(REAL_NUMBERS, high=8, ulps=0, y_kinks=(0, 6)),
    "Elu": of_one(FLOATS, ulps=8, scale=1, kinks=(0,)),
    "EluGrad": gradient_of(ulps=8, scale=16, y_kinks=(0,)),
    "Selu": of_one(FLOATS, ulps=8, scale=2, kinks=(0,)),
    "SeluGrad": gradient_of(ulps=8, scale=16, y_kinks=(0,)),
    "Softplus": of_one(FLOATS, ulps=16),
    "SoftplusGrad": gradient_of(ulps=16, scale=1),
    "Softsign": of_one(FLOATS, kinks=(0,)),
    "SoftsignGrad": gradient_of(ulps=8, y_kinks=(0,)),
    "LeakyRelu": with_alpha(of_one(FLOATS, kinks=(0,))),
    "LeakyReluGrad": with_alpha(gradient_of(y_kinks=(0,))),
}
