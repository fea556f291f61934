"""The conformance kit: what every op means, as cases and laws to test any system with.

    from minitf import testing

    testing.assert_conforms(my_matmul, op="MatMul")

    assert_conforms   a function computes what an op means
    assert_gradient   a gradient is the derivative of a function
    assert_laws       an op of one's own keeps all laws
    parametrize       a pytest test per op and function
    cases_of          Hypothesis strategy of an op's calls, with the bound on each
    catalogue         the ops
    Case              one call of an op
    Property          a law that ops keep; `PROPERTIES` are all of them

`python -m minitf.testing --report` says which laws were checked on which op, and which comparisons
were not made, and why.  The kit needs Hypothesis: `pip install 'minitf[testing]'`.
"""

from minitf import lazy

_NAMES = {
    "minitf.testing.case": "Case",
    "minitf.testing.op_catalogue": "cases_of catalogue",
    "minitf.testing.conform": "assert_conforms assert_gradient assert_laws parametrize",
    "minitf.testing.properties": "PROPERTIES",
    "minitf.testing.property": "Property",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
