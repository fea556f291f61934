"""Cases of the ops of `minitf.ops.strings.matching`."""

from hypothesis import strategies as st

from minitf.testing.case import Case
from minitf.testing.text_cases import scalar, text_arrays

TEXTS = st.text("aAbé1 \n-", max_size=6).map(str.encode)
ATOMS = (
    *("a", "b", "é", ".", "-", r"\d", r"\s", r"\w", r"\D", r"\b", "[^a]", "[]a]", "[a-z-]"),
    *("[[:alpha:]]", "^", "$", r"\z", "(a)", "(?:ab|b)", "(?i)a", "(?m)^", r"\Qa.\E", r"\x{e9}"),
    *("{", "(?s:.)", "(?P<n>b)"),
)
COUNTS = ("", "", "*", "+", "?", "{2}", "*?")
PLACES = ("^", "$", r"\z", r"\b", "(?i)a", "(?m)^")  # Python refuses to count what is empty


@st.composite
def patterns(draw):
    parts = []
    for atom in draw(st.lists(st.sampled_from(ATOMS), max_size=4)):
        once = atom in PLACES or atom.startswith("(?P") or "Q" in atom
        parts.append(atom if once else atom + draw(st.sampled_from(COUNTS)))
        parts.append(draw(st.sampled_from(["", "", "", "|"])))
    return "".join(parts) if "".join(parts).count("(?P") < 2 else "b"


@st.composite
def replacements(draw, *, static=False):
    texts, pattern = draw(text_arrays(texts=TEXTS)), draw(patterns())
    rewrite = draw(st.sampled_from(["", "x", r"<\0>", r"\1", r"\\"]))
    attrs = {"replace_global": draw(st.booleans())}
    if static:
        return Case((texts,), {"pattern": pattern, "rewrite": rewrite, **attrs})
    return Case((texts, scalar(pattern.encode()), scalar(rewrite.encode())), attrs)


@st.composite
def matches(draw, *, static=False):
    texts, pattern = draw(text_arrays(texts=TEXTS)), draw(patterns())
    if static:
        return Case((texts,), {"pattern": pattern})
    return Case((texts, scalar(pattern.encode())))


CASES = {
    "RegexReplace": replacements(),
    "StaticRegexReplace": replacements(static=True),
    "RegexFullMatch": matches(),
    "StaticRegexFullMatch": matches(static=True),
}
